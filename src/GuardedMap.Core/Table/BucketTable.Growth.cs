using System.Numerics;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// When and how to grow, and evacuation. Every method here needs the table to itself.
//
//   old   [ 0: moved ][ 1 ][ 2: moved ][ 3 ]            evacuation mark = 1: everything below has moved
//             │               │
//             ├──X──▶ new 0   ├──X──▶ new 2
//             └──Y──▶ new 4   └──Y──▶ new 6
//
// It is the index that grows so. A new bucket is fed by exactly one old bucket and is empty until that one is evacuated (I6), so evacuation never searches:
// it deals the cards out to X and Y in order. It looks at no key, runs no foreign code and reserves all room first, so it cannot fail half-way. The entries stay
// where they are: their array is copied to a longer one while it is short, and gets another segment when it is long.
internal partial struct BucketTable<TKey, TValue>
{
    /// <summary>How far one evacuation may advance the mark over buckets already evacuated (Go: advanceEvacuationMark).</summary>
    private const int MarkSweep = 1024;

    /// <summary>Evacuates what a write to this hash needs: its own old bucket and one more. Call before any write while the table grows.</summary>
    public void GrowWork<TProbe>(ulong hash, TProbe probe)
        where TProbe : struct, IProbe
    {
        if (_old is not { } old) return;
        Evacuate((int)hash & (old.Count - 1), probe);
        if (_old is not null) Evacuate(_evacuationMark, probe);
    }

    /// <summary>Evacuates everything that is left. O(buckets).</summary>
    public void FinishGrowth<TProbe>(TProbe probe)
        where TProbe : struct, IProbe
    {
        while (_old is not null) Evacuate(_evacuationMark, probe);
    }

    /// <summary>
    /// Rebuilds the table at once with room for <paramref name="entries"/> entries. O(n). Holes are closed, unless somebody may be walking over the live table. If an allocation fails, nothing has changed.
    /// </summary>
    public void Resize<TProbe>(int entries, TProbe probe)
        where TProbe : struct, IProbe
    {
        FinishGrowth(probe);
        entries = Math.Max(entries, _count);
        BucketIndex from = _current;
        if (entries == 0)
        {
            probe.At(ProbePoint.GrowStarted, BucketIndex.Unallocated.Count, 0, (ulong)GrowReason.Requested);
            Publish(BucketIndex.Unallocated);
            DropEntries();
            probe.At(ProbePoint.GrowFinished, BucketIndex.Unallocated.Count, 0, 0);
            return;
        }

        ulong[]? holes = _reborn is null ? Holes() : null;
        int top = holes is null ? _top : _count;
        // What lies beyond the top is given back; a number must have room on a card.
        int room = Math.Max(entries, top);
        BucketIndex to = BucketIndex.Allocate(Math.Max(BucketIndex.BucketsFor(entries), (int)BitOperations.RoundUpToPowerOf2((uint)((top + Card.PerBucket - 1) / Card.PerBucket))));
        probe.At(ProbePoint.GrowStarted, to.Count, 0, (ulong)GrowReason.Requested);
        var rebuilt = this;
        rebuilt.DropEntries();
        rebuilt._current = to;
        rebuilt._cards = to.Cards;
        rebuilt.AddRoom(room);
        int[]? renumbered = holes is null ? null : new int[_top];
        int next = 0;
        for (int number = 0; number < _top; number++)
        {
            if (holes is not null && (holes[number >> 6] >> number & 1) != 0) continue;
            rebuilt.EntryOf(next) = EntryOf(number);
            if (renumbered is not null) renumbered[number] = next;
            next++;
        }

        for (int bucket = 0; bucket < from.Count; bucket++)
        {
            for (int id = bucket, link; ; id = link)
            {
                Span<uint> cards = from.CardsOf(id);
                for (int place = 0; place < Card.PerBucket && Card.IsLive(cards[place]); place++)
                {
                    uint card = cards[place];
                    int number = (int)(card & from.Numbers);
                    PutInto(to, Card.HashOf(card, bucket, from.Numbers), renumbered is null ? number : renumbered[number]);
                }

                link = from.Next(id);
                if (link <= id) break;
            }
        }

        rebuilt._top = next;
        if (renumbered is not null) rebuilt.Clears++;
        rebuilt.Publish(to);
        rebuilt._growReason = GrowReason.None;
        this = rebuilt;
        probe.At(ProbePoint.GrowFinished, to.Count, 0, 0);
    }

    private static void PutInto(BucketIndex index, uint hash, int number)
    {
        int id = (int)hash & (index.Count - 1);
        while (Card.IsLive(index.CardsOf(id)[Card.PerBucket - 1]))
        {
            int next = index.Next(id);
            if (next == 0)
            {
                index.ReserveOverflow(1);
                next = index.AddOverflow(id);
            }

            id = next;
        }

        ref uint first = ref index.CardsOf(id)[0];
        Card.Put(ref first, BitOperations.PopCount(Card.LiveOnes(ref first)), Card.Of(hash, index.Numbers) | (uint)number);
    }

    private void DropEntries()
    {
        _entries = [];
        _segments = null;
        _room = 0;
        _top = 0;
        _holes = null;
        _hint = 0;
        _newBelow = 0;
    }

