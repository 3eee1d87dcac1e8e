using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Shell;

/// <summary>Runs cells and records what they write.</summary>
/// <remarks>
/// A cell is a pipeline of its own in the session's scope, with no scope in between: what it defines is there in the next one. All its streams are
/// merged before they are recorded, since their order is part of what they say. Whoever stops the runner stops the cell and not the session.
/// </remarks>
internal sealed class CellRunner(Func<PowerShell> open)
{
    private readonly object _lock = new();
    private PowerShell? _running;
    private bool _stopped;

    /// <summary>A runner for cells in the session that calls.</summary>
    public static CellRunner InThisSession() => new(static () => PowerShell.Create(RunspaceMode.CurrentRunspace));

    /// <summary>Runs a cell.</summary>
    /// <param name="code">The code.</param>
    /// <param name="show">Given each output as it comes.</param>
    public CellEnding Run(string code, Action<NotebookOutput> show)
    {
        var recorder = new CellRecorder(show);
        using var shell = open();
        shell.AddScript(code, useLocalScope: false);
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.All, PipelineResultTypes.Output);
        shell.AddCommand(new CmdletInfo("Out-CellRecorder", typeof(OutCellRecorder))).AddParameter(nameof(OutCellRecorder.Recorder), recorder);
        lock (_lock)
        {
            (_running, _stopped) = (shell, false);
        }

        try
        {
            shell.Invoke();
            return new CellEnding(Stopped: shell.InvocationStateInfo.State == PSInvocationState.Stopped, Error: null, recorder.Errors);
        }
        catch (PipelineStoppedException)
        {
            return new CellEnding(Stopped: true, Error: null, recorder.Errors);
        }
        catch (RuntimeException e)
        {
            var record = e.ErrorRecord;
            var error = new ErrorOutput(record.FullyQualifiedErrorId.Split(',')[0], CellRecorder.Plain(record.ErrorDetails?.Message ?? e.Message), Trace(record));
            show(error);
            return new CellEnding(Stopped: false, error, recorder.Errors + 1);
        }
        finally
        {
            lock (_lock)
            {
                _running = null;
            }
        }
    }

    /// <summary>Asks a running cell to stop, from any thread; returns at once.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (_running is null || _stopped) return;
            _stopped = true;
            _running.BeginStop(callback: null, state: null);
        }
    }

    // Formatting runs in the same session, which is free again when the cell has ended.
    private string[] Trace(ErrorRecord record)
    {
        using var formatter = open();
        formatter.AddCommand("Microsoft.PowerShell.Utility\\Out-String").AddParameter("Width", CellRecorder.Width).AddParameter("InputObject", record);
        return CellRecorder.Plain(string.Concat(formatter.Invoke<string>())).ReplaceLineEndings("\n").Trim('\n').Split('\n');
    }
}

/// <summary>How a cell ended.</summary>
/// <param name="Stopped">It was stopped.</param>
/// <param name="Error">The error that ended it; null when it came to its end.</param>
/// <param name="Errors">How many errors it wrote, that one included.</param>
internal sealed record CellEnding(bool Stopped, ErrorOutput? Error, int Errors);

/// <summary>The end of a cell's pipeline. Not a cmdlet of the module: nobody can call it by name.</summary>
[Cmdlet("Out", "CellRecorder")]
internal sealed class OutCellRecorder : PSCmdlet
{
    [Parameter(Mandatory = true)]
    public CellRecorder Recorder { get; set; } = null!;

    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    protected override void ProcessRecord() => Recorder.Add(InputObject);

    protected override void EndProcessing() => Recorder.Flush();
}
