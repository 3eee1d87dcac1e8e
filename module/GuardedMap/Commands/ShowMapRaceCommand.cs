using System.Management.Automation;
using GuardedMaps.Lab;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Draws a schedule as lanes: who did what, where one actor came in the middle of another, and how it ended.</para>
/// </summary>
[Cmdlet(VerbsCommon.Show, "MapRace", DefaultParameterSetName = InputSet)]
[OutputType(typeof(RacePicture), typeof(string))]
public sealed class ShowMapRaceCommand : PSCmdlet, IDisposable
{
    private const string InputSet = "Input";
    private const string TokenSet = "Token";
    private readonly CancellationTokenSource _stop = new();

    /// <summary>What to draw: a result of exploring, one of its outcomes, or a replay. Without it, the latest of this session.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = InputSet)]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>The schedule to draw, as a token.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TokenSet)]
    [ArgumentCompleter(typeof(TokenCompleter))]
    public string[]? Token { get; set; }

    /// <summary>Text, Svg or Mermaid.</summary>
    [Parameter]
    public PictureForm As { get; set; }

    /// <summary>Every step, also those on which nothing depends.</summary>
    [Parameter]
    public SwitchParameter Full { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Token is not null)
        {
            foreach (string token in Token) Draw(token);
            return;
        }

        if (MyInvocation.BoundParameters.ContainsKey(nameof(InputObject)) || MyInvocation.ExpectingInput) Draw(InputObject);
        else if (RaceSource.Latest is { } latest) Draw(latest);
        else WriteError(Errors.NoRaceYet());
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private void Draw(object? source)
    {
        try
        {
            if (RaceSource.TimelineOf(source, _stop.Token) is not { } timeline)
            {
                WriteError(Errors.NoSchedule(source));
                return;
            }

            WriteObject(PictureOutput.Of(new RacePicture(timeline, Full), As));
        }
        catch (ScheduleTokenException e)
        {
            WriteError(Errors.TokenNotReplayed(e, source));
        }
        catch (UnknownScriptsException e)
        {
            WriteError(Errors.ScriptsNeeded(e.Token));
        }
        catch (ScriptSetupException e)
        {
            WriteError(Errors.SetupFailed(e, source));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped while a script was being run again: there is nothing to draw.
        }
    }
}
