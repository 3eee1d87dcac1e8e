using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

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
    /// Under contract Reject nothing can change while the lease lasts, so this walks straight over the control words: once round from a
    /// random bucket, then over the overflow buckets, and over the old buckets if there are any, where the slots of evacuated ones do not
    /// count as live. The order differs from that of <see cref="MapIterator{TKey, TValue}"/>; neither is promised. Every other contract is
    /// left to such an iterator.
    /// <code>
    ///   primary   [ 0 ][ 1 ][ 2 ][ 3 ][ 4 ][ 5 ]      overflow [ 0 ][ 1 ]      old [ 0 ][ 1 ][ 2 ]  old overflow [ 0 ]
    ///             ──2nd──▶   ▲ 1st ──────────▶            3rd ──▶                    4th ──▶                5th
    /// </code>
    /// </remarks>
    [SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "Nobody compares enumerators.")]
    public struct Enumerator : IEnumerator<KeyValuePair<TKey, TValue>>, IDictionaryEnumerator
    {
        private readonly GuardedMapBase<TKey, TValue> _map;
        private readonly MapIterator<TKey, TValue>? _iterator;
        private ulong[] _control;
        private Slot<TKey, TValue>[] _slots;
        private uint _live;
        private int _bucket;
        private int _left;
        private Leg _leg;
        private Way _lease;

        internal Enumerator(GuardedMapBase<TKey, TValue> map)
        {
            _map = map;
            _live = 0;
            _lease = map.BeginAnonymousLease();
            if (_lease != Way.Barred)
            {
                BucketArray<TKey, TValue> array = map._table.Current;
                _control = array.Control;
                _slots = array.Slots;
                _left = _control.Length;
                _bucket = (int)map.NextRandom() & (_left - 1);
                return;
            }

            _control = [];
            _slots = [];
            _iterator = map.ForEachIterator();
        }

        /// <summary>The entry the enumerator stands on.</summary>
        /// <exception cref="InvalidOperationException">It stands on none.</exception>
        public readonly KeyValuePair<TKey, TValue> Current
        {
            get
            {
                Slot<TKey, TValue>[] slots = _slots;
                int index = (_bucket * Tophash.SlotsPerBucket) + BitOperations.TrailingZeroCount(_live);
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
            uint live = _live & (_live - 1);
            if (live == 0)
            {
                // The scan works on locals, and calls nothing that would need the enumerator's address, so that it can live in registers.
                ulong[] control = _control;
                int bucket = _bucket;
                int left = _left;
                do
                {
                    if (--left < 0)
                    {
                        if (_iterator is not null) return MoveIterator(_iterator);
                        Stretch next = NextStretch(_map, _leg);
                        _leg = next.Leg;
                        _control = control = next.Control;
                        _slots = next.Slots;
                        left = next.Count - 1;
                        bucket = -1;
                        if (left < 0)
                        {
                            _live = 0;
                            _left = 0;
                            return false;
                        }
                    }

                    bucket++;
                    if ((uint)bucket >= (uint)control.Length) bucket = 0;
                    live = Tophash.Live(control[bucket]);
                }
                while (live == 0);
                _bucket = bucket;
                _left = left;
            }

            _live = live;
            return true;
        }

        /// <summary>Ends the lease.</summary>
        public void Dispose()
        {
            Way lease = _lease;
            _lease = Way.Barred;
            // Without the lease nothing keeps writers away from what is left to walk.
            _live = 0;
            _left = 0;
            _leg = Leg.Done;
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

        private enum Leg : byte
        {
            Primary,
            Overflow,
            Old,
            OldOverflow,
            Done,
        }

        private readonly record struct Stretch(Leg Leg, ulong[] Control, Slot<TKey, TValue>[] Slots, int Count);

        /// <summary>What comes after a leg of the walk; nothing is left if the count is 0. Takes and gives values only (see MoveNext).</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static Stretch NextStretch(GuardedMapBase<TKey, TValue> map, Leg leg)
        {
            while (leg < Leg.Done)
            {
                leg++;
                BucketArray<TKey, TValue>? array = leg == Leg.Overflow ? map._table.Current : map._table.Old;
                if (array is null) break;
                Stretch next = leg == Leg.Old
                    ? new Stretch(leg, array.Control, array.Slots, array.Count)
                    : new Stretch(leg, array.OverflowControl, array.OverflowSlots, array.OverflowCount);
                if (leg < Leg.Done && next.Count > 0) return next;
            }

            return new Stretch(Leg.Done, [], [], 0);
        }
    }
}
