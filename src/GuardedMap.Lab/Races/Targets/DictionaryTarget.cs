namespace GuardedMaps.Lab;

/// <summary>.NET's generic Dictionary.</summary>
internal sealed class DictionaryTarget : IRaceTarget
{
    private readonly Dictionary<string, long> _map = new(StringComparer.Ordinal);

    public int Count => _map.Count;

    public void Store(string key, long value) => _map[key] = value;

    public bool Remove(string key) => _map.Remove(key);

    public bool TryGet(string key, out long value) => _map.TryGetValue(key, out value);

    public void Increment(string key, long by) =>
        throw new NotSupportedException("A Dictionary has no atomic increment. Race the scenario on a target whose HasAtomicIncrement is true.");

    public void Iterate(Func<string?, long, bool> visit)
    {
        foreach (var entry in _map)
        {
            if (!visit(entry.Key, entry.Value)) return;
        }
    }

    public IReadOnlyList<KeyValuePair<string?, long>> Copy() => Enumerable.ToList((ICollection<KeyValuePair<string?, long>>)(object)_map);

    public void CheckInvariants()
    {
        // A Dictionary cannot check itself; what can be seen from outside, the judge checks for every target.
    }
}
