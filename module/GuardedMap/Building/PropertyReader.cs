using System.Dynamic;
using System.Linq.Expressions;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace GuardedMaps.Shell;

/// <summary>Reads one property of many objects, as fast as a script's own <c>$object.Name</c> does.</summary>
/// <remarks>
/// A script's member access is a call site: PowerShell compiles a rule for each kind of object it meets, and keeps it. Going through
/// <see cref="PSObject.Properties"/> instead takes several times as long, which is most of what building a map from a million objects
/// would cost. <see cref="PSObject"/> offers its rules to every language, so this is such a call site, made in C#.
/// The site cannot tell a property that is missing from one that is null, so those few are asked again in the slow way.
/// </remarks>
internal sealed class PropertyReader(string property)
{
    private readonly CallSite<Func<CallSite, object, object?>> _site = CallSite<Func<CallSite, object, object?>>.Create(new Binder(property));

    /// <summary>Reads the property: of a dictionary its entry of that name, of others any property PowerShell knows. False if there is none.</summary>
    /// <exception cref="RuntimeException">The property exists and reading it failed.</exception>
    public bool TryRead(object input, out object? value)
    {
        // A dictionary has entries and properties, and its own order of looking.
        if (input is PSObject { BaseObject: not System.Collections.IDictionary } wrapped)
        {
            value = InputReader.Bare(_site.Target(_site, wrapped));
            if (value is not null) return true;
        }

        return InputReader.TryReadProperty(input, property, out value);
    }

    private sealed class Binder(string name) : GetMemberBinder(name, ignoreCase: true)
    {
        /// <summary>What remains to be done where the object has no rule of its own: nothing, which reads as null.</summary>
        public override DynamicMetaObject FallbackGetMember(DynamicMetaObject target, DynamicMetaObject? errorSuggestion) =>
            errorSuggestion ?? new DynamicMetaObject(Expression.Constant(null, typeof(object)), BindingRestrictions.GetTypeRestriction(target.Expression, target.LimitType));
    }
}
