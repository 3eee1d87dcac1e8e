using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>A concurrent map for read-mostly keys: a key that is known to the read part costs a plain lookup and no lock.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>How it works, what it costs and what it promises: <see cref="SyncMapBase{TKey, TValue}"/>.</remarks>
[CollectionBuilder(typeof(MapBuilder), nameof(MapBuilder.Sync))]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field and the shell's users call it.")]
public sealed class SyncMap<TKey, TValue> : SyncMapBase<TKey, TValue>, IDictionary<TKey, TValue>
    where TKey : notnull
{
    /// <summary>Makes an empty map.</summary>
    public SyncMap()
        : this(new SyncMapOptions<TKey>())
    {
    }

    /// <summary>Makes an empty map.</summary>
    /// <param name="comparer">Hashes and compares keys; null for the type's own way.</param>
    /// <param name="name">A name for messages and tools.</param>
    /// <param name="traceCapacity">How many events to keep for <see cref="MapBase{TKey, TValue}.GetEvents"/>; 0 for none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="traceCapacity"/> is negative.</exception>
    public SyncMap(IEqualityComparer<TKey>? comparer = null, string? name = null, int traceCapacity = 0)
        : this(Options(comparer, name, traceCapacity))
    {
    }

    /// <summary>Makes an empty map with room for <paramref name="capacity"/> entries.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is negative.</exception>
    public SyncMap(int capacity, IEqualityComparer<TKey>? comparer = null)
        : this(new SyncMapOptions<TKey> { Comparer = comparer, Capacity = capacity })
    {
    }

    /// <summary>Makes a map that holds <paramref name="entries"/>, all of them in the read part.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="entries"/> or one of its keys is null.</exception>
    /// <exception cref="ArgumentException">A key is there twice.</exception>
    public SyncMap(IEnumerable<KeyValuePair<TKey, TValue>> entries, IEqualityComparer<TKey>? comparer = null, string? name = null)
        : this(comparer, name)
    {
        ArgumentNullException.ThrowIfNull(entries);
        foreach (var (key, value) in entries) Add(key, value);
        PromoteAll();
    }

    /// <summary>Makes an empty map as <paramref name="options"/> say.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The trace capacity is not positive.</exception>
    public SyncMap(SyncMapOptions<TKey> options)
        : base(options)
    {
    }

    ICollection<TKey> IDictionary<TKey, TValue>.Keys => Keys;

    ICollection<TValue> IDictionary<TKey, TValue>.Values => Values;

    int ICollection<KeyValuePair<TKey, TValue>>.Count => CountToCopy();

    void ICollection<KeyValuePair<TKey, TValue>>.CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex) => CopyEntries(array, arrayIndex, static entry => entry, isCounted: true);

    void ICollection<KeyValuePair<TKey, TValue>>.Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    bool ICollection<KeyValuePair<TKey, TValue>>.Contains(KeyValuePair<TKey, TValue> item) => ContainsPair(item);

    bool ICollection<KeyValuePair<TKey, TValue>>.Remove(KeyValuePair<TKey, TValue> item) => RemovePair(item);

    private static SyncMapOptions<TKey> Options(IEqualityComparer<TKey>? comparer, string? name, int traceCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(traceCapacity);
        return new SyncMapOptions<TKey> { Comparer = comparer, Name = name, Trace = traceCapacity > 0, TraceCapacity = Math.Max(1, traceCapacity) };
    }
}
