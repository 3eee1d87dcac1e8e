namespace GuardedMaps.Lab;

/// <summary>
/// Chooses schedules of a model and runs them, one after the other. The searches are siblings: <see cref="SearchTree"/> takes all, all within a bound, or one of each set of
/// equals; the samplers draw. <see cref="MergedSearch"/> is none of them, since it counts schedules without running each.
/// </summary>
internal interface IScheduler
{
    /// <summary>Whether there may be a schedule that was not run yet.</summary>
    bool HasNext { get; }

    /// <summary>The actor of each step of the schedule just run.</summary>
    ReadOnlySpan<int> Steps { get; }

    /// <summary>The preemptions of the schedule just run.</summary>
    int Preemptions { get; }

    /// <summary>The weight of the schedule just run; null where schedules are drawn and have none.</summary>
    ulong? Weight { get; }

    /// <summary>Steps made so far, those of repeated beginnings included.</summary>
    long StepsMade { get; }

    /// <summary>How much of what it is to run has been run, from 0 to 1; null where only the limits can tell.</summary>
    double? FractionDone { get; }

    /// <summary>Runs the next schedule to its end.</summary>
    /// <returns>Its outcome; null when there is no further schedule.</returns>
    ScheduleOutcome? Next();
}
