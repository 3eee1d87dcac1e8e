namespace GuardedMaps.Lab;

/// <summary>A raced map, as scenarios see it.</summary>
/// <param name="Map">The map.</param>
internal sealed record RacedMap(RecordedMap Map)
{
    /// <summary>Takes a snapshot, in one operation; null for a map whose iterations show no one moment.</summary>
    public Func<(int Count, IEnumerable<KeyValuePair<int, long>> Entries)>? Snapshot { get; init; }

    /// <summary>Stores several entries as one operation, on a map that can.</summary>
    public Action<IReadOnlyDictionary<int, long>>? SetAll { get; init; }

    /// <summary>The maps that can be explored, by the names of the targets.</summary>
    public static IReadOnlyList<string> Names { get; } = ["SnapshotMap", "SyncMap", "OrderedMap"];

    /// <summary>Makes an empty map of this name.</summary>
    public static RacedMap Create(string name)
    {
        switch (name)
        {
            case "SnapshotMap":
                var snapshots = new RacedMaps.SnapshotMap<int, long>(new RacedMaps.SnapshotMapOptions<int> { HashSeed = RacedWorld.HashSeed });
                return new RacedMap(new RacedFace(snapshots, isOfVersions: true))
                {
                    Snapshot = () =>
                    {
                        var taken = snapshots.GetSnapshot();
                        return (taken.Count, taken);
                    },
                    SetAll = entries => snapshots.Write(batch =>
                    {
                        foreach (var (key, value) in entries) batch[key] = value;
                    }),
                };
            case "SyncMap":
                var sync = new RacedMaps.SyncMap<int, long>(new RacedMaps.SyncMapOptions<int>());
                return new RacedMap(new RacedFace(sync, isOfVersions: false));
            case "OrderedMap":
                var ordered = new RacedMaps.OrderedMap<int, long>(new RacedMaps.OrderedMapOptions<int>());
                return new RacedMap(new RacedFace(ordered, isOfVersions: false));
            default:
                throw new ArgumentException($"There is no raced map '{name}'. The maps are: {string.Join(", ", Names)}.", nameof(name));
        }
    }
}

/// <summary>A raced map's operations by the names under which they are recorded.</summary>
internal sealed class RacedFace(RacedMaps.MapBase<int, long> map, bool isOfVersions) : RecordedMap
{
    public override bool IterationIsOneMoment => isOfVersions;

    public override bool CountIsExact => isOfVersions;

    public override bool HasTryUpdate => true;

    public override int Count => map.Count;

    public override long? Get(int key) => map.TryGetValue(key, out long value) ? value : null;

    public override void Set(int key, long value) => map[key] = value;

    public override bool TryAdd(int key, long value) => map.TryAdd(key, value);

    public override bool TryUpdate(int key, long value, long compared) => map.TryUpdate(key, value, compared);

    public override long GetOrAdd(int key, long value) => map.GetOrAdd(key, value);

    public override long Add(int key, long by) => map.Increment(key, by);

    public override long? Take(int key) => map.Remove(key, out long value) ? value : null;

    public override void Clear() => map.Clear();

    public override IEnumerable<KeyValuePair<int, long>> Entries() => map.Entries();

    public override void CheckInvariants() => map.CheckInvariants();
}
