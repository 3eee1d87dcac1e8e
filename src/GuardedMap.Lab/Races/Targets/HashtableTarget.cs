using System.Collections;

namespace GuardedMaps.Lab;

/// <summary>.NET's Hashtable, which PowerShell's <c>@{}</c> is, plain or in its synchronized wrapper.</summary>
internal sealed class HashtableTarget(bool synchronized) : IRaceTarget
{
    private readonly Hashtable _map = synchronized ? Hashtable.Synchronized([]) : [];

    public int Count => _map.Count;

    public void Store(string key, long value) => _map[key] = value;

    public bool Remove(string key)
    {
        // Hashtable.Remove does not say whether the key was there, and asking first would be a second operation.
        _map.Remove(key);
        return true;
    }

    public bool TryGet(string key, out long value)
    {
        object? found = _map[key];
        value = found is long number ? number : 0;
        return found is not null;
    }

    public void Increment(string key, long by) =>
        throw new NotSupportedException("A Hashtable has no atomic increment, not even in its synchronized wrapper. Race the scenario on a target whose HasAtomicIncrement is true.");

    public void Iterate(Func<string?, long, bool> visit)
    {
        foreach (DictionaryEntry entry in _map)
        {
            // A race may leave an entry without key or value; that is for the judge to see.
            if (!visit(entry.Key as string, entry.Value is long number ? number : long.MinValue)) return;
        }
    }

    public IReadOnlyList<KeyValuePair<string?, long>> Copy() =>
        [.. new ArrayList(_map).Cast<object?>().Select(static item => item is DictionaryEntry entry ? new KeyValuePair<string?, long>(entry.Key as string, entry.Value is long number ? number : long.MinValue) : default)];

    public void CheckInvariants()
    {
        // A Hashtable cannot check itself; what can be seen from outside, the judge checks for every target.
    }
}
