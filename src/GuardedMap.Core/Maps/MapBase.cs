using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

// What the maps that cannot race have in common: every face of a dictionary, made of five primitives.
//
//     IDictionary  IMap  IReadOnlyDictionary<K,V>        MapBase.Faces.cs, MapBase.Views.cs
//              └─────┼──────┘
//                MapBase<K,V>                            here: Add, indexer, atomic updates, messages
//                    │
//      TryGetValue   Remove   Change   Clear   Entries   what each map does in its own way:
//                    │
//   SnapshotMapBase<K,V>  SyncMapBase<K,V>  OrderedMapBase<K,V>
//          │                      each of them twice:
//          ├── SnapshotMap<K,V>   a C# user's, with IDictionary<K,V>
//          └── SnapshotMap        a shell user's, without: PowerShell looks $map.key up in a dictionary unless that is an IDictionary<K,V> with
//                                 keys other than strings
//
// Each primitive is one atomic operation. Whatever is built of two of them says so.

/// <summary>The maps whose operations cannot collide: <see cref="SnapshotMap{TKey, TValue}"/> and its kin.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field and the shell's users call it.")]
public abstract partial class MapBase<TKey, TValue> : MapBase
    where TKey : notnull
{
    private readonly object? _lockForShell;
    private readonly bool _forShell;
    private readonly string? _name;

    private protected MapBase(MapBaseOptions options, bool notesReads = false)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.TraceCapacity, nameof(options));
        _name = options.Name;
        if (options.Trace) Observer = new MapObserver(options.TraceCapacity);
        _forShell = options.ForShell;
        _isSampled = _notesReads = notesReads;
        if (_forShell) _lockForShell = new object();
    }

    /// <summary>The name by which messages and tools call the map.</summary>
    public string Name => _name ?? GetType().Name.Split('`')[0];

    /// <summary>Which map it is.</summary>
    public abstract MapKind Kind { get; }

    /// <summary>What happens when somebody writes during an iteration. It is the same for all iterations of this map.</summary>
    /// <remarks><inheritdoc cref="IMap.Contract"/></remarks>
    public abstract IterationContract Contract { get; }

    /// <summary>True if the map records <see cref="MapEvent"/>s.</summary>
    public bool IsTraced => Observer is not null;

    /// <summary>The number of entries. O(1).</summary>
    public abstract int Count { get; }

    /// <summary>Always false.</summary>
    public bool IsReadOnly => false;

    /// <summary>Where the events of a traced map go; null for others.</summary>
    private protected MapObserver? Observer { get; }

    /// <summary>Gets a key's value, or stores one.</summary>
    /// <exception cref="ArgumentNullException">The key is null.</exception>
    /// <exception cref="KeyNotFoundException">The key that is read is not there. (A map made for a shell, with values of a reference type, gives null.)</exception>
    public TValue this[TKey key]
    {
        get => TryGetValue(key, out TValue? value) || (_forShell && default(TValue) is null) ? value! : throw NotThere(key);
        set => Put(key, value, overwrite: true);
    }

    /// <summary>Looks a key up. One atomic operation that never waits.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public abstract bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value);

    /// <summary>Gets a key's value; like the indexer, but a key that is not there is an error on a map made for a shell, too.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="KeyNotFoundException">The key is not there.</exception>
    public TValue Get(TKey key) => TryGetValue(key, out TValue? value) ? value : throw NotThere(key);

    /// <summary>Removes a key and gives its value. One atomic operation.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool Remove(TKey key, [MaybeNullWhen(false)] out TValue value) => Take(key, hasComparison: false, default, out value);

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
        if (!Put(key, value, overwrite: false)) throw new ArgumentException(SafeText.Message($"The key '{key}' is already in the map '{Name}'. Use the indexer to replace its value."), nameof(key));
    }

    /// <summary>Adds a key if it is not there yet. One atomic operation.</summary>
    /// <returns>True if the key was added.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool TryAdd(TKey key, TValue value) => Put(key, value, overwrite: false);

    /// <summary>Removes a key.</summary>
    /// <returns>True if it was there.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool Remove(TKey key) => Remove(key, out _);

    /// <summary>Replaces a key's value while it still has the one compared with. One atomic operation.</summary>
    /// <returns>True if it was replaced.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool TryUpdate(TKey key, TValue value, TValue comparison)
    {
        var change = new SwapChange<TValue>(value, comparison);
        return Make(key, ref change).Stored;
    }

    /// <summary>Gets a key's value, or stores and returns <paramref name="value"/> if the key is not there. One atomic operation.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public TValue GetOrAdd(TKey key, TValue value)
    {
        if (TryGetValue(key, out TValue? present)) return present;
        var change = new FoundChange<TValue>(value);
        return Make(key, ref change).Value;
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
            var change = new ExpectedChange<TValue>(exists, present, exists ? update(key, present!) : add(key));
            var (value, stored) = Make(key, ref change);
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
        var change = new SumChange<TKey, TValue>(key, by);
        return Make(key, ref change).Value;
    }

    /// <summary>Appends to a list, which begins with the first item. One atomic operation; the list that was there is not changed.</summary>
    /// <returns>The list stored.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The value is no list; nothing is changed.</exception>
    public TValue Append(TKey key, object? item)
    {
        var change = new LongerChange<TKey, TValue>(key, item);
        return Make(key, ref change).Value;
    }

    /// <summary>Begins an iteration whose entries can be written through.</summary>
    /// <param name="contract">What the caller counts on; null for what the map has. It has no other.</param>
    /// <exception cref="ArgumentException">The map has another contract than this.</exception>
    public MapIteration<TKey, TValue> Iterate(IterationContract? contract = null)
    {
        if (contract is { } asked && asked != Contract)
        {
            throw new ArgumentException(
                SafeText.Message($"The map '{Name}' is of the kind {Kind}, whose iterations all have the contract {Contract}, and {asked} was asked for. Leave the contract out, or use a guarded map, which has all five."),
                nameof(contract));
        }

        return new MapIteration<TKey, TValue>(this, Entries().GetEnumerator());
    }

    /// <inheritdoc/>
    public override string ToString() => $"{SafeText.Line(Name)}: {Count} entries";

    /// <summary>Replaces the value of a key that is still there. One atomic operation.</summary>
    internal bool Replace(TKey key, TValue value)
    {
        var change = new ReplaceChange<TValue>(value);
        return Make(key, ref change).Stored;
    }

    /// <summary>Stores a value; an existing one only if it may be overwritten. One atomic operation.</summary>
    /// <returns>True if the key was not there.</returns>
    private protected virtual bool Store(TKey key, TValue value, bool overwrite)
    {
        var change = new PutChange<TValue>(value, overwrite);
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

    private protected bool RemovePair(KeyValuePair<TKey, TValue> pair) => Take(pair.Key, hasComparison: true, pair.Value, out _);

    private protected bool ContainsPair(KeyValuePair<TKey, TValue> pair) =>
        TryGetValue(pair.Key, out TValue? value) && EqualityComparer<TValue>.Default.Equals(value, pair.Value);

    private KeyNotFoundException NotThere(TKey key) => new(SafeText.Message($"The key '{key}' is not in the map '{Name}'."));

    // The three ways in which every write goes. Here a traced map tells of it; what goes on inside a map tells each by itself.
    private bool Put(TKey key, TValue value, bool overwrite)
    {
        NoteOwnWrite();
        if (IsSampled) SampleKey(key);
        bool added = Store(key, value, overwrite);
        if (Observer is { } observer && (added || overwrite)) observer.Record(added ? ProbePoint.EntryInserted : ProbePoint.EntryUpdated, -1, -1, 0);
        return added;
    }

    private bool Take(TKey key, bool hasComparison, TValue? comparison, [MaybeNullWhen(false)] out TValue value)
    {
        NoteOwnWrite();
        if (IsSampled) SampleKey(key);
        bool removed = Remove(key, hasComparison, comparison, out value);
        if (removed) Observer?.Record(ProbePoint.EntryRemoved, -1, -1, 0);
        return removed;
    }

    private (TValue Value, bool Stored) Make<TChange>(TKey key, ref TChange change)
        where TChange : struct, IValueChange<TValue>
    {
        NoteOwnWrite();
        if (IsSampled) SampleKey(key);
        if (Observer is not { } observer) return Change(key, ref change);
        var traced = new TracedChange<TChange, TValue>(change);
        var result = Change(key, ref traced);
        change = traced.Change;
        if (result.Stored) observer.Record(traced.Existed ? ProbePoint.EntryUpdated : ProbePoint.EntryInserted, -1, -1, 0);
        return result;
    }
}
