using System.Management.Automation;

namespace GuardedMaps.Shell;

/// <summary>
/// The stages of the pipeline inside <c>Invoke-MapIteration</c>. They are cmdlets to PowerShell's pipeline and to nobody else: they are not
/// public, not exported, and reached only through the <see cref="CmdletInfo"/> objects of <see cref="IterationScript"/>.
/// </summary>
internal abstract class Stage : Cmdlet
{
    /// <summary>The iteration the stage belongs to.</summary>
    [Parameter(Mandatory = true)]
    public MapIterationRun Run { get; set; } = null!;
}

/// <summary>Runs the blocks over the entries, with their output going straight to the cmdlet's. Only errors are left for the next stage.</summary>
internal sealed class WalkStage : Stage
{
    /// <summary>What to run.</summary>
    [Parameter(Mandatory = true)]
    public IterationBlocks Blocks { get; set; } = null!;

    protected override void EndProcessing()
    {
        if (Blocks.Begin is { } begin) DirectBlock.Invoke(begin, Blocks.Cmdlet);
        while (!Stopping && Run.TryNext(out object? entry)) DirectBlock.Invoke(Blocks.Process, Blocks.Cmdlet, entry);
        if (Blocks.End is { } end && !Stopping) DirectBlock.Invoke(end, Blocks.Cmdlet);
    }
}

/// <summary>The source: delivers entry after entry while downstream wants more.</summary>
internal sealed class ReadEntryStage : Stage
{
    protected override void EndProcessing()
    {
        while (Run.TryNext(out object? entry)) WriteObject(entry);
    }
}

/// <summary>The sink of what the script block wrote.</summary>
internal sealed class WriteOutputStage : Stage
{
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    protected override void ProcessRecord() => Run.Emit(InputObject);
}

/// <summary>The sink of the errors, which is all that is left when the output has gone its own way.</summary>
internal sealed class WriteErrorStage : Stage
{
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject?.BaseObject is ErrorRecord error) Run.Report(error);
        else Run.Emit(InputObject);
    }
}
