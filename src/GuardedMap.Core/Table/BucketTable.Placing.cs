using System.Numerics;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// Placing and removing entries. Every method here needs the table to itself.
internal partial struct BucketTable<TKey, TValue>
{
    /// <summary>
    /// The common store: the key's own bucket has it, or has room for it, and there is no reason to grow. For a table that is not growing. O(1); cannot fail.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Stored TryStore<TOps, TProbe>(TKey key, TValue value, ulong hash, bool overwrite, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        uint[] cards = _cards;
        uint numbers = (uint)cards.Length - 1;
        int first = Card.FirstOf(hash, numbers);
        ref uint bucket = ref Card.Bucket(cards, first);
        uint card = Card.Of(hash, numbers);
        for (uint hits = Card.Match(ref bucket, card, numbers); hits != 0; hits &= hits - 1)
        {
            ref Slot<TKey, TValue> candidate = ref EntryOf((int)(Card.At(ref bucket, BitOperations.TrailingZeroCount(hits)) & numbers));
            if (!ops.Equals(ref Unsafe.As<TKey, byte>(ref candidate.Key), ref Unsafe.As<TKey, byte>(ref key))) continue;
            if (!overwrite) return Stored.Kept;
            candidate.Value = value;
            return Stored.Yes;
        }

        uint live = Card.LiveOnes(ref bucket);
        int number = _top;
        if (live == 0xFF || _count >= _growAt || number >= _newBelow) return Stored.NotYet;
        ref Slot<TKey, TValue> entry = ref EntryOf(number);
        entry.Key = key;
        entry.Value = value;
        int place = BitOperations.PopCount(live);
        Card.Put(ref bucket, place, card | (uint)number);
        _top = number + 1;
        _count++;
        probe.At(ProbePoint.EntryInserted, first / Card.PerBucket, place, hash);
        return Stored.Yes;
    }

    /// <summary>
    /// The store of a key that <see cref="TryStore"/> has not found, where numbers are used again: entries come and go, and its own bucket has room. O(1) amortised; cannot fail.
    /// </summary>
    /// <returns>False if it takes more than that; then nothing has changed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReuse<TProbe>(TKey key, TValue value, ulong hash, TProbe probe)
        where TProbe : struct, IProbe
    {
        if (_holes is not { } holes || _old is not null || _count >= _growAt) return false;
        uint[] cards = _cards;
        uint numbers = (uint)cards.Length - 1;
        int first = Card.FirstOf(hash, numbers);
        ref uint bucket = ref Card.Bucket(cards, first);
        // A search that has met a bucket with room has looked everywhere.
        uint live = Card.LiveOnes(ref bucket);
        if (live == 0xFF) return false;
        int number = TakeHole(holes);
        ref Slot<TKey, TValue> entry = ref EntryOf(number);
        entry.Key = key;
        entry.Value = value;
        int place = BitOperations.PopCount(live);
        Card.Put(ref bucket, place, Card.Of(hash, numbers) | (uint)number);
        _count++;
        probe.At(ProbePoint.EntryInserted, first / Card.PerBucket, place, hash);
        return true;
    }

    /// <summary>
    /// Any store: replaces the key's value or inserts it, and grows the table if that is due. O(1) amortised. If an allocation fails, the entries are as before.
    /// </summary>
    /// <returns>False if the key was there and was to be left alone.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Store<TOps, TProbe>(TKey key, TValue value, ulong hash, bool overwrite, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        GrowWork(hash, probe);
        ref Slot<TKey, TValue> present = ref FindGrowing(key, hash, ops, probe);
        if (!Unsafe.IsNullRef(ref present))
        {
            if (overwrite) present.Value = value;
            return overwrite;
        }

        Insert(key, value, hash, probe);
        return true;
    }

    /// <summary>
    /// Inserts a key that is not in the table; grows first if that is due. O(1) amortised. If an allocation fails, the entries are as before.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Insert<TProbe>(TKey key, TValue value, ulong hash, TProbe probe)
        where TProbe : struct, IProbe
    {
        if (_count >= _growAt) PrepareInsert(hash, probe);
        BucketIndex index = _current;
        int id = (int)hash & (index.Count - 1);
        for (int full = 1; Card.IsLive(index.CardsOf(id)[Card.PerBucket - 1]); full++)
        {
            int next = index.Next(id);
            if (next <= id)
            {
                index.ReserveOverflow(1);
                next = index.AddOverflow(id);
                // The next insert looks for a reason to grow.
                if (index.OverflowCount >= index.Count) _growAt = 0;
                probe.At(ProbePoint.OverflowAdded, next, (int)hash & (index.Count - 1), 0);
                ChainWatch.Note(full, index.Count);
            }

            id = next;
        }

        // Everything that can fail has been done when there is a number.
        int number = TakeNumber();
        ref Slot<TKey, TValue> entry = ref EntryOf(number);
        entry.Key = key;
        entry.Value = value;
        ref uint bucket = ref index.CardsOf(id)[0];
        int place = BitOperations.PopCount(Card.LiveOnes(ref bucket));
        Card.Put(ref bucket, place, Card.Of(hash, index.Numbers) | (uint)number);
        _count++;
        probe.At(ProbePoint.EntryInserted, id, place, hash);
    }

    /// <summary>A number for a new entry: the next one, or a hole's. O(1) amortised.</summary>
    private int TakeNumber()
    {
        if (_holes is null)
        {
            // A number must have room on a card. At most every eighth one lies idle.
            int most = Math.Min(_room, _current.Cards.Length);
            if (_top < most) return TakeNew();
            if (_top - _count > _count / 8 || (_top >= _current.Cards.Length && _top > _count)) MarkHoles();
            if (_holes is null)
            {
                AddRoom(_top + 1);
                return TakeNew();
            }
        }

        return TakeHole(_holes);
    }

    /// <summary>A hole's number. There is one, or the holes were forgotten: only two writers at once can find none, and then go on without.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int TakeHole(ulong[] holes)
    {
        int word = _hint;
        if (holes[word] == 0)
        {
            // Round, from the next word on.
            for (int looked = 0; looked < holes.Length && holes[word] == 0; looked++) word = word + 1 == holes.Length ? 0 : word + 1;
            _hint = word;
        }

        int number = (word << 6) + BitOperations.TrailingZeroCount(holes[word]);
        _reborn?.Note(number);
        holes[word] &= holes[word] - 1;
        // The entry that is about to be placed is not counted yet.
        if (_count + 1 == _top) ForgetHoles();
        return number;
    }

    private int TakeNew()
    {
        _newBelow = NewBelow;
        return _top++;
    }

    /// <summary>Works out which numbers below the top have no card, and has the next inserts use them. O(n). Changes nothing that anybody reads who does not ask for holes.</summary>
    public void MarkHoles()
    {
        if (_holes is not null || _top == _count) return;
        _holes = Holes();
        _hint = 0;
        _newBelow = NewBelow;
    }

    /// <summary>
    /// The next entries from a number on: either some side by side, or, of 64 numbers with holes among them, the first that is none, and which others are none. For somebody whose lease keeps
    /// writers out: what holes there are is worked out, and kept, with the first question. Two who ask at once find the same.
    /// </summary>
    /// <param name="number">Where to begin.</param>
    /// <param name="longest">The most that are wanted side by side.</param>
    /// <returns>
    /// The first number and the one behind the last, and a bit for each further one of the 64 numbers that the first is one of. From and End are the same when there are no more.
    /// </returns>
    public (int From, int End, ulong More) EntriesSideBySide(int number, int longest)
    {
        int top = _top;
        if (top == _count) return (number, Math.Max(number, Math.Min(top, number + longest)), 0);
        MarkHoles();
        ulong[] holes = _holes!;
        for (; number < top; number = (number | 63) + 1)
        {
            ulong gone = holes[number >> 6];
            if (gone == 0)
            {
                int end = (number | 63) + 1;
                while (end < top && end - number < longest && holes[end >> 6] == 0) end += 64;
                return (number, Math.Min(end, top), 0);
            }

            int first = number & ~63;
            ulong live = ~gone & (ulong.MaxValue << number);
            if (top - first < 64) live &= (1UL << top) - 1;
            if (live == 0) continue;
            int from = first + BitOperations.TrailingZeroCount(live);
            return (from, from + 1, live & (live - 1));
        }

        return (number, number, 0);
    }

    /// <summary>A bit for each number below the top that no card has; null if there is none. O(n).</summary>
    public readonly ulong[]? Holes()
    {
        if (_top == _count) return null;
        if (_holes is { } known) return BucketIndex.Copy(known);
        // One word for each 64 there is room for: numbers that are freed later have their bit there.
        ulong[] holes = new ulong[(_room + 63) >> 6];
        for (int word = 0; word < _top >> 6; word++) holes[word] = ulong.MaxValue;
        if ((_top & 63) != 0) holes[_top >> 6] = (1UL << _top) - 1;
        Unmark(_current.Cards, _current.Numbers, holes);
        Unmark(_current.OverflowCards, _current.Numbers, holes);
        if (_old is { } old)
        {
            Unmark(old.Cards, old.Numbers, holes);
            Unmark(old.OverflowCards, old.Numbers, holes);
        }

        return holes;
    }

    private static void Unmark(uint[] cards, uint numbers, ulong[] holes)
    {
        for (int i = 0; i < cards.Length; i++)
        {
            uint card = cards[i];
            int number = (int)(card & numbers);
            // A racing reader may see a card of a number that it has no room for.
            if (Card.IsLive(card) && number >> 6 < holes.Length) holes[number >> 6] &= ~(1UL << number);
        }
    }

    private void ForgetHoles()
    {
        _holes = null;
        _hint = 0;
        _newBelow = NewBelow;
    }

    /// <summary>Notes on which numbers are given out again from now on, for a walk over the live table.</summary>
    public Reborn NotesForWalk() => Reborn.ForWalk(ref _reborn);

    /// <summary>Makes room for so many entries. If the allocation fails, nothing has changed that matters.</summary>
    private void AddRoom(int entries)
    {
        if (_segments is null && entries <= SegmentSize)
        {
            int length = Math.Min(SegmentSize, Math.Max(entries, Math.Max(Card.PerBucket, _room * 2)));
            var longer = new Slot<TKey, TValue>[length];
            _entries.AsSpan(0, _top).CopyTo(longer);
            _entries = longer;
            _room = length;
        }
        else
        {
            AddSegments(entries);
        }

        if (_holes is { } holes)
        {
            ulong[] wider = new ulong[(_room + 63) >> 6];
            holes.AsSpan().CopyTo(wider);
            _holes = wider;
        }

        _newBelow = NewBelow;
    }

    private void AddSegments(int entries)
    {
        int present = _segments?.Length ?? 0;
        int needed = checked((int)(((long)entries + SegmentSize - 1) >> SegmentBits));
        var segments = new Segment[needed];
        _segments?.AsSpan().CopyTo(segments);
        if (present == 0)
        {
            // From now on all are reached by way of the directory: to choose between two ways would be a coin toss.
            segments[0] = _entries.Length == SegmentSize ? new Segment(_entries) : NewSegment();
            if (_entries.Length != SegmentSize) _entries.AsSpan(0, _top).CopyTo(segments[0].Entries);
            present = 1;
        }

        for (int i = present; i < needed; i++) segments[i] = NewSegment();
        _segments = segments;
        _entries = [];
        _room = needed << SegmentBits;

        // Entries of types without references need not be zeroed: nobody reads one that no card leads to, but a race whose answer is discarded.
        static Segment NewSegment() => new(RuntimeHelpers.IsReferenceOrContainsReferences<Slot<TKey, TValue>>()
            ? new Slot<TKey, TValue>[SegmentSize]
            : GC.AllocateUninitializedArray<Slot<TKey, TValue>>(SegmentSize));
    }

    /// <summary>The common removal: the key's own bucket has it, or is not full. For a table that is not growing. O(1); cannot fail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Removed TryRemove<TOps, TProbe>(TKey key, ulong hash, TOps ops, TProbe probe, out TValue value)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        uint[] cards = _cards;
        uint numbers = (uint)cards.Length - 1;
        int first = Card.FirstOf(hash, numbers);
        ref uint bucket = ref Card.Bucket(cards, first);
        uint live = Card.LiveOnes(ref bucket);
        for (uint hits = Card.Match(ref bucket, Card.Of(hash, numbers), numbers); hits != 0; hits &= hits - 1)
        {
            int place = BitOperations.TrailingZeroCount(hits);
            int number = (int)(Card.At(ref bucket, place) & numbers);
            ref Slot<TKey, TValue> entry = ref EntryOf(number);
            if (!ops.Equals(ref Unsafe.As<TKey, byte>(ref entry.Key), ref Unsafe.As<TKey, byte>(ref key))) continue;
            // The place may be the next overflow bucket's last card's.
            if (live == 0xFF && !_current.IsAlone(first / Card.PerBucket)) break;
            value = entry.Value;
            if (RuntimeHelpers.IsReferenceOrContainsReferences<Slot<TKey, TValue>>()) entry = default;
            Card.Take(ref bucket, place, BitOperations.Log2(live));
            Forget(number);
            probe.At(ProbePoint.EntryRemoved, first / Card.PerBucket, place, 0);
            return Removed.Yes;
        }

        value = default!;
        return live == 0xFF ? Removed.NotYet : Removed.Missing;
    }

    /// <summary>Removes the entry of a card. O(chain). The chain's last card gets the place.</summary>
    public void Remove<TProbe>(in CardPlace place, TProbe probe)
        where TProbe : struct, IProbe
    {
        BucketIndex index = place.Index!;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<Slot<TKey, TValue>>()) EntryOf(place.Number) = default;
        int tail = place.Id;
        while (Card.IsLive(index.CardsOf(tail)[Card.PerBucket - 1]) && index.Next(tail) is var next && next > tail && Card.IsLive(index.CardsOf(next)[0])) tail = next;
        Span<uint> last = index.CardsOf(tail);
        int at = BitOperations.Log2(Card.LiveOnes(ref last[0]));
        if (tail == place.Id)
        {
            Card.Take(ref last[0], place.Place, at);
        }
        else
        {
            Card.Put(ref index.CardsOf(place.Id)[0], place.Place, last[at]);
            Card.Put(ref last[0], at, Card.Empty);
        }

        Forget(place.Number);
        probe.At(ProbePoint.EntryRemoved, place.Id, place.Place, 0);
    }

    /// <summary>A number's card is gone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Forget(int number)
    {
        int count = _count - 1;
        _count = count;
        if (count == 0) BecomeEmpty();
        else if (_holes is { } holes) AddHole(holes, number);
    }

    private void AddHole(ulong[] holes, int number)
    {
        holes[number >> 6] |= 1UL << number;
        _hint = number >> 6;
    }

    /// <summary>An empty map takes a new seed, so that nobody can learn one by filling and emptying it (Go: mapdelete), and begins with its numbers anew.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void BecomeEmpty()
    {
        Clears++;
        _top = 0;
        ForgetHoles();
        if (_namedSeed is null) _seed = HashMix.NextSeed(_seed);
    }

    /// <summary>Removes every entry; keeps the capacity. O(buckets).</summary>
    public void Clear<TProbe>(TProbe probe)
        where TProbe : struct, IProbe
    {
        if (_count == 0 && _old is null) return;
        _old = null;
        _evacuationMark = 0;
        _growReason = GrowReason.None;
        _current.Clear();
        _count = 0;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<Slot<TKey, TValue>>())
        {
            for (int number = 0; number < _top;)
            {
                Slot<TKey, TValue>[] entries = EntriesFrom(number, out int first);
                entries.AsSpan(0, Math.Min(entries.Length, _top - first)).Clear();
                number = first + entries.Length;
            }
        }

        _growAt = Capacity;
        BecomeEmpty();
        probe.At(ProbePoint.Cleared, 0, 0, 0);
    }

    /// <summary>Replaces the arrays by copies; whoever holds the old ones keeps them unchanged. O(n).</summary>
    public void CopyArrays<TProbe>(TProbe probe)
        where TProbe : struct, IProbe
    {
        BucketIndex current = _current.Copy();
        BucketIndex? old = _old?.Copy();
        Slot<TKey, TValue>[] entries = BucketIndex.Copy(_entries);
        Segment[]? segments = CopySegments();
        ulong[]? holes = _holes is { } known ? BucketIndex.Copy(known) : null;
        int growAt = _growAt;
        Publish(current);
        _growAt = growAt;
        _old = old;
        _entries = entries;
        _segments = segments;
        _holes = holes;
        probe.At(ProbePoint.TableCopied, current.Count, 0, 0);
    }

    private readonly Segment[]? CopySegments()
    {
        if (_segments is not { } segments) return null;
        var copies = new Segment[segments.Length];
        for (int i = 0; i < segments.Length; i++) copies[i] = new Segment(BucketIndex.Copy(segments[i].Entries));
        return copies;
    }
}
