using System.Diagnostics;
using System.Numerics;

namespace GuardedMaps.Lab;

// The explorer runs many schedules of one model and adds up how they end. Four ways of choosing schedules:
//
//   search     SearchTree         every schedule, or all but those that pruning proves superfluous
//   bounded    SearchTree, again  rounds with 0, 1, 2, .. preemptions; a round counts what the rounds before had not
//   merge      MergedSearch       every schedule, counted: equal situations are run once
//   draw       the samplers       random schedules, with a statement of what they may have missed
//
// A round of the bounded search runs the schedules of the rounds before once more. That costs less than it seems (the last
// round is by far the largest) and gives what matters: what needs few preemptions is found first, and when time
// runs out all rounds but the last are complete.

/// <summary>Explores a model: runs its schedules and counts the outcomes.</summary>
public sealed class Explorer
{
    private const long DefaultDraws = 10_000;
    private const long MostToRun = 1_000_000;
    private static readonly TimeSpan LongestCount = TimeSpan.FromSeconds(10);
    private const int LookEvery = 64; // Schedules between two looks at the clock.
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    private readonly RaceModel _model;
    private readonly ExploreOptions _options;
    private readonly IProgress<ExploreProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly OutcomeTally _tally;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private long _run;
    private TimeSpan _nextProgress = ProgressInterval;

    private Explorer(RaceModel model, ExploreOptions options, IProgress<ExploreProgress>? progress, CancellationToken cancellation)
    {
        (_model, _options, _progress, _cancellation) = (model, options, progress, cancellation);
        _tally = new OutcomeTally(model);
    }

    /// <summary>Explores a model on the calling thread.</summary>
    /// <param name="model">What to explore.</param>
    /// <param name="options">How, and for how long; null for an exhaustive search without limit.</param>
    /// <param name="progress">Told how far the search has come.</param>
    /// <param name="cancellationToken">Ends the search early. That is no error: the result has what was found until then.</param>
    /// <exception cref="ArgumentException">The model and the mode do not go together.</exception>
    /// <exception cref="RaceModelException">The model broke its rules: it is not deterministic, or an actor threw what it may not.</exception>
    public static ExploreResult Run(RaceModel model, ExploreOptions? options = null, IProgress<ExploreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new ExploreOptions();
        ExploreOptions.Validate(options);
        var explorer = new Explorer(model, options, progress, cancellationToken);
        return SearchCoverage.Marked(options.Mode switch
        {
            ExploreMode.Exhaustive => explorer.Search(sleeping: false),
            ExploreMode.Sleep => explorer.Search(sleeping: true),
            ExploreMode.Bounded => explorer.Rounds(),
            ExploreMode.Merged => explorer.Merge(),
            _ => explorer.Draw(),
        });
    }

    /// <summary>
    /// Explores a model without being told how: with 0, 1, 2 and so on preemptions until something goes wrong, and then, where that can be
    /// done, every schedule: counted by situation, or run if there are no more than a million.
    /// </summary>
    /// <param name="model">What to explore.</param>
    /// <param name="limits">The limits; its mode does not matter. Without a limit of time counting by situation is given up after 10 s.</param>
    /// <param name="progress">Told how far each search has come.</param>
    /// <param name="cancellationToken">Ends the search early.</param>
    /// <returns>The search that covered most.</returns>
    public static ExploreResult Automatic(RaceModel model, ExploreOptions? limits = null, IProgress<ExploreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        limits ??= new ExploreOptions();
        ExploreResult found;
        int bound = 0;
        do
        {
            found = Run(model, limits with { Mode = ExploreMode.Bounded, MaxPreemptions = bound, Within = null }, progress, cancellationToken);
            if (found.End != ExploreEnd.Finished || found.Exhaustive) return found;
        }
        while (++bound <= limits.MaxPreemptions && found.Outcomes.All(o => o.Outcome.Kind == ScheduleOutcomeKind.Clean));

        var run = model.CreateRun();
        run.Restart();
        var all = run.Situation is not null
            ? Run(model, limits with { Mode = ExploreMode.Merged, Within = null, MaxDuration = limits.MaxDuration ?? LongestCount }, progress, cancellationToken)
            : ScheduleCounting.Predict(model.Lengths, null) > MostToRun
                ? found
                : Run(model, limits with { Mode = ExploreMode.Exhaustive, Within = null, MaxSchedules = Math.Min(MostToRun, limits.MaxSchedules ?? MostToRun) }, progress, cancellationToken);
        return all.Exhaustive ? all : found;
    }

