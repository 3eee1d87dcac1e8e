using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// Deferral: writes that meet a lease under Defer are queued, answered from the queue's last word, and applied, in order, when the
// last lease ends.
//
// Making up a queued write runs foreign code (the comparer, a factory). It is a write like any other as far as other writes are
// concerned: a second one meanwhile is a violation. So it holds the gate's Deferring mark, not its lock, and whoever ends the
// last lease meanwhile leaves the queue to it.
//
// Applying the queue runs the comparer once more. If it throws then, nobody is left to be told: the write has answered its caller long ago. So such a
// write is dropped, the rest is applied, and each that was dropped is reported as a DeferredWriteFailed, with its key, who asked for it and
// what was thrown; the first is thrown at whoever applied the queue, once the map is free: at the end of the last lease, or at the next write, which
// is not done then and goes through when it is tried again. Whoever applies the queue right after having added to it has been told nothing wrong: his own write is
// done, and what failed waits for those who asked for it, as a violation does that was met where nothing can be thrown. A queue that kept
// the write would keep every other write out for good.
public abstract partial class GuardedMapBase<TKey, TValue>
{
    /// <summary>Queues a write instead of doing it, and answers as if everything queued before had been applied.</summary>
    private void Defer(ref WriteRequest request)
    {
        // Refused if the last deferring lease ended between the verdict and the queue: then the write asks again.
        if (!TryDefer(ref request)) WriteCarefully(ref request);
    }

    /// <param name="request">The write, and its answer.</param>
    /// <param name="through">The lease whose own cursor writes.</param>
    /// <returns>False if no lease defers the write any more.</returns>
    private bool TryDefer(ref WriteRequest request, Lease? through = null)
    {
        MapActor? other;
        MapActor? me = null;
        lock (Gate.Lock)
        {
            other = Gate.Deferring;
            if (other is null)
            {
                // A cursor's write that began since then is met, and refused, on the way in.
                if ((Volatile.Read(ref _access) & AccessWord.Held) != 0 || !IsDeferred(through)) return false;
                int thread = Environment.CurrentManagedThreadId;
                me = new MapActor { ThreadId = thread, Operation = request.Operation, Label = ActorDirectory.LabelOf(thread) };
                Gate.Deferring = me;
                Interlocked.Or(ref _access, AccessWord.Queued);
            }
        }

        if (other is not null) ThrowDeferring(other, request.Operation, request.IsKeyed ? request.Key : null);
        try
        {
            Queue(ref request, me!);
            Observer?.Record(ProbePoint.WriteDeferred, 0, 0, (ulong)request.Operation);
        }
        finally
        {
            using (Uninterrupted.Lock(Gate.Lock))
            {
                Gate.Deferring = null;
                if (Gate.Deferred is not { Count: > 0 }) Interlocked.And(ref _access, ~AccessWord.Queued);
            }

            // Leases that ended meanwhile left this to us.
            DrainDeferred(after: me);
        }

        return true;
    }

    /// <summary>
    /// Answers an operation that only writes if the key is missing, unless that needs a write's view: of what is queued, of a
    /// violation that waits to be thrown, or of the leases, since a lease that refuses writes refuses whatever could be one.
    /// </summary>
    private bool TryAnswerByLookup(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (default(TKey) is null && key is null) ThrowNullKey();
        const long AskAsWriter = AccessWord.Queued | AccessWord.Latched | AccessWord.Registered | AccessWord.AnonymousMask;
        long access = Volatile.Read(ref _access);
        if ((access & AskAsWriter) == 0 && ((access & AccessWord.Shared) != 0 || Volatile.Read(ref _ownerLeases) == 0)) return TryGetValue(key, out value);
        value = default;
        return false;
    }

    /// <summary>The write being made up for the queue, if there is one.</summary>
    private MapActor? Deferring()
    {
        using (Uninterrupted.Lock(Gate.Lock)) return Gate.Deferring;
    }

    private bool IsDeferred(Lease? through)
    {
        foreach (Lease lease in Gate.Leases)
        {
            if (ReferenceEquals(lease, through) ? WaitsBehind(through, Volatile.Read(ref _access)) : lease.Contract == IterationContract.Defer) return true;
        }

        return false;
    }

    private void Queue(ref WriteRequest request, MapActor by)
    {
        DeferredWrites<TKey, TValue> deferred = Gate.Deferred ??= new DeferredWrites<TKey, TValue>(Comparer);
        if (request.Mode == WriteMode.Clear)
        {
            deferred.Clear(by);
            return;
        }

        if (!deferred.TryGetLastWord(request.Key, out bool exists, out TValue? present))
            exists = TryGetValue(request.Key, out present);
        if (request.Mode == WriteMode.Swap) exists = exists && EqualityComparer<TValue>.Default.Equals(present, request.Comparison);
        request.Existed = exists;
        request.Result = present;
        if (request.Mode is WriteMode.Remove or WriteMode.RemovePair)
        {
            exists = exists && (request.Mode == WriteMode.Remove || EqualityComparer<TValue>.Default.Equals(present, request.Value));
            request.Existed = exists;
            if (exists) deferred.Remove(request.Key, by);
            return;
        }

        if (!request.TryMakeValue(exists, present, out TValue? made)) return;
        request.Result = made;
        deferred.Set(request.Key, made, by);
    }

