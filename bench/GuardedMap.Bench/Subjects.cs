using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace GuardedMaps.Bench;

/// <summary>What is measured: a map made anew, and its six operations. Structs without type parameters, so that every call is compiled exactly.</summary>
internal interface ISubject<TKey>
{
    /// <summary>The column's name.</summary>
    string Name { get; }

    /// <summary>Whether it has an operation: one that cannot be written to has only some.</summary>
    bool Has(string operation);

    /// <summary>Makes an empty map.</summary>
    /// <param name="capacity">How many entries to make room for; 0 to leave that to the map.</param>
    void Make(int capacity = 0);

    /// <summary>The map is filled: one that is made of another is made now.</summary>
    void Settle();

    /// <summary>The map itself, to keep it alive and weigh it.</summary>
    object Map { get; }

    bool Get(TKey key, out long value);

    void Set(TKey key, long value);

    bool Remove(TKey key);

    long Sum();
}

/// <summary>Apart, since an older build of the core, which <c>builds</c> measures with this very program, has no such option: it is looked for only when this is called.</summary>
internal static class Detecting
{
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    public static MapOptions<TKey> Of<TKey>(MapOptions<TKey> options)
        where TKey : notnull => options with { DetectLostUpdates = true };
}

internal struct UlongDictionary() : ISubject<ulong>
{
    private Dictionary<ulong, long> _map = null!;

    public readonly string Name => "Dictionary";

    public readonly object Map => _map;

    public readonly bool Has(string operation) => true;

    public readonly void Settle()
    {
        // It is what it is.
    }

    public void Make(int capacity) => _map = new Dictionary<ulong, long>(capacity);

    public readonly bool Get(ulong key, out long value) => _map.TryGetValue(key, out value);

    public readonly void Set(ulong key, long value) => _map[key] = value;

    public readonly bool Remove(ulong key) => _map.Remove(key);

    public readonly long Sum()
    {
        long sum = 0;
        foreach (KeyValuePair<ulong, long> entry in _map) sum += entry.Value;
        return sum;
    }
}

internal struct UlongGuarded(MapProtection protection, bool detects = false) : ISubject<ulong>
{
    private GuardedMap<ulong, long> _map = null!;

    public readonly string Name => protection.ToString();

    public readonly object Map => _map;

    public readonly bool Has(string operation) => true;

    public readonly void Settle()
    {
        // It is what it is.
    }

    public void Make(int capacity)
    {
        var options = new MapOptions<ulong> { Protection = protection, Capacity = capacity };
        _map = new GuardedMap<ulong, long>(detects ? Detecting.Of(options) : options);
    }

    public readonly bool Get(ulong key, out long value) => _map.TryGetValue(key, out value);

    public readonly void Set(ulong key, long value) => _map[key] = value;

    public readonly bool Remove(ulong key) => _map.Remove(key);

    public readonly long Sum()
    {
        long sum = 0;
        foreach (KeyValuePair<ulong, long> entry in _map) sum += entry.Value;
        return sum;
    }
}

internal struct UlongSnapshot(bool detects) : ISubject<ulong>
{
    private SnapshotMap<ulong, long> _map = null!;

    public readonly string Name => "SnapshotMap";

    public readonly object Map => _map;

    public readonly bool Has(string operation) => true;

    public readonly void Settle()
    {
        // It is what it is.
    }

    public void Make(int capacity) => _map = new SnapshotMap<ulong, long>(new SnapshotMapOptions<ulong> { DetectLostUpdates = detects });

    public readonly bool Get(ulong key, out long value) => _map.TryGetValue(key, out value);

    public readonly void Set(ulong key, long value) => _map[key] = value;

    public readonly bool Remove(ulong key) => _map.Remove(key);

    public readonly long Sum()
    {
        long sum = 0;
        foreach (KeyValuePair<ulong, long> entry in _map) sum += entry.Value;
        return sum;
    }
}

internal struct UlongConcurrent() : ISubject<ulong>
{
    private ConcurrentDictionary<ulong, long> _map = null!;

    public readonly string Name => "ConcurrentDictionary";

    public readonly object Map => _map;

    public readonly bool Has(string operation) => true;

    public readonly void Settle()
    {
        // It is what it is.
    }

    public void Make(int capacity) => _map = capacity == 0 ? [] : new ConcurrentDictionary<ulong, long>(Environment.ProcessorCount, capacity);

    public readonly bool Get(ulong key, out long value) => _map.TryGetValue(key, out value);

    public readonly void Set(ulong key, long value) => _map[key] = value;

    public readonly bool Remove(ulong key) => _map.TryRemove(key, out _);

    public readonly long Sum()
    {
        long sum = 0;
        foreach (KeyValuePair<ulong, long> entry in _map) sum += entry.Value;
        return sum;
    }
}

internal struct StringDictionary(StringComparer comparer) : ISubject<string>
{
    private Dictionary<string, long> _map = null!;

    public readonly string Name => "Dictionary";

    public readonly object Map => _map;

    public readonly bool Has(string operation) => true;

    public readonly void Settle()
    {
        // It is what it is.
    }

    // The default comparer is passed as null, as a user would: Dictionary has a faster path for it.
    public void Make(int capacity) => _map = new Dictionary<string, long>(capacity, ReferenceEquals(comparer, StringComparer.Ordinal) ? null : comparer);

    public readonly bool Get(string key, out long value) => _map.TryGetValue(key, out value);

    public readonly void Set(string key, long value) => _map[key] = value;

    public readonly bool Remove(string key) => _map.Remove(key);

    public readonly long Sum()
    {
        long sum = 0;
        foreach (KeyValuePair<string, long> entry in _map) sum += entry.Value;
        return sum;
    }
}

