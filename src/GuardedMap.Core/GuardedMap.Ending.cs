using System.Runtime.CompilerServices;

namespace GuardedMaps;

// The way out for a map whose iterations nobody will end: an enumerator that was dropped without a Dispose, a loop whose thread is gone.
//
// An iterator that was dropped is found out when it has been collected (Guard/Lease.cs). The enumerator of a plain foreach is a struct, of which the map
// knows a number and nothing else; it can be copied and dropped, and nobody is told. So there is one method that ends all iterations by name.
//
// Ending a lease lets writers in, and the iteration that had it may still be running. It must not go on as if nothing were the matter:
//
//     an iterator object     looks at its lease with each step, and finds it revoked
//     a foreach's struct     has a block of slots at hand, and looks at the map when it asks for the next one. So that what it has at hand stays what it is, the
//                            arrays are frozen as for a snapshot: the next write goes to copies of them. Then it finds the mark below
//
// The mark says that the number of plain foreach loops means nothing any more, for good. Were it a mark with an end, a loop from before it could not be told
// from one that came after. A map that has it gives foreach a general iterator, which takes longer per entry and is known by itself.
public abstract partial class GuardedMapBase<TKey, TValue>
{
    /// <summary>
    /// Ends every iteration under way that holds a lease, as if each had been disposed of: for iterators that were dropped, and for loops whose thread has ended.
    /// What was deferred for them is applied.
    /// </summary>
    /// <returns>How many were ended.</returns>
    /// <remarks>
    /// An iteration that is still running after all gets a <see cref="MapViolationKind.IteratorDone"/> from its next step; a C# <c>foreach</c> first goes through
    /// the rest of the up to 64 slots at hand, as they were. Iterations without a lease (contracts FailFast and Snapshot, and all enumerators of
    /// a map made for a shell) keep nobody out, and are left alone. If plain <c>foreach</c> loops had to be ended, further ones over this map take longer
    /// per entry than before. It waits for a write that another thread is in the middle of. O(leases), and the next write may copy the table.
    /// </remarks>
    /// <exception cref="MapViolationException">It was called from inside a write's own comparer or callback (<see cref="MapViolationKind.ReentrantWrite"/>).</exception>
    public int EndIterations()
    {
        if (HasProtection(VersionWord.Unguarded) || HasSnapshotsOnly) return 0;
        int ended = EndAnonymousLeases();
        MapActor me = MapActor.Current(MapOperation.None);
        using (Uninterrupted.Lock(Gate.Lock))
        {
            foreach (Lease lease in Gate.Leases) lease.Revoke(me);
            ended += Gate.Leases.Count;
            Gate.Leases.Clear();
            Interlocked.And(ref _access, ~AccessWord.Registered);
        }

        if (ended > 0) Observe(ProbePoint.LeaseEnded, 0, 0, (ulong)IterationContract.Reject);
        if ((Volatile.Read(ref _access) & AccessWord.Queued) != 0) DrainDeferred();
        return ended;
    }

    /// <summary>True once the leases of plain foreach loops have been ended by name.</summary>
    private bool AreLoopsEnded
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => HasProtection(VersionWord.LoopsEnded);
    }

    private int EndAnonymousLeases()
    {
        var spin = default(SpinWait);
        while (true)
        {
            long access = Settle(out bool ownerWrites);
            int loops = AnonymousLeases(access);
            if (loops == 0 && !ownerWrites) return 0;
            if (ownerWrites || (access & AccessWord.Held) != 0)
            {
                long version = Volatile.Read(ref _version);
                if (IsOwnWrite(version)) ThrowOverlap(MapViolationKind.ConcurrentWrites, MapOperation.Iterate, null, version);
                Uninterrupted.SpinOnce(ref spin);
                continue;
            }

            if (TryEndAnonymousLeases(access)) return loops;
        }
    }

    private bool TryEndAnonymousLeases(long access)
    {
        using (Uninterrupted.Lock(Gate.Lock))
        {
            // Held as by a writer, so that no loop begins until the mark can be seen: whoever has begun before is counted, and ended.
            long held = (access & ~AccessWord.AnonymousMask) | AccessWord.Held | AccessWord.Frozen;
            if (Interlocked.CompareExchange(ref _access, held, access) != access) return false;
            Gate.SnapshotEscaped = true;
            if ((access & AccessWord.Shared) == 0) Volatile.Write(ref _ownerLeases, 0);
            Interlocked.Or(ref _version, VersionWord.LoopsEnded);
            Interlocked.And(ref _access, ~AccessWord.Held);
            return true;
        }
    }

    /// <summary>What a plain foreach gets that goes on after its lease was ended.</summary>
    private MapViolationException LoopEnded() => Violation(new ViolationFacts(MapViolationKind.IteratorDone, MapOperation.Iterate, null)
    {
        Contract = IterationContract.Reject,
        Iterator = IteratorState.Done,
        Version = Volatile.Read(ref _version),
        Remedy = "EndIterations() has ended this loop's iteration. Begin it again, and call EndIterations() only for iterations that nobody steps any more.",
    });
}
