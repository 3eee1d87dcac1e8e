using System.Runtime.CompilerServices;

namespace GuardedMaps;

// Deferral: writes that meet a lease under Defer are queued, answered from the queue's last word, and applied, in order, when the
// last lease ends.
public partial class GuardedMap<TKey, TValue>
{
    /// <summary>Queues a write instead of doing it, and answers as if everything queued before had been applied.</summary>
    private void Defer(ref WriteRequest request, object? keyForMessages)
    {
        bool tooLate;
        lock (Gate.Lock)
        {
            tooLate = Gate.Leases.Count == 0;
            if (!tooLate) Queue(ref request);
        }

        // The last lease ended between the verdict and the queue: the write goes ahead after all.
        if (tooLate) WriteCarefully(ref request);
        else Observer?.Record(ProbePoint.WriteDeferred, 0, 0, (ulong)request.Operation);
    }

    private void Queue(ref WriteRequest request)
    {
        DeferredWrites<TKey, TValue> deferred = Gate.Deferred ??= new DeferredWrites<TKey, TValue>(Comparer);
        if (request.Mode == WriteMode.Clear)
        {
            deferred.Clear();
        }
        else
        {
            if (!deferred.TryGetLastWord(request.Key, out bool exists, out TValue? present))
                exists = TryGetValue(request.Key, out present);
            request.Existed = exists;
            request.Result = present;
            if (request.Mode is WriteMode.Remove or WriteMode.RemovePair)
            {
                exists = exists && (request.Mode == WriteMode.Remove || EqualityComparer<TValue>.Default.Equals(present, request.Value));
                request.Existed = exists;
                if (!exists) return;
                deferred.Remove(request.Key);
            }
            else
            {
                if (!request.TryMakeValue(exists, present, out TValue? made)) return;
                request.Result = made;
                deferred.Set(request.Key, made);
            }
        }

        Interlocked.Or(ref _state, GuardWord.Queued);
    }

    /// <summary>Applies what was queued. The writer bit must be ours.</summary>
    private void ApplyDeferred()
    {
        DeferredWrites<TKey, TValue>? deferred;
        lock (Gate.Lock)
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
                Run(ref request);
                deferred.Applied();
            }
        }
        finally
        {
            // If a comparer threw, what is left stays queued, in order, for the next write or lease end.
            lock (Gate.Lock)
            {
                if (deferred is { Count: > 0 }) Gate.Deferred = deferred;
                else Interlocked.And(ref _state, ~GuardWord.Queued);
            }
        }
    }

    /// <summary>Applies what was queued, if no lease is left that it has to wait for.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void DrainDeferred()
    {
        int thread = Environment.CurrentManagedThreadId;
        var spin = default(SpinWait);
        while (true)
        {
            long state = Volatile.Read(ref _state);
            if ((state & GuardWord.Queued) == 0 || (state & (GuardWord.Registered | GuardWord.AnonymousMask)) != 0) return;
            if ((state & GuardWord.Writing) != 0)
            {
                // A lease that ends inside a write's own callback: that write is refused while the queue waits, or applies it next time.
                if (WriterIs(state, thread)) return;
                spin.SpinOnce();
                continue;
            }

            if (Interlocked.CompareExchange(ref _state, state | GuardWord.Writing, state) != state) continue;
            // Entering applies the queue; there is nothing more to write.
            FinishEntering(state, MapOperation.ApplyDeferred, thread);
            ExitWrite(new WriteTicket(state, WriteVerdict.Proceed), changed: true);
            return;
        }
    }
}
