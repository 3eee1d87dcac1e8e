using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>How long, how hard and with which seed a race is run. Every property has a default.</summary>
public sealed record MapRaceOptions
{
    /// <summary>
    /// How many trials to run. With a <see cref="Duration"/> too, whichever ends first; with neither, the scenario's
    /// own <see cref="Scenario.DefaultCount"/>.
    /// </summary>
    public int? Count { get; init; }

    /// <summary>For how long to run trials, as the clock on the wall has it. A trial that has begun is finished.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>
    /// Fixes what each actor does, in which order, and where it pauses; null draws one. It does not fix how the operating
    /// system interleaves the threads, nor .NET's own string hashes, which are random per process: the same seed runs
    /// the same work, not the same race.
    /// </summary>
    public ulong? Seed { get; init; }

    /// <summary>How much an actor does in one trial; null is the scenario's own <see cref="Scenario.DefaultOperations"/>. More work and more growth find more damage.</summary>
    public int? Operations { get; init; }

    /// <summary>
    /// A trial in which nobody makes a step for this long counts as hung, and its process is killed. A step takes
    /// well under a millisecond, so the default of 2 seconds leaves room for a machine that is busy elsewhere.
    /// </summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Checks that every option is in its range. <see cref="MapRace"/> does so itself; this is for those who want to know before they begin.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is not.</exception>
    public static void Validate(MapRaceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Count is { } count && count < 1)
            throw new ArgumentOutOfRangeException(nameof(options), count, "Count: a race needs at least one trial. Give 1 or more, or leave it out for the scenario's default.");
        if (options.Duration is { } duration && duration <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(options), duration, "Duration: a race needs time. Give more than zero, or leave it out and give a Count.");
        if (options.Operations is { } operations && (operations < 1 || operations > MaxOperations))
            throw new ArgumentOutOfRangeException(nameof(options), operations, string.Create(CultureInfo.InvariantCulture, $"Operations: give a number from 1 to {MaxOperations} per actor and trial."));
        if (options.StallLimit < MinStallLimit || options.StallLimit > MaxStallLimit)
            throw new ArgumentOutOfRangeException(nameof(options), options.StallLimit, $"StallLimit: give a time from {MinStallLimit} to {MaxStallLimit}. With less, a busy machine would pass for a hang.");
    }

    private const int MaxOperations = 5_000_000;
    private static readonly TimeSpan MinStallLimit = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxStallLimit = TimeSpan.FromHours(1);
}
