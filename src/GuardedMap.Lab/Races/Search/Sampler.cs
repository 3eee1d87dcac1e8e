using System.Globalization;

namespace GuardedMaps.Lab;

// Drawing schedules at random. Each way of drawing finds other things, and none is best everywhere:
//
//   uniform   every schedule is equally likely, so an outcome is found with its share. Exact, and no tree is needed: when
//             actor i has r_i of r steps left, it is next with chance r_i / r, because that is the share of the
//             remaining schedules that begin with it
//   walk      a fair die at each step. Favours schedules in which one actor ends early and the other is left alone
//   pct       the actor of the highest priority runs; at d - 1 steps chosen beforehand the running one falls below all
//             others. Finds what needs few switches at the right places, in long runs too (Burckhardt et al. 2010):
//             an outcome forced by the order of d steps is hit with a chance of at least 1 / (n k^(d-1)) per schedule,
//             for n actors and at most k steps
//
// Each states what it may have missed after N schedules: (1 - p)^N for an outcome of chance p.

/// <summary>Draws schedules and runs them.</summary>
internal abstract class Sampler : IScheduler
{
    private const double Rare = 0.05;

    private readonly RaceRun _run;
    private readonly int[] _steps;
    private int _depth;

    protected Sampler(RaceModel model, ExploreOptions options)
    {
        Model = model;
        _run = model.CreateRun();
        _steps = new int[options.MaxSteps];
        Random = new RaceRandom(options.Seed);
    }

    /// <inheritdoc/>
    public bool HasNext => true;

    /// <inheritdoc/>
    public ulong? Weight => null;

    /// <inheritdoc/>
    public double? FractionDone => null;

    /// <inheritdoc/>
    public ReadOnlySpan<int> Steps => _steps.AsSpan(0, _depth);

    /// <inheritdoc/>
    public int Preemptions { get; private set; }

    /// <inheritdoc/>
    public long StepsMade { get; private set; }

    /// <summary>The most steps a schedule had so far.</summary>
    protected int LongestSchedule { get; private set; }

    protected RaceModel Model { get; }

    protected RaceRandom Random { get; }

    /// <summary>The sampler for the options' mode.</summary>
    /// <exception cref="ArgumentException">The mode needs to know more of the model than there is to know.</exception>
    public static Sampler Create(RaceModel model, ExploreOptions options) => options.Mode switch
    {
        ExploreMode.Uniform => new UniformSampler(model, options),
        ExploreMode.Walk => new WalkSampler(model, options),
        ExploreMode.Pct => new PctSampler(model, options),
        _ => throw new ArgumentException($"The mode {options.Mode} draws no schedules.", nameof(options)),
    };

    /// <summary>Draws a schedule and runs it to its end.</summary>
    public ScheduleOutcome? Next()
    {
        _run.Restart();
        Preemptions = 0;
        _depth = 0;
        BeginSchedule();
        while (_run.Enabled != 0 && _depth < _steps.Length)
        {
            int actor = Pick(_run.Enabled, _depth);
            if (_depth > 0 && actor != _steps[_depth - 1] && (_run.Enabled & (1u << _steps[_depth - 1])) != 0) Preemptions++;
            _steps[_depth++] = actor;
            _run.Step(actor);
        }

        StepsMade += _depth;
        LongestSchedule = Math.Max(LongestSchedule, _depth);
        if (_run.Enabled != 0) return ScheduleOutcome.Livelock;
        EndSchedule(Steps);
        return _run.Judge();
    }

    /// <summary>What so many schedules may have missed.</summary>
    public abstract MissStatement Miss(long schedules);

    protected virtual void BeginSchedule()
    {
    }

    protected virtual void EndSchedule(ReadOnlySpan<int> steps)
    {
    }

    /// <summary>Chooses one of the enabled actors.</summary>
    /// <param name="enabled">A bit for each.</param>
    /// <param name="step">How many steps have been made.</param>
    protected abstract int Pick(uint enabled, int step);

    // For samplers that give every outcome its own chance p: which p is still missed one time in twenty.
    private protected static MissStatement ByShare(string of, string share, long schedules)
    {
        double chance = schedules == 0 ? 1 : 1 - Math.Pow(Rare, 1.0 / schedules);
        return new MissStatement(of, chance, schedules == 0 ? 1 : Rare, string.Create(
            CultureInfo.InvariantCulture,
            $"An outcome with {share} of p is missed by {schedules:N0} schedules with chance (1 - p)^{schedules}: at most 5 % for p from {chance:0.####%}. Rarer ones may well exist."));
    }
}
