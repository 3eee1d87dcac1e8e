using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Internal;

namespace GuardedMaps.Shell;

/// <summary>Reads what the pipeline delivers the way PowerShell's users mean it.</summary>
internal static class InputReader
{
    /// <summary>
    /// The object without PowerShell's wrapper, as a hashtable would store it. A <c>[pscustomobject]</c> has nothing but its wrapper and keeps it.
    /// </summary>
    public static object? Bare(object? value)
    {
        if (value is not PSObject wrapped) return value;
        if (ReferenceEquals(wrapped, AutomationNull.Value)) return null;
        return wrapped.BaseObject is PSCustomObject ? wrapped : wrapped.BaseObject;
    }

    /// <summary>
    /// Reads a property by name: of a dictionary its entry of that name first, as <c>$h.name</c> does; then any property PowerShell knows,
    /// whether .NET's own or added to the object. Case does not matter. False if there is none.
    /// </summary>
    /// <exception cref="RuntimeException">The property exists and reading it failed.</exception>
    public static bool TryReadProperty(object input, string property, out object? value)
    {
        if (Bare(input) is IDictionary dictionary && dictionary.Contains(property))
        {
            value = Bare(dictionary[property]);
            return true;
        }

        PSPropertyInfo? found = PSObject.AsPSObject(input).Properties[property];
        value = found is null ? null : Bare(found.Value);
        return found is not null;
    }

    /// <summary>Takes an entry of a dictionary, as <c>$h.GetEnumerator()</c> delivers them, apart. False if the object is none.</summary>
    public static bool TryReadEntry(object input, out object? key, out object? value)
    {
        object? bare = Bare(input);
        if (bare is DictionaryEntry entry)
        {
            (key, value) = (Bare(entry.Key), Bare(entry.Value));
            return true;
        }

        if (bare is IMapEntry visited)
        {
            (key, value) = (visited.Key, visited.Value);
            return true;
        }

        key = value = null;
        return bare?.GetType() is { IsGenericType: true } type
            && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)
            && TryReadProperty(bare, "Key", out key)
            && TryReadProperty(bare, "Value", out value);
    }
}
