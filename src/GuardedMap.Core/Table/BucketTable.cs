using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>One entry.</summary>
internal struct Slot<TKey, TValue>
{
    public TKey Key;
    public TValue Value;
}

/// <summary>What became of an attempt to store.</summary>
internal enum Stored
{
    /// <summary>Nothing yet: it takes more than the fast path does, and nothing has changed.</summary>
    NotYet,

    /// <summary>The value is stored.</summary>
    Yes,

    /// <summary>The key was there and was to be left alone.</summary>
    Kept,
}

/// <summary>What became of an attempt to remove.</summary>
internal enum Removed
{
    /// <summary>Nothing yet: it takes more than the fast path does, and nothing has changed.</summary>
    NotYet,

    /// <summary>The entry is gone.</summary>
    Yes,

    /// <summary>There was none.</summary>
    Missing,
}

/// <summary>
/// The hash table: entries in the order in which they came, and an index of buckets that leads to them.
/// </summary>
/// <remarks>
/// <code>
///  hash(key, seed)  63 ......................... 28 | 27 .............................. log2(n) | ............ 0
///                                                              the card's tag                      the bucket b
///
///  index     bucket b   [ card | card | card |  0  |  0  |  0  |  0  |  0  ]      eight cards, one vector; compared all at once
///                          │
///                          └── number 2 ──┐
///  entries   [ 0: key, value ][ 1: ... ][ 2: ... ][ 3: ... ]  ▲ top
///
///  growth:  old bucket b  ──▶  X: new bucket b        (hash bit log2(n) is 0)        the index alone: entries stay where they are
///                         └─▶  Y: new bucket b + n    (hash bit log2(n) is 1)
/// </code>
/// <para>
/// <b>Entries.</b> A new one gets the next number, so while nothing is removed they lie in the order of insertion, and iteration is a walk over an array. They lie in one array, which doubles
/// up to 32,768 entries, and then in segments of that length, which are never copied. A number never changes while its entry lives. A removed entry leaves a hole. Which numbers are holes is not kept in
/// the ordinary course: it is worked out, from the cards, when somebody needs it: a <c>foreach</c>, or an insert that finds the room full and at least one number in eight a hole. From then on
/// inserts take holes, until there are none.
/// </para>
/// <para>
/// <b>The index</b> (<see cref="BucketIndex"/>, <see cref="Card"/>) is Go's map up to 1.23 (runtime/map_noswiss.go in Go 1.24) with cards in place of slots: buckets of eight, overflow buckets, load factor,
/// growth by doubling or at the same size, evacuation bucket by bucket, into X and Y, with every write. Deviations:
/// </para>
/// <list type="bullet">
/// <item>Overflow buckets are counted exactly at every size; Go counts by chance above 2^15 buckets, around the same limit. When there are as many as buckets, the index is rebuilt at the same size.</item>
/// <item>No hash is computed when the index grows: a card has as many of its bits as will ever be used. So growth runs no foreign code and touches no key.</item>
/// <item>A removal closes the gap in its chain by the chain's last card, so there is no emptyOne, and a search ends at the first bucket that is not full.</item>
/// <item>Overwriting keeps the stored key, as every .NET dictionary does; Go replaces it where equal keys can differ.</item>
/// </list>
/// <para>Invariants, each checked by <see cref="CheckInvariants"/>:</para>
/// <list type="number">
/// <item>I1 A live card's tag is its key's, and its bucket is the one its hash chooses.</item>
/// <item>I2 No key is live twice, and no number is on two cards.</item>
/// <item>I3 <see cref="Count"/> is the number of live cards in current and old buckets.</item>
/// <item>I4 Live cards lie at the front of their chain: behind one that is not live there is none.</item>
/// <item>I5 Markers occur only in old buckets, and a chain is evacuated as a whole or not at all.</item>
/// <item>I6 While an old bucket is not evacuated, the new buckets X and Y it feeds are empty.</item>
/// <item>I7 Old buckets below the evacuation mark are evacuated, and once all are, there are no old buckets.</item>
/// <item>I8 A link leads to a higher id, and every overflow bucket handed out belongs to exactly one chain.</item>
/// <item>I9 Every number is below the top, the top is within the room, and the holes, where they are kept, are the numbers below the top that no card has.</item>
/// </list>
/// <para>
/// Thread-safety: none of its own; the guard decides who gets in. But a search that races with a writer must end and must
/// stay inside its arrays whatever it reads: links only lead to higher ids, the bits that choose a bucket come from the very array that is indexed, a number is checked against the very array of entries
/// it is looked up in, and the guard discards the answer. A whole-bucket load stays inside since the first card of a bucket is checked and the length is a multiple of eight.
/// </para>
/// </remarks>
internal partial struct BucketTable<TKey, TValue>
{
    /// <summary>How many entries a segment has, and the most that one array of entries grows to.</summary>
    public const int SegmentSize = 1 << SegmentBits;

