using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

/// <summary>A dictionary that never changes, made of a map: what the snapshots of all kinds of maps have in common.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>Thread-safe: nobody writes to what it reads. The values themselves are not copied: an object that is in the map and in the snapshot is one object.</remarks>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A snapshot is what the field calls it.")]
public abstract class MapSnapshotBase<TKey, TValue> : IReadOnlyDictionary<TKey, TValue>, IMapSnapshot
    where TKey : notnull
{
    private TKey[]? _keys;
    private TValue[]? _values;

    private protected MapSnapshotBase(long version) => Version = version;

    /// <inheritdoc/>
    public abstract string MapName { get; }

    /// <inheritdoc/>
    public long Version { get; }

    /// <inheritdoc/>
    public abstract bool IsOneMoment { get; }

    /// <inheritdoc/>
    public DateTimeOffset TakenAt { get; } = DateTimeOffset.Now;

    /// <summary>The number of entries.</summary>
    public abstract int Count { get; }

    /// <summary>The keys, in an array that is made at the first call.</summary>
    public IReadOnlyList<TKey> Keys => _keys ??= [.. this.Select(static entry => entry.Key)];

    /// <summary>The values, in an array that is made at the first call.</summary>
    public IReadOnlyList<TValue> Values => _values ??= [.. this.Select(static entry => entry.Value)];

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
        TryGetValue(key, out TValue? value) ? value : throw new KeyNotFoundException(SafeText.Message($"The key '{key}' was not in the map '{MapName}' when this snapshot was taken."));

    object? IDictionary.this[object key]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(key);
            return key is TKey typed && TryGetValue(typed, out TValue? value) ? value : null;
        }
        set => throw ReadOnly();
    }

    /// <summary>Gets the value of a key, if it is there.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public abstract bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value);

    /// <summary>True if the key is there.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool ContainsKey(TKey key) => TryGetValue(key, out _);

    /// <summary>Enumerates the entries: to who knows their types as pairs, to others (a shell is one) as <see cref="DictionaryEntry"/>.</summary>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => ShownEntries.Of(new Enumerator(this));

    IDictionaryEnumerator IDictionary.GetEnumerator() => new Enumerator(this);

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
            throw new ArgumentException(SafeText.Message($"The array has room for {Math.Max(0, array.Length - index)} entries, the snapshot holds {Count}."), nameof(array));
        bool asPairs = array.GetType() == typeof(KeyValuePair<TKey, TValue>[]);
        foreach (KeyValuePair<TKey, TValue> entry in this) array.SetValue(asPairs ? entry : new DictionaryEntry(entry.Key, entry.Value), index++);
    }

    private NotSupportedException ReadOnly() =>
        new(SafeText.Message($"This is a snapshot of the map '{MapName}' and never changes. Write to the map itself, or make a map of the snapshot."));

    /// <summary>The entries, from the first.</summary>
    private protected abstract IEnumerator<KeyValuePair<TKey, TValue>> Entries();

    private sealed class Enumerator(MapSnapshotBase<TKey, TValue> snapshot) : IEnumerator<KeyValuePair<TKey, TValue>>, IDictionaryEnumerator
    {
        private IEnumerator<KeyValuePair<TKey, TValue>> _entries = snapshot.Entries();
        private bool _stands;

        object IEnumerator.Current => Entry;

        public DictionaryEntry Entry => new(Current.Key, Current.Value);

        public object Key => Current.Key;

        public object? Value => Current.Value;

        public KeyValuePair<TKey, TValue> Current =>
            _stands ? _entries.Current : throw new InvalidOperationException("The enumerator stands on no entry. Call MoveNext first, and stop when it returns false.");

        public bool MoveNext() => _stands = _entries.MoveNext();

        public void Reset() => (_entries, _stands) = (snapshot.Entries(), false);

        public void Dispose() => _entries.Dispose();
    }
}
