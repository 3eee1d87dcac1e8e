namespace GuardedMaps;

/// <summary>An iteration whose end is known: whoever writes meanwhile has to ask it.</summary>
internal sealed class Lease(IterationContract contract, MapActor holder)
{
    private int _stepper = holder.ThreadId;

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
}
