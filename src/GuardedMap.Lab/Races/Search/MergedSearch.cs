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
// Within a bound of preemptions who moved last and what is left of the bound are part of the situation. Most situations then have one
// way on, whoever must go on goes on, and all that is kept of them is the next one with a choice:
//
//      o──A──o──A──o──A──◆        o remembers ◆, and so do all on the way
//
// That is what makes millions of situations fit into memory: nine of ten have no choice.
//
// And most of the last preemptions need not be made. With one left, the question at every step of X is how it ends if Y comes in here,
// runs to its end, and X goes on. Where X's next step touches nothing that Y will touch, and neither begins nor ends an operation, it
// makes no difference whether Y comes before or after that step:
//
//      X ──x──┬─ Y ... Y ─ X ...        the same end, so the answer of the lower line is that of the upper
//             x
//             └──── Y ... Y ─ X ...
//
// What Y will touch is known from the line that was run, as two sets of 64 bits folded from locations. This is the commuting of
// independent steps that sleep sets rest on, used where counts stay exact: each schedule that is not run is counted with the end of the one it
// commutes with.
//
// Where all schedules are counted, such a square of steps saves more. X's step and Y's step touch nothing that the other does, and neither ends an
// operation while the other begins one. Then three corners of the square are enough to know the fourth:
//
//      R ──x── S        T holds what R does, with what y has changed between S and Q, and Y stands there as it does in Q; X's step leads from T to Q.
//      y       y        So T is put together (SituationParts) and not run, and one square gives the next, as long as Y's
//      T ──x── Q        steps have nothing to do with x. Only from the first that has, one is run.
//
// Situations are compared by a number of 128 bits folded from the content of the shared memory and from everything each
// actor has read (RaceRun.Situation). That two different ones have the same number is possible in principle; with a
// million situations its chance is below 10^-26.

/// <summary>Counts the schedules of a model by running each situation once.</summary>
internal sealed class MergedSearch
{
    private const int Nobody = -1;
    private const int LookEvery = 256; // Situations between two questions whether to go on.
    private const int WalksOnFoot = 32;

    private readonly RaceRun _run;
    private readonly int _actors;
    private readonly int _maxSteps;
    private readonly int _width;
    private readonly int? _within;
    private readonly Func<MergedSearch, bool> _goesOn;
    private readonly Dictionary<Situation, Known> _nodes = [];
    private readonly Dictionary<ScheduleOutcome, int> _numbers = [];
    private readonly List<ScheduleOutcome> _outcomes = [];
    private readonly List<Node> _leaves = [];
    private readonly int[] _path;
    private readonly Stack<(Situation Situation, Footprint Next)> _passed = new();
    private readonly Node _unknown;
    private bool _isStopped;
    private long _visited;
    private long _nextLook;

    /// <param name="model">The model; its run must know its situation.</param>
    /// <param name="maxSteps">Where a schedule is ended.</param>
    /// <param name="bound">Up to which number of preemptions schedules are counted apart.</param>
    /// <param name="within">The most preemptions of a schedule; null for all schedules.</param>
    /// <param name="goesOn">Asked now and then whether to go on.</param>
    public MergedSearch(RaceModel model, int maxSteps, int bound, int? within, Func<MergedSearch, bool> goesOn)
    {
        _run = model.CreateRun();
        _run.Restart();
        if (_run.Situation is null)
            throw new ArgumentException($"The mode Merged needs a model whose situations can be compared, and those of {model} cannot. Use Exhaustive.", nameof(model));
        _actors = model.Actors.Count;
        (_maxSteps, _width, _within, _goesOn) = (maxSteps, bound + 1, within, goesOn);
        _path = new int[maxSteps];
        _unknown = new Node(this, 0, [], [], 0);
        Root = _unknown;
    }

    /// <summary>The outcomes met.</summary>
    public IReadOnlyList<ScheduleOutcome> Outcomes => _outcomes;

    /// <summary>How many situations there are.</summary>
    public int Situations => _nodes.Count;

    /// <summary>Steps made.</summary>
    public long Steps { get; private set; }

    /// <summary>How often it began a schedule anew to get back to a situation.</summary>
    public long Runs { get; private set; }

    /// <summary>The share of the tree that is counted, by the weight of a walk with a fair die at each choice.</summary>
    public double Done { get; private set; }

    /// <summary>The situation everything begins with; what is not known of it after a search that was ended early is not in its counts.</summary>
    public Node Root { get; private set; }

