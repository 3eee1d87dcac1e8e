using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>Every schedule is equally likely.</summary>
internal sealed class UniformSampler : Sampler
{
    private readonly IReadOnlyList<int> _lengths;
    private readonly int[] _left;
    private int _total;

    public UniformSampler(RaceModel model, ExploreOptions options)
        : base(model, options)
    {
        _lengths = model.Lengths ?? throw new ArgumentException(
            $"The mode Uniform needs actors whose lengths are known, and those of {model} vary from schedule to schedule. Draw with Walk or Pct, or count every schedule with Merged.", nameof(model));
        _left = new int[_lengths.Count];
        if (_lengths.Sum() > options.MaxSteps)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"A schedule of {model} has {_lengths.Sum()} steps, and MaxSteps is {options.MaxSteps}. Raise it."), nameof(options));
    }

    public override MissStatement Miss(long schedules) =>
        ByShare("every outcome, by its share of all schedules", "a share", schedules);

    protected override void BeginSchedule()
    {
        _total = 0;
        for (int i = 0; i < _left.Length; i++) _total += _left[i] = _lengths[i];
    }

    protected override int Pick(uint enabled, int step)
    {
        if (_total > 0)
        {
            int at = Random.Next(_total);
            for (int actor = 0; ; actor++)
            {
                at -= _left[actor];
                if (at >= 0) continue;
                if ((enabled & (1u << actor)) == 0) break;
                _left[actor]--;
                _total--;
                return actor;
            }
        }

        throw WrongLengths();
    }

    protected override void EndSchedule(ReadOnlySpan<int> steps)
    {
        if (_total > 0) throw WrongLengths();
    }

    private RaceModelException WrongLengths() =>
        new($"The model {Model} says that its actors always make {string.Join(" and ", _lengths.Select(l => l.ToString(CultureInfo.InvariantCulture)))} steps, and a schedule was met in which they do not. Give it no lengths if they vary.");
}
