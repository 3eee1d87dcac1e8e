using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GuardedMaps;

// Placing and removing entries. Every method here needs the table to itself.
internal partial struct BucketTable<TKey, TValue>
{
    /// <summary>
    /// The common insert: no reason to grow, and room in the key's own bucket. O(1); cannot fail.
    /// </summary>
    /// <returns>False if it takes more; nothing has changed then.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryInsertHere<TProbe>(TKey key, TValue value, ulong hash, TProbe probe)
        where TProbe : struct, IProbe
    {
        if (_count >= _growAt) return false;
        ulong[] control = _control;
        int bucket = (int)hash & (control.Length - 1);
        ulong word = control[bucket];
        uint free = Tophash.Free(word);
        if (free == 0) return false;
        int slot = BitOperations.TrailingZeroCount(free);
        int index = (bucket * Tophash.SlotsPerBucket) + slot;
        ref Slot<TKey, TValue> target = ref _slots[index];
        target.Key = key;
        target.Value = value;
        if (_storeHashes) _current.Hashes![index] = (uint)hash;
        control[bucket] = Tophash.With(word, slot, Tophash.Of(hash));
        _count++;
        probe.At(ProbePoint.EntryInserted, bucket, slot, hash);
        return true;
    }

    /// <summary>
    /// Inserts a key that is not in the table; grows first if that is due. O(1) amortised. If an allocation fails, the entries are as before.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Insert<TOps, TProbe>(TKey key, TValue value, ulong hash, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        if (_count >= _growAt)
        {
            PrepareInsert(hash, ops, probe);
            // Whether to grow has been decided; the limit is for the next insert.
            int growAt = _growAt;
            _growAt = int.MaxValue;
            bool inserted = TryInsertHere(key, value, hash, probe);
            _growAt = growAt;
            if (inserted) return;
        }
        else if (TryInsertHere(key, value, hash, probe))
        {
            return;
        }