    // Of a situation within a bound it is known who moved last; of any other, one row of figures is kept for each who may have, and one for nobody.
    private int Rows => _within is null ? _actors + 1 : 1;

    /// <summary>Runs every situation.</summary>
    /// <returns>False if it was told to give up.</returns>
    public bool Run()
    {
        _run.Restart();
        Runs = 1;
        Root = Visit(0, Nobody, used: 0, weight: 1).Node;
        return !_isStopped;
    }

    /// <summary>Counts once more what was counted, in other ways. See <see cref="MergedAccount"/>.</summary>
    /// <param name="predicted">How many schedules there are by formula; null where there is none.</param>
    /// <remarks>Only without a bound: then each way on of a situation is one step.</remarks>
    public MergedAccount Account(BigInteger? predicted)
    {
        var (order, ways) = (FromTheBeginning(), new Dictionary<Node, BigInteger>(ReferenceEqualityComparer.Instance) { [Root] = BigInteger.One });
        int incomplete = 0;
        var ends = BigInteger.Zero;
        foreach (var node in order)
        {
            if (node.Edges.Length == 0)
            {
                ends += ways[node];
                continue;
            }

            uint moving = 0;
            foreach (var edge in node.Edges) moving |= 1u << edge.Actor;
            if (moving != node.Enabled || node.Edges.Length != BitOperations.PopCount(moving)) incomplete++;
            foreach (var edge in node.Edges) ways[edge.Child] = ways.GetValueOrDefault(edge.Child) + ways[node];
        }

        string? astray = null;
        int walked = 0;
        // Always the same ones. Half of the time whoever moves goes on, as in real schedules.
        var random = new Random(1);
        while (walked < WalksOnFoot && astray is null)
        {
            astray = OnFoot(random, walked % 2 == 0);
            walked++;
        }

        return new MergedAccount(Root.Totals!.Aggregate(BigInteger.Zero, BigInteger.Add), ends, incomplete, walked, astray, predicted);
    }

    // Each node before those that come after it.
    private List<Node> FromTheBeginning()
    {
        var order = new List<Node>(_nodes.Count);
        var seen = new HashSet<Node>(ReferenceEqualityComparer.Instance) { Root };
        var open = new Stack<(Node Node, int Next)>();
        open.Push((Root, 0));
        while (open.TryPop(out var top))
        {
            if (top.Next == top.Node.Edges.Length)
            {
                order.Add(top.Node);
                continue;
            }

            open.Push((top.Node, top.Next + 1));
            var child = top.Node.Edges[top.Next].Child;
            if (seen.Add(child)) open.Push((child, 0));
        }

        order.Reverse();
        return order;
    }

    // One schedule in the run itself, beside the graph. Says where they part, or null.
    private string? OnFoot(Random random, bool stays)
    {
        _run.Restart();
        var node = Root;
        int last = Nobody;
        var steps = new List<int>();
        while (true)
        {
            uint enabled = steps.Count == _maxSteps ? 0 : _run.Enabled;
            if (enabled != node.Enabled) return Parted("other actors can go on than the graph says");
            if (enabled == 0) break;
            bool goesOn = stays && last != Nobody && (enabled & (1u << last)) != 0 && random.Next(8) != 0;
            var edge = goesOn ? node.EdgeOf(last)!.Value : node.Edges[random.Next(node.Edges.Length)];
            _run.Step(edge.Actor);
            Steps++;
            steps.Add(edge.Actor);
            (node, last) = (edge.Child, edge.Actor);
        }

        var outcome = steps.Count == _maxSteps && _run.Enabled != 0 ? ScheduleOutcome.Livelock : _run.Judge();
        return outcome == _outcomes[node.Outcomes[0]] ? null : Parted($"it ends as {outcome}, and the graph says {_outcomes[node.Outcomes[0]]}");

        string Parted(string how) => $"the schedule {Schedule.FromSteps([.. steps])} was made step by step, and {how}: two situations were taken for one";
    }

    /// <summary>One of the schedules with the fewest preemptions that end so.</summary>
    public Schedule Simplest(int outcome)
    {
        var steps = new List<int>();
        var node = Root;
        int last = Nobody;
        int used = 0;
        _run.Restart();
        while (_run.Enabled != 0 && steps.Count < _maxSteps)
        {
            uint allowed = Allowed(last, used);
            int actor = IsForced(allowed) ? BitOperations.TrailingZeroCount(allowed) : Best(ref node, last, outcome);
            if ((_run.Enabled & (1u << actor)) == 0)
                throw new RaceModelException("The way to an outcome, as counted, cannot be gone: two situations were taken for one. The model's fold leaves something out. Use the mode Exhaustive until it is mended.");
            used += Cost(_run.Enabled, last, actor);
            _run.Step(actor);
            steps.Add(actor);
            last = actor;
        }

        return Schedule.FromSteps([.. steps]);
    }

