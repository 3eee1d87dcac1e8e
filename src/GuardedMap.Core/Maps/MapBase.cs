using System.Collections;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

// What the maps that cannot race have in common: every face of a dictionary, made of five primitives.
//
//     IDictionary<K,V>  IReadOnlyDictionary<K,V>  IDictionary
//              └───────────────┼──────────────────────┘
//                         MapBase          Add, indexer, views, copying, casts, messages
//                              │
//        TryGetValue   Remove   Change   Clear   Entries        what each map does in its own way
//
// Each primitive is one atomic operation. Whatever is built of two of them says so.

/// <summary>The maps that never refuse an operation: <see cref="SnapshotMap{TKey, TValue}"/> and its kin.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field and the shell's users call it.")]
public abstract class MapBase<TKey, TValue> : IDictionary<TKey, TValue>, IReadOnlyDictionary<TKey, TValue>, IDictionary
    where TKey : notnull
{
    private KeyView? _keys;
    private ValueView? _values;

    private protected MapBase(string? name) => Name = name ?? GetType().Name[..GetType().Name.IndexOf('`', StringComparison.Ordinal)];

    /// <summary>The name by which messages and tools call the map.</summary>
    public string Name { get; }

    /// <summary>The number of entries. O(1).</summary>
    public abstract int Count { get; }

    /// <summary>Always false.</summary>
    public bool IsReadOnly => false;

    /// <summary>The keys: a live, read-only view. Each enumeration of it is one of the map.</summary>
    public ICollection<TKey> Keys => _keys ??= new KeyView(this);

    /// <summary>The values: a live, read-only view. Each enumeration of it is one of the map.</summary>
    public ICollection<TValue> Values => _values ??= new ValueView(this);

    IEnumerable<TKey> IReadOnlyDictionary<TKey, TValue>.Keys => Keys;

    IEnumerable<TValue> IReadOnlyDictionary<TKey, TValue>.Values => Values;

    ICollection IDictionary.Keys => (ICollection)Keys;

    ICollection IDictionary.Values => (ICollection)Values;

    bool IDictionary.IsFixedSize => false;

    bool ICollection.IsSynchronized => true;

    object ICollection.SyncRoot => throw new NotSupportedException($"No lock makes several operations on the map '{Name}' one. Use AddOrUpdate, TryUpdate or a snapshot.");

    /// <summary>Gets a key's value, or stores one.</summary>
    /// <exception cref="ArgumentNullException">The key is null.</exception>
    /// <exception cref="KeyNotFoundException">The key that is read is not there.</exception>
    public TValue this[TKey key]
    {
        get => TryGetValue(key, out TValue? value) ? value : throw new KeyNotFoundException($"The key '{key}' is not in the map '{Name}'.");
        set => Store(key, value, overwrite: true);
    }

    object? IDictionary.this[object key]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(key);
            return key is TKey typed && TryGetValue(typed, out TValue? value) ? value : null;
        }
        set => this[CastKey(key)] = ValueCast.To<TValue>(value);
    }

    /// <summary>Looks a key up. One atomic operation that never waits.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public abstract bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value);

    /// <summary>Removes a key and gives its value. One atomic operation.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool Remove(TKey key, [MaybeNullWhen(false)] out TValue value) => Remove(key, hasComparison: false, default, out value);

    /// <summary>Removes every entry. One atomic operation.</summary>
    public abstract void Clear();

    /// <summary>Whether a key is there.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool ContainsKey(TKey key) => TryGetValue(key, out _);

    /// <summary>Whether some entry has this value. O(n).</summary>
    public bool ContainsValue(TValue value) => Entries().Any(e => EqualityComparer<TValue>.Default.Equals(e.Value, value));

    /// <summary>Adds a key that must not be there yet.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentException">The key is there already; nothing is changed.</exception>
    public void Add(TKey key, TValue value)
    {
        if (!Store(key, value, overwrite: false)) throw new ArgumentException($"The key '{key}' is already in the map '{Name}'. Use the indexer to replace its value.", nameof(key));
    }

    /// <summary>Adds a key if it is not there yet. One atomic operation.</summary>
    /// <returns>True if the key was added.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool TryAdd(TKey key, TValue value) => Store(key, value, overwrite: false);

    /// <summary>Removes a key.</summary>
    /// <returns>True if it was there.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool Remove(TKey key) => Remove(key, out _);

    /// <summary>Replaces a key's value while it still has the one compared with. One atomic operation.</summary>
    /// <returns>True if it was replaced.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool TryUpdate(TKey key, TValue value, TValue comparison)
    {
        var change = new Swap(value, comparison);
        return Change(key, ref change).Stored;
    }

    /// <summary>Gets a key's value, or stores and returns <paramref name="value"/> if the key is not there. One atomic operation.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public TValue GetOrAdd(TKey key, TValue value)
    {
        if (TryGetValue(key, out TValue? present)) return present;
        var change = new Found(value);
        return Change(key, ref change).Value;
    }

    /// <summary>Gets a key's value, or stores and returns what <paramref name="make"/> makes if the key is not there.</summary>
    /// <remarks>The callback runs outside any lock. Of several that race for a key one's value is stored and returned to all.</remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        return TryGetValue(key, out TValue? present) ? present : GetOrAdd(key, make(key));
    }

    /// <summary>
    /// Stores what <paramref name="add"/> is, or what <paramref name="update"/> makes of the value that is there. One atomic operation: no
    /// other write of this key comes between reading the old value and storing the new one.
    /// </summary>
    /// <remarks>The callback runs outside any lock, and once more whenever another write of the key came between. It should do nothing but compute.</remarks>
    /// <returns>The value stored.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public TValue AddOrUpdate(TKey key, TValue add, Func<TKey, TValue, TValue> update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return AddOrUpdate(key, _ => add, update);
    }

    /// <inheritdoc cref="AddOrUpdate(TKey, TValue, Func{TKey, TValue, TValue})"/>
    public TValue AddOrUpdate(TKey key, Func<TKey, TValue> add, Func<TKey, TValue, TValue> update)
    {
        ArgumentNullException.ThrowIfNull(add);
        ArgumentNullException.ThrowIfNull(update);
        while (true)
        {
            bool exists = TryGetValue(key, out TValue? present);
            var change = new Expected(exists, present, exists ? update(key, present!) : add(key));
            var (value, stored) = Change(key, ref change);
            if (stored) return value;
        }
    }

    /// <summary>Adds to a number, which is 0 where the key is not there. One atomic operation.</summary>
    /// <returns>The sum stored.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The value is no number; nothing is changed.</exception>
    /// <exception cref="OverflowException">The sum does not fit into the value's type; nothing is changed.</exception>
    public TValue Increment(TKey key, long by = 1)
    {
        var change = new Sum(key, by);
        return Change(key, ref change).Value;
    }

    /// <summary>Appends to a list, which begins with the first item. One atomic operation; the list that was there is not changed.</summary>
    /// <returns>The list stored.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The value is no list; nothing is changed.</exception>
    public TValue Append(TKey key, object? item)
    {
        var change = new Longer(key, item);
        return Change(key, ref change).Value;
    }

    /// <summary>Copies the entries to an array, all of one enumeration.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="array"/> is null.</exception>
    /// <exception cref="ArgumentException">The array is too short.</exception>
    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex) => Copy(Entries(), array, arrayIndex, Name);

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() => Entries().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => Entries().GetEnumerator();

    IDictionaryEnumerator IDictionary.GetEnumerator() => new DictionaryEnumerator(Entries);

    void ICollection<KeyValuePair<TKey, TValue>>.Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    bool ICollection<KeyValuePair<TKey, TValue>>.Contains(KeyValuePair<TKey, TValue> item) =>
        TryGetValue(item.Key, out TValue? value) && EqualityComparer<TValue>.Default.Equals(value, item.Value);

    bool ICollection<KeyValuePair<TKey, TValue>>.Remove(KeyValuePair<TKey, TValue> item) => Remove(item.Key, hasComparison: true, item.Value, out _);

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

    void ICollection.CopyTo(Array array, int index)
    {
        ArgumentNullException.ThrowIfNull(array);
        if (array is KeyValuePair<TKey, TValue>[] pairs) CopyTo(pairs, index);
        else if (array is DictionaryEntry[] entries) Copy(Entries().Select(e => new DictionaryEntry(e.Key, e.Value)), entries, index, Name);
        else if (array is object[] objects && objects.GetType() == typeof(object[])) Copy(Entries().Cast<object>(), objects, index, Name);
        else throw new ArgumentException($"Entries of the map '{Name}' cannot be copied to a {array.GetType()}.", nameof(array));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Count} entries";

    /// <summary>Stores a value; an existing one only if it may be overwritten. One atomic operation.</summary>
    /// <returns>True if the key was not there.</returns>
    private protected virtual bool Store(TKey key, TValue value, bool overwrite)
    {
        var change = new Put(value, overwrite);
        Change(key, ref change);
        return !change.Existed;
    }

    /// <summary>Removes a key, if asked only while it has a value. One atomic operation.</summary>
    private protected abstract bool Remove(TKey key, bool hasComparison, TValue? comparison, [MaybeNullWhen(false)] out TValue value);

    /// <summary>Puts what the change makes of the present value in its place. One atomic operation.</summary>
    /// <returns>The value that is there now, and whether it was stored by this.</returns>
    private protected abstract (TValue Value, bool Stored) Change<TChange>(TKey key, ref TChange change)
        where TChange : struct, IValueChange<TValue>;

    /// <summary>The entries, as the map enumerates.</summary>
    private protected abstract IEnumerable<KeyValuePair<TKey, TValue>> Entries();

    private protected static void ThrowIfNull(TKey key)
    {
        if (default(TKey) is null && key is null) throw new ArgumentNullException(nameof(key));
    }

    private TKey CastKey(object key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key is TKey typed ? typed : throw new ArgumentException($"The map '{Name}' has keys of type {typeof(TKey)}, not {key.GetType()}.", nameof(key));
    }

    // The number may change meanwhile, so what is copied is counted first.
    private static void Copy<T>(IEnumerable<T> items, T[] array, int index, string name)
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        T[] all = [.. items];
        if (array.Length - index < all.Length)
            throw new ArgumentException($"The array has room for {Math.Max(0, array.Length - index)} entries, the map '{name}' holds {all.Length}.", nameof(array));
        all.CopyTo(array, index);
    }

    /// <summary>Stores a value; an existing one only if it may be overwritten.</summary>
    private struct Put(TValue value, bool overwrite) : IValueChange<TValue>
    {
        public bool Existed { get; private set; }

        public bool Decide(bool exists, TValue? present, out TValue stored)
        {
            Existed = exists;
            stored = value;
            return overwrite || !exists;
        }
    }

    private struct Swap(TValue value, TValue comparison) : IValueChange<TValue>
    {
        public readonly bool Decide(bool exists, TValue? present, out TValue stored)
        {
            stored = value;
            return exists && EqualityComparer<TValue>.Default.Equals(present, comparison);
        }
    }

    private struct Found(TValue value) : IValueChange<TValue>
    {
        public readonly bool Decide(bool exists, TValue? present, out TValue stored)
        {
            stored = exists ? present! : value;
            return !exists;
        }
    }

    private struct Expected(bool existed, TValue? before, TValue value) : IValueChange<TValue>
    {
        public readonly bool Decide(bool exists, TValue? present, out TValue stored)
        {
            stored = value;
            return exists == existed && (!exists || EqualityComparer<TValue>.Default.Equals(present, before));
        }
    }

    private struct Sum(TKey key, long by) : IValueChange<TValue>
    {
        public readonly bool Decide(bool exists, TValue? present, out TValue stored)
        {
            stored = Number<TValue>.Add(exists, present, by, key);
            return true;
        }
    }

    private struct Longer(TKey key, object? item) : IValueChange<TValue>
    {
        public readonly bool Decide(bool exists, TValue? present, out TValue stored)
        {
            stored = Appending<TValue>.Longer(present, item, key);
            return true;
        }
    }

    private sealed class DictionaryEnumerator(Func<IEnumerable<KeyValuePair<TKey, TValue>>> entries) : IDictionaryEnumerator, IDisposable
    {
        private IEnumerator<KeyValuePair<TKey, TValue>> _entries = entries().GetEnumerator();

        public DictionaryEntry Entry => new(_entries.Current.Key, _entries.Current.Value);

        public object Key => _entries.Current.Key;

        public object? Value => _entries.Current.Value;

        public object Current => Entry;

        public bool MoveNext() => _entries.MoveNext();

        public void Reset()
        {
            _entries.Dispose();
            _entries = entries().GetEnumerator();
        }

        public void Dispose() => _entries.Dispose();
    }

    [DebuggerDisplay("Count = {Count}")]
    private abstract class View<T>(MapBase<TKey, TValue> map) : ICollection<T>, ICollection
    {
        protected MapBase<TKey, TValue> Map => map;

        public int Count => map.Count;

        public bool IsReadOnly => true;

        bool ICollection.IsSynchronized => true;

        object ICollection.SyncRoot => ((ICollection)map).SyncRoot;

        public abstract bool Contains(T item);

        public void CopyTo(T[] array, int arrayIndex) => Copy(Items(), array, arrayIndex, map.Name);

        public IEnumerator<T> GetEnumerator() => Items().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        void ICollection.CopyTo(Array array, int index)
        {
            ArgumentNullException.ThrowIfNull(array);
            if (array is T[] typed) CopyTo(typed, index);
            else if (array is object?[] objects && objects.GetType() == typeof(object[])) Copy(Items().Cast<object?>(), objects, index, map.Name);
            else throw new ArgumentException($"Items of type {typeof(T)} cannot be copied to a {array.GetType()}.", nameof(array));
        }

        void ICollection<T>.Add(T item) => throw ReadOnly();

        bool ICollection<T>.Remove(T item) => throw ReadOnly();

        void ICollection<T>.Clear() => throw ReadOnly();

        protected abstract IEnumerable<T> Items();

        private NotSupportedException ReadOnly() => new($"This is a read-only view of the map '{map.Name}'. Change the map itself.");
    }

    private sealed class KeyView(MapBase<TKey, TValue> map) : View<TKey>(map)
    {
        public override bool Contains(TKey item) => Map.ContainsKey(item);

        protected override IEnumerable<TKey> Items() => Map.Entries().Select(e => e.Key);
    }

    private sealed class ValueView(MapBase<TKey, TValue> map) : View<TValue>(map)
    {
        public override bool Contains(TValue item) => Map.ContainsValue(item);

        protected override IEnumerable<TValue> Items() => Map.Entries().Select(e => e.Value);
    }
}
