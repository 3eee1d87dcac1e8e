using System.Diagnostics;
using System.Globalization;
using System.Numerics;

namespace GuardedMaps.Lab;

// A search over programs, around the search over schedules: each program (Catalogue/MadeScenario.cs) is explored like a scenario of the catalogue and judged by the
// same checks. The sizes go up: one operation against one, then two against one, and so on, so that what fails first is small. Without a seed every program of a size is
// tried before the next size begins; with one they are drawn.

/// <summary>Which programs are made, and how each is explored.</summary>
public sealed record ProgramSearchOptions
{
    /// <summary>What they run on: a target that can be explored access by access.</summary>
    public string Target { get; init; } = "GuardedMap";

    /// <summary>At most so many programs.</summary>
    public int Programs { get; init; } = 500;

    /// <summary>The seed by which programs are drawn; null for every program, smallest first.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The most operations of all actors together.</summary>
    public int MostOperations { get; init; } = 4;

    /// <summary>The most actors: 2 or 3.</summary>
    public int MostActors { get; init; } = 2;

    /// <summary>Within how many preemptions the schedules of each are explored.</summary>
    public int MaxPreemptions { get; init; } = 2;

    /// <summary>At most for this long; null for no limit.</summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>Checks that every option is in its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is not.</exception>
    public static void Validate(ProgramSearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Programs < 1) throw new ArgumentOutOfRangeException(nameof(options), options.Programs, "Programs: give 1 or more.");
        if (options.MostOperations is < 2 or > 9) throw new ArgumentOutOfRangeException(nameof(options), options.MostOperations, "MostOperations: give a number from 2 to 9; two actors with one operation each are the smallest race.");
        if (options.MostActors is < 2 or > 3) throw new ArgumentOutOfRangeException(nameof(options), options.MostActors, "MostActors: give 2 or 3.");
        if (options.MaxPreemptions < 0) throw new ArgumentOutOfRangeException(nameof(options), options.MaxPreemptions, "MaxPreemptions: give 0 or more; 0 runs the actors one after the other.");
        if (options.MaxDuration <= TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(options), options.MaxDuration, "MaxDuration: a search needs time. Give more than zero, or leave it out.");
    }
}

/// <summary>What a search over programs found.</summary>
public sealed record ProgramSearchResult
{
    /// <summary>What the programs ran on.</summary>
    public required string Target { get; init; }

    /// <summary>How many programs were explored.</summary>
    public required int Programs { get; init; }

    /// <summary>The largest of them: operations of all actors together.</summary>
    public required int LargestProgram { get; init; }

    /// <summary>True if every program up to <see cref="LargestProgram"/> operations was explored; of those drawn none is missing, but not all were drawn.</summary>
    public required bool IsEveryProgram { get; init; }

    /// <summary>How many schedules were counted, of all programs together.</summary>
    public required BigInteger Schedules { get; init; }

    /// <summary>Within how many preemptions.</summary>
    public required int MaxPreemptions { get; init; }

    /// <summary>The seed, where programs were drawn.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The programs of which some schedule goes wrong in a way that nobody is told of, smallest first.</summary>
    public required IReadOnlyList<ExploreResult> Failures { get; init; }

    /// <summary>Why the search ended.</summary>
    public required ExploreEnd End { get; init; }

    /// <summary>Time from start to end.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>What was covered, in words.</summary>
    public string Coverage => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsEveryProgram ? "every program" : Seed is { } seed ? $"programs drawn with seed {seed}" : "the smallest programs")} of up to {LargestProgram} operations: {Programs:N0} on {Target}, with all their {Schedules:N0} schedules of at most {MaxPreemptions} preemptions");

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Coverage}; {Failures.Count} go wrong");
}

