using System.Numerics;

namespace GuardedMaps.Lab;

// Different schedules meet again: after A's first two steps and B's first three, in whatever order, memory mostly holds the same,
// and both have read the same. What can happen from there is then the same too. So each such situation is run once, and
// schedules are counted, not made:
//
//      o──A──o──A──o         10 steps of A and 10 of B have 184,756 schedules, but no more than 11 x 11 situations
//      │     │     │         where the order makes no difference, and a few more where it does
//      B     B     B
//      o──A──o──A──o         schedules from a situation = those from it by A + those from it by B
//
// Of each situation is kept, for each outcome: in how many schedules it is reached, exactly, however many; by how many with
// 0, 1, 2 and so on preemptions; and the next step of one with the fewest. The preemptions depend on who moved last, so
// these are kept for each.
//
// Situations are compared by a number of 128 bits folded from the content of the shared memory and from everything each
// actor has read (RaceRun.Situation). That two different ones have the same number is possible in principle; with a
// million situations its chance is below 10^-26.

/// <summary>Counts the schedules of a model by running each situation once.</summary>
internal sealed class MergedSearch
{
    private readonly RaceRun _run;
    private readonly int _actors;
    private readonly int _maxSteps;
    private readonly int _bound;
    private readonly int? _within;
    private readonly Func<bool> _stop;
    private readonly Dictionary<UInt128, Node> _nodes = [];
    private readonly Dictionary<ScheduleOutcome, int> _numbers = [];
    private readonly List<ScheduleOutcome> _outcomes = [];
    private readonly int[] _path;
    private bool _isStopped;

    /// <param name="model">The model; its run must know its situation.</param>
    /// <param name="maxSteps">Where a schedule is ended.</param>
    /// <param name="bound">Up to which number of preemptions schedules are counted apart.</param>
    /// <param name="within">The most preemptions of a schedule; null for all schedules.</param>
    /// <param name="stop">Asked now and then whether to give up.</param>
    public MergedSearch(RaceModel model, int maxSteps, int bound, int? within, Func<bool> stop)
    {
        _run = model.CreateRun();
        _run.Restart();
        if (_run.Situation is null)
            throw new ArgumentException($"The mode Merged needs a model whose situations can be compared, and those of {model} cannot. Use Exhaustive.", nameof(model));
        _actors = model.Actors.Count;
        (_maxSteps, _bound, _within, _stop) = (maxSteps, bound, within, stop);
        _path = new int[maxSteps];
    }

    /// <summary>The outcomes met.</summary>
    public IReadOnlyList<ScheduleOutcome> Outcomes => _outcomes;

    /// <summary>How many situations there are.</summary>
    public int Situations => _nodes.Count;

    /// <summary>Steps made.</summary>
    public long Steps { get; private set; }

    /// <summary>The situation everything begins with.</summary>
    public Node? Root { get; private set; }

    /// <summary>Runs every situation.</summary>
    /// <returns>False if it was told to give up.</returns>
    public bool Run()
    {
        _run.Restart();
        Root = Visit(0, last: -1, used: 0);
        return !_isStopped;
    }

    /// <summary>One of the schedules with the fewest preemptions that end so.</summary>
    public Schedule Simplest(int outcome)
    {
        var steps = new List<int>();
        var node = Root!;
        int last = -1;
        while (node.Children.Length > 0)
        {
            int best = -1;
            int fewest = int.MaxValue;
            for (int i = 0; i < node.Children.Length; i++)
            {
                var (actor, child) = node.Children[i];
                int at = Array.IndexOf(child.Outcomes, outcome);
                if (at < 0) continue;
                int preemptions = child.Fewest[actor][at] + Cost(node.Enabled, last, actor);
                // Who moved last goes on, if that costs no more.
                if (preemptions > fewest || (preemptions == fewest && actor != last)) continue;
                (fewest, best) = (preemptions, i);
            }

            last = node.Children[best].Actor;
            steps.Add(last);
            node = node.Children[best].Child;
        }

        return Schedule.FromSteps([.. steps]);
    }

    private static int Cost(uint enabled, int last, int actor) => last >= 0 && last != actor && (enabled & (1u << last)) != 0 ? 1 : 0;