    private static int Best(ref Node node, int last, int outcome)
    {
        Edge best = default;
        int fewest = int.MaxValue;
        foreach (var edge in node.Edges)
        {
            if (edge.Child.Fewest(edge.Actor, outcome) is not { } more) continue;
            int preemptions = more + Cost(node.Enabled, last, edge.Actor);
            // Who moved last goes on, if that costs no more.
            if (preemptions < fewest || (preemptions == fewest && edge.Actor == last)) (fewest, best) = (preemptions, edge);
        }

        node = best.Child;
        return best.Actor;
    }

    private static int Cost(uint enabled, int last, int actor) => last >= 0 && last != actor && (enabled & (1u << last)) != 0 ? 1 : 0;

    private uint Allowed(int last, int used)
    {
        uint enabled = _run.Enabled;
        return used == _within && last != Nobody && (enabled & (1u << last)) != 0 ? 1u << last : enabled;
    }

    private bool IsForced(uint allowed) => _within is not null && BitOperations.IsPow2(allowed);

    // Of a way on it may be known already where it leads.
    private Known Visit(int depth, int last, int used, double weight, Edge? sure = null)
    {
        var parts = _within is null ? _run.Parts : null;
        var situation = parts is null ? Here(last, used) : new Situation(parts.Folded);
        if (_nodes.TryGetValue(situation, out var known))
        {
            Done += weight;
            return known;
        }

        if (++_visited >= _nextLook)
        {
            _nextLook = _visited + LookEvery;
            if (!_goesOn(this)) _isStopped = true;
        }

        if (_isStopped) return new Known(_unknown, default);

        uint enabled = _run.Enabled;
        uint allowed = Allowed(last, used);
        if (enabled == 0 || depth == _maxSteps)
        {
            known = enabled == 0 ? new Known(Leaf(_run.Judge()), default) : new Known(Leaf(ScheduleOutcome.Livelock), Touches.Everything);
            Done += weight;
        }
        else if (IsForced(allowed))
        {
            int actor = BitOperations.TrailingZeroCount(allowed);
            var next = _run.Next(actor);
            var (node, touches) = Follow(depth, actor, used, weight);
            // Whoever is passed over is finished, and touches nothing any more, or waits, and nothing is known of what it will.
            known = new Known(node, actor == last ? touches.With(next) : HasWaiting(enabled, last) ? Touches.Everything : default);
        }
        else
        {
            known = new Known(Sum(enabled, last, Branch(depth, enabled, allowed, last, used, weight, parts, sure), parts), Touches.Everything);
        }

        Keep(situation, known);
        return known;
    }

    // One that was met again on the way from it would lead back to itself, and have schedules without end.
    private void Keep(Situation situation, Known known)
    {
        if (!_nodes.TryAdd(situation, known))
            throw new RaceModelException("A situation was met again on the way on from it, although every step changes what its actor has done: two situations were taken for one. The model's fold leaves something out. Use the mode Exhaustive until it is mended.");
    }

    private bool HasWaiting(uint enabled, int last) => last != Nobody && (enabled & (1u << last)) == 0 && _run.IsWaiting(last);

