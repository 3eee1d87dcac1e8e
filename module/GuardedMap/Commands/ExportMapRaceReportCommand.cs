using System.Management.Automation;
using GuardedMaps.Lab;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Writes races as one HTML page: the matrix, and each way to go wrong as a schedule to step through.</para>
/// </summary>
[Cmdlet(VerbsData.Export, "MapRaceReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportMapRaceReportCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ExploreResult> _explored = [];
    private readonly List<MapRaceResult> _raced = [];
    private readonly List<RaceTimeline> _schedules = [];

    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>What to report: results of Start-MapRace, explored, raced or replayed.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    public object[] InputObject { get; set; } = null!;

    /// <summary>Leaves a file alone that is there already.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Hands on the file that was written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (object input in InputObject)
        {
            switch (InputReader.Bare(input))
            {
                case ExploreResult explored:
                    _explored.Add(explored);
                    foreach (ExploredOutcome outcome in RaceReport.WorthShowing(explored)) AddSchedule(outcome);
                    break;
                case MapRaceResult raced:
                    _raced.Add(raced);
                    break;
                case RaceTimeline timeline:
                    _schedules.Add(timeline);
                    break;
                default:
                    WriteError(Errors.NotReportable(input));
                    break;
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_explored.Count + _raced.Count + _schedules.Count == 0) return;
        var file = new OutputFile(this, Path, NoClobber, PassThru);
        if (file.MayBeWritten("Write race report")) file.Write(new RaceReport { Explored = _explored, Raced = _raced, Schedules = _schedules }.ToHtml());
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private void AddSchedule(ExploredOutcome outcome)
    {
        try
        {
            if (RaceSource.TimelineOf(outcome, _stop.Token) is { } timeline) _schedules.Add(timeline);
        }
        catch (ScheduleTokenException e)
        {
            WriteError(Errors.TokenNotReplayed(e, outcome.SimplestToken));
        }
        catch (UnknownScriptsException e)
        {
            WriteError(Errors.ScriptsNeeded(e.Token));
        }
        catch (ScriptSetupException e)
        {
            WriteError(Errors.SetupFailed(e, outcome));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped while a script was being run again; nothing will be written.
        }
    }
}