    private ExploreResult Search(bool sleeping)
    {
        var tree = new SearchTree(_model, _options.MaxSteps, bound: null, sleeping);
        var end = RunAll(tree, _options.MaxSchedules);
        return Result(end, tree.StepsMade, tree.FractionDone) with
        {
            Certificate = tree.Certificate(ScheduleCounting.Predict(_model.Lengths, null)),
        };
    }

    private ExploreResult Rounds()
    {
        long steps = 0;
        for (int bound = 0; ; bound++)
        {
            var tree = new SearchTree(_model, _options.MaxSteps, bound, sleeping: false);
            var end = RunAll(tree, _options.MaxSchedules, fromPreemptions: bound);
            steps += tree.StepsMade;
            var certificate = tree.Certificate(ScheduleCounting.Predict(_model.Lengths, bound));
            if (end == ExploreEnd.Finished && bound < _options.MaxPreemptions && !certificate.IsWholeTree) continue;
            return Result(end, steps, tree.FractionDone) with
            {
                Certificate = certificate,
                Predicted = ScheduleCounting.Predict(_model.Lengths, _options.MaxPreemptions),
                PreemptionsCovered = end == ExploreEnd.Finished && certificate.Holds ? bound : bound - 1,
            };
        }
    }

    // Runs what the scheduler still has. Counts the schedules with at least so many preemptions; the others have been.
    private ExploreEnd RunAll(IScheduler scheduler, long? limit, int fromPreemptions = 0)
    {
        while (true)
        {
            if (_cancellation.IsCancellationRequested) return ExploreEnd.Cancelled;
            if (Exhausted(limit) is { } exhausted && scheduler.HasNext) return exhausted;
            if (scheduler.Next() is not { } outcome) return ExploreEnd.Finished;
            _run++;
            if (ProgressIsDue) Report(scheduler.FractionDone ?? Spent(limit));
            if (scheduler.Preemptions < fromPreemptions) continue;
            _tally.Add(outcome, scheduler.Weight, scheduler.Preemptions, scheduler.Steps);
            if (_options.StopAt?.Invoke(outcome) == true) return ExploreEnd.Found;
        }
    }

