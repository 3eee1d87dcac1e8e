using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>How schedules are chosen.</summary>
public enum ExploreMode
{
    /// <summary>Every schedule, once. The result carries a certificate.</summary>
    Exhaustive,

    /// <summary>Every schedule with at most <see cref="ExploreOptions.MaxPreemptions"/> preemptions, those with fewer first.</summary>
    Bounded,

    /// <summary>
    /// At least one schedule of each set that differs only in the order of steps that do not conflict: the same outcomes
    /// from fewer schedules. Shares are not those of all schedules.
    /// </summary>
    Sleep,

    /// <summary>
    /// Every schedule, counted rather than run: equal situations are run once (see docs/race-lab.md). Exact shares of all schedules, however many.
    /// Needs a model whose situations can be compared, as those over the map can.
    /// </summary>
    Merged,

    /// <summary>Random schedules, each equally likely. Needs actors whose lengths are known.</summary>
    Uniform,

    /// <summary>Random schedules by a fair die at each step. Long stretches of one actor are rare in them.</summary>
    Walk,

    /// <summary>Random priorities, lowered at <see cref="ExploreOptions.PctDepth"/> - 1 random steps (Burckhardt et al. 2010).</summary>
    Pct,
}

/// <summary>How schedules are searched, and for how long. Every property has a default.</summary>
public sealed record ExploreOptions
{
    /// <summary>What <see cref="MaxSteps"/> is where nobody says: the longest schedules of the catalogue have a little more than 400.</summary>
    internal const int DefaultMaxSteps = 500;

    /// <summary>How schedules are chosen.</summary>
    public ExploreMode Mode { get; init; } = ExploreMode.Exhaustive;

    /// <summary>
    /// For <see cref="ExploreMode.Bounded"/>: how often an actor may be interrupted before it is finished. For <see cref="ExploreMode.Merged"/>, which
    /// has no bound: up to how many preemptions schedules are counted apart.
    /// </summary>
    public int MaxPreemptions { get; init; } = 3;

    /// <summary>For <see cref="ExploreMode.Merged"/>: only schedules with at most so many preemptions; null for all schedules.</summary>
    public int? Within { get; init; }

    /// <summary>For <see cref="ExploreMode.Pct"/>: how many steps must fall into the right order for the outcome sought.</summary>
    public int PctDepth { get; init; } = 3;

    /// <summary>The seed of the random modes; the same seed draws the same schedules.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// At most this many schedules; null for no limit. The random modes have no end of their own: without this
    /// and without <see cref="MaxDuration"/> they run 10,000.
    /// </summary>
    public long? MaxSchedules { get; init; }

    /// <summary>At most for this long; null for no limit.</summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>A schedule of this many steps is ended, with the outcome <see cref="ScheduleOutcomeKind.Livelock"/>.</summary>
    public int MaxSteps { get; init; } = DefaultMaxSteps;

    /// <summary>Ends the search at the first outcome for which this is true.</summary>
    internal Func<ScheduleOutcome, bool>? StopAt { get; init; }

    /// <summary>Checks that every option is in its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is not.</exception>
    public static void Validate(ExploreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Enum.IsDefined(options.Mode))
            throw new ArgumentOutOfRangeException(nameof(options), options.Mode, $"Mode: the modes are {string.Join(", ", Enum.GetNames<ExploreMode>())}.");
        if (options.MaxPreemptions < 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxPreemptions, "MaxPreemptions: give 0 or more; 0 runs the actors one after the other.");
        if (options.Within is { } within && (within < 0 || within > options.MaxPreemptions))
            throw new ArgumentOutOfRangeException(nameof(options), within, "Within: give 0 or more, and no more than MaxPreemptions.");
        if (options.PctDepth < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.PctDepth, "PctDepth: give 1 or more; an outcome that needs one preemption has depth 2.");
        if (options.MaxSchedules < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxSchedules, "MaxSchedules: a search needs at least one schedule. Give 1 or more, or leave it out.");
        if (options.MaxDuration <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxDuration, "MaxDuration: a search needs time. Give more than zero, or leave it out.");
        if (options.MaxSteps is < 1 or > WeightSum.MaxSteps)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxSteps, string.Create(CultureInfo.InvariantCulture, $"MaxSteps: give a number from 1 to {WeightSum.MaxSteps}."));
    }
}
