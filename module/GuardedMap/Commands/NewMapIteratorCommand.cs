using System.Management.Automation;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Makes an iterator over a guarded map, to be stepped by hand.</para>
/// </summary>
[Cmdlet(VerbsCommon.New, "MapIterator")]
[OutputType(typeof(MapIterator))]
public sealed class NewMapIteratorCommand : GuardedMapCommand
{
    /// <summary>What happens when somebody writes during the iteration. Without it, the map's own contract holds.</summary>
    [Parameter(Position = 1)]
    public IterationContract Contract { get; set; }

    /// <summary>Chooses the entry the iteration begins with, as Go does by chance; without it that is the first.</summary>
    [Parameter]
    public ulong Seed { get; set; }

    /// <summary>Lets only the calling thread step the iterator.</summary>
    [Parameter]
    public SwitchParameter Bound { get; set; }

    private protected override string Lacks => "it makes the iterator that goes from bucket to bucket, to be stepped by hand. Invoke-MapIteration walks a map of any kind.";

    private protected override void Process(IGuardedMap map)
    {
        IterationContract? contract = MyInvocation.BoundParameters.ContainsKey(nameof(Contract)) ? Contract : null;
        if (KindRules.Refusal(map.Protection, contract) is { } refusal)
        {
            WriteError(refusal);
            return;
        }

        ulong? seed = MyInvocation.BoundParameters.ContainsKey(nameof(Seed)) ? Seed : null;
        WriteObject(new MapIterator(map, map.CreateIterator(contract, seed, Bound)));
    }
}
