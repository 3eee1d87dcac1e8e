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
// A new bucket is fed by exactly one old bucket and is empty until that one is evacuated (I6), so evacuation never searches:
// it deals the entries out to X and Y in order. It runs no foreign code (hashes are stored where hashing is foreign code) and
// reserves all room first, so it cannot fail half-way.
internal partial struct BucketTable<TKey, TValue>
{
    /// <summary>How far one evacuation may advance the mark over buckets already evacuated (Go: advanceEvacuationMark).</summary>
    private const int MarkSweep = 1024;

    /// <summary>Evacuates what a write to this hash needs: its own old bucket and one more. Call before any write while the table grows.</summary>
    public void GrowWork<TOps, TProbe>(ulong hash, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        if (_old is not { } old) return;
        Evacuate((int)hash & (old.Count - 1), ops, probe);
        if (_old is not null) Evacuate(_evacuationMark, ops, probe);
    }

    /// <summary>Evacuates everything that is left. O(buckets).</summary>
    public void FinishGrowth<TOps, TProbe>(TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        while (_old is not null) Evacuate(_evacuationMark, ops, probe);
    }

    /// <summary>Says that somebody walks the arrays and must find the entries still there after their evacuation (Go: the iterator flags).</summary>
    public void MarkWalked()
    {
        _walked = true;
        _oldWalked = true;
    }

    /// <summary>Rebuilds the table at once with room for <paramref name="entries"/> entries. O(n). If an allocation fails, nothing has changed.</summary>
    public void Resize<TOps, TProbe>(int entries, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        FinishGrowth(ops, probe);
        BucketArray<TKey, TValue> from = _current;
        BucketArray<TKey, TValue> to = entries == 0 && _count == 0
            ? BucketArray<TKey, TValue>.Unallocated
            : BucketArray<TKey, TValue>.Allocate(BucketArray<TKey, TValue>.BucketsFor(Math.Max(entries, _count)), _storeHashes);
        probe.At(ProbePoint.GrowStarted, to.Count, 0, (ulong)GrowReason.Requested);
        int buckets = from.Count + from.OverflowCount;
        for (int id = 0; id < buckets; id++)
        {
            ulong word = from.ControlOf(id);
            for (uint live = Tophash.Live(word); live != 0; live &= live - 1)
            {
                int slot = BitOperations.TrailingZeroCount(live);
                ref Slot<TKey, TValue> entry = ref from.SlotOf(id, slot);
                uint hash = _storeHashes ? from.HashOf(id, slot) : (uint)ops.Hash(ref Unsafe.As<TKey, byte>(ref entry.Key));
                var target = new Destination((int)hash & (to.Count - 1));
                while (Tophash.Free(to.ControlOf(target.Id)) == 0)
                {
                    int next = to.Next(target.Id);
                    if (next == 0)
                    {
                        to.ReserveOverflow(1);
                        next = to.AddOverflow(target.Id);
                    }

                    target.Id = next;
                }

                target.Used = BitOperations.TrailingZeroCount(Tophash.Free(to.ControlOf(target.Id)));
                Deal(to, ref target, in entry, Tophash.At(word, slot), hash);
            }
        }

        // An iterator that still walks the replaced array looks moved keys up in the live one.
        for (int id = 0; _walked && id < buckets && from.Slots.Length != 0; id++)
            MarkEvacuated(ref from.ControlOf(id), 0);

        Publish(to);
        _growReason = GrowReason.None;
        _oldWalked = _walked;
        _walked = false;
        probe.At(ProbePoint.GrowFinished, to.Count, 0, 0);
    }

    /// <summary>The cold part of an insert: starts a growth if one is due, and evacuates what the insert needs.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PrepareInsert<TOps, TProbe>(ulong hash, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        if (_old is not null) return;
        if (_current.Slots.Length == 0)
        {
            Publish(BucketArray<TKey, TValue>.Allocate(1, _storeHashes));
            probe.At(ProbePoint.GrowStarted, 1, 0, (ulong)GrowReason.FirstEntry);
            return;
        }

        GrowReason reason = _count + 1 > BucketArray<TKey, TValue>.LoadLimit(_current.Count) ? GrowReason.LoadFactor
            : _current.OverflowCount >= _current.Count ? GrowReason.TooManyOverflowBuckets
            : GrowReason.None;
        if (reason == GrowReason.None) return;

