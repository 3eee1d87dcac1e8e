using System.Management.Automation;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

/// <summary>
/// What the lab's work shows of itself in a cmdlet: results, errors, and one progress bar over all its parts. Everything is
/// written on the pipeline's own thread, since the lab works and reports on the thread that calls it.
/// </summary>
internal sealed class RaceStage(PSCmdlet cmdlet, CancellationToken stop)
{
    private const int ProgressId = 0x6D61;
    private int _part;
    private int _parts = 1;

    /// <summary>Ctrl+C, as a token.</summary>
    public CancellationToken Stop => stop;

    /// <summary>Whether somebody wants to read how the work goes.</summary>
    public bool IsVerbose => cmdlet.MyInvocation.BoundParameters.TryGetValue("Verbose", out object? given)
        ? given is SwitchParameter { IsPresent: true }
        : cmdlet.SessionState.PSVariable.GetValue("VerbosePreference") is ActionPreference.Continue or ActionPreference.Inquire or ActionPreference.Stop;

    /// <summary>Divides the bar into parts of equal length.</summary>
    public void Expect(int parts) => (_part, _parts) = (0, Math.Max(1, parts));

    /// <summary>One part is done.</summary>
    public void PartDone() => _part++;

    /// <summary>Shows how far the current part has come.</summary>
    public void Show(string activity, string what, double fraction, string detail)
    {
        if (stop.IsCancellationRequested) return;
        string status = $"{what} ({_part + 1} of {_parts})";
        var record = new ProgressRecord(ProgressId, activity, status)
        {
            PercentComplete = (int)(100 * (_part + Math.Clamp(fraction, 0, 1)) / _parts),
            CurrentOperation = detail,
        };
        try
        {
            cmdlet.WriteProgress(record);
        }
        catch (PipelineStoppedException)
        {
            // Ctrl+C, and the token is about to say so. Thrown on from here it would take away what was found.
        }
    }

    /// <summary>Takes the bar away.</summary>
    public void Clear(string activity) => cmdlet.WriteProgress(new ProgressRecord(ProgressId, activity, "Done") { RecordType = ProgressRecordType.Completed });

    /// <summary>
    /// Hands on a result and remembers it. When Ctrl+C came meanwhile it cannot be handed on any more, since a pipeline that is being
    /// stopped takes nothing; then the host is told where it is.
    /// </summary>
    public void Emit(object result, ScriptRace? scripts = null)
    {
        RecentRaces.Add(result, scripts);
        HandOn(result);
    }

    /// <summary>Hands on a result that is remembered already.</summary>
    public void HandOn(object result)
    {
        if (!stop.IsCancellationRequested) cmdlet.WriteObject(result);
        else cmdlet.Host?.UI?.WriteWarningLine($"Stopped. What was found so far: {result}. Get-MapRaceResult has it.");
    }

    /// <summary>Reports an error and goes on with the next part.</summary>
    public void Fail(ErrorRecord error) => cmdlet.WriteError(error);

    /// <summary>Says something to who wants to read it.</summary>
    public void Say(string text) => cmdlet.WriteVerbose(SafeText.Lines(text));
}
