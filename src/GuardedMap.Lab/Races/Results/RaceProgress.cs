namespace GuardedMaps.Lab;

/// <summary>How far a race has come. Reported on the thread that called <see cref="MapRace"/>, at most about ten times a second and once at the end.</summary>
public sealed record RaceProgress
{
    /// <summary>The scenario's name.</summary>
    public required string Scenario { get; init; }

    /// <summary>The target's name.</summary>
    public required string Target { get; init; }

    /// <summary>Trials finished so far.</summary>
    public required int Trials { get; init; }

    /// <summary>Trials to be run, or null when only a duration was given.</summary>
    public int? PlannedTrials { get; init; }

    /// <summary>The share done, 0 to 1: of the trials or of the time, whichever is further.</summary>
    public required double Fraction { get; init; }

    /// <summary>Trials that ended <see cref="RaceOutcome.Clean"/> so far.</summary>
    public required int Clean { get; init; }

    /// <summary>Trials that ended <see cref="RaceOutcome.Detected"/> so far.</summary>
    public required int Detected { get; init; }

    /// <summary>Trials that ended <see cref="RaceOutcome.SilentlyWrong"/> so far.</summary>
    public required int SilentlyWrong { get; init; }

    /// <summary>Trials that ended <see cref="RaceOutcome.Hung"/> so far.</summary>
    public required int Hung { get; init; }

    /// <summary>Trials that ended <see cref="RaceOutcome.Crashed"/> so far.</summary>
    public required int Crashed { get; init; }

    /// <summary>Time since the race began.</summary>
    public required TimeSpan Elapsed { get; init; }
}