    private Edge[] Branch(int depth, uint enabled, uint allowed, int last, int used, double weight, SituationParts? parts, Edge? sure)
    {
        int ways = BitOperations.PopCount(allowed);
        var edges = new Edge[ways];
        // Whoever moved last goes first: then it is known what becomes of an interruption one step later.
        int first = last != Nobody && (allowed & (1u << last)) != 0 ? last : BitOperations.TrailingZeroCount(allowed);
        var next = _run.Next(first);
        ulong? before = _run.PlaceInOperations(first);
        ulong? after = null;
        for (int i = 0; i < ways; i++)
        {
            int actor = i == 0 ? first : BitOperations.TrailingZeroCount(allowed);
            allowed &= ~(1u << actor);
            int cost = Cost(enabled, last, actor);
            if (i > 0 && ways == 2 && used + cost == _within && cost == 1 && before is not null && before == after
                && edges[0].Child.EdgeOf(actor) is { } later && edges[0].Child.Enabled == enabled && !later.Touches.MeetWith(next))
            {
                Done += weight / ways;
                edges[i] = later;
                continue;
            }

            if (i > 0 && sure?.Actor == actor)
            {
                Done += weight / ways;
                edges[i] = sure.Value;
                continue;
            }

            var square = i > 0 && ways == 2 && parts is not null ? Square(parts, edges[0], actor) : null;
            if (square is { } side && Corner(parts!, edges[0], side) is { } corner)
            {
                _path[depth] = actor;
                edges[i] = new Edge(actor, VisitUnrun(depth + 1, actor, weight / ways, corner, side), Touches.Everything);
                continue;
            }

            if (i > 0) RunAgain(depth);
            if (_isStopped)
            {
                edges[i] = new Edge(actor, _unknown, default);
                continue;
            }

            var step = _run.Next(actor);
            Step(depth, actor);
            if (i == 0) after = _run.PlaceInOperations(first);
            var (child, touches) = Visit(depth + 1, actor, used + cost, weight / ways, square);
            edges[i] = new Edge(actor, child, touches.With(step));
        }

        return edges;
    }

    // R is here, and S is where a step leads; what the other actor does first makes no difference to it: then that step leads from T to Q.
    private static Edge? Square(SituationParts here, Edge step, int other)
    {
        if (step.Child.Parts is not { } after || step.Child.EdgeOf(other)?.Child is not { } end) return null;
        var (x, y) = (here.Actors[step.Actor], here.Actors[other]);
        var (xAfter, yAfter) = (after.Actors[step.Actor], after.Actors[other]);
        if (y != yAfter || x.Next.Kind == AccessKind.None || y.Next.Kind == AccessKind.None || x.Next.ConflictsWith(y.Next)) return null;
        if (x.WasAtSpinNow || y.WasAtSpinNow || xAfter.WasAtSpinNow) return null;
        // Where both end, the judge does not ask who was first; and who begins has seen who has come back before.
        if (y.BeginsOperation && (xAfter.Returned != x.Returned || xAfter.IsFinished)) return null;
        if (end.Parts is not { } both || both.Actors[other].WasAtSpinNow) return null;
        if (x.BeginsOperation && (both.Actors[other].Returned != y.Returned || both.Actors[other].IsFinished)) return null;
        for (int i = 0; i < here.Actors.Length; i++)
        {
            if (i != step.Actor && i != other && !here.Actors[i].IsFinished) return null;
        }

        return new Edge(step.Actor, end, Touches.Everything);
    }

    // T, where it cannot be that the step which is left out lets the other actor wait, or go on.
    private static SituationParts? Corner(SituationParts here, Edge step, Edge side)
    {
        int other = 0;
        var (after, both) = (step.Child.Parts!, side.Child.Parts!);
        while (other == step.Actor || here.Actors[other].IsFinished) other++;
        var y = both.Actors[other];
        if (!y.IsFinished && (y.Next.Kind == AccessKind.None || here.Actors[step.Actor].Next.ConflictsWith(y.Next))) return null;
        var actors = (ActorPart[])here.Actors.Clone();
        actors[other] = y;
        return new SituationParts(here.Content ^ after.Content ^ both.Content, actors);
    }

    // What Visit does, with a situation that was put together: one actor leads to a known one, and the other goes on, if it can.
    private Node VisitUnrun(int depth, int last, double weight, SituationParts parts, Edge side)
    {
        var situation = new Situation(parts.Folded);
        if (_nodes.TryGetValue(situation, out var known))
        {
            Done += weight;
            return known.Node;
        }

        if (++_visited >= _nextLook)
        {
            _nextLook = _visited + LookEvery;
            if (!_goesOn(this)) _isStopped = true;
        }

        if (_isStopped) return _unknown;

        uint enabled = parts.Enabled;
        Edge[] edges;
        if ((enabled & (1u << last)) == 0)
        {
            edges = [side];
        }
        else
        {
            weight /= 2;
            var next = Square(parts, side, last);
            Node child;
            _path[depth] = last;
            if (next is { } nextSide && Corner(parts, side, nextSide) is { } corner)
            {
                child = VisitUnrun(depth + 1, last, weight, corner, nextSide);
            }
            else
            {
                RunAgain(depth);
                if (_isStopped)
                {
                    child = _unknown;
                }
                else
                {
                    Step(depth, last);
                    child = Visit(depth + 1, last, used: 0, weight, next).Node;
                }
            }

            edges = [new Edge(last, child, Touches.Everything), side];
        }

        Done += weight;
        var node = Sum(enabled, last, edges, parts);
        _nodes.Add(situation, new Known(node, Touches.Everything));
        return node;
    }

