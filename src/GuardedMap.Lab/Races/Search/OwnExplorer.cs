using System.Diagnostics;
using System.Globalization;
using System.Numerics;

namespace GuardedMaps.Lab;

// All schedules of a user's own programs, each once, those with fewer preemptions first. The first schedule that ends in some way is then one with the fewest preemptions: what is
// shown needs no shrinking by luck.
//
//     level 0    the usual run, and all that begin at choices which interrupt nobody
//     level 1    all that begin at one choice of level 0 that interrupts somebody, and then interrupt nobody
//     ...
//
// The next level is known only when this one is done, and waits in memory, one run for all that begins at it. Where that would take more than a fixed room the search goes
// deep instead: no level after the last complete one is claimed, and memory stays as it is.
//
// What may be said afterwards. That all schedules were run rests on the accounts of weights (ExploreCertificate), and on programs that do the same whenever the same steps are made. The
// second is checked all the way: each schedule goes the way of one before it, and at every step who can go on, where all stand and every value that was read must be as it was. In
// the end one schedule of each outcome is run once more, whole. Where that fails, where a wait could not be seen, where another thread had a hand in it, the result says so and
// claims nothing but what was run (ExploreResult.Doubt).

/// <summary>Explores a user's own programs.</summary>
internal sealed class OwnExplorer
{
    private const int MostEndless = 3;
    private static readonly TimeSpan s_progressInterval = TimeSpan.FromMilliseconds(100);

    private readonly OwnCrew _crew;
    private readonly ExploreOptions _options;
    private readonly IProgress<ExploreProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly OwnJudge _judge;
    private readonly OutcomeTally _tally;
    private readonly WeightSum _explored = new();
    private readonly WeightSum _cut = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly int _bound;
    private readonly bool[] _hasYielded;
    private Stack<OwnBranch> _now = [];
    private Stack<OwnBranch> _next = [];
    private long _frontier;
    private bool _goesDeep;
    private int _level;
    private int _endless;
    private long _steps;
    private double _done;
    private int[] _actors = new int[64];
    private TimeSpan _nextProgress = s_progressInterval;
    private ExploreEnd _end;
    private string? _doubt;

    private readonly Action<ScheduleOutcome>? _each;

    private OwnExplorer(OwnCrew crew, ExploreOptions options, IProgress<ExploreProgress>? progress, OwnJudge judge, Action<ScheduleOutcome>? each, CancellationToken cancellation)
    {
        (_judge, _each) = (judge, each);
        (_crew, _options, _progress, _cancellation) = (crew, options, progress, cancellation);
        _tally = new OutcomeTally(crew.Race.Token);
        _bound = options.Mode == ExploreMode.Bounded ? options.MaxPreemptions : int.MaxValue;
        _hasYielded = new bool[crew.Actors.Count];
        (crew.MaxSteps, crew.LargestFrontier) = (options.MaxSteps, 0);
    }

    /// <summary>Explores a race on threads made for it.</summary>
    /// <inheritdoc cref="Run(OwnCrew, ExploreOptions?, IProgress{ExploreProgress}?, CancellationToken)"/>
    public static ExploreResult Run(OwnRace race, ExploreOptions? options = null, IProgress<ExploreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var crew = new OwnCrew(race);
        return Run(crew, options, progress, cancellationToken);
    }

    /// <summary>Explores a race: runs its schedules and counts how they end.</summary>
    /// <param name="crew">Its threads.</param>
    /// <param name="options">Every schedule, or those within a bound; limits. Null for every schedule without limit.</param>
    /// <param name="progress">Told how far the search has come, on the calling thread.</param>
    /// <param name="cancellationToken">Ends the search early, within a second, whatever the actors do; the result has what was found until then.</param>
    /// <exception cref="ArgumentException">The options are none for own programs.</exception>
    /// <exception cref="RaceModelException">The threads could not be made ready.</exception>
    public static ExploreResult Run(OwnCrew crew, ExploreOptions? options = null, IProgress<ExploreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(crew);
        return Run(crew, new OwnJudge(crew.Race), options, progress, each: null, cancellationToken);
    }

    /// <summary>A judge that knows the ends to compare others with: those in which nobody was interrupted. Needed where a single schedule is judged.</summary>
    public static OwnJudge JudgeFor(OwnCrew crew, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(crew);
        var judge = new OwnJudge(crew.Race);
        if (crew.Race.Check is null) Run(crew, judge, new ExploreOptions { Mode = ExploreMode.Bounded, MaxPreemptions = 0, MaxSteps = crew.MaxSteps }, progress: null, each: null, cancellationToken);
        return judge;
    }

