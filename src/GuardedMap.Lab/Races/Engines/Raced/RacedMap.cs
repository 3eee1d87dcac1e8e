namespace GuardedMaps.Lab;

/// <summary>A raced map, as scenarios see it.</summary>
/// <param name="Map">The map.</param>
internal sealed record RacedMap(MapFace<int> Map)
{
    /// <summary>Takes a snapshot, in one operation; null for a map whose iterations show no one moment.</summary>
    public Func<(int Count, IEnumerable<KeyValuePair<int, long>> Entries)>? Snapshot { get; init; }

    /// <summary>Stores several entries as one operation, on a map that can.</summary>
    public Action<IReadOnlyDictionary<int, long>>? SetAll { get; init; }

    private const string OfObjects = "OfObjects";

    /// <summary>
    /// The maps that can be explored: by the names of the targets, with values that are numbers, and with objects for values, which take other ways
    /// through the code. A shell's maps have objects.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } = ["SnapshotMap", "SyncMap", "OrderedMap", $"SnapshotMap{OfObjects}", $"SyncMap{OfObjects}", $"OrderedMap{OfObjects}"];

    /// <summary>Makes an empty map of this name.</summary>
    public static RacedMap Create(string name)
    {
        if (!Names.Contains(name, StringComparer.Ordinal)) throw new ArgumentException(SafeText.Message($"There is no raced map '{name}'. The maps are: {string.Join(", ", Names):all}."), nameof(name));
        return name.EndsWith(OfObjects, StringComparison.Ordinal)
            ? Create<object>(name[..^OfObjects.Length], static number => number, static item => Convert.ToInt64(item, System.Globalization.CultureInfo.InvariantCulture))
            : Create<long>(name, static number => number, static number => number);
    }

    private static RacedMap Create<TValue>(string name, Func<long, TValue> box, Func<TValue, long> unbox)
    {
        switch (name)
        {
            case "SnapshotMap":
                var snapshots = new RacedMaps.SnapshotMap<int, TValue>(new RacedMaps.SnapshotMapOptions<int> { HashSeed = RacedWorld.HashSeed });
                return new RacedMap(new RacedFace<TValue>(snapshots, isOfVersions: true, box, unbox))
                {
                    Snapshot = () =>
                    {
                        var taken = snapshots.GetSnapshot();
                        return (taken.Count, taken.Select(e => new KeyValuePair<int, long>(e.Key, unbox(e.Value))));
                    },
                    SetAll = entries => snapshots.Write(batch =>
                    {
                        foreach (var (key, value) in entries) batch[key] = box(value);
                    }),
                };
            case "SyncMap":
                return new RacedMap(new RacedFace<TValue>(new RacedMaps.SyncMap<int, TValue>(new RacedMaps.SyncMapOptions<int> { HashSeed = RacedWorld.HashSeed }), isOfVersions: false, box, unbox));
            default:
                return new RacedMap(new RacedFace<TValue>(new RacedMaps.OrderedMap<int, TValue>(new RacedMaps.OrderedMapOptions<int>()), isOfVersions: false, box, unbox));
        }
    }
}

/// <summary>A raced map's operations by the names under which they are recorded.</summary>
internal sealed class RacedFace<TValue>(RacedMaps.MapBase<int, TValue> map, bool isOfVersions, Func<long, TValue> box, Func<TValue, long> unbox) : MapFace<int>
{
    public override bool IterationIsOneMoment => isOfVersions;

    public override bool CountIsExact => isOfVersions;

    public override bool HasTryUpdate => true;

    public override int Count => map.Count;

    public override long? Get(int key) => map.TryGetValue(key, out var value) ? unbox(value) : null;

    public override void Set(int key, long value) => map[key] = box(value);

    public override bool TryAdd(int key, long value) => map.TryAdd(key, box(value));

    public override bool TryUpdate(int key, long value, long compared) => map.TryUpdate(key, box(value), box(compared));

    public override long GetOrAdd(int key, long value) => unbox(map.GetOrAdd(key, box(value)));

    public override long Increment(int key, long by) => unbox(map.Increment(key, by));

    public override long? Take(int key) => map.Remove(key, out var value) ? unbox(value) : null;

    public override void Clear() => map.Clear();

    public override IEnumerable<KeyValuePair<int, long>> Entries() => map.Entries().Select(e => new KeyValuePair<int, long>(e.Key, unbox(e.Value)));

    public override void CheckInvariants() => map.CheckInvariants();
}