    private const int SegmentBits = 15;

    // The current index's primary cards once more, to spare the lookup a dependent load.
    private uint[] _cards;

    // All entries, while they are one array; empty once they are in segments.
    private Slot<TKey, TValue>[] _entries;
    private Segment[]? _segments;
    private BucketIndex _current;
    private BucketIndex? _old;
    private ulong _seed;
    private int _count;

    // An insert at this count, or above, has to look for a reason to grow first.
    private int _growAt;

    // The next new number.
    private int _top;

    // An insert at this top, or above, has to find a number; 0 while there are holes to be used.
    private int _newBelow;

    // How many entries there is room for.
    private int _room;

    // A bit for each hole; null while that is not known, or there is none.
    private ulong[]? _holes;

    // Where to look for a hole first: a word of the above.
    private int _hint;

    // Old buckets below this number are evacuated.
    private int _evacuationMark;
    private GrowReason _growReason;

    // Which numbers were given out again, while somebody may be walking over the live table; null until somebody does.
    private Reborn? _reborn;
    private readonly ulong? _namedSeed;

    public BucketTable(ulong? seed, int capacity)
    {
        _namedSeed = seed;
        _seed = HashMix.SeedOf(seed);
        _current = BucketIndex.Unallocated;
        _cards = _current.Cards;
        _entries = [];
        if (capacity == 0) return;
        Publish(BucketIndex.Allocate(BucketIndex.BucketsFor(capacity)));
        AddRoom(capacity);
    }

    /// <summary>The number of entries.</summary>
    public readonly int Count => _count;

    /// <summary>All numbers of entries are below this.</summary>
    public readonly int Top => _top;

    public readonly ulong Seed => _seed;

    /// <summary>The seed as people see it: the one that was named, or the one drawn.</summary>
    public readonly ulong NamedSeed => _namedSeed ?? _seed;

    public readonly bool IsGrowing => _old is not null;

    /// <summary>The index that inserts go to.</summary>
    public readonly BucketIndex Current => _current;

    /// <summary>The index being evacuated, or null.</summary>
    public readonly BucketIndex? Old => _old;

    public readonly int EvacuationMark => _evacuationMark;

    public readonly GrowReason GrowReason => _growReason;

    /// <summary>How often the map became empty, or its entries got other numbers. A number from before that means nothing any more.</summary>
    public int Clears { get; private set; }

    // While there are holes to be used, none. And a number must have room on a card.
    private readonly int NewBelow => _holes is null ? Math.Min(_room, _cards.Length) : 0;

    /// <summary>How many entries fit before the table grows.</summary>
    public readonly int Capacity => _current.IsUnallocated ? 0 : BucketIndex.LoadLimit(_current.Count);