    /// <summary>Explores, and tells of each schedule while the crew still has it.</summary>
    internal static ExploreResult Run(OwnCrew crew, OwnJudge judge, ExploreOptions? options, IProgress<ExploreProgress>? progress, Action<ScheduleOutcome>? each, CancellationToken cancellationToken)
    {
        options ??= new ExploreOptions { MaxSteps = crew.MaxSteps };
        ExploreOptions.Validate(options);
        if (options.Mode is not (ExploreMode.Exhaustive or ExploreMode.Bounded))
            throw new ArgumentException($"{options.Mode} is for scenarios, whose steps the lab knows. Programs of your own are explored {ExploreMode.Exhaustive} or {ExploreMode.Bounded}.", nameof(options));
        crew.Resume();
        var explorer = new OwnExplorer(crew, options, progress, judge, each, cancellationToken);
        using var stop = cancellationToken.Register(crew.Stop);
        return explorer.Search();
    }

    private ExploreResult Search()
    {
        int covered = -1;
        if (Explore(OwnWay.Usual))
        {
            do
            {
                while (_now.TryPeek(out var branch))
                {
                    if (!branch.HasNext)
                    {
                        _now.Pop();
                        _frontier -= branch.Size;
                        continue;
                    }

                    if (!Explore(branch.Next())) goto ended;
                }

                if (!_goesDeep) covered = _level;
                (_now, _next) = (_next, _now);
                _level++;
            }
            while (_now.Count > 0 && _level <= _bound);
        }

    ended:
        if (_end == ExploreEnd.Finished) covered = _options.Mode == ExploreMode.Bounded ? _bound : covered;
        var certificate = new ExploreCertificate(_explored.Total(), default, _cut.Total(), PrunedBranches: 0, _cut.Count, _explored.Count, Predicted: null);
        _doubt ??= Doubt();
        if (_end != ExploreEnd.Cancelled) Report(_end == ExploreEnd.Finished ? 1 : _done);
        return SearchCoverage.Marked(new ExploreResult
        {
            Scenario = _crew.Race.Scenario,
            Target = _crew.Race.Container,
            Mode = _options.Mode,
            Schedules = _tally.Schedules,
            Certificate = certificate,
            PreemptionsCovered = _end is ExploreEnd.Cancelled or ExploreEnd.Diverged || (_end == ExploreEnd.Finished && _options.Mode == ExploreMode.Exhaustive) ? null : covered,
            ByPreemptions = [.. _tally.ByPreemptions],
            Outcomes = _tally.Outcomes(searched: true),
            Doubt = _doubt,
            SharesNothing = !_crew.IsShared && _tally.Schedules > 0,
            LeftRunning = _crew.Left,
            End = _end,
            Elapsed = _watch.Elapsed,
            Steps = _steps,
        });
    }

    // Runs one schedule. False when the search is to end.
    private bool Explore(OwnWay way)
    {
        _end = _cancellation.IsCancellationRequested ? ExploreEnd.Cancelled
            : _tally.Schedules >= _options.MaxSchedules ? ExploreEnd.Count
            : _options.MaxDuration is { } limit && _tally.Schedules > 0 && _watch.Elapsed >= limit ? ExploreEnd.Time
            : ExploreEnd.Finished;
        if (_end != ExploreEnd.Finished) return false;
        _crew.Run(way);
        _steps += _crew.Picks.Length;
        if (_crew.End == OwnEnd.Stopped)
        {
            _end = ExploreEnd.Cancelled;
            return false;
        }

        if (_crew.End == OwnEnd.Diverged)
        {
            _doubt = string.Create(CultureInfo.InvariantCulture, $"the actors do not repeat themselves: after the same {way.DivergedAt} steps as before, {Schedule.FromSteps(Actors())}, somebody stood elsewhere or had read another value. Look for random numbers, the time of day, new GUIDs, and variables that keep values from run to run");
            _end = ExploreEnd.Diverged;
            return false;
        }

        for (int i = 0; i < _hasYielded.Length; i++) _hasYielded[i] |= _crew.Actors[i].HasYielded;
        ulong weight = Weigh(way.Forced);
        var outcome = _judge.Judge(_crew);
        _tally.Add(outcome, weight, _crew.Preemptions, Actors(), _crew.Seen);
        _each?.Invoke(outcome);
        Branch(way.Forced);
        if (_options.StopAt?.Invoke(outcome) == true) _end = ExploreEnd.Found;
        else if (_crew.End is OwnEnd.Stalled or OwnEnd.Steps && ++_endless == MostEndless) _end = ExploreEnd.Endless;
        else if (_crew.Left.Count > 0) _end = ExploreEnd.Endless;
        if (_end != ExploreEnd.Finished) return false;
        if (_progress is not null && _watch.Elapsed >= _nextProgress) Report(_done);
        return true;
    }

