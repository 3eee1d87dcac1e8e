using System.Globalization;

namespace GuardedMaps;

/// <summary>The cold part of a map's guard: everything that is needed only when something is out of the ordinary.</summary>
internal sealed class MapGate<TKey, TValue>
    where TKey : notnull
{
    /// <summary>How many offenders' swallowed violations are remembered; beyond that the oldest is dropped.</summary>
    private const int MaxLatched = 64;

    /// <summary>So many leases may be held before a new one looks for abandoned ones: whoever only iterates, and drops every iterator, must not gather them for ever.</summary>
    private const int FewLeases = 8;

    private static long s_mapsNamed;

    private int _lookForAbandonedAt = FewLeases;

    private readonly List<(int Thread, string? Label, MapViolation Violation)> _latched = [];

    public MapGate(MapOptions<TKey> options)
    {
        Name = options.Name ?? string.Create(CultureInfo.InvariantCulture, $"map#{Interlocked.Increment(ref s_mapsNamed)}");
        Observer = options.Trace ? new MapObserver(options.TraceCapacity) : null;
    }

    public string Name { get; }

    public MapObserver? Observer { get; }

    /// <summary>Guards the leases, the deferred writes and the latched violations. Held for short moments; no foreign code runs under it.</summary>
    public object Lock { get; } = new();

    /// <summary>What writers under protection Synchronized wait for.</summary>
    public object WriteLock { get; } = new();

    public List<Lease> Leases { get; } = [];

    public DeferredWrites<TKey, TValue>? Deferred { get; set; }

    /// <summary>Who is making up a write for the queue: its comparer or factory may be running. One at a time, as with any write.</summary>
    public MapActor? Deferring { get; set; }

    /// <summary>Leased snapshots still being read since the arrays were frozen.</summary>
    public int SnapshotReaders { get; set; }

    /// <summary>True once somebody whose end is not known reads the frozen arrays.</summary>
    public bool SnapshotEscaped { get; set; }

    /// <summary>What a map that reports violations has found while it was held, and tells when it is let go. Under the writers' lock.</summary>
    public List<ViolationFacts>? Noted { get; set; }

    /// <summary>The pairs of places that were warned of. Under the lock.</summary>
    public HashSet<(MapViolationKind Kind, (MapOperation Operation, string? Position) Offender, (MapOperation Operation, string? Position) Holder)>? Warned { get; set; }

    /// <summary>Makes a lease for an iterator of this map, and adds it. Under the lock.</summary>
    public Lease AddLease(IterationContract contract, MapActor holder, object iterator)
    {
        if (Leases.Count >= _lookForAbandonedAt)
        {
            DropAbandoned();
            _lookForAbandonedAt = Math.Max(FewLeases, Leases.Count * 2);
        }

        var lease = new Lease(contract, holder, iterator, Thread.CurrentThread);
        Leases.Add(lease);
        return lease;
    }

    /// <summary>Takes away the leases whose iterators were collected. Under the lock.</summary>
    /// <returns>True if there was one.</returns>
    public bool DropAbandoned() => Leases.RemoveAll(static lease => lease.IsAbandoned) > 0;

    /// <summary>What was detected on this map.</summary>
    public ViolationLog Violations { get; } = new();

    /// <summary>Keeps a violation for its offender's next operation that can throw.</summary>
    public void Latch(MapViolation violation)
    {
        using (Uninterrupted.Lock(Lock))
        {
            if (_latched.Count == MaxLatched) _latched.RemoveAt(0);
            _latched.Add((violation.Offender.ThreadId, violation.Offender.Label, violation));
        }
    }

    /// <summary>Takes back what waits for the calling actor, and says whether more waits for others.</summary>
    public MapViolation? TakeLatched(string? label, out bool moreWait)
    {
        int thread = Environment.CurrentManagedThreadId;
        using (Uninterrupted.Lock(Lock))
        {
            // A shell's actor is its runspace, which may hop threads between two operations; without a label it is the thread.
            int index = _latched.FindIndex(latched => latched.Label is null || label is null ? latched.Thread == thread : string.Equals(latched.Label, label, StringComparison.Ordinal));
            MapViolation? violation = index < 0 ? null : _latched[index].Violation;
            if (index >= 0) _latched.RemoveAt(index);
            moreWait = _latched.Count > 0;
            return violation;
        }
    }
}