    /// <summary>Applies what was queued. The writer bit must be ours.</summary>
    /// <returns>The writes that could not be, and why; null if there was none.</returns>
    private DeferredFailures? ApplyDeferred()
    {
        DeferredWrites<TKey, TValue>? deferred;
        DeferredFailures? failed = null;
        bool isInterrupted = false;
        using (Uninterrupted.Lock(Gate.Lock))
        {
            deferred = Gate.Deferred;
            Gate.Deferred = null;
        }

        try
        {
            while (deferred is { Count: > 0 })
            {
                DeferredWrites<TKey, TValue>.Write write = deferred.Peek();
                var request = new WriteRequest
                {
                    Mode = write.Kind switch
                    {
                        DeferredWrites<TKey, TValue>.WriteKind.Set => WriteMode.Set,
                        DeferredWrites<TKey, TValue>.WriteKind.Remove => WriteMode.Remove,
                        _ => WriteMode.Clear,
                    },
                    Operation = MapOperation.ApplyDeferred,
                    Key = write.Key,
                    Value = write.Value,
                };
                try
                {
                    Run(ref request);
                }
                catch (ThreadInterruptedException) when (!isInterrupted)
                {
                    // A comparer that waits was woken up: that is no fault of its own. Once, since one that always throws this would keep us here for ever.
                    isInterrupted = true;
                    continue;
                }
                catch (Exception e)
                {
                    (failed ??= new DeferredFailures()).All.Add((write.By, write.Kind == DeferredWrites<TKey, TValue>.WriteKind.Clear ? null : write.Key, e));
                }

                deferred.Applied();
            }
        }
        finally
        {
            using (Uninterrupted.Lock(Gate.Lock))
            {
                if (deferred is { Count: > 0 }) Gate.Deferred = deferred;
                else Interlocked.And(ref _access, ~AccessWord.Queued);
            }

            if (isInterrupted) Thread.CurrentThread.Interrupt();
        }

        return failed;
    }

    /// <summary>Reports the deferred writes that were dropped. The map must be free: handlers are foreign code.</summary>
    /// <param name="failed">The writes.</param>
    /// <param name="after">Who has just queued a write of his own; null for everybody else.</param>
    /// <exception cref="MapViolationException">A write was dropped; if <paramref name="after"/> is given, his.</exception>
    private void ReportDeferredFailed(DeferredFailures failed, MapActor? after)
    {
        MapViolation? thrown = null;
        foreach ((MapActor by, object? key, Exception cause) in failed.All)
        {
            MapViolation violation = Describe(new ViolationFacts(MapViolationKind.DeferredWriteFailed, by.Operation, key)
            {
                Offender = by,
                Cause = cause,
                Contract = IterationContract.Defer,
                Version = Volatile.Read(ref _version),
                Remedy = $"The write was dropped, and the rest of the queue applied: {cause.GetType().Name} came out of the comparer when it was to be applied. Make the comparer answer for this key, and write it again.",
            });
            if (after is null || ReferenceEquals(by, after)) thrown ??= violation;
            else Latch(violation);
        }

        if (thrown is not null) throw MapHost.ToException(thrown);
    }

    /// <summary>Applies what was queued, if no lease is left that it has to wait for.</summary>
    /// <param name="after">Who has just queued a write, which is done then, whatever becomes of others'; null for everybody else.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void DrainDeferred(MapActor? after = null)
    {
        var spin = default(SpinWait);
        while (true)
        {
            long access = Settle(out bool ownerWrites);
            if ((access & AccessWord.Queued) == 0 || (access & AccessWord.Registered) != 0 || AnonymousLeases(access) > 0) return;
            // Whoever is deferring now looks again when it is through.
            if (Deferring() is not null) return;
            if (ownerWrites || (access & AccessWord.Held) != 0)
            {
                // A lease that ends inside a write's own callback: that write is refused while the queue waits, or applies it next time.
                if (IsOwnWrite(Volatile.Read(ref _version))) return;
                Uninterrupted.SpinOnce(ref spin);
                continue;
            }

            if (TryHold(access) != WriteVerdict.Proceed) continue;
            // Entering applies the queue; there is nothing more to write.
            WriteTicket ticket = FinishEntering(access, MapOperation.ApplyDeferred, after: after);
            ExitWrite(ticket, changed: ticket.AppliedQueue);
            return;
        }
    }
}
