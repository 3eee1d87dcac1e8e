using System.Management.Automation;

namespace GuardedMaps.Shell.Commands;

/// <summary>What the cmdlets that look at a map of any kind have in common: where the map comes from, and what becomes of a failure.</summary>
public abstract class MapCommand : PSCmdlet
{
    /// <summary>The map: an argument, or from the pipeline, or the Map property of what the pipeline brings.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("InputObject")]
    [GuardedMapArgument]
    public IMap? Map { get; set; }

    /// <summary>Does the cmdlet's work on one map.</summary>
    private protected abstract void Process(IMap map);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            Process(Map!);
        }
        catch (GuardedMaps.MapViolationException e)
        {
            // One map that is being written is no reason to leave out the others in the pipeline.
            WriteError(Errors.Violation(e, Map!));
        }
    }
}
