using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GuardedMaps;

public abstract partial class GuardedMapBase<TKey, TValue>
{
    /// <summary>
    /// Enumerates the map for C# <c>foreach</c>, under a lease of the map's contract: the compiler disposes it whatever happens in the
    /// loop. (On a map made for a shell, which disposes nothing, it is unleased.)
    /// </summary>
    /// <exception cref="MapViolationException">The map is being written.</exception>
    public Enumerator GetEnumerator() => new(this);

    private MapIterator<TKey, TValue> ForEachIterator() =>
        _options.ForShell ? Unleased(typeof(TKey) == typeof(object)) : Iterate();

    /// <summary>Begins the lease of a plain foreach, if nothing unusual is the matter.</summary>
    /// <returns>How, or Barred.</returns>
    private Way BeginAnonymousLease()
    {
        if ((Volatile.Read(ref _version) & VersionWord.IterateCarefully) != 0
            || _options.Contract != IterationContract.Reject || _options.ForShell) return Way.Barred;
        // Other iterations and snapshots do not disturb this one.
        const long Ordinary = ~(AccessWord.Registered | AccessWord.Frozen);
        long access = Volatile.Read(ref _access);
        if ((access & Ordinary) == AccessWord.Owned && _ownerLeases < AccessWord.MaxAnonymousLeases && IsOwner)
        {
            // The owner's way, as for a write (AccessWord): busy, look again, and then nobody else can be in here.
            Volatile.Write(ref _ownerBusy, 1);
            bool mine = (Volatile.Read(ref _access) & Ordinary) == AccessWord.Owned;
            if (mine) _ownerLeases++;
            Volatile.Write(ref _ownerBusy, 0);
            return mine ? Way.Owner : Way.Barred;
        }

        if ((access & Ordinary & ~AccessWord.AnonymousMask) != AccessWord.Shared
            || AccessWord.AnonymousLeases(access) == AccessWord.MaxAnonymousLeases
            || Interlocked.CompareExchange(ref _access, access + AccessWord.AnonymousOne, access) != access) return Way.Barred;
        // Somebody may be writing since the look at the version; a write that began before the swap shows in the version by now.
        if ((Volatile.Read(ref _version) & VersionWord.IterateCarefully) != 0)
        {
            EndAnonymousLease(Way.Swap);
            return Way.Barred;
        }

        Volatile.Write(ref _leaseHolder, ActorThread.Id);
        return Way.Swap;
    }

    private void EndAnonymousLease(Way way)
    {
        if (way == Way.Owner && (Volatile.Read(ref _access) & AccessWord.Shared) == 0 && IsOwner)
        {
            Volatile.Write(ref _ownerBusy, 1);
            long access = Volatile.Read(ref _access);
            bool mine = (access & AccessWord.Shared) == 0;
            if (mine && _ownerLeases > 0) _ownerLeases--;
            Volatile.Write(ref _ownerBusy, 0);
            if (mine)
            {
                if ((access & AccessWord.Queued) != 0) DrainDeferred();
                return;
            }
        }

        EndAnonymousLeaseShared();
    }

    /// <summary>Ends a lease that was taken on a shared map, or by an owner that is the owner no more, or on another thread (an async method that hopped).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EndAnonymousLeaseShared()
    {
        while (true)
        {
            // A lease excludes writers, so whoever is busy is beginning or ending one and is done in a moment.
            long access = Settle(out _);
            if ((access & AccessWord.Handover) != 0) continue;
            // An enumerator is a struct: a copy of one whose lease has ended may be disposed once more.
            if ((access & AccessWord.AnonymousMask) == 0) return;
            if (Interlocked.CompareExchange(ref _access, access - AccessWord.AnonymousOne, access) != access) continue;
            if ((access & AccessWord.Queued) != 0) DrainDeferred();
            return;
        }
    }

