namespace GuardedMaps.Lab;

/// <summary>This project's map, with one of its protections. Iterates by C# <c>foreach</c>, which is a lease under the contract <see cref="IterationContract.Reject"/>.</summary>
internal sealed class GuardedMapTarget(MapProtection protection, ViolationResponse onViolation = ViolationResponse.Throw, bool detect = false) : IRaceTarget
{
    private readonly GuardedMap<string, long> _map = new(new MapOptions<string> { Name = "race", Protection = protection, OnViolation = onViolation, DetectLostUpdates = detect });

    public int Count => _map.Count;

    public void Store(string key, long value) => _map[key] = value;

    public bool Remove(string key) => _map.Remove(key);

    public bool TryGet(string key, out long value) => _map.TryGetValue(key, out value);

    public void Increment(string key, long by) => _map.Increment(key, by);

    public void Iterate(Func<string?, long, bool> visit)
    {
        foreach (var entry in _map)
        {
            if (!visit(entry.Key, entry.Value)) return;
        }
    }

    public IReadOnlyList<KeyValuePair<string?, long>> Copy() => Enumerable.ToList((ICollection<KeyValuePair<string?, long>>)(object)_map);

    public void CheckInvariants() => _map.CheckInvariants();
}
