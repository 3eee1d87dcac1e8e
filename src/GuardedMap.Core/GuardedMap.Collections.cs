using System.Collections;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

/// <summary>The face that every guarded map shows to tools that do not know its types: what it has beyond any <see cref="IMap"/>.</summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field and the shell's users call it.")]
public interface IGuardedMap : IMap, IRefusingMap
{
    /// <inheritdoc cref="GuardedMapBase{TKey, TValue}.UnleasedContract"/>
    IterationContract UnleasedContract { get; }

    /// <inheritdoc cref="GuardedMapBase{TKey, TValue}.Protection"/>
    MapProtection Protection { get; }

    /// <inheritdoc cref="GuardedMapBase{TKey, TValue}.OnViolation"/>
    ViolationResponse OnViolation { get; }

    /// <inheritdoc cref="GuardedMapBase{TKey, TValue}.Iterate"/>
    new IMapIterator Iterate(IterationContract? contract = null, ulong? seed = null);

    /// <inheritdoc cref="GuardedMapBase{TKey, TValue}.CreateIterator"/>
    IMapIterator CreateIterator(IterationContract? contract = null, ulong? seed = null, bool bound = false);

    /// <inheritdoc cref="GuardedMapBase{TKey, TValue}.EndIterations"/>
    int EndIterations();

    /// <inheritdoc cref="GuardedMapBase{TKey, TValue}.GetLayout"/>
    new MapLayout GetLayout();
}

// The faces of a dictionary: read-only and untyped. The untyped one comes first because a cast to an interface looks through a class's in
// their order, and a shell casts to it in every $map.key.
public abstract partial class GuardedMapBase<TKey, TValue> : IDictionary, IGuardedMap, IReadOnlyDictionary<TKey, TValue>
{
    private KeyCollection? _keys;
    private ValueCollection? _values;

    /// <summary>The keys: a live, read-only view. Its enumerators are unleased.</summary>
    public KeyCollection Keys => _keys ??= new KeyCollection(this);

    /// <summary>The values: a live, read-only view. Its enumerators are unleased.</summary>
    public ValueCollection Values => _values ??= new ValueCollection(this);

    /// <summary>Always false.</summary>
    public bool IsReadOnly => false;

    Type IMap.KeyType => typeof(TKey);

    Type IMap.ValueType => typeof(TValue);

    IEnumerable<TKey> IReadOnlyDictionary<TKey, TValue>.Keys => Keys;

    IEnumerable<TValue> IReadOnlyDictionary<TKey, TValue>.Values => Values;

    ICollection IDictionary.Keys => Keys;

    ICollection IDictionary.Values => Values;

    bool IDictionary.IsFixedSize => false;

    bool ICollection.IsSynchronized => Protection == MapProtection.Synchronized;

    object ICollection.SyncRoot => Gate.WriteLock;

