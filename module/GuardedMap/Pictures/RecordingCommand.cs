using System.ComponentModel;
using System.Management.Automation;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// What the cmdlets that record a map's run have in common: the run, which is described by keys or is a script block of the caller's.
/// </summary>
/// <remarks>
/// What the map refuses during the run is part of what is recorded, and no error of the cmdlet: that is what many a run is made to show. Every other
/// error of the script block is.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class RecordingCommand : PSCmdlet, IDisposable
{
    private protected const string KeySet = "Key";
    private protected const string ScriptSet = "Script";

    private readonly CancellationTokenSource _stop = new();
    private CallerScript? _program;

    /// <summary>The keys to store in a new map, in this order.</summary>
    [Parameter(Mandatory = true, ParameterSetName = KeySet)]
    [ValidateNotNullOrEmpty]
    public object[] Key { get; set; } = [];

    /// <summary>The keys to remove after that.</summary>
    [Parameter(ParameterSetName = KeySet)]
    [ValidateNotNullOrEmpty]
    public object[] Remove { get; set; } = [];

    /// <summary>Steps an iterator over what is left, from Nil to Done.</summary>
    [Parameter(ParameterSetName = KeySet)]
    public SwitchParameter Iterate { get; set; }

    /// <summary>Fixes the hash seed and the start of the iteration, so that the run can be repeated.</summary>
    [Parameter(ParameterSetName = KeySet)]
    public ulong HashSeed { get; set; }

    /// <summary>The map to record, made with New-GuardedMap -Trace.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ScriptSet)]
    [GuardedMapArgument]
    public IMap? Map { get; set; }

    /// <summary>What to do with the map, which is in $_, or in the first parameter of a block that has some.</summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = ScriptSet)]
    public ScriptBlock? Process { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        _stop.Cancel();
        _program?.Interrupt();
    }

    /// <summary>Runs what the parameters say and records it. Null if it could not be recorded, and was reported.</summary>
    private protected MapRecording? Record()
    {
        MapRecording? recording;
        try
        {
            recording = ParameterSetName == ScriptSet ? RecordScript(Map!, Process!) : RecordKeys();
        }
        catch (GuardedMaps.MapViolationException e)
        {
            WriteError(Errors.Violation(e, (object?)Map ?? Key));
            return null;
        }

        if (recording is { LeftOut: > 0 }) WriteWarning($"The recording is full at {MapRecorder.MostFrames} steps; {recording.LeftOut} more are not in it.");
        return recording;
    }

    private MapRecording? RecordKeys()
    {
        var map = (IGuardedMap)new MapSpecification
        {
            Contract = IterationContract.Reject,
            Protection = MapProtection.Guarded,
            HashSeed = MyInvocation.BoundParameters.ContainsKey(nameof(HashSeed)) ? HashSeed : null,
            Name = "recorded",
            Trace = true,
        }.Make();
        var run = new KeyRun { Keys = [.. Fit(map, Key)], Remove = [.. Fit(map, Remove)], Iterate = Iterate };
        return run.Record(map, _stop.Token);
    }

    private List<object> Fit(IMap map, object[] typed)
    {
        var keys = new List<object>();
        foreach (object one in typed)
        {
            if (MapKey.TryFit(map, one, WriteError, out object? key)) keys.Add(key);
        }

        return keys;
    }

    private MapRecording? RecordScript(IMap recorded, ScriptBlock block)
    {
        if (recorded is not IGuardedMap map)
        {
            WriteError(Errors.NotGuarded(recorded, "it records what the buckets of its table look like, moment by moment. Get-MapEvent tells of the events of a map of any kind."));
            return null;
        }

        if (!map.IsTraced)
        {
            WriteError(Errors.NotTraced(map));
            return null;
        }

        MapRecorder recorder;
        try
        {
            recorder = new MapRecorder(map);
        }
        catch (InvalidOperationException e) when (e is not GuardedMaps.MapViolationException)
        {
            WriteError(Errors.RecordedAlready(e, map));
            return null;
        }

        using (recorder)
        {
            _program = new CallerScript("run", block);
            ScriptRun run = _program.Run(map);
            MapRecording recording = recorder.Stop();
            foreach (OperationFault fault in run.Faults)
            {
                if (!Enum.TryParse<MapViolationKind>(fault.Name, out _)) WriteError(Errors.RunFailed(fault, map));
            }

            return recording;
        }
    }
}