    // Lets an actor that must go on do so, past all situations where again it alone can and of which nothing is known, and visits the one behind them. An
    // actor with a thread of its own makes all those steps at one go.
    private Known Follow(int depth, int actor, int used, double weight)
    {
        int first = _passed.Count;
        int reached = depth;
        int at = depth + _run.StepWhile(actor, () =>
        {
            reached++;
            uint allowed = Allowed(actor, used);
            if (reached == _maxSteps || !IsForced(allowed) || allowed != 1u << actor) return false;
            var situation = Here(actor, used);
            if (_nodes.ContainsKey(situation)) return false;
            _passed.Push((situation, _run.Next(actor)));
            return true;
        });
        for (int step = depth; step < at; step++) _path[step] = actor;
        Steps += at - depth;
        _visited += _passed.Count - first;
        var known = Visit(at, actor, used, weight);
        while (_passed.Count > first)
        {
            var (situation, next) = _passed.Pop();
            known = new Known(known.Node, known.Touches.With(next));
            Keep(situation, known);
        }

        return known;
    }

    // What may still follow depends on what is left of the bound, and on whom to leave would cost some of it.
    private Situation Here(int last, int used)
    {
        var folded = _run.Situation!.Value;
        if (_within is not null) folded = StepFold.Then(folded, ((ulong)(last + 1) << 32) | (uint)used);
        return new Situation(folded);
    }

    private void Step(int depth, int actor)
    {
        _path[depth] = actor;
        _run.Step(actor);
        Steps++;
    }

    private void RunAgain(int depth)
    {
        if (_isStopped) return;
        Runs++;
        _run.Restart();
        _run.Repeat(_path.AsSpan(0, depth));
        Steps += depth;
    }

    // All that end alike are one.
    private Node Leaf(ScheduleOutcome outcome)
    {
        if (_numbers.TryGetValue(outcome, out int number)) return _leaves[number];
        number = _outcomes.Count;
        _numbers.Add(outcome, number);
        _outcomes.Add(outcome);
        var leaf = new Node(this, 0, [], [number], Rows);
        for (int row = 0; row < Rows; row++) leaf.Count(row, 0, 0) = 1;
        if (leaf.Totals is not null) leaf.Totals[0] = 1;
        _leaves.Add(leaf);
        return leaf;
    }

    private Node Sum(uint enabled, int last, Edge[] edges, SituationParts? parts)
    {
        var node = new Node(this, enabled, edges, Together(edges), Rows) { Parts = parts };
        for (int row = 0; row < Rows; row++)
        {
            int mover = _within is not null ? last : row == _actors ? Nobody : row;
            foreach (var (actor, child, _) in edges) node.Take(row, child, actor, Cost(enabled, mover, actor));
        }

        if (node.Totals is not null)
        {
            foreach (var (_, child, _) in edges) node.TakeTotals(child);
        }

        return node;
    }

    private static int[] Together(Edge[] edges)
    {
        int[] all = edges[0].Child.Outcomes;
        for (int i = 1; i < edges.Length; i++)
        {
            int[] more = edges[i].Child.Outcomes;
            if (more.AsSpan().SequenceEqual(all)) continue;
            all = [.. all.Union(more).Order()];
        }

        return all;
    }

    /// <summary>A way on from a situation: whose step, the next situation with a choice, and what that actor touches, with this step and until it is finished.</summary>
    internal readonly record struct Edge(int Actor, Node Child, Touches Touches);

    /// <summary>What is known of a situation: the next one with a choice, and what whoever moved last will touch until it is finished.</summary>
    private readonly record struct Known(Node Node, Touches Touches);

    /// <summary>Memory that will be read and written, each location folded into one of 64 bits. Four times as many save an eighth of the steps and cost more memory than that is worth.</summary>
    internal readonly record struct Touches(ulong Reads, ulong Writes)
    {
        public static readonly Touches Everything = new(ulong.MaxValue, ulong.MaxValue);

        public Touches With(Footprint step)
        {
            if (IsUnknown(step)) return Everything;
            return step.Kind == AccessKind.Write ? this with { Writes = Writes | Bit(step) } : this with { Reads = Reads | Bit(step) };
        }

        public bool MeetWith(Footprint step) => IsUnknown(step) || ((step.Kind == AccessKind.Write ? Reads | Writes : Writes) & Bit(step)) != 0;

        // Who waits does so for any write there is.
        private static bool IsUnknown(Footprint step) => step.Kind == AccessKind.None || step.Location == Footprint.Anywhere;

        private static ulong Bit(Footprint step) => 1UL << (int)(((ulong)step.Location * 0x9E37_79B9_7F4A_7C15) >> 58);
    }

