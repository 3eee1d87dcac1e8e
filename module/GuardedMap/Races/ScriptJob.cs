using System.Diagnostics;
using System.Text.Json;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

/// <summary>Trials of a user's scripts on one container, with real threads: a runspace for each actor.</summary>
internal sealed record ScriptJob : RaceStretch
{
    public required ScriptRace Race { get; init; }

    public required RaceTarget Target { get; init; }

    public override string ScenarioName => OwnRace.Scripts;

    public override string TargetName => Target.Name;

    public override bool NeedsChildProcess => Target.NeedsChildProcess;

    /// <summary>Runs the trials, in a child process where the container may loop for ever.</summary>
    /// <exception cref="RaceChildException">No child process could be started, or the lab failed inside it.</exception>
    /// <exception cref="ScriptSetupException">The setup failed.</exception>
    public MapRaceResult Run(Action<RaceProgress> progress, CancellationToken cancellation)
    {
        var tally = new RaceTally(this);
        var sinceProgress = Stopwatch.StartNew();
        string runtime = System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription;
        int processes = 0;
        progress(tally.Progress());
        if (NeedsChildProcess) (processes, runtime) = ChildRun.Run(this, ScriptChild.Start, OnReport, OnLook, cancellation);
        else ScriptFreeRun.Run(this, OnReport, OnLook, cancellation);
        progress(tally.Progress());
        return tally.Result(cancellation.IsCancellationRequested, processes, runtime);

        void OnReport(TrialReport report)
        {
            tally.Add(report);
            OnLook();
        }

        void OnLook()
        {
            if (sinceProgress.ElapsedMilliseconds < 100) return;
            sinceProgress.Restart();
            progress(tally.Progress());
        }
    }
}

/// <summary>A <see cref="ScriptJob"/> as text, for a child process.</summary>
internal sealed record ScriptRequest
{
    public required string[] Actors { get; init; }

    public string? Setup { get; init; }

    public string? Check { get; init; }

    public required string Target { get; init; }

    public required int FirstTrial { get; init; }

    public int? Trials { get; init; }

    public double? DurationMilliseconds { get; init; }

    public required double StallLimitMilliseconds { get; init; }

    public static ScriptRequest From(ScriptJob job) => new()
    {
        Actors = [.. job.Race.Actors.Select(a => a.Text)],
        Setup = job.Race.Setup?.Text,
        Check = job.Race.Checker?.Text,
        Target = job.Target.Name,
        FirstTrial = job.FirstTrial,
        Trials = job.Trials,
        DurationMilliseconds = job.Duration?.TotalMilliseconds,
        StallLimitMilliseconds = job.StallLimit.TotalMilliseconds,
    };

    public ScriptJob ToJob() => new()
    {
        Race = new ScriptRace([.. Actors.Select(System.Management.Automation.ScriptBlock.Create)], Block(Setup), Block(Check), session: null),
        Target = RaceCatalogue.GetTarget(Target),
        Seed = 0,
        Operations = 0,
        FirstTrial = FirstTrial,
        Trials = Trials,
        Duration = DurationMilliseconds is { } duration ? TimeSpan.FromMilliseconds(duration) : null,
        StallLimit = TimeSpan.FromMilliseconds(StallLimitMilliseconds),
    };

    public string ToArgument() => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(this));

    public static ScriptRequest FromArgument(string argument) =>
        JsonSerializer.Deserialize<ScriptRequest>(Convert.FromBase64String(argument)) ?? throw new FormatException("The request of a race child process is empty.");

    private static System.Management.Automation.ScriptBlock? Block(string? text) => text is null ? null : System.Management.Automation.ScriptBlock.Create(text);
}