        int buckets = reason == GrowReason.LoadFactor ? checked(_current.Count * 2) : _current.Count;
        var array = BucketArray<TKey, TValue>.Allocate(buckets, _storeHashes);
        _old = _current;
        _evacuationMark = 0;
        _growReason = reason;
        _oldWalked = _walked;
        _walked = false;
        Publish(array);
        probe.At(ProbePoint.GrowStarted, buckets, 0, (ulong)reason);
        GrowWork(hash, ops, probe);
    }

    /// <summary>Moves one old chain to its new buckets, unless it has moved already; advances the mark. O(chain).</summary>
    private void Evacuate<TOps, TProbe>(int bucket, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        BucketArray<TKey, TValue> old = _old!;
        if (!Tophash.IsEvacuated(old.Control[bucket]))
        {
            if (old.IsAlone(bucket)) EvacuateBucket(old, bucket, ops, probe);
            else EvacuateChain(old, bucket, ops, probe);
        }

        if (bucket == _evacuationMark) AdvanceMark(old, probe);
    }

    /// <summary>The common case: no overflow bucket, so X and Y have room for all.</summary>
    private readonly void EvacuateBucket<TOps, TProbe>(BucketArray<TKey, TValue> old, int bucket, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        BucketArray<TKey, TValue> array = _current;
        int oldCount = old.Count;
        int from = bucket * Tophash.SlotsPerBucket;
        Span<Slot<TKey, TValue>> source = old.Slots.AsSpan(from, Tophash.SlotsPerBucket);
        ulong word = old.Control[bucket];
        uint toX = Tophash.Live(word);
        uint toY = 0;
        if (array.Count != oldCount)
        {
            int toward = from + (oldCount * Tophash.SlotsPerBucket);
            // Which way an entry goes is a coin toss, which a branch predictor loses half the time: so nothing here branches on it.
            if (!_storeHashes && !RuntimeHelpers.IsReferenceOrContainsReferences<Slot<TKey, TValue>>())
            {
                toY = DealAll(source, array.Slots, from, toward, toX, BitOperations.Log2((uint)oldCount), ops);
                toX &= ~toY;
            }
            else
            {
                toY = DirectionsOf(old.HashesOf(bucket), source, toX, BitOperations.Log2((uint)oldCount), ops);
                toX &= ~toY;
                Move(old, array, source, from, toward, toY);
                Move(old, array, source, from, from, toX);
            }

            array.Control[bucket + oldCount] = Tophash.Pack(word, toY);
        }
        else
        {
            Move(old, array, source, from, from, toX);
        }

        array.Control[bucket] = Tophash.Pack(word, toX);
        if (!_oldWalked && RuntimeHelpers.IsReferenceOrContainsReferences<Slot<TKey, TValue>>()) source.Clear();
        old.Control[bucket] = Tophash.Evacuated(toX, toY);
        probe.At(ProbePoint.BucketEvacuated, bucket, BitOperations.PopCount(toX), (ulong)BitOperations.PopCount(toY));
    }

    /// <summary>
    /// Writes every slot to both sides, and advances only the side it belongs to. Garbage behind the last entry of a side is as free as
    /// it was; slots that hold references must not be left such garbage, and take the other way.
    /// </summary>
    /// <returns>The live slots that went to Y.</returns>
    private static uint DealAll<TOps>(Span<Slot<TKey, TValue>> source, Slot<TKey, TValue>[] slots, int x, int y, uint live, int shift, TOps ops)
        where TOps : struct, IKeyOps
    {
        Span<Slot<TKey, TValue>> targetX = slots.AsSpan(x, Tophash.SlotsPerBucket);
        Span<Slot<TKey, TValue>> targetY = slots.AsSpan(y, Tophash.SlotsPerBucket);
        uint toY = 0;
        int usedX = 0;
        int usedY = 0;
        for (int slot = 0; slot < source.Length; slot++)
        {
            Slot<TKey, TValue> entry = source[slot];
            uint isLive = live >> slot & 1;
            uint isY = (uint)ops.Hash(ref Unsafe.As<TKey, byte>(ref entry.Key)) >> shift & isLive;
            // At most seven entries come before this one, so both indexes are below eight.
            targetX[usedX] = entry;
            targetY[usedY] = entry;
            usedY += (int)isY;
            usedX += (int)(isLive ^ isY);
            toY |= isY << slot;
        }

        return toY;
    }

    /// <summary>Which of the live slots go to Y.</summary>
    private static uint DirectionsOf<TOps>(Span<uint> hashes, Span<Slot<TKey, TValue>> source, uint live, int shift, TOps ops)
        where TOps : struct, IKeyOps
    {
        uint toY = 0;
        if (!hashes.IsEmpty)
        {
            for (int slot = 0; slot < hashes.Length; slot++) toY |= (hashes[slot] >> shift & 1) << slot;
            return toY & live;
        }

        for (; live != 0; live &= live - 1)
        {
            int slot = BitOperations.TrailingZeroCount(live);
            toY |= ((uint)ops.Hash(ref Unsafe.As<TKey, byte>(ref source[slot].Key)) >> shift & 1) << slot;
        }

        return toY;
    }

    /// <summary>Moves some slots of an old bucket to the front of an empty new one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move(
        BucketArray<TKey, TValue> old, BucketArray<TKey, TValue> array, Span<Slot<TKey, TValue>> source, int from, int to, uint slots)
    {
        Span<Slot<TKey, TValue>> target = array.Slots.AsSpan(to, Tophash.SlotsPerBucket);
        bool storesHashes = array.Hashes is not null;
        for (int used = 0; slots != 0 && used < target.Length; used++, slots &= slots - 1)
        {
            int slot = BitOperations.TrailingZeroCount(slots);
            target[used] = source[slot];
            if (storesHashes) array.Hashes![to + used] = old.Hashes![from + slot];
        }
    }

    private readonly void EvacuateChain<TOps, TProbe>(BucketArray<TKey, TValue> old, int bucket, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        BucketArray<TKey, TValue> array = _current;
        int oldCount = old.Count;
        bool doubles = array.Count != oldCount;
        int length = 0;
        for (int id = bucket, next; ; id = next)
        {
            length++;
            next = old.Next(id);
            if (next == 0) break;
        }

        // Each side takes at most what the whole chain holds. Nothing after this line can fail.
        array.ReserveOverflow((length - 1) * (doubles ? 2 : 1));
        int shift = BitOperations.Log2((uint)oldCount);
        var x = new Destination(bucket);
        var y = new Destination(bucket + oldCount);
        int movedX = 0;
        int movedY = 0;
        for (int id = bucket, next; ; id = next)
        {
            ref ulong control = ref old.ControlOf(id);
            ulong word = control;
            uint toX = Tophash.Live(word);
            Span<Slot<TKey, TValue>> source = old.SlotsOf(id);
            uint toY = doubles ? DirectionsOf(old.HashesOf(id), source, toX, shift, ops) : 0;
            toX &= ~toY;
            Append(array, ref x, source, old.HashesOf(id), word, toX);
            Append(array, ref y, source, old.HashesOf(id), word, toY);
            movedX += BitOperations.PopCount(toX);
            movedY += BitOperations.PopCount(toY);
            if (!_oldWalked && RuntimeHelpers.IsReferenceOrContainsReferences<Slot<TKey, TValue>>()) source.Clear();
            control = Tophash.Evacuated(toX, toY);
            next = old.Next(id);
            if (next == 0) break;
        }

        probe.At(ProbePoint.BucketEvacuated, bucket, movedX, (ulong)movedY);
    }

    /// <summary>Moves some slots of an old bucket behind what a destination chain has got already.</summary>
    private static void Append(
        BucketArray<TKey, TValue> array, ref Destination to, Span<Slot<TKey, TValue>> source, Span<uint> hashes, ulong word, uint slots)
    {
        while (slots != 0)
        {
            if (to.Used == Tophash.SlotsPerBucket) to = new Destination(array.AddOverflow(to.Id));
            Span<Slot<TKey, TValue>> target = array.SlotsOf(to.Id);
            Span<uint> targetHashes = array.HashesOf(to.Id);
            ref ulong control = ref array.ControlOf(to.Id);
            ulong placed = control;
            int used = to.Used;
            for (; slots != 0 && used < target.Length; used++, slots &= slots - 1)
            {
                int slot = BitOperations.TrailingZeroCount(slots);
                target[used] = source[slot];
                if (!hashes.IsEmpty) targetHashes[used] = hashes[slot];
                placed |= (ulong)Tophash.At(word, slot) << (used * 8);
            }

            control = placed;
            to.Used = used;
        }
    }

    /// <summary>Replaces a control word's live bytes by evacuatedX or evacuatedY, the others by evacuatedEmpty.</summary>
    private static void MarkEvacuated(ref ulong word, uint movedToY)
    {
        uint live = Tophash.Live(word);
        word = Tophash.Evacuated(live & ~movedToY, movedToY);
    }

    /// <summary>Puts an entry into the next slot of a destination chain.</summary>
    private static void Deal(BucketArray<TKey, TValue> array, ref Destination to, in Slot<TKey, TValue> entry, byte top, uint hash)
    {
        if (to.Used == Tophash.SlotsPerBucket) to = new Destination(array.AddOverflow(to.Id));
        array.SlotOf(to.Id, to.Used) = entry;
        if (array.Hashes is not null) array.HashOf(to.Id, to.Used) = hash;
        ref ulong word = ref array.ControlOf(to.Id);
        word = Tophash.With(word, to.Used, top);
        to.Used++;
    }

    private void AdvanceMark<TProbe>(BucketArray<TKey, TValue> old, TProbe probe)
        where TProbe : struct, IProbe
    {
        ulong[] control = old.Control;
        int mark = _evacuationMark + 1;
        int stop = Math.Min(mark + MarkSweep, control.Length);
        while (mark < stop && Tophash.IsEvacuated(control[mark])) mark++;
        _evacuationMark = mark;
        if (mark != control.Length) return;

        _old = null;
        _evacuationMark = 0;
        _growReason = GrowReason.None;
        // The evacuated chains may have brought enough overflow buckets along for the next insert to look again.
        _growAt = _current.OverflowCount >= _current.Count ? 0 : Capacity;
        probe.At(ProbePoint.GrowFinished, control.Length, 0, 0);
    }

    /// <summary>Where the next evacuated entry goes: a bucket and how many of its slots are taken.</summary>
    private record struct Destination(int Id)
    {
        public int Id = Id;
        public int Used;
    }
}
