namespace GuardedMaps;

/// <summary>What becomes of a write that meets a lease.</summary>
internal enum WriteVerdict
{
    /// <summary>It goes ahead.</summary>
    Proceed,

    /// <summary>It is queued until the last lease ends.</summary>
    Queue,

    /// <summary>It gets the error; nothing is written.</summary>
    Refuse,
}

/// <summary>
/// The five contracts as five small types: each answers what a write that meets its lease shall do, and what a step of its
/// iteration shall make of the writes since the last one. Everything else about an iteration is the same under every contract.
/// </summary>
internal abstract class ContractRule
{
    private static readonly ContractRule[] s_all = [new RejectRule(), new FailFastRule(), new TolerateRule(), new SnapshotRule(), new DeferRule()];

    /// <summary>True if writers have to ask the lease.</summary>
    public virtual bool IsRegistered => true;

    /// <summary>True if the iteration walks a table of its own that nobody writes.</summary>
    public virtual bool ReadsSnapshot => false;

    /// <summary>True if a write completed since the last step ends the iteration with the error.</summary>
    public virtual bool FailsAfterWrite => false;

    /// <summary>True if an iteration must be able to go on over a table that is written meanwhile.</summary>
    public virtual bool MeetsWrites => false;

    /// <summary>What the rule tells a refused writer to do instead.</summary>
    public abstract string Remedy { get; }

    /// <summary>The contracts that a guarded map has.</summary>
    public static IReadOnlyList<IterationContract> Guarded { get; } = [.. Enum.GetValues<IterationContract>().Take(s_all.Length)];

    public static ContractRule For(IterationContract contract) =>
        (uint)contract < (uint)s_all.Length
            ? s_all[(int)contract]
            : throw new ArgumentOutOfRangeException(nameof(contract), contract, $"{(contract == IterationContract.WeaklyConsistent ? "That is the contract of a SyncMap and of an OrderedMap, and a guarded map does not have it" : "There is no such contract")}. A guarded map's contracts are {string.Join(", ", Guarded)}.");

    /// <summary>Judges a write by <paramref name="thread"/> that did not come through the lease's own cursor.</summary>
    public abstract WriteVerdict Judge(Lease lease, int thread);
}

internal sealed class RejectRule : ContractRule
{
    public override string Remedy =>
        "Write through the iteration's own cursor (Entry.SetValue, Entry.Remove; in PowerShell $_.Value = ..., $_.Remove()), or collect the keys and write after the loop, or iterate under another contract: Defer queues the writes, Snapshot iterates over a copy.";

    public override WriteVerdict Judge(Lease lease, int thread) => WriteVerdict.Refuse;
}

internal sealed class FailFastRule : ContractRule
{
    public override bool IsRegistered => false;

    public override bool FailsAfterWrite => true;

    public override string Remedy =>
        "Start the iteration again, or let it hold a lease (contract Reject stops the writer instead), or iterate under Snapshot, which no write disturbs.";

    public override WriteVerdict Judge(Lease lease, int thread) => WriteVerdict.Proceed;
}

internal sealed class TolerateRule : ContractRule
{
    public override bool MeetsWrites => true;

    public override string Remedy =>
        "Only the iterating thread may write under Tolerate; let the other thread wait (protection Synchronized), or iterate under Defer or Snapshot.";

    public override WriteVerdict Judge(Lease lease, int thread) => lease.Stepper == thread ? WriteVerdict.Proceed : WriteVerdict.Refuse;
}

internal sealed class SnapshotRule : ContractRule
{
    public override bool IsRegistered => false;

    public override bool ReadsSnapshot => true;

    public override string Remedy => "Nothing: a snapshot is not disturbed by writes.";

    public override WriteVerdict Judge(Lease lease, int thread) => WriteVerdict.Proceed;
}

internal sealed class DeferRule : ContractRule
{
    public override string Remedy =>
        "This operation cannot be queued; do it after the loop.";

    public override WriteVerdict Judge(Lease lease, int thread) => WriteVerdict.Queue;
}
