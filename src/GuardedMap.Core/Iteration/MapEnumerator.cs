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
        long me = ActorThread.Owner;
        long access = Volatile.Read(ref _access);
        if ((access & Ordinary) == me && _ownerLeases < AccessWord.MaxAnonymousLeases)
        {
            // The owner's way, as for a write (AccessWord): busy, look again, and then nobody else can be in here.
            Volatile.Write(ref _ownerBusy, 1);
            bool mine = (Volatile.Read(ref _access) & Ordinary) == me;
            if (mine) _ownerLeases++;
            Volatile.Write(ref _ownerBusy, 0);
            if (!mine) return Way.Barred;
            _leaseStamp = LeaseStamp.Of(me);
            return Way.Owner;
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

        _leaseStamp = LeaseStamp.Of(me);
        return Way.Swap;
    }

    private void EndAnonymousLease(Way way)
    {
        long me = ActorThread.Owner;
        if (way == Way.Owner && (Volatile.Read(ref _access) & AccessWord.OwnerMask) == me)
        {
            Volatile.Write(ref _ownerBusy, 1);
            long access = Volatile.Read(ref _access);
            bool mine = (access & AccessWord.OwnerMask) == me;
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
            long access = Settle(ActorThread.Owner, out _);
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
    /// It goes once round from a random slot, then over the overflow buckets, and over the old buckets if there are any, where the slots of
    /// evacuated ones do not count as live; last comes what lies before the start in the block it began with. The order differs from
    /// that of <see cref="MapIterator{TKey, TValue}"/>; neither is promised. Every other contract is left to such an iterator.
    /// </para>
    /// <code>
    ///   primary   [ 0..7 ][ 8..15 ][ 16..23 ][ 24..31 ]      overflow [ 0.. ]   old [ 0..7 ][ 8..15 ]   old overflow [ 0.. ]
    ///             ──2nd──▶         last ▲ 1st ────────▶         3rd ──▶              4th ──▶                 5th
    /// </code>
    /// <para>
    /// What the loop touches for each entry is three fields, and whatever else is needed for the next block is packed into two: the JIT
    /// keeps three in registers.
    /// </para>
    /// </remarks>
    [SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "Nobody compares enumerators.")]
    public struct Enumerator : IEnumerator<KeyValuePair<TKey, TValue>>, IDictionaryEnumerator
    {
        private readonly GuardedMapBase<TKey, TValue> _map;
        private readonly MapIterator<TKey, TValue>? _iterator;
        private Slot<TKey, TValue>[] _slots;

        // The slots still to visit in this block, the one stood on included: bit i is slot _first + i.
        private ulong _live;
        private int _first;
        private Way _lease;
        private Position _position;
        private readonly int _start;

        internal Enumerator(GuardedMapBase<TKey, TValue> map)
        {
            _map = map;
            _slots = [];
            _lease = map.BeginAnonymousLease();
            if (_lease == Way.Barred)
            {
                _position = new Position(Leg.Done, 0, 0);
                _iterator = map.ForEachIterator();
                return;
            }

            int buckets = map._table.Current.Count;
            _start = (int)map.NextRandom() & ((buckets * Tophash.SlotsPerBucket) - 1);
            _position = new Position(Leg.Primary, (_start / Tophash.SlotsPerBucket) & ~(BlockBuckets - 1), buckets);
        }

        private const int BlockBuckets = 8;

        private enum Leg : byte
        {
            Primary,
            Overflow,
            Old,
            OldOverflow,

            /// <summary>What lies before the start in the block it is in.</summary>
            BeforeStart,
            Done,
        }

        /// <summary>Where the next block comes from: the leg, its next bucket, and how many buckets of it are left.</summary>
        private readonly struct Position(Leg leg, int next, int left)
        {
            // 3 bits, 28 bits, 28 bits: a table has at most 2^27 buckets.
            private readonly ulong _packed = (ulong)leg | ((ulong)next << 3) | ((ulong)left << 31);

            public Leg Leg => (Leg)(_packed & 7);

            public int Next => (int)(_packed >> 3) & 0xFFF_FFFF;

            public int Left => (int)(_packed >> 31) & 0xFFF_FFFF;
        }

        /// <summary>The entry the enumerator stands on.</summary>
        /// <exception cref="InvalidOperationException">It stands on none.</exception>
        public readonly KeyValuePair<TKey, TValue> Current
        {
            get
            {
                Slot<TKey, TValue>[] slots = _slots;
                int index = _first + BitOperations.TrailingZeroCount(_live);
                if (_live == 0 || (uint)index >= (uint)slots.Length) return CurrentOfIterator(_iterator);
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
            ulong live = _live & (_live - 1);
            if (live == 0)
            {
                if (_iterator is not null) return MoveIterator(_iterator);
                // Takes and gives values only: a call that needed the enumerator's address would keep all its fields out of registers.
                Block block = NextBlock(_map, _position, _start);
                _position = block.Position;
                _slots = block.Slots;
                _first = block.First;
                live = block.Live;
            }

            _live = live;
            return live != 0;
        }

        /// <summary>Ends the lease.</summary>
        public void Dispose()
        {
            Way lease = _lease;
            _lease = Way.Barred;
            // Without the lease nothing keeps writers away from what is left to walk.
            _live = 0;
            _position = new Position(Leg.Done, 0, 0);
            if (lease != Way.Barred) _map.EndAnonymousLease(lease);
            _iterator?.Dispose();
        }

        /// <summary>Not supported: an enumerator goes one way.</summary>
        /// <exception cref="NotSupportedException">Always.</exception>
        public readonly void Reset() => throw new NotSupportedException("A map enumerator goes one way. Start a new iteration instead.");

        private static bool MoveIterator(MapIterator<TKey, TValue> iterator) => iterator.MoveNext();

        private static KeyValuePair<TKey, TValue> CurrentOfIterator(MapIterator<TKey, TValue>? iterator) => iterator is not null
            ? iterator.Current
            : throw new InvalidOperationException("The enumerator stands on no entry: call MoveNext first, and stop when it returns false.");

        private readonly record struct Block(Position Position, Slot<TKey, TValue>[] Slots, ulong Live, int First);

        /// <summary>The next block that has something live; nothing is left if its live word is 0.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static Block NextBlock(GuardedMapBase<TKey, TValue> map, Position position, int start)
        {
            Leg leg = position.Leg;
            int next = position.Next;
            int left = position.Left;
            int startBlock = (start / Tophash.SlotsPerBucket) & ~(BlockBuckets - 1);
            ulong beforeStart = (1UL << (start - (startBlock * Tophash.SlotsPerBucket))) - 1;
            while (leg < Leg.Done)
            {
                BucketArray<TKey, TValue>? array = leg is Leg.Old or Leg.OldOverflow ? map._table.Old : map._table.Current;
                bool overflow = leg is Leg.Overflow or Leg.OldOverflow;
                while (left > 0)
                {
                    ulong[] control = overflow ? array!.OverflowControl : array!.Control;
                    int first = next;
                    int buckets = Math.Min(BlockBuckets, left);
                    ulong live = LiveSlots(control.AsSpan(first, buckets));
                    // The block of the start is visited from the start on, and what lies before it at the very end.
                    if (leg == Leg.BeforeStart) live &= beforeStart;
                    else if (leg == Leg.Primary && first == startBlock) live &= ~beforeStart;
                    next += buckets;
                    // Once round: past the last block comes the first.
                    if (leg == Leg.Primary && next == control.Length) next = 0;
                    left -= buckets;
                    if (live != 0)
                        return new Block(new Position(leg, next, left), overflow ? array.OverflowSlots : array.Slots, live, first * Tophash.SlotsPerBucket);
                }

                leg++;
                next = leg == Leg.BeforeStart ? startBlock : 0;
                left = leg switch
                {
                    Leg.Overflow => map._table.Current.OverflowCount,
                    Leg.Old => map._table.Old?.Count ?? 0,
                    Leg.OldOverflow => map._table.Old?.OverflowCount ?? 0,
                    Leg.BeforeStart => Math.Min(BlockBuckets, map._table.Current.Count),
                    _ => 0,
                };
            }

            return new Block(new Position(Leg.Done, 0, 0), [], 0, 0);
        }

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
