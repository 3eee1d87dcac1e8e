using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>A concurrent map in the order of its keys, with ranges and neighbours.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>How it works, what it costs and what it promises: <see cref="OrderedMapBase{TKey, TValue}"/>.</remarks>
[CollectionBuilder(typeof(MapBuilder), nameof(MapBuilder.Ordered))]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field and the shell's users call it.")]
public sealed class OrderedMap<TKey, TValue> : OrderedMapBase<TKey, TValue>, IDictionary<TKey, TValue>
    where TKey : notnull
{
    /// <summary>Makes an empty map.</summary>
    public OrderedMap()
        : this(new OrderedMapOptions<TKey>())
    {
    }

    /// <summary>Makes an empty map.</summary>
    /// <param name="comparer">Orders the keys; null for the type's own order.</param>
    /// <param name="name">A name for messages and tools.</param>
    public OrderedMap(IComparer<TKey>? comparer = null, string? name = null)
        : this(new OrderedMapOptions<TKey> { Comparer = comparer, Name = name })
    {
    }

    /// <summary>Makes a map that holds <paramref name="entries"/>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="entries"/> or one of its keys is null.</exception>
    /// <exception cref="ArgumentException">A key is there twice.</exception>
    public OrderedMap(IEnumerable<KeyValuePair<TKey, TValue>> entries, IComparer<TKey>? comparer = null, string? name = null)
        : this(comparer, name)
    {
        ArgumentNullException.ThrowIfNull(entries);
        foreach (var (key, value) in entries) Add(key, value);
    }

    /// <summary>Makes an empty map as <paramref name="options"/> say.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The trace capacity is not positive.</exception>
    public OrderedMap(OrderedMapOptions<TKey> options)
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
}
