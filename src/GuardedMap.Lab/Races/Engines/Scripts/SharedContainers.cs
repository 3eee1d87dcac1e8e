using System.Collections;
using System.Collections.Concurrent;

namespace GuardedMaps.Lab;

/// <summary>Containers for programs of users: the targets of <see cref="RaceCatalogue"/> by the same names, with keys and values of any type.</summary>
internal static class SharedContainers
{
    // A race must run the same way each time, so what is random in a map is fixed.
    private const ulong HashSeed = 1;

    /// <summary>Makes an empty container; string keys ignore case in each of them, as they do in PowerShell's <c>@{}</c>.</summary>
    /// <exception cref="ArgumentException">There is no container of this name: the message lists those there are.</exception>
    public static IDictionary Create(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target switch
        {
            "GuardedMap" => Guarded(MapProtection.Guarded),
            "GuardedMapNone" => Guarded(MapProtection.None),
            "GuardedMapSynchronized" => Guarded(MapProtection.Synchronized),
            "GuardedMapDetecting" => Guarded(MapProtection.Guarded, detect: true),
            "GuardedMapReport" => Guarded(MapProtection.Guarded, ViolationResponse.Report),
            "SnapshotMap" => new SnapshotMap(new SnapshotMapOptions<object> { Name = "shared", HashSeed = HashSeed }),
            "SyncMap" => new SyncMap(new SyncMapOptions<object> { Name = "shared", HashSeed = HashSeed }),
            "OrderedMap" => new OrderedMap(new OrderedMapOptions<object> { Name = "shared" }),
            "Hashtable" => new Hashtable((IEqualityComparer)StableComparer.Instance),
            "SynchronizedHashtable" => Hashtable.Synchronized(new Hashtable((IEqualityComparer)StableComparer.Instance)),
            "Dictionary" => new Dictionary<object, object?>(StableComparer.Instance),
            "ConcurrentDictionary" => new ConcurrentDictionary<object, object?>(StableComparer.Instance),
            _ => throw new ArgumentException(SafeText.Message($"There is no container '{target}' for programs of one's own. The containers are: {string.Join(", ", MapFaces.Names):all}."), nameof(target)),
        };
    }

    private static GuardedMap Guarded(MapProtection protection, ViolationResponse onViolation = ViolationResponse.Throw, bool detect = false) =>
        new(new MapOptions<object> { Name = "shared", Protection = protection, OnViolation = onViolation, DetectLostUpdates = detect, HashSeed = HashSeed });
}
