namespace GuardedMaps;

// A lease, and what becomes of it when nobody ends it.
//
//     begun ──▶ stepped ... stepped ──▶ ended: by the iterator's last step, or its Dispose
//                  │
//                  ├── the iterator was dropped and collected    the lease is abandoned; whoever meets it next takes it away
//                  └── EndIterations()                           the lease is revoked; the iterator's next step gets an error that says so
//
// A lease holds its iterator weakly, so a dropped one is collected as if there were no lease; and nothing has to be done at that moment, on the collector's
// own thread, where a queue that is applied would call foreign comparers. The iterator holds its lease strongly, so who can still step it keeps it.
// The thread that began it is kept, not to own it (an async method hops threads) but to tell a refused writer that nobody is left there.

/// <summary>An iteration whose end is known: whoever writes meanwhile has to ask it.</summary>
internal sealed class Lease(IterationContract contract, MapActor holder, object? iterator = null, Thread? opener = null)
{
    private readonly WeakReference<object>? _iterator = iterator is null ? null : new WeakReference<object>(iterator);
    private int _stepper = holder.ThreadId;
    private MapActor? _endedBy;

    public IterationContract Contract => contract;

    public ContractRule Rule { get; } = ContractRule.For(contract);

    /// <summary>Who began the iteration.</summary>
    public MapActor Holder => holder;

    /// <summary>The thread that stepped last: the one that is inside the loop's body now. Only it counts as "the same thread".</summary>
    public int Stepper
    {
        get => Volatile.Read(ref _stepper);
        set => Volatile.Write(ref _stepper, value);
    }

    /// <summary>True if the iterator was collected, so that nobody can step it or dispose of it any more.</summary>
    public bool IsAbandoned => _iterator is not null && !_iterator.TryGetTarget(out _);

    /// <summary>Who ended all iterations, this one among them; null if nobody did.</summary>
    public MapActor? EndedBy => Volatile.Read(ref _endedBy);

    /// <summary>Takes the lease away from its iterator.</summary>
    public void Revoke(MapActor by) => Volatile.Write(ref _endedBy, by);

    /// <summary>Notes that a thread steps the iteration.</summary>
    /// <returns>False if the lease was revoked.</returns>
    public bool TryStep(int thread)
    {
        Stepper = thread;
        return EndedBy is null;
    }

    /// <summary>Asks leases about a write that is about to be done.</summary>
    /// <param name="leases">All there are. Under the gate's lock.</param>
    /// <param name="operation">What is to be done.</param>
    /// <param name="through">The lease whose own cursor writes; it does not object to itself.</param>
    /// <param name="thread">Whose write it is.</param>
    /// <returns>The first that refuses it, or null; and whether one that was asked before wants it to wait.</returns>
    public static (Lease? Refusing, bool Queues) Ask(List<Lease> leases, MapOperation operation, Lease? through, int thread)
    {
        bool queues = false;
        foreach (Lease lease in leases)
        {
            if (ReferenceEquals(lease, through)) continue;
            WriteVerdict verdict = lease.Rule.Judge(lease, thread);
            queues |= verdict == WriteVerdict.Queue;
            // The size of a table cannot be changed later.
            if (verdict == WriteVerdict.Refuse || (verdict == WriteVerdict.Queue && operation == MapOperation.Resize)) return (lease, queues);
        }

        return (null, queues);
    }

    /// <summary>The same for a plain foreach, of whose enumerator nothing more is known.</summary>
    public static string WayOutOfLoop { get; } = WayOut(new MapActor(), threadHasEnded: false);

    /// <summary>What to do about the lease if nobody steps its iteration any more, for a refused writer.</summary>
    public string WayOut() => WayOut(holder, opener is { IsAlive: false });

    /// <inheritdoc cref="WayOut()"/>
    public static string WayOut(MapActor holder, bool threadHasEnded)
    {
        string where = Place(holder.Position) is { } place ? $" opened at {place}" : "";
        return threadHasEnded
            ? $"The thread that began the iteration has ended, and the iterator{where} was never disposed: call EndIterations()."
            : $"If that iteration is over, the iterator{where} was never disposed: call EndIterations().";
    }

    /// <summary><c>line 7</c> of <c>line 7: $it = $m.Iterate()</c>; a script's name and line as they are.</summary>
    private static string? Place(string? position)
    {
        if (string.IsNullOrEmpty(position)) return null;
        int end = position.IndexOf(": ", StringComparison.Ordinal);
        return end < 0 ? position : position[..end];
    }
}