    // The weight of the run, and of what begins at it and lies beyond the bound.
    private ulong Weigh(int forced)
    {
        var picks = _crew.Picks;
        var masks = _crew.Masks;
        ulong weight = 0;
        double share = 1;
        for (int i = 0; i < picks.Length; i++)
        {
            int choices = BitOperations.PopCount(masks[i]);
            weight = WeightSum.Divide(weight, choices);
            share /= choices;
            if (_level != _bound || i < forced || !OwnBranch.Interrupts(picks, masks, i)) continue;
            for (int other = 1; other < choices; other++) _cut.Add(weight);
        }

        _explored.Add(weight);
        _done += share;
        return weight;
    }

    private void Branch(int forced)
    {
        if (!_goesDeep && _frontier > _crew.MostFrontier)
        {
            // What waits for the next level is followed from here on, and everything that begins at it.
            _goesDeep = true;
        }

        if (_goesDeep && _bound == int.MaxValue)
        {
            Keep(_now, new OwnBranch(_crew, forced, OwnBranch.Costs.Any));
            return;
        }

        var branch = new OwnBranch(_crew, forced, OwnBranch.Costs.Nothing);
        if (_level < _bound) Keep(_next, branch.For(OwnBranch.Costs.Preemption));
        Keep(_now, branch);
    }

    private void Keep(Stack<OwnBranch> list, OwnBranch branch)
    {
        if (!branch.HasNext) return;
        list.Push(branch);
        _frontier += branch.Size;
        if (_frontier > _crew.LargestFrontier) _crew.LargestFrontier = _frontier;
    }

    private ReadOnlySpan<int> Actors()
    {
        var picks = _crew.Picks;
        if (_actors.Length < picks.Length) _actors = new int[2 * picks.Length];
        for (int i = 0; i < picks.Length; i++) _actors[i] = picks[i];
        return _actors.AsSpan(0, picks.Length);
    }

    // Why nothing may be claimed. One schedule of each outcome is run again.
    private string? Doubt()
    {
        if (_crew.Left.Count > 0) return $"{string.Join("; ", _crew.Left)} could not be stopped and still runs";
        if (_end == ExploreEnd.Cancelled) return null; // Nothing is claimed of a part.
        if (_crew.Doubted is { } doubted) return doubted;
        if (_crew.Foreign is { } foreign) return foreign;
        if (_crew.OutsideWork is { } work) return work;
        if (_crew.HandOvers > 0) return $"an actor waited for something that cannot be seen, and others were let go on without it ({_crew.HandOverAt}); such a run depends on time";
        if (_endless > 0) return "an actor was still running when its run was ended, so what comes after that is not known";
        int silent = Array.IndexOf(_hasYielded, false);
        if (silent >= 0 && _tally.Schedules > 0) return $"{_crew.Actors[silent]} came to no point at which others could be let in, so nothing of it was interleaved";
        foreach (var (outcome, schedule, seen) in _tally.Simplest.ToList())
        {
            if (_cancellation.IsCancellationRequested) return "it was cancelled before one schedule of each outcome could be run again";
            if (outcome.Kind == ScheduleOutcomeKind.Livelock) continue; // It ends where a limit is.
            _crew.Run(new OwnFollow(schedule, isLenient: false));
            _steps += _crew.Picks.Length;
            if (_crew.End == OwnEnd.Stopped) return "it was cancelled before one schedule of each outcome could be run again";
            var again = _crew.End == OwnEnd.Diverged ? null : _judge.Judge(_crew);
            if (outcome.Equals(again) && _crew.Seen == seen) continue;
            string what = again is null ? "somebody could not go on who could before" : outcome.Equals(again) ? "somebody had read another value" : $"it ended in {again}";
            return $"the actors do not repeat themselves: {schedule} ended in {outcome}, and when it was run again {what}. Look for random numbers, the time of day, new GUIDs, and variables that keep values from run to run";
        }

        return null;
    }

    private void Report(double fraction)
    {
        if (_progress is null) return;
        _nextProgress = _watch.Elapsed + s_progressInterval;
        _progress.Report(new ExploreProgress(_tally.Schedules, Math.Min(fraction, 1), _watch.Elapsed));
    }
}
