namespace GuardedMaps.Lab;

/// <summary>A stretch of trials to run in one process, all questions of defaults settled.</summary>
internal sealed record RaceJob
{
    public required RaceScenario Scenario { get; init; }

    public required RaceTargetInfo Target { get; init; }

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