        InsertInOverflow(key, value, hash, (int)hash & (_control.Length - 1), probe);
    }

    /// <summary>
    /// The rest of a store: while the table grows, replaces the key's value or inserts it; in one that does not grow, inserts a key that
    /// <see cref="Find"/> has not found. O(1) amortised. If an allocation fails, the entries are as before.
    /// </summary>
    /// <returns>False if the key was there and was to be left alone.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Store<TOps, TProbe>(TKey key, TValue value, ulong hash, bool overwrite, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        if (_old is not null)
        {
            GrowWork(hash, ops, probe);
            ref Slot<TKey, TValue> slot = ref FindGrowing(key, hash, ops, probe);
            if (!Unsafe.IsNullRef(ref slot))
            {
                if (overwrite) slot.Value = value;
                return overwrite;
            }
        }

        Insert(key, value, hash, ops, probe);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void InsertInOverflow<TProbe>(TKey key, TValue value, ulong hash, int bucket, TProbe probe)
        where TProbe : struct, IProbe
    {
        BucketArray<TKey, TValue> array = _current;
        int id = bucket;
        int full = 0;
        uint free;
        do
        {
            full++;
            int next = array.Next(id);
            if (next <= id)
            {
                array.ReserveOverflow(1);
                next = array.AddOverflow(id);
                // The next insert looks for a reason to grow.
                if (array.OverflowCount >= array.Count) _growAt = 0;
                probe.At(ProbePoint.OverflowAdded, next, bucket, 0);
                ChainWatch.Note(full, array.Count);
            }

            id = next;
            free = Tophash.Free(array.ControlOf(id));
        }
        while (free == 0);

        int slot = BitOperations.TrailingZeroCount(free);
        ref Slot<TKey, TValue> target = ref array.SlotOf(id, slot);
        target.Key = key;
        target.Value = value;
        if (_storeHashes) array.HashOf(id, slot) = (uint)hash;
        ref ulong word = ref array.ControlOf(id);
        word = Tophash.With(word, slot, Tophash.Of(hash));
        _count++;
        probe.At(ProbePoint.EntryInserted, id, slot, hash);
    }

    /// <summary>Where in <paramref name="array"/> a slot lies that was found there.</summary>
    public static (int Bucket, int Slot) Locate(BucketArray<TKey, TValue> array, ref Slot<TKey, TValue> slot)
    {
        nuint size = (nuint)Unsafe.SizeOf<Slot<TKey, TValue>>();
        nuint offset = (nuint)Unsafe.ByteOffset(ref MemoryMarshal.GetArrayDataReference(array.Slots), ref slot);
        int index;
        if (offset < (nuint)array.Slots.Length * size)
        {
            index = (int)(offset / size);
            return (index / Tophash.SlotsPerBucket, index % Tophash.SlotsPerBucket);
        }

        offset = (nuint)Unsafe.ByteOffset(ref MemoryMarshal.GetArrayDataReference(array.OverflowSlots), ref slot);
        index = (int)(offset / size);
        return (array.Count + (index / Tophash.SlotsPerBucket), index % Tophash.SlotsPerBucket);
    }

    /// <summary>
    /// Removes the entry in a slot of the current or old array. O(1); keeps I4 by turning emptyOne back into emptyRest, towards the
    /// chain's head, where nothing live follows (Go: mapdelete).
    /// </summary>
    /// <param name="array">The array the slot lies in.</param>
    /// <param name="head">The primary bucket at the head of the slot's chain.</param>
    /// <param name="id">The slot's bucket.</param>
    /// <param name="slot">The slot's number in its bucket.</param>
    /// <param name="probe">The probe.</param>
    public void Remove<TProbe>(BucketArray<TKey, TValue> array, int head, int id, int slot, TProbe probe)
        where TProbe : struct, IProbe
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<Slot<TKey, TValue>>()) array.SlotOf(id, slot) = default;
        if (id == head && array.IsAlone(id)) RemoveAlone(ref array.Control[id], slot);
        else RemoveInChain(array, head, id, slot);

        _count--;
        probe.At(ProbePoint.EntryRemoved, id, slot, 0);
        if (_count == 0) BecomeEmpty();
    }

    /// <summary>An empty map takes a new seed, so that nobody can learn one by filling and emptying it (Go: mapdelete).</summary>
    private void BecomeEmpty()
    {
        Clears++;
        Reseed();
    }

    /// <summary>Removes the entry in a slot that <see cref="Find"/> gave. For a table that is not growing. O(1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void RemoveFound<TProbe>(ref Slot<TKey, TValue> slot, ulong hash, TProbe probe)
        where TProbe : struct, IProbe
    {
        Slot<TKey, TValue>[] slots = _slots;
        nuint index = (nuint)Unsafe.ByteOffset(ref MemoryMarshal.GetArrayDataReference(slots), ref slot) / (nuint)Unsafe.SizeOf<Slot<TKey, TValue>>();
        ulong[] control = _control;
        int bucket = (int)hash & (control.Length - 1);
        if (index >= (nuint)slots.Length || !_current.IsAlone(bucket))
        {
            RemoveFromChain(ref slot, bucket, probe);
            return;
        }

        if (RuntimeHelpers.IsReferenceOrContainsReferences<Slot<TKey, TValue>>()) slot = default;
        int number = (int)(index % Tophash.SlotsPerBucket);
        RemoveAlone(ref control[bucket], number);
        probe.At(ProbePoint.EntryRemoved, bucket, number, 0);
        if (--_count == 0) BecomeEmpty();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RemoveFromChain<TProbe>(ref Slot<TKey, TValue> slot, int head, TProbe probe)
        where TProbe : struct, IProbe
    {
        (int id, int number) = Locate(_current, ref slot);
        Remove(_current, head, id, number, probe);
    }

    /// <summary>
    /// Takes a slot out of a chain of one bucket: everything above the highest live slot becomes emptyRest. (The highest slot that is not
    /// emptyRest is always live, so if that is another one, this changes nothing else. Which slot is the highest is a surprise to the
    /// branch predictor, so nothing here branches on it.)
    /// </summary>
    private static void RemoveAlone(ref ulong control, int slot)
    {
        ulong word = control & ~(0xFFUL << (slot * 8));
        uint live = Tophash.Live(word);
        // What lies below the highest live slot keeps its emptyOne, and the slot itself becomes one, unless it lies above.
        word |= (ulong)Tophash.EmptyOne << (slot * 8);
        control = live == 0 ? 0 : word & (ulong.MaxValue >> (56 - (BitOperations.Log2(live) * 8)));
    }

    private static void RemoveInChain(BucketArray<TKey, TValue> array, int head, int id, int slot)
    {
        ulong word = array.ControlOf(id);
        bool somethingFollows;
        if (slot < Tophash.SlotsPerBucket - 1)
        {
            somethingFollows = Tophash.At(word, slot + 1) != Tophash.EmptyRest;
        }
        else
        {
            int next = array.Next(id);
            somethingFollows = next > id && Tophash.At(array.ControlOf(next), 0) != Tophash.EmptyRest;
        }

        if (somethingFollows) array.ControlOf(id) = Tophash.With(word, slot, Tophash.EmptyOne);
        else TrimChain(array, head, id, slot, word);
    }

    private static void TrimChain(BucketArray<TKey, TValue> array, int head, int id, int slot, ulong word)
    {
        while (true)
        {
            word = Tophash.With(word, slot, Tophash.EmptyRest);
            if (slot == 0)
            {
                array.ControlOf(id) = word;
                if (id == head) return;
                int previous = head;
                for (int next = array.Next(previous); next != id; next = array.Next(previous)) previous = next;
                id = previous;
                slot = Tophash.SlotsPerBucket - 1;
                word = array.ControlOf(id);
            }
            else
            {
                slot--;
            }

            if (Tophash.At(word, slot) != Tophash.EmptyOne)
            {
                array.ControlOf(id) = word;
                return;
            }
        }
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
        _growAt = Capacity;
        BecomeEmpty();
        probe.At(ProbePoint.Cleared, 0, 0, 0);
    }

    /// <summary>Replaces the arrays by copies; whoever holds the old ones keeps them unchanged. O(buckets).</summary>
    public void CopyArrays<TProbe>(TProbe probe)
        where TProbe : struct, IProbe
    {
        BucketArray<TKey, TValue> current = _current.Copy();
        BucketArray<TKey, TValue>? old = _old?.Copy();
        int growAt = _growAt;
        Publish(current);
        _growAt = growAt;
        _old = old;
        probe.At(ProbePoint.TableCopied, current.Count, 0, 0);
    }

    private void Reseed()
    {
        if (_namedSeed is null) _seed = HashMix.NextSeed(_seed);
    }
}
