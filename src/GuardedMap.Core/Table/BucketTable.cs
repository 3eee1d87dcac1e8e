using System.Numerics;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>Why a table grows.</summary>
public enum GrowReason
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The first entry: one bucket is allocated.</summary>
    FirstEntry,

    /// <summary>One more entry would pass the load factor of 6.5 entries per bucket: the number of buckets doubles.</summary>
    LoadFactor,

    /// <summary>There are as many overflow buckets as buckets: the entries are repacked into an array of the same size.</summary>
    TooManyOverflowBuckets,

    /// <summary>The caller asked for another capacity.</summary>
    Requested,
}

/// <summary>
/// The table: a classic bucket map, laid out for .NET.
/// </summary>
/// <remarks>
/// <para>
/// A key is hashed to 64 bits. The low bits choose one of n buckets (n a power of two), the top byte is its
/// <em>tophash</em>. A bucket holds eight entries inline and a control word with their eight tophashes; a full bucket
/// continues in an overflow bucket. When one more entry would pass 6.5 entries per bucket the array doubles; when deletes and
/// inserts have left as many overflow buckets as buckets, the entries are repacked into an array of the same size. Either
/// way the old array is not emptied at once: every write evacuates the bucket it needs and one more.
/// </para>
/// <code>
///        hash  [ tophash |                            ...  bucket number ]
///                  │                                             │
///  control word    ▼                                             ▼
///  of bucket b  [ 9c | 00 | 00 | 41 | 01 | e7 | 9c | 20 ]     b = hash &amp; (n-1)
///                 └── compared with all eight at once ──┘
///
///  growth:  old bucket b  ──▶  X: new bucket b        (hash bit log2(n) is 0)
///                         └─▶  Y: new bucket b + n    (hash bit log2(n) is 1)
/// </code>
/// <para>
/// The rules and constants are those of Go's map up to 1.23 (runtime/map_noswiss.go in Go 1.24). Deviations:
/// </para>
/// <list type="bullet">
/// <item>Entries and control words lie in arrays of their own (<see cref="BucketArray{TKey, TValue}"/>); overflow links are ids, not pointers.</item>
/// <item>Overflow buckets are counted exactly at every size; Go counts by chance above 2^15 buckets, around the same limit.</item>
/// <item>For custom comparers 32 bits of each hash are stored, so that evacuation and iteration run no foreign code.</item>
/// <item>Overwriting keeps the stored key, as every .NET dictionary does; Go replaces it where equal keys can differ.</item>
/// </list>
/// <para>Invariants, each checked by <see cref="CheckInvariants"/>:</para>
/// <list type="number">
/// <item>I1 A live slot's tophash is its key's, and its bucket is the one its hash chooses.</item>
/// <item>I2 No key is live twice.</item>
/// <item>I3 <see cref="Count"/> is the number of live slots in current and old buckets.</item>
/// <item>I4 emptyRest means it: every later slot of the chain is emptyRest too.</item>
/// <item>I5 Markers 2 to 4 occur only in old buckets, and a chain is evacuated as a whole or not at all.</item>
/// <item>I6 While an old bucket is not evacuated, the new buckets X and Y it feeds are empty.</item>
/// <item>I7 Old buckets below the evacuation mark are evacuated, and once all are, there are no old buckets.</item>
/// <item>I8 A link leads to a higher id, and every overflow bucket handed out belongs to exactly one chain.</item>
/// </list>
/// <para>
/// Thread-safety: none of its own; the guard decides who gets in. But a search that races with a writer must end and must
/// stay inside its arrays whatever it reads: links only lead to higher ids, indexes are checked against the very array they
/// index, and the guard discards the answer. The current control words and slots stand here a second time
/// (<c>_control</c>, <c>_slots</c>) to spare the lookup one dependent load.
/// </para>
/// </remarks>
internal partial struct BucketTable<TKey, TValue>
{
    private ulong[] _control;
    private Slot<TKey, TValue>[] _slots;
    private BucketArray<TKey, TValue> _current;
    private BucketArray<TKey, TValue>? _old;
    private ulong _seed;
    private int _count;

    // An insert at this count, or above, has to look for a reason to grow first.
    private int _growAt;

    // Old buckets below this number are evacuated.
    private int _evacuationMark;
    private GrowReason _growReason;

    // Go's iterator and oldIterator flags: somebody may still be walking the current (old) array, so evacuation must not wipe it.
    private bool _walked;
    private bool _oldWalked;
    private readonly bool _storeHashes;
    private readonly ulong? _namedSeed;

    public BucketTable(ulong? seed, bool storeHashes, int capacity)
    {
        _namedSeed = seed;
        _seed = HashMix.SeedOf(seed);
        _storeHashes = storeHashes;
        _current = null!;
        _control = null!;
        _slots = null!;
        Publish(capacity == 0
            ? BucketArray<TKey, TValue>.Unallocated
            : BucketArray<TKey, TValue>.Allocate(BucketArray<TKey, TValue>.BucketsFor(capacity), storeHashes));
    }

    /// <summary>The number of entries.</summary>
    public readonly int Count => _count;

    public readonly ulong Seed => _seed;

    /// <summary>The seed as people see it: the one that was named, or the one drawn.</summary>
    public readonly ulong NamedSeed => _namedSeed ?? _seed;

    public readonly bool IsGrowing => _old is not null;

    /// <summary>The array that inserts go to.</summary>
    public readonly BucketArray<TKey, TValue> Current => _current;