    /// <summary>The cold part of an insert: starts a growth if one is due, and evacuates what the insert needs.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PrepareInsert<TProbe>(ulong hash, TProbe probe)
        where TProbe : struct, IProbe
    {
        if (_old is not null) return;
        if (_current.IsUnallocated)
        {
            var first = BucketIndex.Allocate(1);
            AddRoom(Card.PerBucket);
            Publish(first);
            probe.At(ProbePoint.GrowStarted, 1, 0, (ulong)GrowReason.FirstEntry);
            return;
        }

        GrowReason reason = _count + 1 > BucketIndex.LoadLimit(_current.Count) ? GrowReason.LoadFactor
            : _current.OverflowCount >= _current.Count ? GrowReason.TooManyOverflowBuckets
            : GrowReason.None;
        if (reason == GrowReason.None)
        {
            _growAt = Capacity;
            return;
        }

        int buckets = reason == GrowReason.LoadFactor ? checked(_current.Count * 2) : _current.Count;
        var index = BucketIndex.Allocate(buckets);
        _old = _current;
        _evacuationMark = 0;
        _growReason = reason;
        Publish(index);
        probe.At(ProbePoint.GrowStarted, buckets, 0, (ulong)reason);
        GrowWork(hash, probe);
    }

    /// <summary>Moves the cards of one old chain to its new buckets, unless they have moved already; advances the mark. O(chain).</summary>
    private void Evacuate<TProbe>(int bucket, TProbe probe)
        where TProbe : struct, IProbe
    {
        BucketIndex old = _old!;
        if (!old.IsEvacuated(bucket))
        {
            if (old.IsAlone(bucket)) EvacuateBucket(old, bucket, probe);
            else EvacuateChain(old, bucket, probe);
        }

        if (bucket == _evacuationMark) AdvanceMark(old, probe);
    }

    /// <summary>The common case: no overflow bucket, so X and Y have room for all.</summary>
    private readonly void EvacuateBucket<TProbe>(BucketIndex old, int bucket, TProbe probe)
        where TProbe : struct, IProbe
    {
        BucketIndex index = _current;
        bool doubles = index.Count != old.Count;
        ref uint x = ref index.Cards[bucket * Card.PerBucket];
        ref uint y = ref doubles ? ref index.Cards[(bucket + old.Count) * Card.PerBucket] : ref x;
        (uint toX, uint toY) = Card.Deal(ref old.Cards[bucket * Card.PerBucket], ref x, ref y, doubles ? (uint)old.Cards.Length : 0);
        probe.At(ProbePoint.BucketEvacuated, bucket, BitOperations.PopCount(toX), (ulong)BitOperations.PopCount(toY));
    }

    private readonly void EvacuateChain<TProbe>(BucketIndex old, int bucket, TProbe probe)
        where TProbe : struct, IProbe
    {
        BucketIndex index = _current;
        bool doubles = index.Count != old.Count;
        int length = 0;
        for (int id = bucket, next; ; id = next)
        {
            length++;
            next = old.Next(id);
            if (next == 0) break;
        }

        // Each side takes at most what the whole chain holds. Nothing after this line can fail.
        index.ReserveOverflow((length - 1) * (doubles ? 2 : 1));
        uint bit = doubles ? (uint)old.Cards.Length : 0;
        var x = new Destination(bucket);
        var y = new Destination(bucket + old.Count);
        for (int id = bucket, next; ; id = next)
        {
            Span<uint> cards = old.CardsOf(id);
            for (int place = 0; place < Card.PerBucket; place++)
            {
                uint card = cards[place];
                if (!Card.IsLive(card))
                {
                    cards[place] = Card.EvacuatedEmpty;
                }
                else if ((card & bit) != 0)
                {
                    Append(index, ref y, card & ~bit);
                    cards[place] = Card.EvacuatedY;
                }
                else
                {
                    Append(index, ref x, card);
                    cards[place] = Card.EvacuatedX;
                }
            }

            next = old.Next(id);
            if (next == 0) break;
        }

        probe.At(ProbePoint.BucketEvacuated, bucket, x.Moved, (ulong)y.Moved);
    }

    /// <summary>Puts a card behind what a destination chain has got already.</summary>
    private static void Append(BucketIndex index, ref Destination to, uint card)
    {
        if (to.Used == Card.PerBucket)
        {
            to.Id = index.AddOverflow(to.Id);
            to.Used = 0;
        }

        index.CardsOf(to.Id)[to.Used++] = card;
        to.Moved++;
    }

    private void AdvanceMark<TProbe>(BucketIndex old, TProbe probe)
        where TProbe : struct, IProbe
    {
        int mark = _evacuationMark + 1;
        int buckets = old.Count;
        int stop = Math.Min(mark + MarkSweep, buckets);
        while (mark < stop && old.IsEvacuated(mark)) mark++;
        _evacuationMark = mark;
        if (mark != buckets) return;

        _old = null;
        _evacuationMark = 0;
        _growReason = GrowReason.None;
        // The evacuated chains may have brought enough overflow buckets along for the next insert to look again.
        _growAt = _current.OverflowCount >= _current.Count ? 0 : Capacity;
        probe.At(ProbePoint.GrowFinished, buckets, 0, 0);
    }

    /// <summary>Where the next evacuated card goes: a bucket and how many of its places are taken.</summary>
    private record struct Destination(int Id)
    {
        public int Id = Id;
        public int Used;
        public int Moved;
    }
}
