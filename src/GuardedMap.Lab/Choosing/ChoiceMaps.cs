using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;

namespace GuardedMaps.Lab.Choosing;

/// <summary>A map as a load sees it. Each is used in the way it is meant to be used by several threads.</summary>
internal interface IChoiceMap<in TKey>
{
    object Map { get; }

    bool Get(TKey key);

    void Set(TKey key, long value);

    void Remove(TKey key);

    void Increment(TKey key);

    /// <summary>Goes through all entries, and gives the sum of their values.</summary>
    long Iterate();

    /// <summary>Goes through the entries from one key to another in the order of the keys.</summary>
    long Range(TKey from, TKey to);
}

/// <summary>The maps to choose from.</summary>
internal static class ChoiceMaps
{
    public static IReadOnlyList<string> Names { get; } = ["GuardedMap", "GuardedMapSynchronized", "SnapshotMap", "SyncMap", "OrderedMap", "ConcurrentDictionary", "SynchronizedHashtable"];

    public static IChoiceMap<TKey> Make<TKey>(string name)
        where TKey : notnull
    {
        // Strings are compared ordinally by all of them, also where an order is asked for.
        var order = typeof(TKey) == typeof(string) ? (IComparer<TKey>)StringComparer.Ordinal : Comparer<TKey>.Default;
        return name switch
        {
            "GuardedMap" => new GuardedChoice<TKey>(MapProtection.Guarded, order),
            "GuardedMapSynchronized" => new GuardedChoice<TKey>(MapProtection.Synchronized, order),
            "SnapshotMap" => new SnapshotChoice<TKey>(order),
            "SyncMap" => new SyncChoice<TKey>(order),
            "OrderedMap" => new OrderedChoice<TKey>(order),
            "ConcurrentDictionary" => new ConcurrentChoice<TKey>(order),
            "SynchronizedHashtable" => new HashtableChoice<TKey>(order),
            _ => throw new UnknownChoiceException(name, isLoad: false, Names),
        };
    }

    /// <summary>What a map without an order has to do for a range: look at every entry, and sort what fits.</summary>
    public static long SortedRange<TKey>(IEnumerable<KeyValuePair<TKey, long>> entries, TKey from, TKey to, IComparer<TKey> order)
    {
        var within = new List<KeyValuePair<TKey, long>>();
        foreach (var entry in entries)
        {
            if (order.Compare(entry.Key, from) >= 0 && order.Compare(entry.Key, to) <= 0) within.Add(entry);
        }

        within.Sort((a, b) => order.Compare(a.Key, b.Key));
        long sum = 0;
        foreach (var entry in within) sum += entry.Value;
        return sum;
    }
}

internal sealed class GuardedChoice<TKey>(MapProtection protection, IComparer<TKey> order) : IChoiceMap<TKey>
    where TKey : notnull
{
    private readonly GuardedMap<TKey, long> _map = new(new MapOptions<TKey> { Protection = protection });

    public object Map => _map;

    public bool Get(TKey key) => _map.TryGetValue(key, out _);

    public void Set(TKey key, long value) => _map[key] = value;

    public void Remove(TKey key) => _map.Remove(key);

    public void Increment(TKey key) => _map.Increment(key);

    public long Iterate()
    {
        long sum = 0;
        foreach (var entry in _map) sum += entry.Value;
        return sum;
    }

    public long Range(TKey from, TKey to) => ChoiceMaps.SortedRange(_map, from, to, order);
}

internal sealed class SnapshotChoice<TKey>(IComparer<TKey> order) : IChoiceMap<TKey>
    where TKey : notnull
{
    private readonly SnapshotMap<TKey, long> _map = [];

    public object Map => _map;

    public bool Get(TKey key) => _map.TryGetValue(key, out _);

    public void Set(TKey key, long value) => _map[key] = value;

    public void Remove(TKey key) => _map.Remove(key);

    public void Increment(TKey key) => _map.Increment(key);

    public long Iterate()
    {
        long sum = 0;
        foreach (var entry in _map) sum += entry.Value;
        return sum;
    }

    public long Range(TKey from, TKey to) => ChoiceMaps.SortedRange(_map, from, to, order);
}

internal sealed class SyncChoice<TKey>(IComparer<TKey> order) : IChoiceMap<TKey>
    where TKey : notnull
{
    private readonly SyncMap<TKey, long> _map = [];

    public object Map => _map;

    public bool Get(TKey key) => _map.TryGetValue(key, out _);

    public void Set(TKey key, long value) => _map[key] = value;

    public void Remove(TKey key) => _map.Remove(key);

    public void Increment(TKey key) => _map.Increment(key);

    public long Iterate() => Entries().Sum(static e => e.Value);

    public long Range(TKey from, TKey to) => ChoiceMaps.SortedRange(Entries(), from, to, order);

    private IEnumerable<KeyValuePair<TKey, long>> Entries() => _map;
}

internal sealed class OrderedChoice<TKey>(IComparer<TKey> order) : IChoiceMap<TKey>
    where TKey : notnull
{
    private readonly OrderedMap<TKey, long> _map = new(order);

    public object Map => _map;

    public bool Get(TKey key) => _map.TryGetValue(key, out _);

    public void Set(TKey key, long value) => _map[key] = value;

    public void Remove(TKey key) => _map.Remove(key);

    public void Increment(TKey key) => _map.Increment(key);

    public long Iterate()
    {
        long sum = 0;
        foreach (var entry in _map) sum += entry.Value;
        return sum;
    }

    public long Range(TKey from, TKey to)
    {
        long sum = 0;
        foreach (var entry in _map.Range(from, to)) sum += entry.Value;
        return sum;
    }
}

internal sealed class ConcurrentChoice<TKey>(IComparer<TKey> order) : IChoiceMap<TKey>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, long> _map = new();

    public object Map => _map;

    public bool Get(TKey key) => _map.TryGetValue(key, out _);

    public void Set(TKey key, long value) => _map[key] = value;

    public void Remove(TKey key) => _map.TryRemove(key, out _);

    public void Increment(TKey key) => _map.AddOrUpdate(key, 1, static (_, n) => n + 1);

    public long Iterate()
    {
        long sum = 0;
        foreach (var entry in _map) sum += entry.Value;
        return sum;
    }

    public long Range(TKey from, TKey to) => ChoiceMaps.SortedRange(_map, from, to, order);
}

// As its documentation has it: iterations, and what is read to be written, hold its lock.
internal sealed class HashtableChoice<TKey>(IComparer<TKey> order) : IChoiceMap<TKey>
    where TKey : notnull
{
    private readonly Hashtable _map = Hashtable.Synchronized([]);

    public object Map => _map;

    public bool Get(TKey key) => _map[key] is not null;

    public void Set(TKey key, long value) => _map[key] = value;

    public void Remove(TKey key) => _map.Remove(key);

    public void Increment(TKey key)
    {
        lock (_map.SyncRoot) _map[key] = Convert.ToInt64(_map[key], CultureInfo.InvariantCulture) + 1;
    }

    public long Iterate()
    {
        long sum = 0;
        lock (_map.SyncRoot)
        {
            foreach (DictionaryEntry entry in _map) sum += (long)entry.Value!;
        }

        return sum;
    }

    public long Range(TKey from, TKey to)
    {
        lock (_map.SyncRoot) return ChoiceMaps.SortedRange(_map.Cast<DictionaryEntry>().Select(e => KeyValuePair.Create((TKey)e.Key, (long)e.Value!)), from, to, order);
    }
}
