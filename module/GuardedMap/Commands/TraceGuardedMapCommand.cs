using System.Management.Automation;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Records what a guarded map does, moment by moment: inserts, evacuations, steps of iterators.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Trace, "GuardedMap", DefaultParameterSetName = ScriptSet)]
[OutputType(typeof(MapRecording))]
public sealed class TraceGuardedMapCommand : RecordingCommand
{
    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Record() is { } recording) WriteObject(recording);
    }
}
