using System.Globalization;
using System.Numerics;

namespace GuardedMaps.Lab;

/// <summary>Random priorities, lowered at a few random steps.</summary>
internal sealed class PctSampler : Sampler
{
    private readonly int _depth;
    private readonly int _maxLength; // The k of the guarantee.
    private readonly int[] _priorities;
    private readonly int[] _changes;

    public PctSampler(RaceModel model, ExploreOptions options)
        : base(model, options)
    {
        _depth = options.PctDepth;
        _maxLength = model.Lengths?.Sum() ?? LongestInTurn(model, options.MaxSteps);
        _priorities = new int[model.Actors.Count];
        _changes = new int[_depth - 1];
    }

    public override MissStatement Miss(long schedules)
    {
        string of = string.Create(CultureInfo.InvariantCulture, $"outcomes forced by the order of at most {_depth} steps");
        if (LongestSchedule > _maxLength)
        {
            return new MissStatement(of, 0, 1, string.Create(
                CultureInfo.InvariantCulture,
                $"No bound: the steps to change priorities at were drawn from the first {_maxLength}, and a schedule of {LongestSchedule} was met."));
        }

        double chance = 1 / (Model.Actors.Count * Math.Pow(_maxLength, _depth - 1));
        double miss = Math.Pow(1 - chance, schedules);
        return new MissStatement(of, chance, miss, string.Create(
            CultureInfo.InvariantCulture,
            $"Of the {of}, each is hit by one schedule with a chance of at least 1/({Model.Actors.Count} x {_maxLength}^{_depth - 1}), and missed by {schedules:N0} with at most {miss:0.####%}."));
    }

    protected override void BeginSchedule()
    {
        // The first priorities lie above all those that a change can give: depth, depth + 1, ...
        for (int i = 0; i < _priorities.Length; i++) _priorities[i] = _depth + i;
        Random.Shuffle<int>(_priorities);
        for (int i = 0; i < _changes.Length; i++) _changes[i] = Random.Next(_maxLength);
    }

    protected override int Pick(uint enabled, int step)
    {
        int actor = Highest(enabled);
        for (int i = 0; i < _changes.Length; i++)
        {
            // The i-th change lowers whoever would make this step, to a priority of its own below all first ones.
            if (_changes[i] != step) continue;
            _priorities[actor] = i;
            actor = Highest(enabled);
        }

        return actor;
    }

    private int Highest(uint enabled)
    {
        int highest = -1;
        for (; enabled != 0; enabled &= enabled - 1)
        {
            int actor = BitOperations.TrailingZeroCount(enabled);
            if (highest < 0 || _priorities[actor] > _priorities[highest]) highest = actor;
        }

        return highest;
    }

    // Lengths vary: the most steps of any order of running the actors one after the other is the best guess there is. Miss
    // says so when it was too low.
    private static int LongestInTurn(RaceModel model, int maxSteps)
    {
        var run = model.CreateRun();
        int longest = 1;
        for (int first = 0; first < model.Actors.Count; first++)
        {
            run.Restart();
            for (int i = 0; i < model.Actors.Count; i++)
            {
                int actor = (first + i) % model.Actors.Count;
                while ((run.Enabled & (1u << actor)) != 0 && run.Steps < maxSteps) run.Step(actor);
            }

            longest = Math.Max(longest, run.Steps);
        }

        return longest;
    }
}