/// <summary>Explores programs that nobody thought of.</summary>
public static class ProgramSearch
{
    /// <summary>Makes programs and explores each, on the calling thread.</summary>
    /// <param name="options">Which; null for the 500 smallest on the guarded map.</param>
    /// <param name="progress">Told how far it has come: programs instead of schedules.</param>
    /// <param name="cancellationToken">Ends the search early. That is no error: the result has what was found until then.</param>
    /// <exception cref="ArgumentException">There is no such target, or it cannot be explored access by access.</exception>
    public static ProgramSearchResult Run(ProgramSearchOptions? options = null, IProgress<ExploreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new ProgramSearchOptions();
        ProgramSearchOptions.Validate(options);
        var target = RaceCatalogue.GetTarget(options.Target);
        Verb[] verbs = VerbsOn(target);
        if (!IsPossibleOn(target))
            throw new ArgumentException(SafeText.Message($"{target.Name} cannot be explored access by access, and programs are made for that. Take one of: {string.Join(", ", RaceCatalogue.Targets.Where(IsPossibleOn).Select(t => t.Name)):all}."), nameof(options));
        var watch = Stopwatch.StartNew();
        var failures = new List<ExploreResult>();
        var end = ExploreEnd.Finished;
        var schedules = BigInteger.Zero;
        int programs = 0;
        int largest = 0;
        bool isEvery = options.Seed is null;
        foreach (Scenario scenario in Programs(options, verbs))
        {
            int size = scenario.Programs.Sum(p => p.Count);
            end = cancellationToken.IsCancellationRequested ? ExploreEnd.Cancelled
                : watch.Elapsed >= options.MaxDuration ? ExploreEnd.Time
                : programs == options.Programs ? ExploreEnd.Count
                : ExploreEnd.Finished;
            if (end != ExploreEnd.Finished)
            {
                // All of a size, or it is said that it was not all.
                isEvery &= size > largest;
                break;
            }

            var result = Explorer.Run(
                RaceModels.Make(scenario, target, RaceGrain.Access),
                new ExploreOptions { Mode = ExploreMode.Merged, Within = options.MaxPreemptions, MaxPreemptions = options.MaxPreemptions, MaxSteps = MostSteps },
                progress: null,
                cancellationToken);
            if (result.End == ExploreEnd.Cancelled)
            {
                (end, isEvery) = (ExploreEnd.Cancelled, false);
                break;
            }

            programs++;
            largest = size;
            schedules += result.Schedules;
            if (result.Outcomes.Any(o => o.Outcome.Kind is not (ScheduleOutcomeKind.Clean or ScheduleOutcomeKind.Violation))) failures.Add(result);
            progress?.Report(new ExploreProgress(programs, Math.Min(1, (double)programs / options.Programs), watch.Elapsed));
        }

        return new ProgramSearchResult
        {
            Target = target.Name,
            Programs = programs,
            LargestProgram = largest,
            IsEveryProgram = isEvery,
            Schedules = schedules,
            MaxPreemptions = options.MaxPreemptions,
            Seed = options.Seed,
            Failures = failures,
            // A number of programs that was asked for is the work itself.
            End = end == ExploreEnd.Count ? ExploreEnd.Finished : end,
            Elapsed = watch.Elapsed,
        };
    }

    /// <summary>Whether programs can be explored on a target access by access.</summary>
    internal static bool IsPossibleOn(RaceTarget target) => !target.IsOfOneScenario && VerbsOn(target).Length > 0;

    private static Verb[] VerbsOn(RaceTarget target) => [.. s_verbs.Where(v => target.Explores(new Scenario("Made", "") { Programs = [[new Operation(v, 10)]] }, RaceGrain.Access))];

    // Iterations over a table that has grown take some hundred steps each.
    private const int MostSteps = 5_000;

    private static readonly Verb[] s_verbs = [Verb.Get, Verb.Set, Verb.Remove, Verb.Increment, Verb.TryAdd, Verb.GetOrAdd, Verb.Clear, Verb.Count, Verb.Iterate];

    private static IEnumerable<Scenario> Programs(ProgramSearchOptions options, Verb[] verbs)
    {
        if (options.Seed is { } seed)
        {
            var random = new Random((int)(seed ^ (seed >> 32)));
            var drawn = new List<Scenario>();
            for (int i = 0; i < options.Programs; i++)
            {
                int actors = random.Next(2, options.MostActors + 1);
                int operations = random.Next(actors, Math.Max(actors, options.MostOperations) + 1);
                int[] sizes = [.. Enumerable.Repeat(1, actors)];
                for (int more = operations - actors; more > 0; more--) sizes[random.Next(actors)]++;
                drawn.Add(MadeScenario.Draw(random, sizes, verbs));
            }

            return drawn.DistinctBy(s => s.Name, StringComparer.Ordinal).OrderBy(s => s.Programs.Sum(p => p.Count));
        }

        return from operations in Enumerable.Range(2, options.MostOperations - 1)
               from actors in Enumerable.Range(2, Math.Min(options.MostActors, operations) - 1)
               from sizes in Sizes(operations, actors, operations)
               from scenario in MadeScenario.All(sizes, verbs)
               select scenario;
    }

    // Ways to share out operations among actors, the largest share first: actors are not told apart.
    private static IEnumerable<int[]> Sizes(int operations, int actors, int most)
    {
        if (actors == 1)
        {
            if (operations >= 1 && operations <= most) yield return [operations];
            yield break;
        }

        for (int first = Math.Min(most, operations - actors + 1); first >= 1; first--)
        {
            foreach (int[] rest in Sizes(operations - first, actors - 1, first)) yield return [first, .. rest];
        }
    }
}