    private Node Visit(int depth, int last, int used)
    {
        var situation = _run.Situation!.Value;
        // What may still follow depends on what is left of the bound, and on whom to leave would cost some of it.
        if (_within is not null) situation = StepFold.Then(situation, ((ulong)(last + 1) << 32) | (uint)used);
        if (_nodes.TryGetValue(situation, out var known)) return known;
        if (_nodes.Count % 256 == 0 && _stop()) _isStopped = true;

        uint enabled = _run.Enabled;
        Node node;
        if (enabled == 0 || depth == _maxSteps || _isStopped)
        {
            node = Leaf(enabled == 0 ? _run.Judge() : ScheduleOutcome.Livelock);
        }
        else
        {
            var children = new List<(int, Node)>(2);
            for (uint rest = enabled; rest != 0; rest &= rest - 1)
            {
                int actor = BitOperations.TrailingZeroCount(rest);
                int cost = Cost(enabled, last, actor);
                if (used + cost > _within) continue;
                if (children.Count > 0) RunAgain(depth);
                _path[depth] = actor;
                _run.Step(actor);
                Steps++;
                children.Add((actor, Visit(depth + 1, actor, used + cost)));
            }

            node = Sum(enabled, [.. children]);
        }

        _nodes.Add(situation, node);
        return node;
    }

    private void RunAgain(int depth)
    {
        _run.Restart();
        for (int i = 0; i < depth; i++) _run.Step(_path[i]);
        Steps += depth;
    }

    private Node Leaf(ScheduleOutcome outcome)
    {
        if (!_numbers.TryGetValue(outcome, out int number))
        {
            _numbers.Add(outcome, number = _outcomes.Count);
            _outcomes.Add(outcome);
        }

        long[] one = new long[_bound + 1];
        one[0] = 1;
        return new Node(0, [], [number], [BigInteger.One], [.. Enumerable.Repeat<long[][]>([one], _actors + 1)], [.. Enumerable.Repeat<int[]>([0], _actors + 1)]);
    }

    private Node Sum(uint enabled, (int Actor, Node Child)[] children)
    {
        int[] outcomes = [.. children.SelectMany(c => c.Child.Outcomes).Distinct().Order()];
        var totals = new BigInteger[outcomes.Length];
        var node = new Node(enabled, children, outcomes, totals, new long[_actors + 1][][], new int[_actors + 1][]);
        // The last row is for a schedule's beginning, when nobody has moved yet.
        for (int last = 0; last <= _actors; last++)
        {
            node.Counts[last] = new long[outcomes.Length][];
            node.Fewest[last] = new int[outcomes.Length];
            for (int o = 0; o < outcomes.Length; o++)
            {
                long[] counts = new long[_bound + 1];
                int fewest = int.MaxValue;
                foreach (var (actor, child) in children)
                {
                    int at = Array.IndexOf(child.Outcomes, outcomes[o]);
                    if (at < 0) continue;
                    int cost = Cost(node.Enabled, last == _actors ? -1 : last, actor);
                    for (int p = cost; p <= _bound; p++) counts[p] = checked(counts[p] + child.Counts[actor][at][p - cost]);
                    fewest = Math.Min(fewest, child.Fewest[actor][at] + cost);
                    if (last == 0) totals[o] += child.Totals[at];
                }

                node.Counts[last][o] = counts;
                node.Fewest[last][o] = fewest;
            }
        }

        return node;
    }

    /// <summary>One situation, and what becomes of it.</summary>
    /// <param name="Enabled">Who can go on.</param>
    /// <param name="Children">By whose step which situation follows.</param>
    /// <param name="Outcomes">How schedules end from here.</param>
    /// <param name="Totals">How many end so.</param>
    /// <param name="Counts">By who moved last, and by outcome: how many end so with 0, 1 and so on more preemptions.</param>
    /// <param name="Fewest">By who moved last, and by outcome: the fewest more preemptions.</param>
    internal sealed record Node(uint Enabled, (int Actor, Node Child)[] Children, int[] Outcomes, BigInteger[] Totals, long[][][] Counts, int[][] Fewest);
}
