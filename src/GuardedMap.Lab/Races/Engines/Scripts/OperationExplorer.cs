using System.Diagnostics;
using System.Globalization;
using System.Numerics;

namespace GuardedMaps.Lab;

// All schedules of nested programs, each once: a walk over the tree of choices. A run follows the choices it is given and
// takes the first alternative where it is given none; the next run changes the last choice that has an alternative left. That
// needs no memory of the map's state, only that the same choices lead to the same points. Programs that ask for the
// time or a random number break this; it is noticed where the points differ, and said.

/// <summary>Explores programs over a shared map, operation by operation, on the calling thread.</summary>
internal static class OperationExplorer
{
    // An actor that does not end takes its whole limit in each schedule, and has as many points as the limit allows.
    private const int MostEndless = 3;
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs the schedules in which programs are nested in each other, and counts how they end.</summary>
    /// <param name="race">The programs.</param>
    /// <param name="options">Limits of schedules and time; null for none.</param>
    /// <param name="progress">Told how far the search has come.</param>
    /// <param name="cancellationToken">Ends the search early, and the actor that is running; the result has what was found until then.</param>
    /// <exception cref="ArgumentException">The race cannot be run.</exception>
    /// <exception cref="RaceModelException">The programs do not do the same in the same schedule.</exception>
    public static ExploreResult Run(OperationRace race, ExploreOptions? options = null, IProgress<ExploreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        OperationRace.Validate(race);
        options ??= new ExploreOptions();
        ExploreOptions.Validate(options);
        var watch = Stopwatch.StartNew();
        var nextProgress = ProgressInterval;
        var tally = new OutcomeTally((schedule, _) => race.Token(schedule));
        var judge = new OperationJudge(race, cancellationToken);
        var choices = new ChoiceTree(race);
        var end = ExploreEnd.Finished;
        long steps = 0;
        double fraction = 0;
        int endless = 0;
        do
        {
            end = cancellationToken.IsCancellationRequested ? ExploreEnd.Cancelled
                : tally.Schedules >= options.MaxSchedules ? ExploreEnd.Count
                : options.MaxDuration is { } limit && tally.Schedules > 0 && watch.Elapsed >= limit ? ExploreEnd.Time
                : ExploreEnd.Finished;
            if (end != ExploreEnd.Finished) break;

            choices.Restart();
            NestedRun run;
            ScheduleOutcome outcome;
            try
            {
                run = NestedRun.Of(race, choices, detailed: false, cancellationToken);
                if (run.Cancelled) throw new OperationCanceledException("The run was stopped.", cancellationToken);
                outcome = judge.Judge(run);
            }
            catch (OperationCanceledException)
            {
                // The scripts may be stopped before the token says so. A run that was not finished is no schedule.
                end = ExploreEnd.Cancelled;
                break;
            }

            steps += run.Steps.Count;
            if (run.Endless is null) choices.RequireEnd();
            else if (++endless == MostEndless) end = ExploreEnd.Endless;
            tally.Add(outcome, weight: null, run.Preemptions, [.. run.Steps.Select(s => s.Actor)]);
            fraction = choices.FractionDone;
            if (end == ExploreEnd.Endless) break;
            if (progress is null || watch.Elapsed < nextProgress) continue;
            nextProgress = watch.Elapsed + ProgressInterval;
            progress.Report(new ExploreProgress(tally.Schedules, fraction, watch.Elapsed));
        }
        while (choices.Advance());

        if (end != ExploreEnd.Cancelled) progress?.Report(new ExploreProgress(tally.Schedules, end == ExploreEnd.Finished ? 1 : fraction, watch.Elapsed));
        return SearchCoverage.Marked(new ExploreResult
        {
            Scenario = OperationRace.TokenScenario,
            Target = race.Container,
            Mode = ExploreMode.Nested,
            Schedules = tally.Schedules,
            ByPreemptions = [.. tally.ByPreemptions],
            PreemptionsCovered = end == ExploreEnd.Finished ? 1 : null,
            Outcomes = tally.Outcomes(searched: false),
            End = end,
            Elapsed = watch.Elapsed,
            Steps = steps,
        });
    }

    private sealed class ChoiceTree(OperationRace race) : IOperationChoice
    {
        // For each point so far: which alternative was taken, and how many there were. Alternative 0 is to go on, where that is one.
        private readonly List<(int Taken, int Of)> _path = [];
        private int _at;

        public double FractionDone
        {
            get
            {
                double done = 0;
                double width = 1;
                foreach (var (taken, of) in _path)
                {
                    width /= of;
                    done += taken * width;
                }

                return done + width; // With the schedule that has just ended.
            }
        }

        public void Restart() => _at = 0;

        public int? Choose(int? current, uint waiting)
        {
            int goOn = current is null ? 0 : 1;
            int alternatives = goOn + BitOperations.PopCount(waiting);
            if (_at == _path.Count) _path.Add((0, alternatives));
            var (taken, of) = _path[_at++];
            if (of != alternatives) throw Changed();
            if (taken < goOn) return null;
            for (int skip = taken - goOn; skip > 0; skip--) waiting &= waiting - 1;
            return BitOperations.TrailingZeroCount(waiting);
        }

        public void RequireEnd()
        {
            if (_at != _path.Count) throw Changed();
        }

        // The last point with an alternative left takes it; the points after it belong to another branch.
        public bool Advance()
        {
            _path.RemoveRange(_at, _path.Count - _at);
            while (_path.Count > 0 && _path[^1].Taken + 1 == _path[^1].Of) _path.RemoveAt(_path.Count - 1);
            if (_path.Count == 0) return false;
            _path[^1] = (_path[^1].Taken + 1, _path[^1].Of);
            return true;
        }

        private RaceModelException Changed() => new(string.Create(
            CultureInfo.InvariantCulture,
            $"The actors ({string.Join(", ", race.Actors.Select(a => a.Name))}) do not do the same when they are run in the same order again: at choice {_at} they stood elsewhere. Exploring needs programs that repeat themselves: take out random numbers, the time of day, and variables that keep values from run to run, or race them with real threads instead."));
    }
}
