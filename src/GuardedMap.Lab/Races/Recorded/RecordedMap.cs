namespace GuardedMaps.Lab;

/// <summary>A map whose operations are recorded: each of them one call into the map and nothing around it.</summary>
internal abstract class RecordedMap
{
    /// <summary>True when an iteration shows the map as it was at one moment; else each entry it shows or leaves out is a lookup of its own.</summary>
    public abstract bool IterationIsOneMoment { get; }

    /// <summary>True when <see cref="Count"/> is exact while others write.</summary>
    public abstract bool CountIsExact { get; }

    public abstract bool HasTryUpdate { get; }

    public abstract int Count { get; }

    public abstract long? Get(int key);

    public abstract void Set(int key, long value);

    public abstract bool TryAdd(int key, long value);

    public abstract bool TryUpdate(int key, long value, long compared);

    public abstract long GetOrAdd(int key, long value);

    public abstract long Add(int key, long by);

    public abstract long? Take(int key);

    public abstract void Clear();

    public abstract IEnumerable<KeyValuePair<int, long>> Entries();

    /// <summary>Lets the map check itself, while nobody is near it.</summary>
    public abstract void CheckInvariants();
}

/// <summary>SnapshotMap, SyncMap and OrderedMap.</summary>
internal sealed class RecordedRepairMap(MapBase<int, long> map, bool isOfVersions, Action check) : RecordedMap
{
    public override bool IterationIsOneMoment => isOfVersions;

    public override bool CountIsExact => isOfVersions;

    public override bool HasTryUpdate => true;

    public override int Count => map.Count;

    public static RecordedMap Snapshot(bool hesitant)
    {
        var map = new SnapshotMap<int, long>(hesitant ? HesitantOrder.Instance : null);
        return new RecordedRepairMap(map, isOfVersions: true, map.CheckInvariants);
    }

    public static RecordedMap Sync(bool hesitant)
    {
        var map = new SyncMap<int, long>(hesitant ? HesitantOrder.Instance : null);
        return new RecordedRepairMap(map, isOfVersions: false, map.CheckInvariants);
    }

    public static RecordedMap Ordered(bool hesitant)
    {
        var map = new OrderedMap<int, long>(hesitant ? HesitantOrder.Instance : null);
        return new RecordedRepairMap(map, isOfVersions: false, map.CheckInvariants);
    }

    public override long? Get(int key) => map.TryGetValue(key, out long value) ? value : null;

    public override void Set(int key, long value) => map[key] = value;

    public override bool TryAdd(int key, long value) => map.TryAdd(key, value);

    public override bool TryUpdate(int key, long value, long compared) => map.TryUpdate(key, value, compared);

    public override long GetOrAdd(int key, long value) => map.GetOrAdd(key, value);

    public override long Add(int key, long by) => map.Increment(key, by);

    public override long? Take(int key) => map.Remove(key, out long value) ? value : null;

    public override void Clear() => map.Clear();

    public override IEnumerable<KeyValuePair<int, long>> Entries() => map;

    public override void CheckInvariants() => check();
}

/// <summary>GuardedMap with protection Synchronized, whose iterations are snapshots.</summary>
internal sealed class RecordedSynchronizedMap(bool hesitant) : RecordedMap
{
    private readonly GuardedMap<int, long> _map = new(new MapOptions<int> { Protection = MapProtection.Synchronized, Comparer = hesitant ? HesitantOrder.Instance : null });

    public override bool IterationIsOneMoment => true;

    public override bool CountIsExact => true;

    public override bool HasTryUpdate => false;

    public override int Count => _map.Count;

    public override long? Get(int key) => _map.TryGetValue(key, out long value) ? value : null;

    public override void Set(int key, long value) => _map[key] = value;

    public override bool TryAdd(int key, long value) => _map.TryAdd(key, value);

    public override bool TryUpdate(int key, long value, long compared) => throw new NotSupportedException("A GuardedMap has no TryUpdate; it has AddOrUpdate.");

    public override long GetOrAdd(int key, long value) => _map.GetOrAdd(key, value);

    public override long Add(int key, long by) => _map.Increment(key, by);

    public override long? Take(int key) => _map.Remove(key, out long value) ? value : null;

    public override void Clear() => _map.Clear();

    public override IEnumerable<KeyValuePair<int, long>> Entries()
    {
        foreach (var entry in _map) yield return new(entry.Key, entry.Value);
    }

    public override void CheckInvariants() => _map.CheckInvariants();
}
