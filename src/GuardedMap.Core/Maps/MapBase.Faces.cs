using System.Collections;

namespace GuardedMaps;

// The faces that do not know the types. IDictionary comes first because a cast to an interface looks through a class's in their order, and a
// shell casts to it in every $map.key.
public abstract partial class MapBase<TKey, TValue> : IDictionary, IMap, IReadOnlyDictionary<TKey, TValue>, IKeyRule
{
    private KeyCollection? _keys;
    private ValueCollection? _values;

    /// <summary>The keys: a live, read-only view. Each enumeration of it is one of the map.</summary>
    public KeyCollection Keys => _keys ??= new KeyCollection(this);

    /// <summary>The values: a live, read-only view. Each enumeration of it is one of the map.</summary>
    public ValueCollection Values => _values ??= new ValueCollection(this);

    Type IMap.KeyType => typeof(TKey);

    Type IMap.ValueType => typeof(TValue);

    IEnumerable<TKey> IReadOnlyDictionary<TKey, TValue>.Keys => Keys;

    IEnumerable<TValue> IReadOnlyDictionary<TKey, TValue>.Values => Values;

    ICollection IDictionary.Keys => Keys;

    ICollection IDictionary.Values => Values;

    bool IDictionary.IsFixedSize => false;

    bool ICollection.IsSynchronized => true;

    // A shell's scripts lock it by hand, all of them the same object: that keeps them apart from each other, as it did on their hashtable.
    object ICollection.SyncRoot => _lockForShell ?? throw new NotSupportedException(SafeText.Message($"No lock makes several operations on the map '{Name}' one. Use AddOrUpdate, TryUpdate or a snapshot."));

    object? IDictionary.this[object key]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(key);
            return key is TKey typed && TryGetValue(typed, out TValue? value) ? value : null;
        }
        set => this[CastKey(key)] = ValueCast.To<TValue>(value);
    }

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() => Entries().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ShownEntries.Of(Entries().GetEnumerator());

    IDictionaryEnumerator IDictionary.GetEnumerator() => EnumerateEntries();

    void IDictionary.Add(object key, object? value) => Add(CastKey(key), ValueCast.To<TValue>(value));

    bool IDictionary.Contains(object key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key is TKey typed && ContainsKey(typed);
    }

    void IDictionary.Remove(object key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key is TKey typed) Remove(typed);
    }

    IMapIteration IMap.Iterate(IterationContract? contract, ulong? seed) => Iterate(contract);

    object? IMap.Increment(object key, long by) => Increment(CastKey(key), by);

    object? IMap.Append(object key, object? item) => Append(CastKey(key), item);

    object? IMap.AddOrUpdate(object key, Func<object?, object?> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return AddOrUpdate(CastKey(key), _ => ValueCast.To<TValue>(change(null)), (_, present) => ValueCast.To<TValue>(change(present)));
    }

    IMapSnapshot IMap.GetSnapshot() => TakeSnapshot();

    IMapLayout IMap.GetLayout() => DescribeLayout();

    bool IKeyRule.AreOne(object a, object b) => a is TKey x && b is TKey y && AreOne(x, y);

    /// <summary>The events a traced map has recorded, oldest first; empty for others.</summary>
    public IReadOnlyList<MapEvent> GetEvents() => Observer?.Events() ?? [];

    /// <summary>Checks that the map is whole. O(n). For tests and tools, while nobody writes.</summary>
    /// <exception cref="InvalidOperationException">An invariant is broken; the message says which.</exception>
    public abstract void CheckInvariants();

    /// <summary>The map for good, as <see cref="IMap.GetSnapshot"/> says.</summary>
    private protected abstract IMapSnapshot TakeSnapshot();

    /// <summary>True for keys that are one to the map.</summary>
    private protected abstract bool AreOne(TKey a, TKey b);

    /// <summary>What the map looks like inside.</summary>
    private protected abstract IMapLayout DescribeLayout();

    /// <summary>Enumerates as <see cref="DictionaryEntry"/>.</summary>
    private protected IDictionaryEnumerator EnumerateEntries() => new DictionaryEnumerator(Entries);

    private TKey CastKey(object key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key is TKey typed ? typed : throw new ArgumentException(SafeText.Message($"The map '{Name}' has keys of type {typeof(TKey)}, not {key.GetType()}."), nameof(key));
    }

    private sealed class DictionaryEnumerator(Func<IEnumerable<KeyValuePair<TKey, TValue>>> entries) : IDictionaryEnumerator, IDisposable
    {
        private IEnumerator<KeyValuePair<TKey, TValue>> _entries = entries().GetEnumerator();
        private bool _stands;

        public DictionaryEntry Entry => new(Here.Key, Here.Value);

        public object Key => Here.Key;

        public object? Value => Here.Value;

        public object Current => Entry;

        private KeyValuePair<TKey, TValue> Here =>
            _stands ? _entries.Current : throw new InvalidOperationException("The enumerator stands on no entry: call MoveNext, and go on only while it answers true.");

        public bool MoveNext() => _stands = _entries.MoveNext();

        public void Reset()
        {
            _entries.Dispose();
            (_entries, _stands) = (entries().GetEnumerator(), false);
        }

        public void Dispose() => _entries.Dispose();
    }
}

/// <summary>What the lab asks of a map without looking anything up.</summary>
internal interface IKeyRule
{
    /// <summary>True for keys that are one to the map.</summary>
    bool AreOne(object a, object b);
}
