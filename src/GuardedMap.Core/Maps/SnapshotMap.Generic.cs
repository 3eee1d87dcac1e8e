using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>A map of published versions: readers and iterations never wait and never fail, and a snapshot costs nothing.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>How it works, what it costs and what it promises: <see cref="SnapshotMapBase{TKey, TValue}"/>.</remarks>
[CollectionBuilder(typeof(MapBuilder), nameof(MapBuilder.Snapshot))]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field and the shell's users call it.")]
public sealed class SnapshotMap<TKey, TValue> : SnapshotMapBase<TKey, TValue>, IDictionary<TKey, TValue>
    where TKey : notnull
{
    /// <summary>Makes an empty map.</summary>
    public SnapshotMap()
        : this(new SnapshotMapOptions<TKey>())
    {
    }

    /// <summary>Makes an empty map.</summary>
    /// <param name="comparer">Hashes and compares keys; null for the type's own way.</param>
    /// <param name="name">A name for messages and tools.</param>
    public SnapshotMap(IEqualityComparer<TKey>? comparer = null, string? name = null)
        : this(new SnapshotMapOptions<TKey> { Comparer = comparer, Name = name })
    {
    }

    /// <summary>Makes a map that holds <paramref name="entries"/>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="entries"/> or one of its keys is null.</exception>
    /// <exception cref="ArgumentException">A key is there twice.</exception>
    public SnapshotMap(IEnumerable<KeyValuePair<TKey, TValue>> entries, IEqualityComparer<TKey>? comparer = null, string? name = null)
        : base(new SnapshotMapOptions<TKey> { Comparer = comparer, Name = name }, entries ?? throw new ArgumentNullException(nameof(entries)))
    {
    }

    /// <summary>Makes an empty map as <paramref name="options"/> say.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The trace capacity is not positive.</exception>
    public SnapshotMap(SnapshotMapOptions<TKey> options)
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
