namespace GuardedMaps.Lab;

/// <summary>A stretch of trials to run in one process, whatever is raced in them; all questions of defaults settled.</summary>
internal abstract record RaceStretch
{
    public abstract string ScenarioName { get; }

    public abstract string TargetName { get; }

    /// <summary>True when the target may loop for ever, so that the trials have to run in a process that can be killed.</summary>
    public abstract bool NeedsChildProcess { get; }

    public required ulong Seed { get; init; }

    public required int Operations { get; init; }

    /// <summary>The number of the first trial, counted from 0; above 0 when a stretch goes on after a hang.</summary>
    public int FirstTrial { get; init; }

    /// <summary>How many trials at most; null leaves it to <see cref="Duration"/>.</summary>
    public int? Trials { get; init; }

    /// <summary>For how long to begin new trials; null leaves it to <see cref="Trials"/>.</summary>
    public TimeSpan? Duration { get; init; }

    public required TimeSpan StallLimit { get; init; }
}

/// <summary>Trials of a scenario of the catalogue on one of its targets.</summary>
internal sealed record RaceJob : RaceStretch
{
    public required Scenario Scenario { get; init; }

    public required RaceTarget Target { get; init; }

    public override string ScenarioName => Scenario.Name;

    public override string TargetName => Target.Name;

    public override bool NeedsChildProcess => Target.NeedsChildProcess;
}