    object? IDictionary.this[object key]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(key);
            return key is TKey typed && TryGetValue(typed, out TValue? value) ? value : null;
        }
        set => this[CastKey(key)] = ValueCast.To<TValue>(value);
    }

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
        else EnterAndLeave(MapOperation.Remove);
    }

    IDictionaryEnumerator IDictionary.GetEnumerator() => Unleased(yieldsDictionaryEntries: true);

    IEnumerator IEnumerable.GetEnumerator() => ShownEntries.Of(Unleased(_options.ForShell && typeof(TKey) == typeof(object)));

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() => Unleased();

    IMapIterator IGuardedMap.Iterate(IterationContract? contract, ulong? seed) => Iterate(contract, seed);

    IMapIteration IMap.Iterate(IterationContract? contract, ulong? seed) => Iterate(contract, seed);

    IMapLayout IMap.GetLayout() => GetLayout();

    object? IMap.Increment(object key, long by) => Increment(CastKey(key), by);

    object? IMap.Append(object key, object? item) => Append(CastKey(key), item);

    object? IMap.AddOrUpdate(object key, Func<object?, object?> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return AddOrUpdate(CastKey(key), _ => ValueCast.To<TValue>(change(null)), (_, present) => ValueCast.To<TValue>(change(present)));
    }

    IMapSnapshot IMap.GetSnapshot() => GetSnapshot();

    IMapIterator IGuardedMap.CreateIterator(IterationContract? contract, ulong? seed, bool bound) => CreateIterator(contract, seed, bound);

    /// <summary>Removes a key while it still has this value. One atomic operation.</summary>
    private protected bool RemovePair(TKey key, TValue value)
    {
        if (default(TKey) is null && key is null) ThrowNullKey();
        var request = new WriteRequest { Mode = WriteMode.RemovePair, Operation = MapOperation.Remove, Key = key, Value = value };
        WriteCarefully(ref request);
        return request.Existed;
    }

    private static TKey CastKey(object key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key is TKey typed ? typed : throw new ArgumentException(SafeText.Message($"The map has keys of type {typeof(TKey)}, not {key.GetType()}."), nameof(key));
    }

    /// <summary>The keys of a map: a live, read-only view.</summary>
    [DebuggerDisplay("Count = {Count}")]
    public sealed class KeyCollection : View<TKey>
    {
        internal KeyCollection(GuardedMapBase<TKey, TValue> map)
            : base(map)
        {
        }

        /// <inheritdoc/>
        public override bool Contains(TKey item) => Map.ContainsKey(item);

        private protected override TKey Select(in KeyValuePair<TKey, TValue> entry) => entry.Key;
    }

    /// <summary>The values of a map: a live, read-only view.</summary>
    [DebuggerDisplay("Count = {Count}")]
    public sealed class ValueCollection : View<TValue>
    {
        internal ValueCollection(GuardedMapBase<TKey, TValue> map)
            : base(map)
        {
        }

        /// <inheritdoc/>
        public override bool Contains(TValue item) => Map.ContainsValue(item);

        private protected override TValue Select(in KeyValuePair<TKey, TValue> entry) => entry.Value;
    }

    /// <summary>What the views of keys and of values have in common.</summary>
    /// <typeparam name="T">What is viewed.</typeparam>
    public abstract class View<T> : ICollection<T>, IReadOnlyCollection<T>, ICollection
    {
        private protected View(GuardedMapBase<TKey, TValue> map) => Map = map;

        /// <summary>The number of entries. O(1).</summary>
        public int Count => Map.Count;

        int ICollection<T>.Count => Map.CountToCopy();

        int ICollection.Count => Map.CountToCopy();

        /// <summary>Always true: change the map, not the view.</summary>
        public bool IsReadOnly => true;

        bool ICollection.IsSynchronized => ((ICollection)Map).IsSynchronized;

        object ICollection.SyncRoot => ((ICollection)Map).SyncRoot;

        private protected GuardedMapBase<TKey, TValue> Map { get; }

        /// <summary>True if <paramref name="item"/> is in the view: O(1) for a key, O(n) for a value.</summary>
        /// <exception cref="MapViolationException">A write overlapped the search.</exception>
        public abstract bool Contains(T item);

        /// <summary>The items in an array of their own, in the same order each time while nobody writes. One operation; O(n).</summary>
        /// <exception cref="MapViolationException">A write overlapped the copying.</exception>
        public T[] ToArray() => Map.Collect(entry => Select(entry), out _);

        /// <summary>The items in a list of their own, in the same order each time while nobody writes. One operation; O(n).</summary>
        /// <exception cref="MapViolationException">A write overlapped the copying.</exception>
        [SuppressMessage("Design", "CA1002:Do not expose generic lists", Justification = "It is the caller's own, as LINQ's ToList gives one, which would be called in its place.")]
        public List<T> ToList() => [.. ToArray()];

        /// <summary>Copies the view to an array. One operation; O(n).</summary>
        /// <remarks><inheritdoc cref="GuardedMapBase{TKey, TValue}.CopyTo"/></remarks>
        /// <exception cref="ArgumentNullException"><paramref name="array"/> is null.</exception>
        /// <exception cref="ArgumentException">The array is too short.</exception>
        /// <exception cref="MapViolationException">A write overlapped the copying.</exception>
        public void CopyTo(T[] array, int arrayIndex) => Map.CopyEntries(array, arrayIndex, entry => Select(entry), isCounted: false);

        void ICollection<T>.CopyTo(T[] array, int arrayIndex) => Map.CopyEntries(array, arrayIndex, entry => Select(entry), isCounted: true);

        /// <summary>Enumerates the view, unleased, in the same order each time while nobody writes.</summary>
        public IEnumerator<T> GetEnumerator() => new ViewEnumerator(this);

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        void ICollection.CopyTo(Array array, int index)
        {
            ArgumentNullException.ThrowIfNull(array);
            if (array is T[] typed) Map.CopyEntries(typed, index, entry => Select(entry), isCounted: true);
            else if (array is object[] objects) Map.CopyEntries(objects, index, entry => (object)Select(entry)!, isCounted: true);
            else throw new ArgumentException(SafeText.Message($"Items of type {typeof(T)} cannot be copied to a {array.GetType()}."), nameof(array));
        }

        void ICollection<T>.Add(T item) => throw ReadOnly();

        bool ICollection<T>.Remove(T item) => throw ReadOnly();

        void ICollection<T>.Clear() => throw ReadOnly();

        private protected abstract T Select(in KeyValuePair<TKey, TValue> entry);

        private NotSupportedException ReadOnly() => new(SafeText.Message($"This is a read-only view of the map '{Map.Name}'. Change the map itself."));

        private sealed class ViewEnumerator(View<T> view) : IEnumerator<T>
        {
            private readonly MapIterator<TKey, TValue> _iterator = view.Map.Unleased();

            public T Current => view.Select(_iterator.Current);

            object? IEnumerator.Current => Current;

            public bool MoveNext() => _iterator.MoveNext();

            public void Reset() => ((IEnumerator)_iterator).Reset();

            public void Dispose() => _iterator.Dispose();
        }
    }
}
