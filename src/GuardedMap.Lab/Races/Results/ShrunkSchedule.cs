namespace GuardedMaps.Lab;

/// <summary>What shrinking a schedule led to.</summary>
public sealed record ShrunkSchedule
{
    /// <summary>The schedule it began with.</summary>
    public required ScheduleToken From { get; init; }

    /// <summary>The preemptions of the schedule it began with.</summary>
    public required int PreemptionsBefore { get; init; }

    /// <summary>The schedule found: same outcome, not more preemptions.</summary>
    public required ScheduleToken Token { get; init; }

    /// <summary>Its preemptions.</summary>
    public required int Preemptions { get; init; }

    /// <summary>The outcome of both.</summary>
    public required ScheduleOutcome Outcome { get; init; }

    /// <summary>
    /// True when a search with one preemption less has run every schedule there is with so few, none of which ends this
    /// way. False when that search was cut short by its limit; a shorter one may then exist.
    /// </summary>
    public required bool MinimalProven { get; init; }

    /// <summary>Schedules run for merging blocks.</summary>
    public required int Replays { get; init; }

    /// <summary>Schedules run for the proof.</summary>
    public required long ProofSchedules { get; init; }
}
