using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps.Lab;

/// <summary>
/// The stepped counterpart of the guard's cold part. What lies under its lock is touched without further steps: nobody else can come in
/// between.
/// </summary>
internal sealed class SteppedGate
{
    public StepLock Lock { get; } = new("gate lock");

    public StepLock WriteLock { get; } = new("gate write lock");

    public List<Lease> Leases { get; } = [];

    public MapActor? Deferring { get; set; }

    public int SnapshotReaders { get; set; }

    public bool SnapshotEscaped { get; set; }

    /// <summary>A lease of a stepped iterator. An actor's iterator is never collected in mid-schedule, whatever the collector does: the lease does not look at it.</summary>
    public Lease AddLease(IterationContract contract, MapActor holder, SteppedIterator iterator)
    {
        _ = iterator;
        var lease = new Lease(contract, holder);
        Leases.Add(lease);
        return lease;
    }

    /// <summary>None is abandoned.</summary>
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Generated code calls it on a gate, as the source does.")]
    public bool DropAbandoned() => false;

    public void Reset()
    {
        Leases.Clear();
        Deferring = null;
        SnapshotReaders = 0;
        SnapshotEscaped = false;
    }

    /// <summary>Only a shell's lookups are latched.</summary>
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Generated code calls it on a gate, as the source does.")]
    public StepViolationException? TakeLatched(string? label, out bool moreWait) => throw SteppedMap.NotReached($"a latched violation (for {label ?? "nobody"})", out moreWait);
}
