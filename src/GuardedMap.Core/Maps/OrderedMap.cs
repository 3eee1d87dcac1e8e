using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

// A map in the order of its keys, for any number of threads: a skip list (Ordered/SkipList.cs) with the faces of a dictionary.
//
// Clear publishes an empty list. Whoever was writing to the old one meanwhile has written before the Clear. Whoever walks the old one is at the end
// then: all that was to come is removed.

/// <summary>
/// The map itself: everything that <see cref="OrderedMap{TKey, TValue}"/>, a C# user's map, and <see cref="OrderedMap"/>, a shell user's, have in common.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>
/// <para>
/// Thread-safe: any number of threads may read, iterate and write at once; readers take no lock and never wait. Operations on one key are atomic and
/// linearizable. An iteration goes through the keys in their order and is weakly consistent: no key comes twice, one that is
/// there from beginning to end comes, and one that is added or removed meanwhile may come or not. It survives whatever is written.
/// </para>
/// <para>Lookups, writes and neighbours O(log n) expected; a step of an iteration O(1).</para>
/// </remarks>
[DebuggerDisplay("Count = {Count}")]
[DebuggerTypeProxy(typeof(MapDebugView<,>))]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field and the shell's users call it.")]
public abstract partial class OrderedMapBase<TKey, TValue> : MapBase<TKey, TValue>
    where TKey : notnull
{
    private readonly KeyOrder<TKey> _order;
    private SkipList<TKey, TValue> _list;

    private protected OrderedMapBase(OrderedMapOptions<TKey> options)
        : base(options)
    {
        _order = new KeyOrder<TKey>(options.Comparer);
        _list = new SkipList<TKey, TValue>(_order);
    }

    /// <summary>The number of entries. O(1); exact when nobody is writing.</summary>
    public override int Count => List.Count;

    /// <summary>What orders the keys.</summary>
    public IComparer<TKey> Comparer => _order.Comparer;

    internal SkipList<TKey, TValue> List => Volatile.Read(ref _list);

    /// <inheritdoc/>
    public override bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!typeof(TKey).IsValueType) ThrowIfNull(key);
        if (IsSampled) SampleKey(key);
        return List.TryGet(key, out value);
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        NoteOwnWrite();
        Volatile.Write(ref _list, new SkipList<TKey, TValue>(_order));
        Observer?.Record(ProbePoint.Cleared, -1, -1, 0);
    }

    /// <summary>The entry with the smallest key.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryGetFirst(out KeyValuePair<TKey, TValue> entry) => TryTakeFirst(Walk(), out entry);

    /// <summary>The entry with the greatest key.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryGetLast(out KeyValuePair<TKey, TValue> entry) => List.TryGetFloor(hasKey: false, default!, out entry);

    /// <summary>The entry with the smallest key that is not smaller than <paramref name="key"/>.</summary>
    /// <returns>False if there is none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool TryGetCeiling(TKey key, out KeyValuePair<TKey, TValue> entry)
    {
        ThrowIfNull(key);
        return TryTakeFirst(new OrderedWalk<TKey, TValue>(this, hasFrom: true, key, hasTo: false, default!), out entry);
    }

    /// <summary>The entry with the greatest key that is not greater than <paramref name="key"/>.</summary>
    /// <returns>False if there is none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool TryGetFloor(TKey key, out KeyValuePair<TKey, TValue> entry)
    {
        ThrowIfNull(key);
        return List.TryGetFloor(hasKey: true, key, out entry);
    }

    /// <summary>The entries from one key to another, both included, in their order. O(log n) for the first, O(1) for each further one.</summary>
    /// <exception cref="ArgumentNullException">A key is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="to"/> is smaller than <paramref name="from"/>.</exception>
    public IEnumerable<KeyValuePair<TKey, TValue>> Range(TKey from, TKey to)
    {
        ThrowIfNull(from);
        ThrowIfNull(to);
        if (Comparer.Compare(from, to) > 0) throw new ArgumentException(SafeText.Message($"A range goes from a smaller key to a greater one, and '{to}' is smaller than '{from}'."), nameof(to));
        return new OrderedWalk<TKey, TValue>(this, hasFrom: true, from, hasTo: true, to);
    }

    /// <summary>Enumerates the entries in the order of their keys.</summary>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => Entries().GetEnumerator();

    /// <summary>Checks that the list is whole. For tests and tools, while nobody writes.</summary>
    /// <exception cref="InvalidOperationException">An invariant is broken; the message says which.</exception>
    public override void CheckInvariants() => List.CheckInvariants();

    private protected override bool Remove(TKey key, bool hasComparison, TValue? comparison, [MaybeNullWhen(false)] out TValue value)
    {
        ThrowIfNull(key);
        return List.Remove(key, hasComparison, comparison, out value);
    }

    private protected override (TValue Value, bool Stored) Change<TChange>(TKey key, ref TChange change)
    {
        ThrowIfNull(key);
        return List.Change(key, ref change);
    }

    private protected override IEnumerable<KeyValuePair<TKey, TValue>> Entries() => Walk();

    private OrderedWalk<TKey, TValue> Walk() => new(this, hasFrom: false, default!, hasTo: false, default!);

    private static bool TryTakeFirst(OrderedWalk<TKey, TValue> walk, out KeyValuePair<TKey, TValue> entry)
    {
        bool exists = walk.MoveNext();
        entry = exists ? walk.Current : default;
        return exists;
    }
}
