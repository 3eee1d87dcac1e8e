namespace GuardedMaps.Lab;

/// <summary>One of the maps that cannot race: SnapshotMap, SyncMap or OrderedMap, iterated as each of them iterates.</summary>
/// <param name="map">The map.</param>
/// <param name="check">Its own check of its invariants.</param>
internal sealed class RepairMapTarget(MapBase<string, long> map, Action check) : IRaceTarget
{
    public int Count => map.Count;

    public static RepairMapTarget Snapshot()
    {
        var map = new SnapshotMap<string, long>(StringComparer.Ordinal, "race");
        return new RepairMapTarget(map, map.CheckInvariants);
    }

    public static RepairMapTarget Sync()
    {
        var map = new SyncMap<string, long>(StringComparer.Ordinal, "race");
        return new RepairMapTarget(map, map.CheckInvariants);
    }

    public static RepairMapTarget Ordered()
    {
        var map = new OrderedMap<string, long>(StringComparer.Ordinal, "race");
        return new RepairMapTarget(map, map.CheckInvariants);
    }

    public void Store(string key, long value) => map[key] = value;

    public bool Remove(string key) => map.Remove(key);

    public bool TryGet(string key, out long value) => map.TryGetValue(key, out value);

    public void Increment(string key, long by) => map.Increment(key, by);

    public void Iterate(Func<string?, long, bool> visit)
    {
        foreach (var (key, value) in (IEnumerable<KeyValuePair<string, long>>)map)
        {
            if (!visit(key, value)) return;
        }
    }

    public IReadOnlyList<KeyValuePair<string?, long>> Copy() => Enumerable.ToList((ICollection<KeyValuePair<string?, long>>)(object)map);

    public void CheckInvariants() => check();
}
