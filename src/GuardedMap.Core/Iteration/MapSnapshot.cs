using System.Collections;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

/// <summary>A map for good, to tools that do not know its types: a dictionary that never changes.</summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A snapshot is what the field calls it.")]
public interface IMapSnapshot : IDictionary
{
    /// <summary>The name of the map it was taken of.</summary>
    string MapName { get; }

    /// <summary>The map's version at that moment; 0 when the map counts none (<see cref="IsOneMoment"/> is false then).</summary>
    long Version { get; }

    /// <summary>
    /// True if it is the map as it was at one moment. False for a copy that was made while others may have been writing: of each key it shows what was
    /// there when the copying came by, so it may show a later write and miss an earlier one.
    /// </summary>
    bool IsOneMoment { get; }

    /// <summary>When it was taken.</summary>
    DateTimeOffset TakenAt { get; }
}

/// <summary>A map as it was at one moment, for good: <see cref="GuardedMapBase{TKey, TValue}.GetSnapshot"/>.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>
/// <para>It does not copy the entries. It holds on to the arrays the map had, and the map's next write goes to a copy of them:</para>
/// <code>
///   before          map ──▶ [ arrays ]              after the next write    map ──▶ [ copies, written ]
///                   snapshot ──▲                                            snapshot ──▶ [ arrays ]
/// </code>
/// <para>
/// So taking one is O(1), and the first write after it O(n). Thread-safe: nobody writes to what it reads. The values themselves are not
/// copied: an object that is in the map and in the snapshot is one object.
/// </para>
/// </remarks>
[DebuggerDisplay("{MapName} at version {Version}: Count = {Count}")]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A snapshot is what the field calls it.")]
public sealed class MapSnapshot<TKey, TValue> : IReadOnlyDictionary<TKey, TValue>, IMapSnapshot
    where TKey : notnull
{
    private readonly GuardedMapBase<TKey, TValue> _map;
    private BucketTable<TKey, TValue> _table;
    private TKey[]? _keys;
    private TValue[]? _values;

    internal MapSnapshot(GuardedMapBase<TKey, TValue> map, BucketTable<TKey, TValue> table, long version)
    {
        _map = map;
        _table = table;
        Version = version;
    }

    /// <inheritdoc/>
    public string MapName => _map.Name;

    /// <inheritdoc/>
    public long Version { get; }

    /// <summary>Always true.</summary>
    public bool IsOneMoment => true;

    /// <inheritdoc/>
    public DateTimeOffset TakenAt { get; } = DateTimeOffset.Now;

    /// <summary>The number of entries.</summary>
    public int Count => _table.Count;

    /// <summary>The keys, in an array that is made at the first call.</summary>
    public IReadOnlyList<TKey> Keys => _keys ??= Copy(static entry => entry.Key);

    /// <summary>The values, in an array that is made at the first call.</summary>
    public IReadOnlyList<TValue> Values => _values ??= Copy(static entry => entry.Value);

    IEnumerable<TKey> IReadOnlyDictionary<TKey, TValue>.Keys => Keys;

    IEnumerable<TValue> IReadOnlyDictionary<TKey, TValue>.Values => Values;

    ICollection IDictionary.Keys => (ICollection)Keys;

    ICollection IDictionary.Values => (ICollection)Values;

    bool IDictionary.IsFixedSize => true;

    bool IDictionary.IsReadOnly => true;

    bool ICollection.IsSynchronized => true;

    object ICollection.SyncRoot => this;

    /// <summary>The value of a key. O(1) expected.</summary>
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

    /// <summary>Gets the value of a key, if it is there. O(1) expected.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _map.ReadSnapshot(ref _table, key, out value);
    }

    /// <summary>True if the key is there. O(1) expected.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool ContainsKey(TKey key) => TryGetValue(key, out _);

    /// <summary>Enumerates the entries.</summary>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

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
            throw new ArgumentException($"The array has room for {Math.Max(0, array.Length - index)} entries, the snapshot holds {Count}.", nameof(array));
        bool asPairs = array.GetType() == typeof(KeyValuePair<TKey, TValue>[]);
        foreach (KeyValuePair<TKey, TValue> entry in this) array.SetValue(asPairs ? entry : new DictionaryEntry(entry.Key, entry.Value), index++);
    }

    private T[] Copy<T>(Func<KeyValuePair<TKey, TValue>, T> select)
    {
        var copy = new T[Count];
        int next = 0;
        foreach (KeyValuePair<TKey, TValue> entry in this) copy[next++] = select(entry);
        return copy;
    }

    private NotSupportedException ReadOnly() =>
        new($"This is a snapshot of the map '{MapName}' and never changes. Write to the map itself, or make a map of the snapshot.");

    private sealed class Enumerator : IEnumerator<KeyValuePair<TKey, TValue>>, IDictionaryEnumerator
    {
        private readonly MapSnapshot<TKey, TValue> _snapshot;
        private BucketWalk<TKey, TValue> _walk;
        private WalkStep _at = WalkStep.ChainEnd;

        public Enumerator(MapSnapshot<TKey, TValue> snapshot)
        {
            _snapshot = snapshot;
            Reset();
        }

        public KeyValuePair<TKey, TValue> Current => _at == WalkStep.Entry
            ? new KeyValuePair<TKey, TValue>(_walk.Key, _walk.Value)
            : throw new InvalidOperationException("The enumerator stands on no entry. Call MoveNext first, and stop when it returns false.");

        object IEnumerator.Current => Entry;

        public DictionaryEntry Entry => new(Current.Key, Current.Value);

        public object Key => Current.Key;

        public object? Value => Current.Value;

        public bool MoveNext()
        {
            if (_at == WalkStep.Done) return false;
            do _at = _snapshot._map.StepSnapshot(ref _walk, ref _snapshot._table, toEntry: true);
            while (_at == WalkStep.ChainEnd);
            return _at == WalkStep.Entry;
        }

        public void Reset()
        {
            _walk = default;
            _walk.Start(_snapshot._table, random: 0);
            _at = WalkStep.ChainEnd;
        }

        public void Dispose() => _at = WalkStep.Done;
    }
}