    /// <summary>The enumerator of <c>foreach</c>.</summary>
    /// <remarks>
    /// <para>
    /// Under contract Reject nothing can change while the lease lasts, so this walks straight over the control words, eight buckets at a
    /// time: one word with a bit for each of their 64 slots says which are live, and the loop takes bit after bit. (Bucket by bucket the
    /// number of live slots is a surprise to the branch predictor each time; in blocks of 64 it is one surprise for some thirty entries.)
    /// It goes once round from a random bucket, back to what lies before that bucket in its block, then over the overflow buckets, and over
    /// the old buckets if there are any, where the slots of evacuated ones do not count as live. The order differs from
    /// that of <see cref="MapIterator{TKey, TValue}"/>; neither is promised. Every other contract is left to such an iterator.
    /// </para>
    /// <code>
    ///   primary   [ 0..7 ][ 8..15 ][ 16..23 ][ 24..31 ]      overflow [ 0.. ]   old [ 0..7 ][ 8..15 ]   old overflow [ 0.. ]
    ///             ──2nd──▶     3rd ▲ 1st ────────▶             4th ──▶              5th ──▶                 6th
    /// </code>
    /// <para>
    /// A small table is a single block, which is begun at a random slot and turned: in two parts it would be two loops of chance length, and
    /// the branch predictor's mistakes would cost more than all the rest.
    /// </para>
    /// <para>
    /// What the loop touches for each entry is three fields, and whatever else is needed for the next block is packed into one of them: with
    /// the loop's own sum that is what the JIT keeps in registers across calls. One more, and something is stored and loaded again for
    /// every entry, which takes as long as the rest of it.
    /// </para>
    /// </remarks>
    [SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "Nobody compares enumerators.")]
    public struct Enumerator : IEnumerator<KeyValuePair<TKey, TValue>>, IDictionaryEnumerator
    {
        private readonly GuardedMapBase<TKey, TValue> _map;
        private readonly MapIterator<TKey, TValue>? _iterator;

        // The array of this block, or none: before the start, at the end, and when an iterator does the walking.
        private Slot<TKey, TValue>[] _slots;

        // The slots still to visit in this block, the one stood on included: bit i is slot _position.FirstSlot + i, past the end again from 0.
        private ulong _live;
        private Position _position;
        private Way _lease;

        internal Enumerator(GuardedMapBase<TKey, TValue> map)
        {
            _map = map;
            _slots = [];
            _lease = map.BeginAnonymousLease();
            if (_lease == Way.Barred)
            {
                _position = new Position(Leg.Done, 0, 0, 0);
                _iterator = map.ForEachIterator();
                return;
            }

            int buckets = map._table.Current.Count;
            int start = (int)map.NextRandom() & ((buckets * Tophash.SlotsPerBucket) - 1);
            int blocks = BlocksOf(buckets);
            _position = new Position(Leg.Primary, start, blocks, start / Tophash.SlotsPerBucket % BlockBuckets);
        }

        private const int BlockBuckets = 8;
        private const int BlockSlots = BlockBuckets * Tophash.SlotsPerBucket;

        private enum Leg : byte
        {
            Primary,

            /// <summary>What lies before the start in the block it is in.</summary>
            BeforeStart,
            Overflow,
            Old,
            OldOverflow,
            Done,
        }

        /// <summary>
        /// Where the enumerator is: the leg, the first slot of its block there, how many blocks of the leg come after it, and the bucket of its
        /// block in which the round begins.
        /// </summary>
        private readonly struct Position(Leg leg, int firstSlot, int left, int start)
        {
            // 31, 3, 25 and 3 bits: a table has at most 2^27 buckets.
            private readonly ulong _packed = (uint)firstSlot | ((ulong)leg << 31) | ((ulong)left << 34) | ((ulong)start << 59);

            public int FirstSlot => (int)_packed & int.MaxValue;

            public Leg Leg => (Leg)((_packed >> 31) & 7);

            public int Left => (int)(_packed >> 34) & 0x1FF_FFFF;

            public int Start => (int)(_packed >> 59);
        }

        private static int BlocksOf(int buckets) => (buckets + BlockBuckets - 1) / BlockBuckets;

        /// <summary>The entry the enumerator stands on.</summary>
        /// <exception cref="InvalidOperationException">It stands on none.</exception>
        public readonly KeyValuePair<TKey, TValue> Current
        {
            get
            {
                Slot<TKey, TValue>[] slots = _slots;
                // The length of an array of slots is a power of two.
                int index = (_position.FirstSlot + BitOperations.TrailingZeroCount(_live)) & (slots.Length - 1);
                if ((uint)index >= (uint)slots.Length) return CurrentOfIterator(_iterator);
                ref Slot<TKey, TValue> slot = ref slots[index];
                return new KeyValuePair<TKey, TValue>(slot.Key, slot.Value);
            }
        }

        /// <inheritdoc/>
        public readonly DictionaryEntry Entry => new(Current.Key, Current.Value);

        /// <inheritdoc/>
        public readonly object Key => Current.Key;

        /// <inheritdoc/>
        public readonly object? Value => Current.Value;

        readonly object IEnumerator.Current => _iterator is { YieldsDictionaryEntries: true } ? Entry : Current;

        /// <summary>Goes on to the next entry.</summary>
        /// <exception cref="MapViolationException">The map's contract says so.</exception>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool MoveNext()
        {
            // The lowest bit is the entry left behind.
            _live &= _live - 1;
            if (_live != 0) return true;
            if (_iterator is not null) return MoveIterator(_iterator);
            // Takes and gives values only: a call that needed the enumerator's address would keep all its fields out of registers.
            Block block = NextBlock(_map, _position);
            _position = block.Position;
            _slots = block.Slots;
            _live = block.Live;
            return _live != 0;
        }

        /// <summary>Ends the lease.</summary>
        /// <remarks>
        /// One call and no branch, because the compiler puts it into a finally block: the JIT copies a short one to the end of the loop, but for
        /// a longer one it keeps what the loop adds up in memory (measured: twice the time for each entry).
        /// </remarks>
        public void Dispose()
        {
            Way lease = _lease;
            _lease = Way.Barred;
            // Without the lease nothing keeps writers away from what is left to walk.
            _slots = [];
            _live = 0;
            _position = new Position(Leg.Done, 0, 0, 0);
            End(_map, _iterator, lease);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void End(GuardedMapBase<TKey, TValue> map, MapIterator<TKey, TValue>? iterator, Way lease)
        {
            if (lease != Way.Barred) map.EndAnonymousLease(lease);
            iterator?.Dispose();
        }

        /// <summary>Ends the enumeration and begins it anew.</summary>
        /// <exception cref="MapViolationException">The map is being written.</exception>
        public void Reset()
        {
            Dispose();
            this = new Enumerator(_map);
        }

        private static bool MoveIterator(MapIterator<TKey, TValue> iterator) => iterator.MoveNext();

        private static KeyValuePair<TKey, TValue> CurrentOfIterator(MapIterator<TKey, TValue>? iterator) => iterator is not null
            ? iterator.Current
            : throw new InvalidOperationException("The enumerator stands on no entry: call MoveNext first, and stop when it returns false.");

        private readonly record struct Block(Position Position, Slot<TKey, TValue>[] Slots, ulong Live);

        /// <summary>The next block that has something live; nothing is left if its live word is 0.</summary>
        /// <exception cref="MapViolationException">The loop's lease was ended by name (<see cref="EndIterations"/>).</exception>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static Block NextBlock(GuardedMapBase<TKey, TValue> map, Position position)
        {
            Block block;
            try
            {
                block = FindBlock(map, position);
            }
            catch (Exception) when (map.AreLoopsEnded)
            {
                // Without its lease it may have met other arrays than those it went over.
                throw map.LoopEnded();
            }

            // Looked at after the arrays: as long as the mark is not there, no writer was let in.
            ReadFence();
            if (position.Leg != Leg.Done && map.AreLoopsEnded) throw map.LoopEnded();
            return block;
        }

        private static Block FindBlock(GuardedMapBase<TKey, TValue> map, Position position)
        {
            Leg leg = position.Leg;
            int block = position.FirstSlot / BlockSlots;
            int left = position.Left;
            int start = position.Start;
            if (leg == Leg.Primary)
            {
                BucketArray<TKey, TValue> current = map._table.Current;
                if (current.Count <= BlockBuckets)
                {
                    leg = Leg.BeforeStart;
                    ulong live = left == 0 ? 0 : Turn(LiveSlots(current.Control), position.FirstSlot, current.Count * Tophash.SlotsPerBucket);
                    left = 0;
                    if (live != 0) return new Block(new Position(leg, position.FirstSlot, left, start), current.Slots, live);
                }
                else if (left == BlocksOf(current.Count))
                {
                    // The block of the start is visited from the start on, and what lies before it when the round is complete.
                    left--;
                    ulong live = LiveSlots(current.Control.AsSpan(block * BlockBuckets, BlockBuckets)) & (ulong.MaxValue << (start * Tophash.SlotsPerBucket));
                    if (live != 0) return new Block(new Position(leg, block * BlockSlots, left, start), current.Slots, live);
                }
            }

            while (leg < Leg.Done)
            {
                BucketArray<TKey, TValue>? array = leg is Leg.Old or Leg.OldOverflow ? map._table.Old : map._table.Current;
                bool overflow = leg is Leg.Overflow or Leg.OldOverflow;
                while (left > 0)
                {
                    ReadOnlySpan<ulong> control = overflow ? array!.OverflowControl.AsSpan(0, array.OverflowCount) : array!.Control;
                    block++;
                    left--;
                    // Once round: past the last block comes the first, and after the whole round the one it began with.
                    if (block * BlockBuckets >= control.Length) block = 0;
                    int first = block * BlockBuckets;
                    ulong live = LiveSlots(control[first..Math.Min(first + BlockBuckets, control.Length)]);
                    if (leg == Leg.BeforeStart) live &= ~(ulong.MaxValue << (start * Tophash.SlotsPerBucket));
                    if (live != 0) return new Block(new Position(leg, block * BlockSlots, left, start), overflow ? array.OverflowSlots : array.Slots, live);
                }

                leg++;
                if (leg == Leg.Overflow) leg = FirstLegAfterRound(map);
                if (leg != Leg.BeforeStart) block = -1;
                left = leg switch
                {
                    Leg.BeforeStart => start == 0 ? 0 : 1,
                    Leg.Overflow => BlocksOf(map._table.Current.OverflowCount),
                    Leg.Old => BlocksOf(map._table.Old?.Count ?? 0),
                    Leg.OldOverflow => BlocksOf(map._table.Old?.OverflowCount ?? 0),
                    _ => 0,
                };
            }

            return new Block(new Position(Leg.Done, 0, 0, 0), [], 0);
        }

        /// <summary>Turns a word of <paramref name="length"/> bits (a power of two) so that bit <paramref name="first"/> comes first.</summary>
        private static ulong Turn(ulong word, int first, int length) =>
            first == 0 ? word : ((word >> first) | (word << (length - first))) & (ulong.MaxValue >> (BlockSlots - length));

        /// <summary>Most maps have nothing but their primary buckets.</summary>
        private static Leg FirstLegAfterRound(GuardedMapBase<TKey, TValue> map) =>
            map._table.Current.OverflowCount == 0 && map._table.Old is null ? Leg.Done : Leg.Overflow;

        /// <summary>One bit for each slot of up to eight buckets.</summary>
        private static ulong LiveSlots(ReadOnlySpan<ulong> control)
        {
            if (control.Length == BlockBuckets && Vector256.IsHardwareAccelerated)
            {
                Vector256<byte> least = Vector256.Create(Tophash.MinLive);
                Vector256<byte> low = Vector256.Create(control[..4]).AsByte();
                Vector256<byte> high = Vector256.Create(control[4..]).AsByte();
                return Vector256.Equals(Vector256.Max(low, least), low).ExtractMostSignificantBits()
                    | ((ulong)Vector256.Equals(Vector256.Max(high, least), high).ExtractMostSignificantBits() << 32);
            }

            ulong live = 0;
            for (int i = 0; i < control.Length; i++) live |= (ulong)Tophash.Live(control[i]) << (i * Tophash.SlotsPerBucket);
            return live;
        }
    }
}