internal struct StringGuarded(StringComparer comparer, MapProtection protection, bool detects = false) : ISubject<string>
{
    private GuardedMap<string, long> _map = null!;

    public readonly string Name => protection.ToString();

    public readonly object Map => _map;

    public readonly bool Has(string operation) => true;

    public readonly void Settle()
    {
        // It is what it is.
    }

    public void Make(int capacity)
    {
        var options = new MapOptions<string> { Comparer = comparer, Protection = protection, Capacity = capacity };
        _map = new GuardedMap<string, long>(detects ? Detecting.Of(options) : options);
    }

    public readonly bool Get(string key, out long value) => _map.TryGetValue(key, out value);

    public readonly void Set(string key, long value) => _map[key] = value;

    public readonly bool Remove(string key) => _map.Remove(key);

    public readonly long Sum()
    {
        long sum = 0;
        foreach (KeyValuePair<string, long> entry in _map) sum += entry.Value;
        return sum;
    }
}

internal struct StringConcurrent(StringComparer comparer) : ISubject<string>
{
    private ConcurrentDictionary<string, long> _map = null!;

    public readonly string Name => "ConcurrentDictionary";

    public readonly object Map => _map;

    public readonly bool Has(string operation) => true;

    public readonly void Settle()
    {
        // It is what it is.
    }

    public void Make(int capacity) =>
        _map = capacity == 0 ? new ConcurrentDictionary<string, long>(Same) : new ConcurrentDictionary<string, long>(Environment.ProcessorCount, capacity, Same);

    private readonly StringComparer? Same => ReferenceEquals(comparer, StringComparer.Ordinal) ? null : comparer;

    public readonly bool Get(string key, out long value) => _map.TryGetValue(key, out value);

    public readonly void Set(string key, long value) => _map[key] = value;

    public readonly bool Remove(string key) => _map.TryRemove(key, out _);

    public readonly long Sum()
    {
        long sum = 0;
        foreach (KeyValuePair<string, long> entry in _map) sum += entry.Value;
        return sum;
    }
}

internal struct UlongNonBlocking() : ISubject<ulong>
{
    private NonBlocking.ConcurrentDictionary<ulong, long> _map = null!;

    public readonly string Name => "NonBlocking";

    public readonly object Map => _map;

    public readonly bool Has(string operation) => true;

    public readonly void Settle()
    {
        // It is what it is.
    }

    public void Make(int capacity) => _map = capacity == 0 ? [] : new NonBlocking.ConcurrentDictionary<ulong, long>(Environment.ProcessorCount, capacity);

    public readonly bool Get(ulong key, out long value) => _map.TryGetValue(key, out value);

    public readonly void Set(ulong key, long value) => _map[key] = value;

    public readonly bool Remove(ulong key) => _map.TryRemove(key, out _);

    public readonly long Sum()
    {
        long sum = 0;
        foreach (KeyValuePair<ulong, long> entry in _map) sum += entry.Value;
        return sum;
    }
}

internal struct StringNonBlocking(StringComparer comparer) : ISubject<string>
{
    private NonBlocking.ConcurrentDictionary<string, long> _map = null!;

    public readonly string Name => "NonBlocking";

    public readonly object Map => _map;

    public readonly bool Has(string operation) => true;

    public readonly void Settle()
    {
        // It is what it is.
    }

    public void Make(int capacity) =>
        _map = capacity == 0 ? new NonBlocking.ConcurrentDictionary<string, long>(comparer) : new NonBlocking.ConcurrentDictionary<string, long>(Environment.ProcessorCount, capacity, comparer);

    public readonly bool Get(string key, out long value) => _map.TryGetValue(key, out value);

    public readonly void Set(string key, long value) => _map[key] = value;

    public readonly bool Remove(string key) => _map.TryRemove(key, out _);

    public readonly long Sum()
    {
        long sum = 0;
        foreach (KeyValuePair<string, long> entry in _map) sum += entry.Value;
        return sum;
    }
}

internal struct UlongFrozen() : ISubject<ulong>
{
    private Dictionary<ulong, long> _made = null!;
    private FrozenDictionary<ulong, long> _map = null!;

    public readonly string Name => "Frozen";

    public readonly object Map => _map;

    public readonly bool Has(string operation) => operation is "hit" or "miss" or "iterate" or "bytes";

    public void Settle() => (_map, _made) = (_made.ToFrozenDictionary(), null!);

    public void Make(int capacity) => _made = new Dictionary<ulong, long>(capacity);

    public readonly bool Get(ulong key, out long value) => _map.TryGetValue(key, out value);

    public readonly void Set(ulong key, long value) => _made[key] = value;

    public readonly bool Remove(ulong key) => throw new NotSupportedException();

    public readonly long Sum()
    {
        long sum = 0;
        foreach (KeyValuePair<ulong, long> entry in _map) sum += entry.Value;
        return sum;
    }
}

internal struct StringFrozen(StringComparer comparer) : ISubject<string>
{
    private Dictionary<string, long> _made = null!;
    private FrozenDictionary<string, long> _map = null!;

    public readonly string Name => "Frozen";

    public readonly object Map => _map;

    public readonly bool Has(string operation) => operation is "hit" or "miss" or "iterate" or "bytes";

    public void Settle() => (_map, _made) = (_made.ToFrozenDictionary(comparer), null!);

    public void Make(int capacity) => _made = new Dictionary<string, long>(capacity, comparer);

    public readonly bool Get(string key, out long value) => _map.TryGetValue(key, out value);

    public readonly void Set(string key, long value) => _made[key] = value;

    public readonly bool Remove(string key) => throw new NotSupportedException();

    public readonly long Sum()
    {
        long sum = 0;
        foreach (KeyValuePair<string, long> entry in _map) sum += entry.Value;
        return sum;
    }
}
