using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell;

/// <summary>Keys as they are typed at a prompt, made keys of a map.</summary>
internal static class MapKey
{
    /// <summary>The key as the map's key type, converted as PowerShell converts arguments. False if it cannot be, and was reported.</summary>
    public static bool TryFit(IMap map, object? typed, Action<ErrorRecord> report, [NotNullWhen(true)] out object? key)
    {
        key = InputReader.Bare(typed);
        if (key is null)
        {
            report(Errors.NullKey(map, "Key"));
            return false;
        }

        if (map.KeyType.IsInstanceOfType(key)) return true;
        if (LanguagePrimitives.TryConvertTo(key, map.KeyType, System.Globalization.CultureInfo.InvariantCulture, out object? converted) && converted is not null)
        {
            key = converted;
            return true;
        }

        report(Errors.KeyNotFit(map, key));
        return false;
    }

    /// <summary>Looks a key up, step by step. False if that was not possible, and was reported.</summary>
    public static bool TryLookUp(IGuardedMap map, object? typed, Action<ErrorRecord> report, [NotNullWhen(true)] out MapLookup? lookup)
    {
        lookup = TryFit(map, typed, report, out object? key) ? MapLookup.Of(map, key) : null;
        return lookup is not null;
    }
}