    // The fold is a hash already.
    private readonly struct Situation(UInt128 folded) : IEquatable<Situation>
    {
        private readonly UInt128 _folded = folded;

        public bool Equals(Situation other) => _folded == other._folded;

        public override bool Equals(object? obj) => obj is Situation other && Equals(other);

        public override int GetHashCode() => (int)(ulong)_folded;
    }

    /// <summary>One situation with a choice, or an end, and what becomes of it.</summary>
    internal sealed class Node
    {
        private readonly int _width;
        private readonly long[] _counts;
        private readonly int[]? _fewest;

        public Node(MergedSearch search, uint enabled, Edge[] edges, int[] outcomes, int rows)
        {
            (Enabled, Edges, Outcomes, _width) = (enabled, edges, outcomes, search._width);
            _counts = new long[rows * outcomes.Length * _width];
            if (search._within is not null) return;
            // Within a bound the counts say it all.
            Totals = new BigInteger[outcomes.Length];
            _fewest = new int[rows * outcomes.Length];
            if (edges.Length > 0) Array.Fill(_fewest, int.MaxValue);
        }

        /// <summary>Who can go on.</summary>
        public uint Enabled { get; }

        /// <summary>The ways on.</summary>
        public Edge[] Edges { get; }

        /// <summary>The situation itself; null for an end, within a bound, and where it cannot be taken apart.</summary>
        public SituationParts? Parts { get; init; }

        /// <summary>How schedules end from here: numbers, ascending.</summary>
        public int[] Outcomes { get; }

        /// <summary>How many schedules end so, for each outcome; null within a bound, where those counted are all there are.</summary>
        public BigInteger[]? Totals { get; }

        private int Rows => Outcomes.Length == 0 ? 0 : _counts.Length / Outcomes.Length / _width;

        /// <summary>The way on by an actor's step; null if there is none.</summary>
        public Edge? EdgeOf(int actor)
        {
            foreach (var edge in Edges)
            {
                if (edge.Actor == actor) return edge;
            }

            return null;
        }

        /// <summary>By how many schedules with so many more preemptions an outcome is reached.</summary>
        public ref long Count(int row, int outcome, int preemptions) => ref _counts[(((row * Outcomes.Length) + outcome) * _width) + preemptions];

        /// <summary>The counts of an outcome from the beginning.</summary>
        public ReadOnlySpan<long> FromStart(int outcome) => _counts.AsSpan((((Rows - 1) * Outcomes.Length) + outcome) * _width, _width);

        /// <summary>The fewest more preemptions with which an outcome is reached when an actor moved last; null if it is not.</summary>
        public int? Fewest(int last, int outcome)
        {
            int at = Array.IndexOf(Outcomes, outcome);
            if (at < 0) return null;
            int row = RowOf(last);
            if (_fewest is not null) return _fewest[(row * Outcomes.Length) + at];
            int first = _counts.AsSpan(((row * Outcomes.Length) + at) * _width, _width).IndexOfAnyExcept(0);
            return first < 0 ? null : first;
        }

        /// <summary>Adds what becomes of a next situation.</summary>
        public void Take(int row, Node child, int actor, int cost)
        {
            int from = child.RowOf(actor);
            for (int i = 0; i < child.Outcomes.Length; i++)
            {
                int at = Outcomes.Length == child.Outcomes.Length ? i : Array.IndexOf(Outcomes, child.Outcomes[i]);
                for (int p = cost; p < _width; p++) Count(row, at, p) = checked(Count(row, at, p) + child.Count(from, i, p - cost));
                if (_fewest is null) continue;
                ref int fewest = ref _fewest[(row * Outcomes.Length) + at];
                fewest = Math.Min(fewest, child._fewest![(from * child.Outcomes.Length) + i] + cost);
            }
        }

        public void TakeTotals(Node child)
        {
            for (int i = 0; i < child.Outcomes.Length; i++) Totals![Array.IndexOf(Outcomes, child.Outcomes[i])] += child.Totals![i];
        }

        private int RowOf(int last) => Rows == 1 ? 0 : last == Nobody ? Rows - 1 : last;
    }
}
