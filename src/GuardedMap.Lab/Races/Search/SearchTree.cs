using System.Globalization;
using System.Numerics;

namespace GuardedMaps.Lab;

// Depth-first search of the tree of schedules, without snapshots: a schedule is always run from the beginning. What is kept
// is the path, one node per step:
//
//     node 0 --A--> node 1 --A--> node 2 --B--> ... --> leaf
//     tried {A}     tried {A}     tried {A, B}
//
// To get the next schedule, go back to the deepest node that still has an untried choice, make that choice, run the
// prefix up to there again, and go on by first choices. At each node the actor that moved last is tried first, so
// the first schedules are those with few preemptions.
//
// When a node is made, each of its enabled actors is put into exactly one of three sets: to be tried, asleep, or beyond the
// bound. The last two are accounted for at once, by weight. That makes the accounts of ExploreCertificate complete.
//
// Sleep sets (Godefroid 1996). When all schedules that go on with A from here have been run, then while exploring
// B first, A is asleep, and stays so until a step that conflicts with A's next access. To wake it earlier would repeat an
// order of conflicting steps that was already run:
//
//         A            B           if a and b do not conflict, a b and b a lead to the same state,
//       a |          b | zzz A     so the branch b a ... holds nothing that a b ... did not.
//         ...          ...
//
// Every final state is still reached, so the set of outcomes is the same - provided that footprints are honest and the
// oracle looks at the state only. A preemption bound breaks the argument (the equivalent schedule may lie beyond
// the bound); the two are never combined.

/// <summary>The tree of a model's schedules, and a place in it.</summary>
internal sealed class SearchTree : IScheduler
{
    private const int Nobody = -1;

    private readonly RaceModel _model;
    private readonly RaceRun _run;
    private readonly int _actors;
    private readonly int _maxSteps;
    private readonly int _bound;
    private readonly bool _sleeping;

    // The path. What is said of node d holds before step d.
    private readonly int[] _choice;
    private readonly uint[] _enabled;
    private readonly uint[] _untried;
    private readonly uint[] _asleep;
    private readonly ulong[] _weight;
    private readonly int[] _preemptions;
    private readonly Footprint[] _footprints;

    private readonly WeightSum _explored = new();
    private readonly WeightSum _pruned = new();
    private readonly WeightSum _cut = new();
    private int _depth;
    private bool _begun;

    /// <param name="model">The model.</param>
    /// <param name="maxSteps">Where a schedule is ended.</param>
    /// <param name="bound">The most preemptions; null for no bound.</param>
    /// <param name="sleeping">Whether to prune by sleep sets.</param>
    public SearchTree(RaceModel model, int maxSteps, int? bound, bool sleeping)
    {
        _model = model;
        _run = model.CreateRun();
        _actors = model.Actors.Count;
        _maxSteps = maxSteps;
        _bound = bound ?? int.MaxValue;
        _sleeping = sleeping;
        _choice = new int[maxSteps + 1];
        _enabled = new uint[maxSteps + 1];
        _untried = new uint[maxSteps + 1];
        _asleep = new uint[maxSteps + 1];
        _weight = new ulong[maxSteps + 1];
        _preemptions = new int[maxSteps + 1];
        _footprints = new Footprint[(maxSteps + 1) * _actors];
    }

    /// <inheritdoc/>
    public ReadOnlySpan<int> Steps => _choice.AsSpan(0, _depth);

    /// <inheritdoc/>
    public ulong? Weight => _weight[_depth];

    /// <inheritdoc/>
    public int Preemptions => _preemptions[_depth];

    /// <inheritdoc/>
    public bool HasNext => !_begun || _untried.AsSpan(0, _depth).ContainsAnyExcept(0u);

    /// <inheritdoc/>
    public long StepsMade { get; private set; }

    /// <summary>The weight of all that is accounted for.</summary>
    public double FractionDone => (_explored.Total() + _pruned.Total() + _cut.Total()).ToDouble();

    double? IScheduler.FractionDone => FractionDone;

    /// <inheritdoc/>
    public ScheduleOutcome? Next()
    {
        while (!_begun || Backtrack())
        {
            if (!_begun) Begin();
            if (GoOn() is { } outcome)
            {
                _explored.Add(_weight[_depth]);
                return outcome;
            }
        }

        return null;
    }

