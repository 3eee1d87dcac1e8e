namespace GuardedMaps;

/// <summary>Room for one entry.</summary>
internal struct Slot<TKey, TValue>
{
    public TKey Key;
    public TValue Value;
}

/// <summary>
/// One generation of buckets: the arrays that are allocated together and replaced together.
/// </summary>
/// <remarks>
/// <code>
///  bucket id     0        1               n-1   | n          n+1        (ids from n on are overflow buckets)
///  Control    [ word ][ word ] ...   [ word ]   | [ word ][ word ]      one ulong: 8 tophash bytes
///  Slots      [8 slots][8 slots] ... [8 slots]  | [8 slots][8 slots]    the entries themselves, inline
///  Hashes     only for custom comparers: the low 32 bits of each hash
///  Next       [  id  ][   0  ] ...              | [  id  ][   0  ]      the chain's next bucket, 0 = none
/// </code>
/// Invariants:
/// <list type="number">
/// <item>The number of primary buckets is a power of two and never changes.</item>
/// <item>A link leads to a higher id than its own, so every walk along a chain ends, also one that races with a writer.</item>
/// <item>The primary arrays are never replaced; the overflow arrays are only replaced by longer copies of themselves.</item>
/// </list>
/// Overflow buckets live in arrays of their own, which grow by doubling: at the load limit about one bucket in five has
/// one, right after a growth one in fifty, and reserving the worst case in every generation would cost a quarter of the memory.
/// </remarks>
internal sealed class BucketArray<TKey, TValue>
{
    private const int FirstOverflowCapacity = 2;

    /// <summary>The array of a map that has never held an entry: one bucket, no slots. Shared, never written.</summary>
    public static readonly BucketArray<TKey, TValue> Unallocated = new([0UL], [], null);

    public readonly ulong[] Control;
    public readonly Slot<TKey, TValue>[] Slots;
    public readonly uint[]? Hashes;

    // Allocated with the first overflow bucket.
    private int[]? _next;
    public ulong[] OverflowControl = [];
    public Slot<TKey, TValue>[] OverflowSlots = [];
    public uint[]? OverflowHashes;
    private int[] _overflowNext = [];

    // Shared by an array and its copies, which hold the same entries in the same places.
    private readonly object _generation;

    private BucketArray(ulong[] control, Slot<TKey, TValue>[] slots, uint[]? hashes, object? generation = null)
    {
        Control = control;
        Slots = slots;
        Hashes = hashes;
        _generation = generation ?? control;
    }

    /// <summary>The number of primary buckets.</summary>
    public int Count => Control.Length;

    /// <summary>True if <paramref name="other"/> is this array or a copy of it, so that a place in one is the same place in the other.</summary>
    public bool IsSameGeneration(BucketArray<TKey, TValue>? other) => other is not null && ReferenceEquals(_generation, other._generation);

    /// <summary>The number of overflow buckets handed out.</summary>
    public int OverflowCount { get; private set; }

    /// <summary>Allocates <paramref name="buckets"/> empty buckets (a power of two).</summary>
    public static BucketArray<TKey, TValue> Allocate(int buckets, bool storeHashes)
    {
        int slots = checked(buckets * Tophash.SlotsPerBucket);
        return new BucketArray<TKey, TValue>(new ulong[buckets], NewSlots(slots), storeHashes ? new uint[slots] : null);
    }

    /// <summary>The number of buckets that holds <paramref name="entries"/> within the load factor.</summary>
    public static int BucketsFor(int entries)
    {
        int buckets = 1;
        while (buckets < (1 << 27) && entries > LoadLimit(buckets)) buckets *= 2;
        return buckets;
    }

    /// <summary>How many entries the load factor allows: 6.5 per bucket, and 8 in a single bucket (Go: runtime/map_noswiss.go, overLoadFactor).</summary>
    public static int LoadLimit(int buckets) => Math.Max(Tophash.SlotsPerBucket, (int)(13L * buckets / 2));

    public bool IsPrimary(int id) => (uint)id < (uint)Control.Length;

    /// <summary>The id of the next bucket in the chain, or 0 at its end (0 is a primary bucket and never a link's target).</summary>
    public int Next(int id)
    {
        if (IsPrimary(id)) return _next is { } next ? next[id] : 0;
        return _overflowNext[id - Control.Length];
    }

