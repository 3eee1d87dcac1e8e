namespace GuardedMaps.Lab;

/// <summary>
/// This project's guarded map, with one of its protections. Iterates by C# <c>foreach</c>, which is a lease under the contract
/// <see cref="IterationContract.Reject"/>.
/// </summary>
internal sealed class GuardedFace<TKey>(MapOptions<TKey> options) : MapFace<TKey>
    where TKey : notnull
{
    private readonly GuardedMap<TKey, long> _map = new(options);

    public override int Count => _map.Count;

    public override bool IterationIsOneMoment => true;

    public override bool CountIsExact => true;

    public override long? Get(TKey key) => _map.TryGetValue(key, out long value) ? value : null;

    public override void Set(TKey key, long value) => _map[key] = value;

    public override bool Remove(TKey key) => _map.Remove(key);

    public override long? Take(TKey key) => _map.Remove(key, out long value) ? value : null;

    public override bool TryAdd(TKey key, long value) => _map.TryAdd(key, value);

    public override long GetOrAdd(TKey key, long value) => _map.GetOrAdd(key, value);

    public override long Increment(TKey key, long by) => _map.Increment(key, by);

    public override void Clear() => _map.Clear();

    public override IEnumerable<KeyValuePair<TKey?, long>> Entries()
    {
        foreach (var entry in _map) yield return new(entry.Key, entry.Value);
    }

    public override IEnumerable<KeyValuePair<TKey?, long>> Snapshot() => (IEnumerable<KeyValuePair<TKey?, long>>)(object)_map.GetSnapshot();

    public override long Sum()
    {
        long sum = 0;
        foreach (var entry in _map) sum += entry.Value;
        return sum;
    }

    public override IReadOnlyList<KeyValuePair<TKey?, long>> Copy() => Listed(_map);

    public override void CheckInvariants() => _map.CheckInvariants();
}
