using System.Reflection;

namespace GuardedMaps.Lab;

/// <summary>How a method of a container is called by name, when the wrapper before it has none of that name. A host language has overload rules of its own.</summary>
internal abstract class MemberCalls
{
    /// <summary>By .NET's reflection.</summary>
    public static MemberCalls ByReflection { get; } = new Reflected();

    /// <summary>Whether the object has a method of this name.</summary>
    public abstract bool Has(object target, string method);

    /// <summary>Calls it.</summary>
    public abstract object? Call(object target, string method, object?[] arguments);

    private sealed class Reflected : MemberCalls
    {
        public override bool Has(object target, string method) =>
            target.GetType().GetMethods().Any(m => string.Equals(m.Name, method, StringComparison.Ordinal));

        public override object? Call(object target, string method, object?[] arguments) => target.GetType().InvokeMember(
            method,
            BindingFlags.InvokeMethod | BindingFlags.Public | BindingFlags.Instance | BindingFlags.DoNotWrapExceptions,
            binder: null,
            target,
            arguments,
            culture: null);
    }
}
