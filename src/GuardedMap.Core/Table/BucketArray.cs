using System.Numerics;
using System.Runtime.CompilerServices;

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
///  Next       [  id  ][   0  ] ...              | [  id  ][   0  ]      the chain's next bucket, 0 = none (First and Next below)
/// </code>
/// Invariants:
/// <list type="number">
/// <item>The number of primary buckets is a power of two and never changes.</item>
/// <item>A link leads to a higher id than its own, so every walk along a chain ends, also one that races with a writer.</item>
/// <item>The primary arrays are never replaced; the overflow arrays are only replaced by longer copies of themselves.</item>
/// <item>The length of every array of slots is a power of two, or zero.</item>
/// </list>
/// Overflow buckets live in arrays of their own, which grow by doubling: at the load limit about one bucket in five has
/// one, right after a growth one in fifty, and reserving the worst case in every generation would cost a quarter of the memory.
/// </remarks>
internal sealed class BucketArray<TKey, TValue>
{
    private const int FirstOverflowCapacity = 2;
    private const int UninitializedFrom = 1 << 14;

    /// <summary>The array of a map that has never held an entry: one bucket, no slots. Shared, never written.</summary>
    public static readonly BucketArray<TKey, TValue> Unallocated = new([0UL], [], null);

    public readonly ulong[] Control;
    public readonly Slot<TKey, TValue>[] Slots;
    public readonly uint[]? Hashes;

    // Shared by an array and its copies, which hold the same entries in the same places.
    private readonly object _generation;

    // Made with the first overflow bucket.
    private OverflowArea? _overflow;

    private BucketArray(ulong[] control, Slot<TKey, TValue>[] slots, uint[]? hashes, object? generation = null)
    {
        Control = control;
        Slots = slots;
        Hashes = hashes;
        _generation = generation ?? control;
    }

    /// <summary>The number of primary buckets.</summary>
    public int Count => Control.Length;

    /// <summary>The control words of the overflow buckets, by id less <see cref="Count"/>.</summary>
    public ulong[] OverflowControl => _overflow?.Control ?? [];

    /// <summary>The slots of the overflow buckets.</summary>
    public Slot<TKey, TValue>[] OverflowSlots => _overflow?.Slots ?? [];

    /// <summary>True if <paramref name="other"/> is this array or a copy of it, so that a place in one is the same place in the other.</summary>
    public bool IsSameGeneration(BucketArray<TKey, TValue>? other) => other is not null && ReferenceEquals(_generation, other._generation);

    /// <summary>The number of overflow buckets handed out.</summary>
    public int OverflowCount => _overflow?.Count ?? 0;

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

    /// <summary>True if the bucket has no overflow bucket: the common case, cheaper to ask than <see cref="Next"/>.</summary>
    public bool IsAlone(int bucket) => _overflow is not { } overflow || overflow.First[bucket] == 0;

    /// <summary>The id of the next bucket in the chain, or 0 at its end (0 is a primary bucket and never a link's target).</summary>
    public int Next(int id)
    {
        if (_overflow is not { } overflow) return 0;
        return IsPrimary(id) ? overflow.First[id] : overflow.Next[id - Control.Length];
    }

    /// <summary><see cref="Next"/> for a search that may race with a writer: an id beyond the array it reads is the chain's end.</summary>
    public int NextOrEnd(int id)
    {
        if (_overflow is not { } overflow) return 0;
        int[] next = overflow.Next;
        int number = id - Control.Length;
        return (uint)number < (uint)next.Length ? next[number] : 0;
    }

    public ref ulong ControlOf(int id) => ref IsPrimary(id) ? ref Control[id] : ref _overflow!.Control[id - Control.Length];

    public ref Slot<TKey, TValue> SlotOf(int id, int slot) => ref IsPrimary(id)
        ? ref Slots[(id * Tophash.SlotsPerBucket) + slot]
        : ref _overflow!.Slots[((id - Control.Length) * Tophash.SlotsPerBucket) + slot];

    /// <summary>The stored hash of a slot. Only for arrays that store hashes.</summary>
    public ref uint HashOf(int id, int slot) => ref IsPrimary(id)
        ? ref Hashes![(id * Tophash.SlotsPerBucket) + slot]
        : ref _overflow!.Hashes![((id - Control.Length) * Tophash.SlotsPerBucket) + slot];

    /// <summary>The slots of a bucket.</summary>
    public Span<Slot<TKey, TValue>> SlotsOf(int id) => IsPrimary(id)
        ? Slots.AsSpan(id * Tophash.SlotsPerBucket, Tophash.SlotsPerBucket)
        : _overflow!.Slots.AsSpan((id - Control.Length) * Tophash.SlotsPerBucket, Tophash.SlotsPerBucket);