    /// <summary>The accounts as they stand. They prove something once <see cref="Next"/> has returned null.</summary>
    public ExploreCertificate Certificate(BigInteger? predicted) =>
        new(_explored.Total(), _pruned.Total(), _cut.Total(), _pruned.Count, _cut.Count, _explored.Count, predicted);

    private void Begin()
    {
        _begun = true;
        _run.Restart();
        EnterNode();
    }

    // From the current node by first choices to a leaf, or to a node at which everything left is asleep or beyond the bound.
    private ScheduleOutcome? GoOn()
    {
        while (_enabled[_depth] != 0)
        {
            if (_depth == _maxSteps) return ScheduleOutcome.Livelock;
            if (_untried[_depth] == 0) return null;
            Choose();
        }

        return _run.Judge();
    }

    private bool Backtrack()
    {
        int depth = _depth;
        do
        {
            if (--depth < 0) return false;
        }
        while (_untried[depth] == 0);

        _run.Restart();
        for (_depth = 0; _depth < depth; _depth++)
        {
            CheckSame();
            _run.Step(_choice[_depth]);
        }

        CheckSame();
        StepsMade += depth;
        Choose();
        return true;
    }

    // Takes the next untried choice of the current node and makes its step.
    private void Choose()
    {
        int d = _depth;
        int last = d == 0 ? Nobody : _choice[d - 1];
        uint untried = _untried[d];
        int actor = last != Nobody && (untried & (1u << last)) != 0 ? last : BitOperations.TrailingZeroCount(untried);
        _untried[d] = untried & ~(1u << actor);
        _choice[d] = actor;

        _weight[d + 1] = Divided(d);
        _preemptions[d + 1] = _preemptions[d] + (Interrupts(d, actor) ? 1 : 0);
        uint asleep = 0;
        if (_sleeping)
        {
            var step = _footprints[(d * _actors) + actor];
            uint others = _enabled[d] & ~_untried[d] & ~(1u << actor); // Those that have been tried here, and those asleep.
            for (; others != 0; others &= others - 1)
            {
                int other = BitOperations.TrailingZeroCount(others);
                if (!step.ConflictsWith(_footprints[(d * _actors) + other])) asleep |= 1u << other;
            }
        }

        _run.Step(actor);
        StepsMade++;
        _depth++;
        _asleep[_depth] = asleep;
        EnterNode();
    }

    private void EnterNode()
    {
        int d = _depth;
        uint enabled = _run.Enabled;
        _enabled[d] = enabled;
        _untried[d] = 0;
        if (enabled == 0 || d == _maxSteps) return;

        uint untried = enabled & ~_asleep[d];
        for (uint rest = enabled; rest != 0; rest &= rest - 1)
        {
            int actor = BitOperations.TrailingZeroCount(rest);
            _footprints[(d * _actors) + actor] = _run.Next(actor);
            if ((_asleep[d] & (1u << actor)) != 0)
            {
                _pruned.Add(Divided(d));
            }
            else if (_preemptions[d] >= _bound && Interrupts(d, actor))
            {
                _cut.Add(Divided(d));
                untried &= ~(1u << actor);
            }
        }

        _untried[d] = untried;
    }

    private ulong Divided(int d) => WeightSum.Divide(_weight[d], BitOperations.PopCount(_enabled[d]));

    private bool Interrupts(int d, int actor) =>
        d > 0 && actor != _choice[d - 1] && (_enabled[d] & (1u << _choice[d - 1])) != 0;

    private void CheckSame()
    {
        int actor = _choice[_depth];
        if (_run.Enabled == _enabled[_depth] && _run.Next(actor) == _footprints[(_depth * _actors) + actor]) return;
        throw new RaceModelException(string.Create(
            CultureInfo.InvariantCulture,
            $"The model {_model} is not deterministic: run again as {Schedule.FromSteps(_choice.AsSpan(0, _depth + 1))}, its step {_depth + 1} was not what it was before. Look for state that outlives a schedule, and for clocks, random numbers and hash codes of strings."));
    }
}
