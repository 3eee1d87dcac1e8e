using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>
/// A hash map that never lets a race pass in silence: a drop-in <see cref="IDictionary{TKey, TValue}"/> in which an operation that
/// overlaps another in a forbidden way always throws <see cref="MapViolationException"/>, before it has touched the table.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>How it works, what it costs and what it cannot catch: <see cref="GuardedMapBase{TKey, TValue}"/>.</remarks>
[CollectionBuilder(typeof(MapBuilder), nameof(MapBuilder.Guarded))]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field and the shell's users call it.")]
public class GuardedMap<TKey, TValue> : GuardedMapBase<TKey, TValue>, IDictionary<TKey, TValue>
    where TKey : notnull
{
    /// <summary>Makes an empty map with the default options.</summary>
    public GuardedMap()
        : base(MapOptions<TKey>.Default)
    {
    }

    /// <summary>Makes an empty map with room for <paramref name="capacity"/> entries.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is negative.</exception>
    public GuardedMap(int capacity)
        : base(new MapOptions<TKey> { Capacity = capacity })
    {
    }

    /// <summary>Makes an empty map whose keys are hashed and compared by <paramref name="comparer"/>.</summary>
    public GuardedMap(IEqualityComparer<TKey>? comparer)
        : base(new MapOptions<TKey> { Comparer = comparer })
    {
    }

    /// <summary>Makes an empty map with room for <paramref name="capacity"/> entries and a comparer.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is negative.</exception>
    public GuardedMap(int capacity, IEqualityComparer<TKey>? comparer)
        : base(new MapOptions<TKey> { Capacity = capacity, Comparer = comparer })
    {
    }

    /// <summary>Makes a map that holds <paramref name="entries"/>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="entries"/> or one of its keys is null.</exception>
    /// <exception cref="ArgumentException">A key is there twice.</exception>
    public GuardedMap(IEnumerable<KeyValuePair<TKey, TValue>> entries, IEqualityComparer<TKey>? comparer = null)
        : base(new MapOptions<TKey> { Comparer = comparer, Capacity = CapacityFor(entries) })
    {
        foreach (KeyValuePair<TKey, TValue> entry in entries) Add(entry.Key, entry.Value);
    }

    /// <summary>Makes an empty map as <paramref name="options"/> say.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The capacity or the trace capacity is negative, or an enumeration value does not exist.</exception>
    public GuardedMap(MapOptions<TKey> options)
        : base(options)
    {
    }

    ICollection<TKey> IDictionary<TKey, TValue>.Keys => Keys;

    ICollection<TValue> IDictionary<TKey, TValue>.Values => Values;

    int ICollection<KeyValuePair<TKey, TValue>>.Count => CountToCopy();

    void ICollection<KeyValuePair<TKey, TValue>>.CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex) => CopyEntries(array, arrayIndex, static entry => entry, isCounted: true);

    void ICollection<KeyValuePair<TKey, TValue>>.Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    bool ICollection<KeyValuePair<TKey, TValue>>.Contains(KeyValuePair<TKey, TValue> item) =>
        TryGetValue(item.Key, out TValue? value) && EqualityComparer<TValue>.Default.Equals(value, item.Value);

    bool ICollection<KeyValuePair<TKey, TValue>>.Remove(KeyValuePair<TKey, TValue> item) => RemovePair(item.Key, item.Value);

    private static int CapacityFor(IEnumerable<KeyValuePair<TKey, TValue>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return entries.TryGetNonEnumeratedCount(out int count) ? count : 0;
    }
}