    /// <summary><see cref="Next"/> for a search that may race with a writer: an id beyond the array it reads is the chain's end.</summary>
    public int NextOrEnd(int id)
    {
        int[] next = _overflowNext;
        int overflow = id - Control.Length;
        return (uint)overflow < (uint)next.Length ? next[overflow] : 0;
    }

    public ref ulong ControlOf(int id) => ref IsPrimary(id) ? ref Control[id] : ref OverflowControl[id - Control.Length];

    public ref Slot<TKey, TValue> SlotOf(int id, int slot) => ref IsPrimary(id)
        ? ref Slots[(id * Tophash.SlotsPerBucket) + slot]
        : ref OverflowSlots[((id - Control.Length) * Tophash.SlotsPerBucket) + slot];

    /// <summary>The stored hash of a slot. Only for arrays that store hashes.</summary>
    public ref uint HashOf(int id, int slot) => ref IsPrimary(id)
        ? ref Hashes![(id * Tophash.SlotsPerBucket) + slot]
        : ref OverflowHashes![((id - Control.Length) * Tophash.SlotsPerBucket) + slot];

    /// <summary>Makes sure that <paramref name="more"/> overflow buckets can be added without allocating. Changes nothing else.</summary>
    public void ReserveOverflow(int more)
    {
        int needed = checked(OverflowCount + more);
        if (needed > OverflowControl.Length)
        {
            int capacity = Math.Max(needed, Math.Max(FirstOverflowCapacity, OverflowControl.Length * 2));
            int slots = checked(capacity * Tophash.SlotsPerBucket);
            var control = new ulong[capacity];
            var entries = NewSlots(slots);
            var next = new int[capacity];
            uint[]? hashes = Hashes is null ? null : new uint[slots];
            OverflowControl.AsSpan().CopyTo(control);
            OverflowSlots.AsSpan().CopyTo(entries);
            _overflowNext.AsSpan().CopyTo(next);
            if (hashes is not null) OverflowHashes.AsSpan().CopyTo(hashes);
            OverflowSlots = entries;
            OverflowHashes = hashes;
            _overflowNext = next;
            OverflowControl = control;
        }

        _next ??= new int[Control.Length];
    }

    /// <summary>Links a new, empty overflow bucket behind <paramref name="tail"/>. The room must have been reserved.</summary>
    /// <returns>The new bucket's id.</returns>
    public int AddOverflow(int tail)
    {
        int id = Control.Length + OverflowCount++;
        if (IsPrimary(tail)) _next![tail] = id;
        else _overflowNext[tail - Control.Length] = id;
        return id;
    }

    /// <summary>Empties every bucket and forgets the overflow buckets. O(buckets).</summary>
    public void Clear()
    {
        Control.AsSpan().Clear();
        Slots.AsSpan().Clear();
        _next?.AsSpan().Clear();
        int used = OverflowCount;
        OverflowCount = 0;
        OverflowControl.AsSpan(0, used).Clear();
        OverflowSlots.AsSpan(0, used * Tophash.SlotsPerBucket).Clear();
        _overflowNext.AsSpan(0, used).Clear();
    }

    /// <summary>A copy that shares nothing with this array. O(buckets).</summary>
    public BucketArray<TKey, TValue> Copy()
    {
        if (ReferenceEquals(this, Unallocated)) return this;
        return new BucketArray<TKey, TValue>(Copy(Control), Copy(Slots), Hashes is null ? null : Copy(Hashes), _generation)
        {
            _next = _next is null ? null : Copy(_next),
            OverflowControl = Copy(OverflowControl),
            OverflowSlots = Copy(OverflowSlots),
            OverflowHashes = OverflowHashes is null ? null : Copy(OverflowHashes),
            _overflowNext = Copy(_overflowNext),
            OverflowCount = OverflowCount,
        };
    }

    private static T[] Copy<T>(T[] source) => source.Length == 0 ? source : (T[])source.Clone();

    /// <summary>
    /// Slots of types without references need not be zeroed: the control words say which are live. For a large array that
    /// spares one long pause while the pages are touched.
    /// </summary>
    private static Slot<TKey, TValue>[] NewSlots(int length) =>
        System.Runtime.CompilerServices.RuntimeHelpers.IsReferenceOrContainsReferences<Slot<TKey, TValue>>()
            ? new Slot<TKey, TValue>[length]
            : GC.AllocateUninitializedArray<Slot<TKey, TValue>>(length);
}
