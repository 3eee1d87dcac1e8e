using System.Globalization;
using System.Management.Automation;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Races programs over one map and says what came of it: detected, silently wrong, hung or clean.</para>
/// </summary>
/// <remarks>
/// The lab does everything; this cmdlet chooses the pairs of scenario and target, shows how far they have come and hands on
/// one result per pair. The lab blocks the calling thread and reports its progress there, so nothing is written from another
/// thread. Ctrl+C cancels the token the lab looks at, and ends its child processes.
/// </remarks>
[Cmdlet(VerbsLifecycle.Start, "MapRace")]
[OutputType(typeof(MapRaceResult))]
public sealed class StartMapRaceCommand : PSCmdlet, IDisposable
{
    private const int ProgressId = 0x6D61;
    private static readonly TimeSpan s_defaultDuration = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Which scenarios to race; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ScenarioCompleter))]
    public string[] Scenario { get; set; } = ["TwoWriters"];

    /// <summary>Which maps to race them on; wildcards are allowed. Without it, on the table everybody uses and on the map that guards itself.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TargetCompleter))]
    public string[] Target { get; set; } = ["Hashtable", "GuardedMap"];

    /// <summary>How the programs are interleaved.</summary>
    [Parameter]
    public MapRaceMode Mode { get; set; } = MapRaceMode.Free;

    /// <summary>How many trials to run on each target. Without -Duration, exactly so many.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; }

    /// <summary>For how long to run trials on each target: a time span, or a number of seconds. Without -Count and -Duration, one second.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan Duration { get; set; }

    /// <summary>How much each program does in one trial.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Operations { get; set; }

    /// <summary>Fixes what each program does. It cannot fix how the system interleaves them.</summary>
    [Parameter]
    public ulong Seed { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        List<RaceScenario> scenarios = Find(nameof(Scenario), Scenario, RaceCatalogue.FindScenarios, RaceCatalogue.Scenarios.Select(s => s.Name));
        List<RaceTargetInfo> targets = Find(nameof(Target), Target, RaceCatalogue.FindTargets, RaceCatalogue.Targets.Select(t => t.Name));
        (RaceScenario Scenario, RaceTargetInfo Target)[] pairs =
            [.. from scenario in scenarios from target in targets where scenario.RunsOn(target) select (scenario, target)];
        if (pairs.Length == 0)
        {
            WriteError(Errors.NothingToRace(scenarios.Select(s => s.Name), targets.Select(t => t.Name)));
            return;
        }

        for (int i = 0; i < pairs.Length && !_stop.IsCancellationRequested; i++) Race(pairs[i].Scenario.Name, pairs[i].Target.Name, i, pairs.Length);
        WriteProgress(new ProgressRecord(ProgressId, "Racing", "Done") { RecordType = ProgressRecordType.Completed });
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private void Race(string scenario, string target, int index, int total)
    {
        var options = new MapRaceOptions
        {
            Count = IsGiven(nameof(Count)) ? Count : null,
            Duration = IsGiven(nameof(Duration)) ? Duration : IsGiven(nameof(Count)) ? null : s_defaultDuration,
            Seed = IsGiven(nameof(Seed)) ? Seed : null,
            Operations = IsGiven(nameof(Operations)) ? Operations : null,
        };
        try
        {
            MapRaceResult result = MapRace.Run(scenario, target, options, new ProgressSink(p => Show(p, index, total)), _stop.Token);
            if (!_stop.IsCancellationRequested) WriteObject(result);
        }
        catch (ArgumentException e)
        {
            WriteError(Errors.InvalidRace(e, scenario, target));
        }
        catch (RaceChildException e)
        {
            WriteError(Errors.RaceNotStarted(e, scenario, target));
        }
    }

    private void Show(RaceProgress progress, int index, int total)
    {
        if (_stop.IsCancellationRequested) return;
        string status = string.Create(CultureInfo.CurrentCulture, $"{progress.Scenario} on {progress.Target} ({index + 1} of {total})");
        WriteProgress(new ProgressRecord(ProgressId, "Racing", status)
        {
            PercentComplete = (int)(100 * (index + Math.Clamp(progress.Fraction, 0, 1)) / total),
            CurrentOperation = string.Create(
                CultureInfo.CurrentCulture,
                $"{progress.Trials} trials: {progress.Clean} clean, {progress.Detected} detected, {progress.SilentlyWrong} silently wrong, {progress.Hung} hung"),
        });
    }

    private bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private List<T> Find<T>(string parameter, string[] patterns, Func<string, IReadOnlyList<T>> find, IEnumerable<string> valid)
    {
        var found = new List<T>();
        foreach (string pattern in patterns)
        {
            try
            {
                found.AddRange(find(pattern).Where(f => !found.Contains(f)));
            }
            catch (ArgumentException e)
            {
                ThrowTerminatingError(Errors.UnknownName(parameter, pattern, e, valid));
            }
        }

        return found;
    }

    private sealed class ProgressSink(Action<RaceProgress> show) : IProgress<RaceProgress>
    {
        public void Report(RaceProgress value) => show(value);
    }
}
