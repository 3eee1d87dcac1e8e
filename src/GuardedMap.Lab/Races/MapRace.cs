using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GuardedMaps.Lab;

// The race lab, free-running. A race is a scenario (what the actors do) on a target (what they do it to), run for some
// number of trials. Each trial takes four steps, and each step is a part of its own:
//
//   plan    Plans/               the actors' work as data, made from a seed
//   race    Free/                a crew of real threads does it; every answer of the map is logged
//   judge   Judging/             what is left is compared with what the map acknowledged
//   report  Free/RaceTally       one of five outcomes per trial, added up
//
// Targets that may loop for ever are raced in a child process (Child/), which runs the same trials by the same code.
//
// What the figures mean. "Detected": the map raised errors and holds exactly what it acknowledged. "Silently wrong":
// something is missing, doubled or false that no exception announced. A free race shows what happened, here and today:
// that a map was never silently wrong in a thousand trials is no proof, and a seed repeats the work, not the
// interleaving.

/// <summary>Races scenarios on targets with real threads, and explores code of your own in every order.</summary>
public static class MapRace
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Races one scenario on one target and waits for the end.</summary>
    /// <param name="scenario">A name from <see cref="RaceCatalogue.Scenarios"/>.</param>
    /// <param name="target">A name from <see cref="RaceCatalogue.Targets"/>.</param>
    /// <param name="options">How long, how hard, which seed; null for the defaults.</param>
    /// <param name="progress">Told how far the race has come, on the calling thread.</param>
    /// <param name="cancellationToken">Ends the race early. That is no error: the result has what was found until then, and <see cref="MapRaceResult.Cancelled"/> set.</param>
    /// <exception cref="ArgumentException">A name is unknown (the message lists the known ones), or the target cannot run the scenario.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="RaceChildException">The target needs a child process and none can be started.</exception>
    public static MapRaceResult Run(
        string scenario,
        string target,
        MapRaceOptions? options = null,
        IProgress<RaceProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Run(RaceCatalogue.GetScenario(scenario), RaceCatalogue.GetTarget(target), options, progress, cancellationToken);

    /// <summary>Runs delegates over a shared state in every order: all schedules, those with fewer preemptions first, each once.</summary>
    /// <param name="setup">Makes the state a schedule begins with; called for each. Everything the actors share must be in it.</param>
    /// <param name="check">Whether the state is right when all have ended; one that throws says no.</param>
    /// <param name="actors">The actors, two to four: synchronous code that lets others in where <see cref="Race"/> says so, or at calls on what <see cref="Race.Share{TKey, TValue}"/> gave.</param>
    /// <exception cref="ArgumentException">The race cannot be run. The message says why.</exception>
    /// <exception cref="RaceModelException">The setup threw.</exception>
    /// <remarks>For limits, names and progress describe the race as a <see cref="CodeRace{T}"/>.</remarks>
    public static CodeRaceResult Explore<T>(Func<T> setup, Func<T, bool> check, params Action<T>[] actors)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(actors);
        return new CodeRace<T> { Setup = setup, Check = check, Actors = actors }.Explore();
    }

    /// <summary>Runs delegates over a shared state in every order. The check is one that throws when something is wrong, as the assertions of every test framework do.</summary>
    /// <inheritdoc cref="Explore{T}(Func{T}, Func{T, bool}, Action{T}[])"/>
    public static CodeRaceResult Explore<T>(Func<T> setup, Action<T> check, params Action<T>[] actors)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(check);
        return Explore(
            setup,
            state =>
            {
                check(state);
                return true;
            },
            actors);
    }

    internal static MapRaceResult Run(
        Scenario scenario,
        RaceTarget target,
        MapRaceOptions? options,
        IProgress<RaceProgress>? progress,
        CancellationToken cancellationToken)
    {
        options ??= new MapRaceOptions();
        MapRaceOptions.Validate(options);
        if (!scenario.RacesOn(target))
        {
            var able = RaceCatalogue.Targets.Where(scenario.RacesOn).Select(t => t.Name).ToList();
            throw new ArgumentException(
                able.Count == 0 ? $"The scenario {scenario.Name} is there to be explored: real threads leave nothing by which it could be judged. Explore it."
                : scenario.Verbs.Except(target.Verbs).ToList() is { Count: > 0 } missing ? $"The scenario {scenario.Name} needs {string.Join(" and ", missing)}, and {target.Name} has none. It can be raced on: {string.Join(", ", able)}."
                : $"{target.Name} is there to be explored only. {scenario.Name} can be raced on: {string.Join(", ", able)}.",
                nameof(target));
        }

        var job = new RaceJob
        {
            Scenario = scenario,
            Target = target,
            Seed = options.Seed ?? (ulong)Random.Shared.Next(1, int.MaxValue),
            Operations = options.Operations ?? scenario.DefaultOperations,
            Trials = options.Count ?? (options.Duration is null ? scenario.DefaultCount : null),
            Duration = options.Duration,
            StallLimit = options.StallLimit,
        };

        var tally = new RaceTally(job);
        var sinceProgress = Stopwatch.StartNew();
        progress?.Report(tally.Progress());
        string runtime = RuntimeInformation.FrameworkDescription;
        int processes = 0;
        if (target.NeedsChildProcess)
            (processes, runtime) = ChildRun.Run(job, OnReport, OnLook, cancellationToken);
        else
            FreeRun.Run(job, OnReport, OnLook, cancellationToken);

        progress?.Report(tally.Progress());
        return tally.Result(cancellationToken.IsCancellationRequested, processes, runtime);

        void OnReport(TrialReport report)
        {
            tally.Add(report);
            OnLook();
        }

        void OnLook()
        {
            if (progress is null || sinceProgress.Elapsed < ProgressInterval) return;
            sinceProgress.Restart();
            progress.Report(tally.Progress());
        }
    }
}
