namespace GuardedMaps.Lab;

/// <summary>One of this project's maps that cannot race, iterated as each of them iterates.</summary>
internal class KindFace<TKey>(MapBase<TKey, long> map) : MapFace<TKey>
    where TKey : notnull
{
    public override int Count => map.Count;

    public override bool HasTryUpdate => true;

    public override long? Get(TKey key) => map.TryGetValue(key, out long value) ? value : null;

    public override void Set(TKey key, long value) => map[key] = value;

    public override bool Remove(TKey key) => map.Remove(key);

    public override long? Take(TKey key) => map.Remove(key, out long value) ? value : null;

    public override bool TryAdd(TKey key, long value) => map.TryAdd(key, value);

    public override bool TryUpdate(TKey key, long value, long compared) => map.TryUpdate(key, value, compared);

    public override long GetOrAdd(TKey key, long value) => map.GetOrAdd(key, value);

    public override long Increment(TKey key, long by) => map.Increment(key, by);

    public override void Clear() => map.Clear();

    public override IEnumerable<KeyValuePair<TKey?, long>> Entries() => (IEnumerable<KeyValuePair<TKey?, long>>)(object)map;

    public override IReadOnlyList<KeyValuePair<TKey?, long>> Copy() => Listed((ICollection<KeyValuePair<TKey, long>>)(object)map);

    public override void CheckInvariants() => map.CheckInvariants();
}

/// <summary>The one of them whose iterations are of one moment.</summary>
internal sealed class SnapshotFace<TKey>(SnapshotMap<TKey, long> map) : KindFace<TKey>(map)
    where TKey : notnull
{
    public override bool IterationIsOneMoment => true;

    public override bool CountIsExact => true;

    public override IEnumerable<KeyValuePair<TKey?, long>> Snapshot() => (IEnumerable<KeyValuePair<TKey?, long>>)(object)map.GetSnapshot();

    public override long Sum()
    {
        long sum = 0;
        foreach (var entry in map) sum += entry.Value;
        return sum;
    }
}

/// <summary>The one of them that knows an order, in which a range is found.</summary>
internal sealed class OrderedFace<TKey>(OrderedMap<TKey, long> map) : KindFace<TKey>(map)
    where TKey : notnull
{
    public override long Sum()
    {
        long sum = 0;
        foreach (var entry in map) sum += entry.Value;
        return sum;
    }

    public override long Sum(TKey from, TKey to, IComparer<TKey> order)
    {
        long sum = 0;
        foreach (var entry in map.Range(from, to)) sum += entry.Value;
        return sum;
    }
}
