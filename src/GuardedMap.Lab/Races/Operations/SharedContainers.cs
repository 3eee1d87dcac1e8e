using System.Collections;
using System.Collections.Concurrent;

namespace GuardedMaps.Lab;

/// <summary>Containers for programs of users: the targets of <see cref="RaceCatalogue"/> by the same names, with keys and values of any type.</summary>
public static class SharedContainers
{
    // A race must run the same way each time, so what is random in a map is fixed.
    private const ulong HashSeed = 1;

    /// <summary>Makes an empty container; string keys ignore case in each of them, as they do in PowerShell's <c>@{}</c>.</summary>
    /// <exception cref="ArgumentException">The catalogue has a target of this name and this does not know it, or neither does.</exception>
    public static IDictionary Create(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target switch
        {
            "GuardedMap" => Guarded(MapProtection.Guarded),
            "GuardedMapNone" => Guarded(MapProtection.None),
            "GuardedMapSynchronized" => Guarded(MapProtection.Synchronized),
            "SnapshotMap" => new SnapshotMap<object, object?>(ShellKeyComparer.CaseInsensitive, "shared"),
            "SyncMap" => new SyncMap<object, object?>(ShellKeyComparer.CaseInsensitive, "shared"),
            "OrderedMap" => new OrderedMap<object, object?>(new KeyOrder(), "shared"),
            "Hashtable" => new Hashtable(StringComparer.OrdinalIgnoreCase),
            "SynchronizedHashtable" => Hashtable.Synchronized(new Hashtable(StringComparer.OrdinalIgnoreCase)),
            "Dictionary" => new Dictionary<object, object?>(ShellKeyComparer.CaseInsensitive),
            "ConcurrentDictionary" => new ConcurrentDictionary<object, object?>(ShellKeyComparer.CaseInsensitive),
            _ => throw new ArgumentException($"There is no container '{target}' for programs of one's own. The containers are: {string.Join(", ", RaceCatalogue.Targets.Select(t => t.Name))}.", nameof(target)),
        };
    }

    // Strings by their characters, ignoring case; whatever else by its type's own order, and different types by their names.
    private sealed class KeyOrder : IComparer<object>
    {
        public int Compare(object? x, object? y)
        {
            if (x is string a && y is string b) return string.Compare(a, b, StringComparison.OrdinalIgnoreCase);
            if (x is null || y is null || x.GetType() == y.GetType()) return Comparer<object>.Default.Compare(x, y);
            return string.CompareOrdinal(x.GetType().FullName, y.GetType().FullName);
        }
    }

    private static GuardedMap Guarded(MapProtection protection) =>
        new(new MapOptions<object> { Name = "shared", Protection = protection, HashSeed = HashSeed });
}