    /// <summary>The array being evacuated, or null.</summary>
    public readonly BucketArray<TKey, TValue>? Old => _old;

    public readonly int EvacuationMark => _evacuationMark;

    public readonly GrowReason GrowReason => _growReason;

    /// <summary>How often the map became empty. An iterator from before that must not yield what it still sees in replaced arrays.</summary>
    public int Clears { get; private set; }

    /// <summary>How many entries fit before the table grows.</summary>
    public readonly int Capacity => _current.Slots.Length == 0 ? 0 : BucketArray<TKey, TValue>.LoadLimit(_current.Count);

    /// <summary>
    /// Finds a key's slot. For a table that is not growing. O(1) expected.
    /// </summary>
    /// <returns>The slot, or a null reference.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref Slot<TKey, TValue> Find<TOps, TProbe>(TKey key, ulong hash, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        return ref FindIn(_control, _slots, _current, key, hash, ops, probe);
    }

    /// <summary>Finds a key's slot, also while the table grows: in the old bucket if that is not evacuated yet, else in the new one.</summary>
    public readonly ref Slot<TKey, TValue> FindGrowing<TOps, TProbe>(TKey key, ulong hash, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        BucketArray<TKey, TValue> array = HomeOf(hash);
        // The arguments are read from fields, which leaves dead loads behind where the call vanishes: so ask first.
        if (typeof(TProbe) != typeof(NoProbe))
            probe.At(ProbePoint.BucketChosen, (int)hash & (array.Count - 1), 0, ReferenceEquals(array, _current) ? 0UL : 1UL);
        return ref FindIn(array.Control, array.Slots, array, key, hash, ops, probe);
    }

    /// <summary>The array in which a key of this hash lies, if it is in the table.</summary>
    public readonly BucketArray<TKey, TValue> HomeOf(ulong hash) =>
        _old is { } old && !Tophash.IsEvacuated(old.Control[(int)hash & (old.Count - 1)]) ? old : _current;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref Slot<TKey, TValue> FindIn<TOps, TProbe>(
        ulong[] control,
        Slot<TKey, TValue>[] slots,
        BucketArray<TKey, TValue> array,
        TKey key,
        ulong hash,
        TOps ops,
        TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        int bucket = (int)hash & (control.Length - 1);
        ulong word = control[bucket];
        uint hits = Tophash.Match(word, Tophash.Of(hash));
        probe.At(ProbePoint.TophashMatched, bucket, 0, hits);
        while (hits != 0)
        {
            int slot = BitOperations.TrailingZeroCount(hits);
            int index = (bucket * Tophash.SlotsPerBucket) + slot;
            // Only a race with a growing writer can make this false: control and slots are then of two generations.
            if ((uint)index >= (uint)slots.Length) break;
            ref Slot<TKey, TValue> candidate = ref slots[index];
            if (ops.Equals(ref Unsafe.As<TKey, byte>(ref candidate.Key), ref Unsafe.As<TKey, byte>(ref key)))
            {
                probe.At(ProbePoint.KeyFound, bucket, slot, hash);
                return ref candidate;
            }

            probe.At(ProbePoint.FalseHit, bucket, slot, hash);
            hits &= hits - 1;
        }

        if (Tophash.EndsChain(word)) return ref Unsafe.NullRef<Slot<TKey, TValue>>();
        return ref FindInOverflow(array, bucket, key, hash, ops, probe);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ref Slot<TKey, TValue> FindInOverflow<TOps, TProbe>(
        BucketArray<TKey, TValue> array, int bucket, TKey key, ulong hash, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        byte top = Tophash.Of(hash);
        int first = array.Count;
        // A racing search may hold a bucket number of another generation.
        if (bucket >= first) return ref Unsafe.NullRef<Slot<TKey, TValue>>();
        for (int id = array.Next(bucket), last = bucket; id > last;)
        {
            // Read once: a racing writer may replace them by longer ones.
            ulong[] control = array.OverflowControl;
            Slot<TKey, TValue>[] slots = array.OverflowSlots;
            int overflow = id - first;
            if ((uint)overflow >= (uint)control.Length) break;
            probe.At(ProbePoint.OverflowFollowed, id, 0, 0);
            ulong word = control[overflow];
            uint hits = Tophash.Match(word, top);
            probe.At(ProbePoint.TophashMatched, id, 0, hits);
            while (hits != 0)
            {
                int slot = BitOperations.TrailingZeroCount(hits);
                int index = (overflow * Tophash.SlotsPerBucket) + slot;
                if ((uint)index >= (uint)slots.Length) break;
                ref Slot<TKey, TValue> candidate = ref slots[index];
                if (ops.Equals(ref Unsafe.As<TKey, byte>(ref candidate.Key), ref Unsafe.As<TKey, byte>(ref key)))
                {
                    probe.At(ProbePoint.KeyFound, id, slot, hash);
                    return ref candidate;
                }

                probe.At(ProbePoint.FalseHit, id, slot, hash);
                hits &= hits - 1;
            }

            if (Tophash.EndsChain(word)) break;
            last = id;
            id = array.NextOrEnd(id);
        }

        return ref Unsafe.NullRef<Slot<TKey, TValue>>();
    }

    /// <summary>Makes <paramref name="array"/> the current one.</summary>
    private void Publish(BucketArray<TKey, TValue> array)
    {
        _current = array;
        _control = array.Control;
        _slots = array.Slots;
        _growAt = Capacity;
    }
}