    /// <summary>
    /// Finds a key's entry. For a table that is not growing. O(1) expected.
    /// </summary>
    /// <returns>The entry, or a null reference.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref Slot<TKey, TValue> Find<TOps, TProbe>(TKey key, ulong hash, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        return ref FindIn(_cards, _current, key, hash, ops, probe);
    }

    /// <summary>Finds a key's entry, also while the table grows: by the old bucket if that is not evacuated yet, else by the new one.</summary>
    public readonly ref Slot<TKey, TValue> FindGrowing<TOps, TProbe>(TKey key, ulong hash, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        BucketIndex index = HomeOf(hash);
        // The arguments are read from fields, which leaves dead loads behind where the call vanishes: so ask first.
        if (typeof(TProbe) != typeof(NoProbe))
            probe.At(ProbePoint.BucketChosen, (int)hash & (index.Count - 1), 0, ReferenceEquals(index, _current) ? 0UL : 1UL);
        return ref FindIn(index.Cards, index, key, hash, ops, probe);
    }

    /// <summary>The index that has the card of a key with this hash, if the key is in the table.</summary>
    public readonly BucketIndex HomeOf(ulong hash) =>
        _old is { } old && !Card.IsEvacuated(old.Cards[Card.FirstOf(hash, old.Numbers)]) ? old : _current;

    /// <summary>The entry of a number below <see cref="Top"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref Slot<TKey, TValue> EntryOf(int number)
    {
        Slot<TKey, TValue>[] entries = _entries;
        if ((uint)number < (uint)entries.Length) return ref entries[number];
        return ref SegmentEntryOf(number);
    }

    /// <summary>The array that has the entry of a number below <see cref="Top"/>, and the number of its first.</summary>
    public readonly Slot<TKey, TValue>[] EntriesFrom(int number, out int first)
    {
        first = 0;
        Slot<TKey, TValue>[] entries = _entries;
        return (uint)number < (uint)entries.Length ? entries : SegmentFrom(number, out first);
    }

    /// <summary>Finds the card of a key. Also while the table grows. O(1) expected.</summary>
    public readonly CardPlace PlaceOf<TOps, TProbe>(TKey key, ulong hash, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        BucketIndex index = HomeOf(hash);
        if (typeof(TProbe) != typeof(NoProbe))
            probe.At(ProbePoint.BucketChosen, (int)hash & (index.Count - 1), 0, ReferenceEquals(index, _current) ? 0UL : 1UL);
        uint numbers = index.Numbers;
        uint card = Card.Of(hash, numbers);
        int head = (int)hash & (index.Count - 1);
        for (int id = head; ;)
        {
            Span<uint> cards = index.CardsOf(id);
            uint hits = Card.Match(ref cards[0], card, numbers);
            probe.At(ProbePoint.TophashMatched, id, 0, hits);
            for (; hits != 0; hits &= hits - 1)
            {
                int place = System.Numerics.BitOperations.TrailingZeroCount(hits);
                int number = (int)(cards[place] & numbers);
                ref Slot<TKey, TValue> candidate = ref EntryOf(number);
                if (ops.Equals(ref Unsafe.As<TKey, byte>(ref candidate.Key), ref Unsafe.As<TKey, byte>(ref key)))
                {
                    probe.At(ProbePoint.KeyFound, id, place, hash);
                    return new CardPlace(index, head, id, place, number);
                }

                probe.At(ProbePoint.FalseHit, id, place, hash);
            }

            if (!Card.IsLive(cards[Card.PerBucket - 1])) return default;
            int next = index.Next(id);
            if (next <= id) return default;
            id = next;
            probe.At(ProbePoint.OverflowFollowed, id, 0, 0);
        }
    }

    /// <summary>Finds the card of an entry by its number: whether it is live, whatever its key is equal to.</summary>
    /// <param name="number">The number.</param>
    /// <param name="hash">The hash of its key.</param>
    public readonly CardPlace PlaceOf(int number, ulong hash)
    {
        BucketIndex index = HomeOf(hash);
        uint card = Card.Of(hash, index.Numbers) | (uint)number;
        int head = (int)hash & (index.Count - 1);
        for (int id = head; ;)
        {
            Span<uint> cards = index.CardsOf(id);
            for (int place = 0; place < Card.PerBucket && Card.IsLive(cards[place]); place++)
            {
                if (cards[place] == card) return new CardPlace(index, head, id, place, number);
            }

            int next = index.Next(id);
            if (next <= id) return default;
            id = next;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ref Slot<TKey, TValue> FindIn<TOps, TProbe>(uint[] cards, BucketIndex index, TKey key, ulong hash, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        uint numbers = (uint)cards.Length - 1;
        int first = Card.FirstOf(hash, numbers);
        ref uint bucket = ref Card.Bucket(cards, first);
        uint hits = Card.Match(ref bucket, Card.Of(hash, numbers), numbers);
        probe.At(ProbePoint.TophashMatched, first / Card.PerBucket, 0, hits);
        while (hits != 0)
        {
            int place = System.Numerics.BitOperations.TrailingZeroCount(hits);
            ref Slot<TKey, TValue> candidate = ref EntryOrNull((int)(Card.At(ref bucket, place) & numbers));
            // Only a race with a writer can make it one.
            if (Unsafe.IsNullRef(ref candidate)) return ref candidate;
            if (ops.Equals(ref Unsafe.As<TKey, byte>(ref candidate.Key), ref Unsafe.As<TKey, byte>(ref key)))
            {
                probe.At(ProbePoint.KeyFound, first / Card.PerBucket, place, hash);
                return ref candidate;
            }

            probe.At(ProbePoint.FalseHit, first / Card.PerBucket, place, hash);
            hits &= hits - 1;
        }

        if (!Card.IsLive(Card.At(ref bucket, Card.PerBucket - 1))) return ref Unsafe.NullRef<Slot<TKey, TValue>>();
        return ref FindInOverflow(index, numbers, key, hash, ops, probe);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly ref Slot<TKey, TValue> FindInOverflow<TOps, TProbe>(BucketIndex index, uint numbers, TKey key, ulong hash, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        uint card = Card.Of(hash, numbers);
        int buckets = index.Count;
        int bucket = Card.FirstOf(hash, numbers) / Card.PerBucket;
        // A racing search may hold cards of another generation.
        if (bucket >= buckets) return ref Unsafe.NullRef<Slot<TKey, TValue>>();
        for (int id = index.Next(bucket), last = bucket; id > last;)
        {
            // Read once: a racing writer may replace them by longer ones.
            uint[] cards = index.OverflowCards;
            int first = (id - buckets) * Card.PerBucket;
            if ((uint)first >= (uint)cards.Length) break;
            probe.At(ProbePoint.OverflowFollowed, id, 0, 0);
            uint hits = Card.Match(ref cards[first], card, numbers);
            probe.At(ProbePoint.TophashMatched, id, 0, hits);
            while (hits != 0)
            {
                int place = System.Numerics.BitOperations.TrailingZeroCount(hits);
                ref Slot<TKey, TValue> candidate = ref EntryOrNull((int)(cards[first + place] & numbers));
                if (Unsafe.IsNullRef(ref candidate)) return ref candidate;
                if (ops.Equals(ref Unsafe.As<TKey, byte>(ref candidate.Key), ref Unsafe.As<TKey, byte>(ref key)))
                {
                    probe.At(ProbePoint.KeyFound, id, place, hash);
                    return ref candidate;
                }

                probe.At(ProbePoint.FalseHit, id, place, hash);
                hits &= hits - 1;
            }

            if (!Card.IsLive(cards[first + Card.PerBucket - 1])) break;
            last = id;
            id = index.NextOrEnd(id);
        }

        return ref Unsafe.NullRef<Slot<TKey, TValue>>();
    }

    /// <summary><see cref="EntryOf"/> for a search that may race with a writer, and hold a number from before or after the arrays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ref Slot<TKey, TValue> EntryOrNull(int number)
    {
        Slot<TKey, TValue>[] entries = _entries;
        if ((uint)number < (uint)entries.Length) return ref entries[number];
        return ref SegmentEntryOrNull(number);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ref Slot<TKey, TValue> SegmentEntryOf(int number) => ref _segments![number >> SegmentBits].Entries[number & (SegmentSize - 1)];

    private readonly Slot<TKey, TValue>[] SegmentFrom(int number, out int first)
    {
        first = number & ~(SegmentSize - 1);
        return _segments![number >> SegmentBits].Entries;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ref Slot<TKey, TValue> SegmentEntryOrNull(int number)
    {
        Segment[]? segments = _segments;
        int segment = number >> SegmentBits;
        if (segments is null || (uint)segment >= (uint)segments.Length) return ref Unsafe.NullRef<Slot<TKey, TValue>>();
        Slot<TKey, TValue>[] entries = segments[segment].Entries;
        int at = number & (SegmentSize - 1);
        if ((uint)at >= (uint)entries.Length) return ref Unsafe.NullRef<Slot<TKey, TValue>>();
        return ref entries[at];
    }

    // In a struct: an array of arrays asks for the type of what is put into it, and the table is seen by more than one type (GuardedMap.Exact.cs).
    private readonly struct Segment(Slot<TKey, TValue>[] entries)
    {
        public readonly Slot<TKey, TValue>[] Entries = entries;
    }

    /// <summary>Makes <paramref name="index"/> the current one.</summary>
    private void Publish(BucketIndex index)
    {
        _current = index;
        _cards = index.Cards;
        _growAt = Capacity;
        _newBelow = NewBelow;
    }
}
