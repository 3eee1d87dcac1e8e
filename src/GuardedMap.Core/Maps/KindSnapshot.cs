using System.Collections;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

/// <summary>A map that cannot race, for good: <see cref="IMap.GetSnapshot"/> of it.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>
/// It is a face over something that does not change: over a published version of a <see cref="SnapshotMap{TKey, TValue}"/>, or over a copy of another map's
/// entries. Thread-safe: nobody writes to what it reads. The values themselves are not copied.
/// </remarks>
[DebuggerDisplay("{MapName}: Count = {Count}")]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A snapshot is what the field calls it.")]
public sealed class KindSnapshot<TKey, TValue> : IReadOnlyDictionary<TKey, TValue>, IMapSnapshot, ITreeSnapshot
    where TKey : notnull
{
    private readonly IReadOnlyDictionary<TKey, TValue> _entries;
    private TKey[]? _keys;
    private TValue[]? _values;

    internal KindSnapshot(string mapName, IReadOnlyDictionary<TKey, TValue> entries, long version, bool isOneMoment) =>
        (MapName, _entries, Version, IsOneMoment) = (mapName, entries, version, isOneMoment);

    /// <inheritdoc/>
    public string MapName { get; }

    /// <inheritdoc/>
    public long Version { get; }

    /// <inheritdoc/>
    public bool IsOneMoment { get; }

    /// <inheritdoc/>
    public DateTimeOffset TakenAt { get; } = DateTimeOffset.Now;

    /// <summary>The number of entries.</summary>
    public int Count => _entries.Count;

    /// <summary>The keys, in an array that is made at the first call.</summary>
    public IReadOnlyList<TKey> Keys => _keys ??= [.. _entries.Keys];

    /// <summary>The values, in an array that is made at the first call.</summary>
    public IReadOnlyList<TValue> Values => _values ??= [.. _entries.Values];

    IEnumerable<TKey> IReadOnlyDictionary<TKey, TValue>.Keys => Keys;

    IEnumerable<TValue> IReadOnlyDictionary<TKey, TValue>.Values => Values;

    ICollection IDictionary.Keys => (ICollection)Keys;

    ICollection IDictionary.Values => (ICollection)Values;

    bool IDictionary.IsFixedSize => true;

    bool IDictionary.IsReadOnly => true;

    bool ICollection.IsSynchronized => true;

    object ICollection.SyncRoot => this;

    /// <summary>The value of a key.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="KeyNotFoundException">The key is not there.</exception>
    public TValue this[TKey key] =>
        TryGetValue(key, out TValue? value) ? value : throw new KeyNotFoundException($"The key '{key}' was not in the map '{MapName}' when this snapshot was taken.");

    object? IDictionary.this[object key]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(key);
            return key is TKey typed && TryGetValue(typed, out TValue? value) ? value : null;
        }
        set => throw ReadOnly();
    }

    SnapshotLayout? ITreeSnapshot.LayoutFor(IMap map) => _entries is Snapshot<TKey, TValue> snapshot && snapshot.IsOf(map) ? snapshot.GetLayout() : null;

    /// <summary>Gets the value of a key, if it is there.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => _entries.TryGetValue(key, out value);

    /// <summary>True if the key is there.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool ContainsKey(TKey key) => _entries.ContainsKey(key);

    /// <summary>Enumerates the entries, in the map's order.</summary>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(_entries);

    IDictionaryEnumerator IDictionary.GetEnumerator() => new Enumerator(_entries);

    bool IDictionary.Contains(object key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key is TKey typed && ContainsKey(typed);
    }

    void IDictionary.Add(object key, object? value) => throw ReadOnly();

    void IDictionary.Remove(object key) => throw ReadOnly();

    void IDictionary.Clear() => throw ReadOnly();

    void ICollection.CopyTo(Array array, int index)
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (array.Length - index < Count)
            throw new ArgumentException($"The array has room for {Math.Max(0, array.Length - index)} entries, the snapshot holds {Count}.", nameof(array));
        bool asPairs = array.GetType() == typeof(KeyValuePair<TKey, TValue>[]);
        foreach (var entry in _entries) array.SetValue(asPairs ? entry : new DictionaryEntry(entry.Key, entry.Value), index++);
    }

    private NotSupportedException ReadOnly() =>
        new($"This is a snapshot of the map '{MapName}' and never changes. Write to the map itself, or make a map of the snapshot.");

    private sealed class Enumerator(IReadOnlyDictionary<TKey, TValue> entries) : IDictionaryEnumerator
    {
        private IEnumerator<KeyValuePair<TKey, TValue>> _entries = entries.GetEnumerator();

        public object Current => Entry;

        public DictionaryEntry Entry => new(_entries.Current.Key, _entries.Current.Value);

        public object Key => _entries.Current.Key;

        public object? Value => _entries.Current.Value;

        public bool MoveNext() => _entries.MoveNext();

        public void Reset() => _entries = entries.GetEnumerator();
    }
}

/// <summary>A snapshot whose tree the lab can look at.</summary>
internal interface ITreeSnapshot
{
    /// <summary>What the tree of the version looks like that it is a face of; null for a copy, which has none, and for a snapshot of another map.</summary>
    SnapshotLayout? LayoutFor(IMap map);
}
