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
        // Somebody may have written, and begun to grow, between the look at the version and the swap. From the swap on nobody can.
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
    /// In the ordinary case (contract Reject, table not growing) nothing can change while the lease lasts, so this walks straight over the
    /// control words: from a random bucket to the end, over the overflow buckets, and round from bucket 0. The order differs from
    /// that of <see cref="MapIterator{TKey, TValue}"/>; neither is promised. Everything else is left to such an iterator.
    /// <code>
    ///   primary   [ 0 ][ 1 ][ 2 ][ 3 ][ 4 ][ 5 ]      overflow [ 0 ][ 1 ]
    ///                3rd ──▶ ▲ 1st ──────────▶            2nd ──▶
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
        private int _end;
        private readonly int _start;
        private Leg _leg;
        private Way _lease;

        internal Enumerator(GuardedMapBase<TKey, TValue> map)
        {
            _map = map;
            _live = 0;
            _leg = Leg.ToTheEnd;
            _lease = map.BeginAnonymousLease();
            if (_lease != Way.Barred)
            {
                BucketArray<TKey, TValue> array = map._table.Current;
                _control = array.Control;
                _slots = array.Slots;
                _end = _control.Length;
                _start = (int)map.NextRandom() & (_end - 1);
                _bucket = _start - 1;
                return;
            }

            _control = [];
            _slots = [];
            _end = 0;
            _bucket = -1;
            _iterator = map.ForEachIterator();
        }

        /// <summary>What is left to walk.</summary>
        private enum Leg : byte
        {
            ToTheEnd,
            Overflow,
            RoundToTheStart,
            Done,
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
                // The scan works on locals, so that the JIT can keep the fields in registers.
                ulong[] control = _control;
                int bucket = _bucket;
                do
                {
                    bucket++;
                    if ((uint)bucket >= (uint)_end || (uint)bucket >= (uint)control.Length)
                    {
                        if (_iterator is not null) return MoveIterator(_iterator);
                        Stretch next = NextStretch(_map, _leg, _start);
                        _leg = next.Leg;
                        _control = control = next.Control;
                        _slots = next.Slots;
                        _end = next.End;
                        bucket = next.Bucket;
                        if (next.Leg == Leg.Done)
                        {
                            _bucket = bucket;
                            _live = 0;
                            return false;
                        }

                        continue;
                    }

                    live = Tophash.Live(control[bucket]);
                }
                while (live == 0);
                _bucket = bucket;
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
            _leg = Leg.Done;
            _live = 0;
            _end = 0;
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

        private readonly record struct Stretch(Leg Leg, ulong[] Control, Slot<TKey, TValue>[] Slots, int Bucket, int End);

        /// <summary>What comes after the stretch just walked. Takes and gives values only, so that the enumerator itself can live in registers.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static Stretch NextStretch(GuardedMapBase<TKey, TValue> map, Leg leg, int start)
        {
            BucketArray<TKey, TValue> array = map._table.Current;
            if (leg == Leg.ToTheEnd && array.OverflowCount > 0)
                return new Stretch(Leg.Overflow, array.OverflowControl, array.OverflowSlots, -1, array.OverflowCount);
            if ((leg is Leg.ToTheEnd or Leg.Overflow) && start > 0)
                return new Stretch(Leg.RoundToTheStart, array.Control, array.Slots, -1, start);
            return new Stretch(Leg.Done, [], [], -1, 0);
        }
    }
}
