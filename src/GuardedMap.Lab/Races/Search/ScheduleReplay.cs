using System.Globalization;
using System.Numerics;

namespace GuardedMaps.Lab;

/// <summary>One step of a replayed schedule.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Actor">Which actor made it.</param>
/// <param name="Point">The yield point it began at.</param>
/// <param name="Location">The memory it touched.</param>
/// <param name="Preempts">True when another actor was interrupted by it.</param>
/// <param name="Ends">True when it was the actor's last.</param>
internal sealed record ReplayStep(int Number, int Actor, YieldPoint Point, long Location, bool Preempts, bool Ends);

/// <summary>
/// Runs one schedule again, step by step. <see cref="Next"/> makes one step; <see cref="Outcome"/> is there when there is
/// none left.
/// </summary>
internal sealed class ScheduleReplay
{
    private readonly RaceModel _model;
    private readonly RaceRun _run;
    private readonly Schedule _schedule;
    private readonly bool _strict;
    private readonly int _maxSteps;
    private readonly List<int> _steps = [];
    private int _block;
    private int _inBlock;

    internal ScheduleReplay(RaceModel model, Schedule schedule, bool strict, int maxSteps)
    {
        (_model, _schedule, _strict, _maxSteps) = (model, schedule, strict, maxSteps);
        _run = model.CreateRun();
        _run.Restart();
    }

    /// <summary>The machine it runs on, for those who want to see more than the steps.</summary>
    internal RaceRun Machine => _run;

    /// <summary>How it ended; null as long as it has not.</summary>
    public ScheduleOutcome? Outcome { get; private set; }

    /// <summary>How often an actor was interrupted so far.</summary>
    public int Preemptions { get; private set; }

    /// <summary>The schedule as it was run so far.</summary>
    public Schedule Run => Schedule.FromSteps(_steps.ToArray());

    /// <summary>Begins to replay a token on its model.</summary>
    /// <param name="model">The model the token was made from.</param>
    /// <param name="token">The token.</param>
    /// <param name="maxSteps">Where the search that made the token ended a schedule; see <see cref="ExploreOptions.MaxSteps"/>.</param>
    /// <exception cref="ScheduleTokenException">The token does not fit the model.</exception>
    public static ScheduleReplay Of(RaceModel model, ScheduleToken token, int maxSteps = ExploreOptions.DefaultMaxSteps)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(token);
        token.RequireFit(model);
        return new ScheduleReplay(model, token.Schedule, strict: true, maxSteps);
    }

    /// <summary>Makes the next step.</summary>
    /// <returns>What it was; null when the schedule has ended.</returns>
    /// <exception cref="ScheduleTokenException">The schedule wants a step of an actor that has none left, or ends while somebody is still running.</exception>
    public ReplayStep? Next()
    {
        if (Outcome is not null) return null;
        if (_run.Enabled == 0 || _steps.Count == _maxSteps)
        {
            if (_strict && _run.Enabled == 0 && Wanted() is { } tooMany) throw Diverged($"it wants another step of {Schedule.Letter(tooMany)}, and all are finished");
            Outcome = _run.Enabled == 0 ? _run.Judge() : ScheduleOutcome.Livelock;
            return null;
        }

        int actor = Pick();
        var footprint = _run.Next(actor);
        bool preempts = _steps.Count > 0 && _steps[^1] != actor && IsEnabled(_steps[^1]);
        if (preempts) Preemptions++;
        _run.Step(actor);
        _steps.Add(actor);
        return new ReplayStep(_steps.Count, actor, _model.Points[footprint.Point], footprint.Location, preempts, !IsEnabled(actor));
    }

    /// <summary>Makes all steps that are left.</summary>
    public ScheduleOutcome ToEnd()
    {
        while (Next() is not null)
        {
            // Next does the work.
        }

        return Outcome!;
    }

    // The actor whose step the schedule has next. In a strict replay it must have one. In a lenient one, runs of finished
    // actors are passed over, and when the schedule ends early the actors that are left finish in their order.
    private int Pick()
    {
        while (Wanted() is { } actor)
        {
            if (actor < _model.Actors.Count && IsEnabled(actor))
            {
                _inBlock++;
                return actor;
            }

            if (_strict)
                throw Diverged(actor < _model.Actors.Count ? $"it wants a step of {Schedule.Letter(actor)}, which is finished" : $"there is no actor {Schedule.Letter(actor)}");
            _block++;
            _inBlock = 0;
        }

        if (!_strict) return BitOperations.TrailingZeroCount(_run.Enabled);
        throw Diverged($"it ends here, and {Schedule.Letter(BitOperations.TrailingZeroCount(_run.Enabled))} is not finished");
    }

    private int? Wanted()
    {
        while (_block < _schedule.Runs.Count)
        {
            var (actor, steps) = _schedule.Runs[_block];
            if (_inBlock < steps && !(steps == int.MaxValue && actor < _model.Actors.Count && !IsEnabled(actor))) return actor;
            _block++;
            _inBlock = 0;
        }

        return null;
    }

    private bool IsEnabled(int actor) => (_run.Enabled & (1u << actor)) != 0;

    private ScheduleTokenException Diverged(string what) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"The schedule {SafeText.Of(_schedule)} does not fit {_model}: after {_steps.Count} steps ({(_steps.Count == 0 ? "none" : Run)}) {what}. Explore the scenario again to get a schedule that does."));
}
