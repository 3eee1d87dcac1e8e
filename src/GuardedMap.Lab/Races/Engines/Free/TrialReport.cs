namespace GuardedMaps.Lab;

/// <summary>What came of one trial. Plain data: it crosses from the child process as a line of JSON.</summary>
internal sealed record TrialReport
{
    /// <summary>The trial's number, counted from 0.</summary>
    public required int Trial { get; init; }

    public required RaceOutcome Outcome { get; init; }

    /// <summary>How long it took, with setting up and judging.</summary>
    public required double Milliseconds { get; init; }

    /// <summary>Damaged entries by kind.</summary>
    public IReadOnlyDictionary<ScheduleOutcomeKind, long> Damage { get; init; } = new Dictionary<ScheduleOutcomeKind, long>();

    /// <summary>Errors raised, by violation kind or exception type.</summary>
    public IReadOnlyDictionary<string, long> Errors { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>The gravest damage in one sentence.</summary>
    public string? Example { get; init; }

    /// <summary>The first error's message.</summary>
    public string? FirstError { get; init; }

    /// <summary>For a hung or crashed trial: what the actors were doing, or how the process ended.</summary>
    public string? Where { get; init; }
}