    /// <summary>The stored hashes of a bucket; empty for arrays that store none.</summary>
    public Span<uint> HashesOf(int id)
    {
        if (Hashes is not { } hashes) return default;
        return IsPrimary(id)
            ? hashes.AsSpan(id * Tophash.SlotsPerBucket, Tophash.SlotsPerBucket)
            : _overflow!.Hashes.AsSpan((id - Control.Length) * Tophash.SlotsPerBucket, Tophash.SlotsPerBucket);
    }

    /// <summary>Makes sure that <paramref name="more"/> overflow buckets can be added without allocating. Changes nothing else.</summary>
    public void ReserveOverflow(int more)
    {
        int used = OverflowCount;
        int needed = checked(used + more);
        if (_overflow is { } present && needed <= present.Control.Length) return;
        int capacity = Math.Max(FirstOverflowCapacity, (int)BitOperations.RoundUpToPowerOf2((uint)needed));
        int slots = checked(capacity * Tophash.SlotsPerBucket);
        var area = new OverflowArea
        {
            First = _overflow?.First ?? new int[Control.Length],
            Control = new ulong[capacity],
            Slots = NewSlots(slots),
            Hashes = Hashes is null ? null : new uint[slots],
            Next = new int[capacity],
            Count = used,
        };
        if (_overflow is { } old)
        {
            old.Control.AsSpan().CopyTo(area.Control);
            old.Slots.AsSpan().CopyTo(area.Slots);
            old.Next.AsSpan().CopyTo(area.Next);
            old.Hashes?.AsSpan().CopyTo(area.Hashes);
        }

        _overflow = area;
    }

    /// <summary>Links a new, empty overflow bucket behind <paramref name="tail"/>. The room must have been reserved.</summary>
    /// <returns>The new bucket's id.</returns>
    public int AddOverflow(int tail)
    {
        OverflowArea area = _overflow!;
        int id = Control.Length + area.Count++;
        if (IsPrimary(tail)) area.First[tail] = id;
        else area.Next[tail - Control.Length] = id;
        return id;
    }

    /// <summary>Empties every bucket and forgets the overflow buckets. O(buckets).</summary>
    public void Clear()
    {
        Control.AsSpan().Clear();
        Slots.AsSpan().Clear();
        if (_overflow is not { } area) return;
        int used = area.Count;
        area.Count = 0;
        area.First.AsSpan().Clear();
        area.Control.AsSpan(0, used).Clear();
        area.Slots.AsSpan(0, used * Tophash.SlotsPerBucket).Clear();
        area.Next.AsSpan(0, used).Clear();
    }

    /// <summary>A copy that shares nothing with this array. O(buckets).</summary>
    public BucketArray<TKey, TValue> Copy()
    {
        if (ReferenceEquals(this, Unallocated)) return this;
        return new BucketArray<TKey, TValue>(Copy(Control), Copy(Slots), Hashes is null ? null : Copy(Hashes), _generation)
        {
            _overflow = _overflow is not { } area ? null : new OverflowArea
            {
                First = Copy(area.First),
                Control = Copy(area.Control),
                Slots = Copy(area.Slots),
                Hashes = area.Hashes is null ? null : Copy(area.Hashes),
                Next = Copy(area.Next),
                Count = area.Count,
            },
        };
    }

    private static T[] Copy<T>(T[] source) => source.Length == 0 ? source : (T[])source.Clone();

    /// <summary>
    /// Slots of types without references need not be zeroed: the control words say which are live. For a large array that
    /// spares one long pause while the pages are touched; for a small one the ordinary allocation is several times faster.
    /// </summary>
    private static Slot<TKey, TValue>[] NewSlots(int length) =>
        length < UninitializedFrom || RuntimeHelpers.IsReferenceOrContainsReferences<Slot<TKey, TValue>>()
            ? new Slot<TKey, TValue>[length]
            : GC.AllocateUninitializedArray<Slot<TKey, TValue>>(length);

    /// <summary>The overflow buckets. Replaced as a whole when it grows, so that a racing search always sees arrays that belong together.</summary>
    private sealed class OverflowArea
    {
        /// <summary>By primary bucket: the id of its first overflow bucket, or 0.</summary>
        public required int[] First { get; init; }

        public required ulong[] Control { get; init; }

        public required Slot<TKey, TValue>[] Slots { get; init; }

        public required uint[]? Hashes { get; init; }

        /// <summary>By overflow bucket: the id of the next one, or 0.</summary>
        public required int[] Next { get; init; }

        /// <summary>How many have been handed out.</summary>
        public int Count { get; set; }
    }
}
