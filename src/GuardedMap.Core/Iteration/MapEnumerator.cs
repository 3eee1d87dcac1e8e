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
    /// Under contract Reject nothing can change while the lease lasts, so this walks straight over the entries, from the first to the last: in runs where they lie side by side, and
    /// where there are holes from bit to bit of a word that says which of 64 entries there are, since where the next hole is nobody can guess. It does not go
    /// over more than <see cref="LongestRun"/> entries in one go, so that a loop whose lease was ended by name soon finds it out. Every other contract is left
    /// to a <see cref="MapIterator{TKey, TValue}"/>, which goes in the same order.
    /// </para>
    /// <code>
    ///   entries  [ 0 1 2 ... 62 63 ][ 64 65  . 67  .  . 70 ... ][ 128 ... ]   top
    ///              ───────────────▶   1  1   0  1  0  0  1         ──────▶    a run, a word, a run
    /// </code>
    /// <para>
    /// What the loop touches for each entry of a run is three fields: with the loop's own sum that is what the JIT keeps in registers across calls. One more, and something is stored and loaded
    /// again for every entry, which takes as long as the rest of it.
    /// </para>
    /// </remarks>
    [SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "Nobody compares enumerators.")]
    public struct Enumerator : IEnumerator<KeyValuePair<TKey, TValue>>, IDictionaryEnumerator
    {
        /// <summary>The most entries that are gone over without a look at the map.</summary>
        private const int LongestRun = 1024;

        private readonly GuardedMapBase<TKey, TValue> _map;
        private readonly MapIterator<TKey, TValue>? _iterator;

        // The entries of this run, or none: before the start, at the end, and when an iterator does the walking.
        private Slot<TKey, TValue>[] _entries;

        // The entry stood on, and the end of the run, in that array.
        private int _at;
        private int _end;

        // Which entries of 64 are still to come, and where the first of the 64 is in that array.
        private ulong _more;
        private int _first;

        // The number to go on with; -1 when there is none.
        private int _next;
        private Way _lease;

        internal Enumerator(GuardedMapBase<TKey, TValue> map)
        {
            _map = map;
            _entries = [];
            _at = -1;
            _lease = map.BeginAnonymousLease();
            if (_lease != Way.Barred) return;
            _next = -1;
            _iterator = map.ForEachIterator();
        }

        /// <summary>The entry the enumerator stands on.</summary>
        /// <exception cref="InvalidOperationException">It stands on none.</exception>
        public readonly KeyValuePair<TKey, TValue> Current
        {
            get
            {
                Slot<TKey, TValue>[] entries = _entries;
                int at = _at;
                if ((uint)at >= (uint)entries.Length) return CurrentOfIterator(_iterator);
                ref Slot<TKey, TValue> entry = ref entries[at];
                return new KeyValuePair<TKey, TValue>(entry.Key, entry.Value);
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
            int at = _at + 1;
            if (at < _end)
            {
                _at = at;
                return true;
            }

            ulong more = _more;
            if (more != 0)
            {
                _at = _first + BitOperations.TrailingZeroCount(more);
                _more = more & (more - 1);
                return true;
            }

            if (_iterator is not null) return MoveIterator(_iterator);
            // Takes and gives values only: a call that needed the enumerator's address would keep all its fields out of registers.
            Run run = NextRun(_map, _next);
            _entries = run.Entries;
            _at = run.From;
            _end = run.End;
            _more = run.More;
            _first = run.From & ~63;
            _next = run.Next;
            return run.From >= 0;
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
            _entries = [];
            _at = -1;
            _end = 0;
            _more = 0;
            _next = -1;
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

        /// <summary>Some entries side by side, or of the 64 that the first is one of; From is -1 when there are no more.</summary>
        private readonly record struct Run(Slot<TKey, TValue>[] Entries, int From, int End, ulong More, int Next);

        /// <summary>The next run from a number on.</summary>
        /// <exception cref="MapViolationException">The loop's lease was ended by name (<see cref="EndIterations"/>).</exception>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static Run NextRun(GuardedMapBase<TKey, TValue> map, int number)
        {
            if (number < 0) return new Run([], -1, 0, 0, -1);
            Run run;
            try
            {
                run = FindRun(map, number);
            }
            catch (Exception) when (map.AreLoopsEnded)
            {
                // Without its lease it may have met other arrays than those it went over.
                throw map.LoopEnded();
            }

            // Looked at after the arrays: as long as the mark is not there, no writer was let in.
            Fence.Loads();
            if (map.AreLoopsEnded) throw map.LoopEnded();
            return run;
        }

        private static Run FindRun(GuardedMapBase<TKey, TValue> map, int number)
        {
            (int from, int end, ulong more) = map._table.EntriesSideBySide(number, LongestRun);
            if (from == end) return new Run([], -1, 0, 0, -1);
            Slot<TKey, TValue>[] entries = map._table.EntriesFrom(from, out int first);
            // Arrays of entries begin at multiples of 64.
            end = Math.Min(end, first + entries.Length);
            return new Run(entries, from - first, end - first, more, more == 0 ? end : (from | 63) + 1);
        }
    }
}