    private ExploreResult Merge()
    {
        var end = ExploreEnd.Finished;
        var search = new MergedSearch(_model, _options.MaxSteps, _options.MaxPreemptions, _options.Within, GoesOn);
        search.Run();
        var root = search.Root;
        var totals = Enumerable.Range(0, root.Outcomes.Length).Select(at => root.Totals?[at] ?? root.FromStart(at).ToArray().Sum()).ToList();
        var all = totals.Aggregate(BigInteger.Zero, BigInteger.Add);
        var outcomes = root.Outcomes.Select((number, at) =>
        {
            var token = new ScheduleToken(_model, search.Simplest(number));
            return new ExploredOutcome
            {
                Outcome = search.Outcomes[number],
                Count = root.FromStart(at).ToArray().Sum(),
                OfAll = root.Totals?[at],
                Share = new ExactFraction(totals[at], all),
                WalkChance = null,
                FirstToken = token,
                SimplestToken = token,
                FewestPreemptions = root.Fewest(-1, number)!.Value,
            };
        }).OrderByDescending(o => o.Share).ThenBy(o => o.Outcome.ToString(), StringComparer.Ordinal).ToList();
        if (_progress is not null) Report(search.Done);
        var account = _options.Within is null && end == ExploreEnd.Finished ? search.Account(ScheduleCounting.Predict(_model.Lengths, null)) : null;
        return new ExploreResult
        {
            Scenario = _model.Scenario,
            Target = _model.Target,
            Grain = _model.Grain,
            Mode = _options.Mode,
            Schedules = outcomes.Sum(o => o.Count),
            AllSchedules = account is { Holds: true } ? all : null,
            Account = account,
            PreemptionsCovered = end == ExploreEnd.Finished ? _options.Within : _options.Within is null ? null : -1,
            Situations = search.Situations,
            ByPreemptions = [.. Enumerable.Range(0, _options.MaxPreemptions + 1).Select(p => Enumerable.Range(0, root.Outcomes.Length).Sum(at => root.FromStart(at)[p]))],
            Outcomes = outcomes,
            End = end,
            Elapsed = _watch.Elapsed,
            Steps = search.Steps,
        };

        bool GoesOn(MergedSearch search)
        {
            end = _cancellation.IsCancellationRequested ? ExploreEnd.Cancelled
                : _watch.Elapsed >= _options.MaxDuration ? ExploreEnd.Time
                : search.Runs >= _options.MaxSchedules ? ExploreEnd.Count
                : ExploreEnd.Finished;
            if (_progress is not null && _watch.Elapsed >= _nextProgress) Report(search.Done);
            return end == ExploreEnd.Finished;
        }
    }

    private ExploreResult Draw()
    {
        long? limit = _options.MaxSchedules ?? (_options.MaxDuration is null ? DefaultDraws : null);
        var sampler = Sampler.Create(_model, _options);
        var end = RunAll(sampler, limit);
        // A number of draws that was asked for is the work itself, not a limit that cut it short.
        if (end == ExploreEnd.Count) end = ExploreEnd.Finished;
        return Result(end, sampler.StepsMade, Spent(limit)) with
        {
            Seed = _options.Seed,
            Miss = sampler.Miss(_tally.Schedules),
        };
    }

    private bool ProgressIsDue => _progress is not null && _run % LookEvery == 0 && _watch.Elapsed >= _nextProgress;

    private ExploreEnd? Exhausted(long? maxSchedules)
    {
        if (_tally.Schedules >= maxSchedules) return ExploreEnd.Count;
        if (_options.MaxDuration is { } limit && _run % LookEvery == 0 && _run > 0 && _watch.Elapsed >= limit) return ExploreEnd.Time;
        return null;
    }

    private double Spent(long? limit)
    {
        double ofCount = limit is { } count ? (double)_tally.Schedules / count : 0;
        double ofTime = _options.MaxDuration is { } duration ? _watch.Elapsed / duration : 0;
        return Math.Min(1, Math.Max(ofCount, ofTime));
    }

    private void Report(double fraction)
    {
        _nextProgress = _watch.Elapsed + ProgressInterval;
        _progress!.Report(new ExploreProgress(_tally.Schedules, fraction, _watch.Elapsed));
    }

    private ExploreResult Result(ExploreEnd end, long steps, double fraction)
    {
        if (_progress is not null) Report(fraction);
        return new ExploreResult
        {
            Scenario = _model.Scenario,
            Target = _model.Target,
            Grain = _model.Grain,
            Mode = _options.Mode,
            Schedules = _tally.Schedules,
            Predicted = ScheduleCounting.Predict(_model.Lengths, null),
            ByPreemptions = [.. _tally.ByPreemptions],
            Outcomes = _tally.Outcomes(searched: _options.Mode is ExploreMode.Exhaustive or ExploreMode.Bounded),
            End = end,
            Elapsed = _watch.Elapsed,
            Steps = steps,
        };
    }
}
