using System.Collections;
using System.Collections.Concurrent;

namespace GuardedMaps.Lab;

/// <summary>Makes the containers behind the names of the targets.</summary>
internal static class MapFaces
{
    private const string Name = "race";

    /// <summary>The names of all containers.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "GuardedMap", "GuardedMapSynchronized", "GuardedMapReport", "GuardedMapDetecting", "GuardedMapNone", "SnapshotMap", "SyncMap", "OrderedMap",
        "Hashtable", "SynchronizedHashtable", "Dictionary", "ConcurrentDictionary",
    ];

    /// <summary>Makes an empty container.</summary>
    /// <param name="target">The target's name.</param>
    /// <param name="seed">The hash seed, for the maps that can be given one; null for one of their own.</param>
    /// <param name="equality">How this project's maps compare keys; null for the usual way (strings ordinally).</param>
    /// <param name="order">How this project's ordered map compares keys.</param>
    /// <exception cref="ArgumentException">There is no container of this name.</exception>
    public static MapFace<TKey> Create<TKey>(string target, ulong? seed = null, IEqualityComparer<TKey>? equality = null, IComparer<TKey>? order = null)
        where TKey : notnull
    {
        switch (target)
        {
            case "GuardedMap": return Guarded(MapProtection.Guarded);
            case "GuardedMapNone": return Guarded(MapProtection.None);
            case "GuardedMapSynchronized": return Guarded(MapProtection.Synchronized);
            case "GuardedMapReport": return Guarded(MapProtection.Guarded, ViolationResponse.Report);
            case "GuardedMapDetecting": return Guarded(MapProtection.Guarded, detect: true);
            case "SnapshotMap": return new SnapshotFace<TKey>(new SnapshotMap<TKey, long>(new SnapshotMapOptions<TKey> { Name = Name, Comparer = equality, HashSeed = seed }));
            case "SyncMap": return new KindFace<TKey>(new SyncMap<TKey, long>(new SyncMapOptions<TKey> { Name = Name, Comparer = equality, HashSeed = seed }));
            case "OrderedMap":
                order ??= typeof(TKey) == typeof(string) ? (IComparer<TKey>)StringComparer.Ordinal : null;
                return new OrderedFace<TKey>(new OrderedMap<TKey, long>(new OrderedMapOptions<TKey> { Name = Name, Comparer = order }));
            case "Hashtable": return new HashtableFace<TKey>([]);
            case "SynchronizedHashtable": return new HashtableFace<TKey>(Hashtable.Synchronized([]));
            case "Dictionary": return new DictionaryFace<TKey>(new Dictionary<TKey, long>());
            case "ConcurrentDictionary": return new ConcurrentFace<TKey>(new ConcurrentDictionary<TKey, long>());
            default: throw new ArgumentException(SafeText.Message($"There is no container '{target}'. The containers are: {string.Join(", ", Names):all}."), nameof(target));
        }

        GuardedFace<TKey> Guarded(MapProtection protection, ViolationResponse onViolation = ViolationResponse.Throw, bool detect = false) =>
            new(new MapOptions<TKey> { Name = Name, Protection = protection, OnViolation = onViolation, DetectLostUpdates = detect, Comparer = equality, HashSeed = seed });
    }
}
