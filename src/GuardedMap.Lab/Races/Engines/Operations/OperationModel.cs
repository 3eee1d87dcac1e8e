using System.Globalization;

namespace GuardedMaps.Lab;

// A scenario on a real container, in whole operations. A step is one call of the map, so what is explored is the order of operations and nothing inside of
// them: any container can be put in, guarded or not, and none can be damaged. What goes wrong here, goes wrong on every map that has these operations:
//
//     A1B2A1   get A, get B, set B, set A       of LostUpdate's 6 orders 4 lose an increment, on every map that remembers no reads
//     A2B2     get A, set A, get B, set B       right, and B2A2
//
// An iteration is as many operations as it has steps. Everything happens on one thread, and a schedule has a map of its own. What a thread has
// read before it writes (DetectLostUpdates) is each actor's own here, too; what else a map keeps for each thread cannot be seen: how many entries it was told of before it copies.

/// <summary>A scenario on a container of the catalogue, operation by operation.</summary>
internal sealed class OperationModel(Scenario program, RaceTarget target)
    : RaceModel<OperationModel.State>(
        program.Name, target.Name, RaceGrain.Operation, program.Version, s_points, [.. program.Programs.Select((p, i) => new Actor(i, program.Actors[i], p))], LengthsOf(program))
{
    private static readonly YieldPointCatalogue s_points = new(
        new("operation.read", "key", AccessKind.Read),
        new("operation.write", "key", AccessKind.Write),
        new("operation.next", "map", AccessKind.Read),
        new("operation.clear", "map", AccessKind.Write));

    /// <summary>The scenario.</summary>
    public Scenario Program => program;

    /// <summary>Whether a scenario can be run in whole operations at all.</summary>
    public static bool IsPossible(Scenario scenario) =>
        scenario.HandMade is null && !scenario.Verbs.Any(v => v is Verb.Begin or Verb.Next or Verb.Finish or Verb.Copy or Verb.SetAll or Verb.ForEach or Verb.AddOrUpdate or Verb.Resize);

    internal override State Setup()
    {
        var state = new State(target.CreateNumbered(), target, program);
        foreach (var operation in program.Setup)
        {
            if (operation.Verb == Verb.Set) state.Initial[operation.Key] = operation.Value;
            else if (operation.Verb == Verb.Remove) state.Initial.Remove(operation.Key);
            MapOperations.Do(state.Map, operation);
        }

        return state;
    }

    internal override ScheduleOutcome Judge(State state) => new ScheduleJudge(new JudgeRules(program) { RefusalLeavesNoTrace = true }, new OperationEnding(state)).Judge();

    internal override bool AcceptFault(State state, int actor, Exception error)
    {
        if (error is RaceModelException) return false;
        state.Hands[actor].Error = error;
        return true;
    }

    internal override string NameOf(Footprint footprint) => footprint.Location == Footprint.Anywhere ? "the map" : string.Create(CultureInfo.InvariantCulture, $"key {footprint.Location}");

    internal override string? ValueAt(State state, Footprint footprint) =>
        footprint.Location == Footprint.Anywhere ? null : state.Map.Get((int)footprint.Location)?.ToString(CultureInfo.InvariantCulture);

    internal override string? NoteOf(State state, int actor)
    {
        var hand = state.Hands[actor];
        if (hand.Refusal is { } refusal) return $"{Schedule.Letter(actor)} is refused: {refusal}";
        if (hand.Crash is { } crash) return $"{Schedule.Letter(actor)} ends with {crash.GetType().Name}: {crash.Message}";
        // What a lookup finds and a store leaves is seen where it lies.
        return hand.Log.Count > 0 && hand.Log[^1] is { Verb: not (Verb.Get or Verb.Set) } last && last.LastStep == state.Now ? RaceHistory.Answer(last) : null;
    }

    internal override IReadOnlyList<HistoryOperation> HistoryOf(State state) => [.. RaceHistory.Of(state.Hands)];

    // Known where each operation is one step and none can be refused; a loop has as many steps as it finds entries, and keeps writers out.
    private static int[]? LengthsOf(Scenario scenario) =>
        scenario.Verbs.Any(v => v == Verb.Iterate) ? null : [.. scenario.Programs.Select(p => p.Count)];

    /// <summary>One schedule: the map, and what the actors have done.</summary>
    internal sealed class State
    {
        public State(MapFace<int> map, RaceTarget target, Scenario program)
        {
            (Map, Target) = (map, target);
            Hands = [.. program.Programs.Select((_, i) => new OperationHand(i))];
            Keys = program.Keys;
        }

        public MapFace<int> Map { get; }

        public RaceTarget Target { get; }

        public IReadOnlyList<int> Keys { get; }

        public Dictionary<int, long> Initial { get; } = [];

        public IReadOnlyList<OperationHand> Hands { get; }

        /// <summary>Counts the steps.</summary>
        public int Now { get; set; }
    }

    /// <summary>What one actor has done and got.</summary>
    internal sealed class OperationHand(int index) : IActorEnding
    {
        public int Index => index;

        public List<RaceRecord> Log { get; } = [];

        public IReadOnlyList<RaceRecord> Records => Log;

        public Exception? Error { get; set; }

        // What the actor has read, as its thread would remember it.
        private LastReads<int, long>? _reads;

        /// <summary>Does one operation, with the actor's own memory of what it has read.</summary>
        public RaceRecord Do(MapFace<int> map, Operation operation)
        {
            var others = LastReads<int, long>.Exchange(_reads);
            try
            {
                return MapOperations.Do(map, operation);
            }
            finally
            {
                _reads = LastReads<int, long>.Exchange(others);
            }
        }

        // .NET's containers say in these ways that they were changed meanwhile.
        public string? Refusal => Error switch
        {
            MapViolationException violation => violation.Kind.ToString(),
            InvalidOperationException or ArgumentException => Error.GetType().Name,
            _ => null,
        };

        public Exception? Crash => Refusal is null ? Error : null;

        public long Folded => Error is null ? 0 : Error.GetType().Name.GetHashCode(StringComparison.Ordinal);
    }

    private sealed class Actor(int index, string name, IReadOnlyList<Operation> program) : IActorProgram<State>
    {
        public string Name => name;

        public IEnumerator<Footprint> Run(State state)
        {
            var hand = state.Hands[index];
            long? read = null;
            int iterations = 0;
            foreach (var operation in program)
            {
                switch (operation.Verb)
                {
                    case Verb.Iterate:
                        iterations++;
                        bool isSnapshot = operation.Contract == IterationContract.Snapshot && state.Target.IterationShowsOneMoment;
                        var record = new RaceRecord { Actor = (byte)index, Iteration = (byte)iterations, Returned = true };
                        bool isOfItsBeginning = isSnapshot || state.Target.IterationIsOfItsBeginning;
                        var contract = isOfItsBeginning ? IterationContract.Snapshot : state.Target.IterationShowsOneMoment ? IterationContract.Reject : IterationContract.Tolerate;
                        yield return s_points.At("operation.next", Footprint.Anywhere);
                        int beginning = ++state.Now;
                        hand.Log.Add(record with { Verb = Verb.Begin, Value = (long)contract, FirstStep = beginning, LastStep = beginning });
                        using (var entries = (isSnapshot ? state.Map.Snapshot() : state.Map.Entries()).GetEnumerator())
                        {
                            while (entries.MoveNext())
                            {
                                int at = isOfItsBeginning ? beginning : state.Now;
                                hand.Log.Add(record with { Verb = Verb.Next, Found = true, Key = entries.Current.Key, Value = entries.Current.Value, FirstStep = at, LastStep = at });
                                yield return s_points.At("operation.next", Footprint.Anywhere);
                                state.Now++;
                            }
                        }

                        hand.Log.Add(record with { Verb = Verb.End, FirstStep = state.Now, LastStep = state.Now });

                        break;
                    default:
                        var made = operation.Verb == Verb.SetRead ? operation with { Verb = Verb.Set, Value = (read ?? 0) + operation.Value } : operation;
                        yield return made.Verb == Verb.Clear ? s_points.At("operation.clear", Footprint.Anywhere)
                            : s_points.At(made.IsWrite ? "operation.write" : "operation.read", made.IsOfAllKeys ? Footprint.Anywhere : made.Key);
                        state.Now++;
                        var answered = hand.Do(state.Map, made);
                        if (made.Verb == Verb.Get) read = answered.Found ? answered.Value : null;
                        hand.Log.Add(answered with { Actor = (byte)index, Returned = true, FirstStep = state.Now, LastStep = state.Now });
                        break;
                }
            }
        }
    }

    private sealed class OperationEnding : RaceEnding
    {
        private readonly State _state;
        private readonly List<(int Key, long Value, bool IsFindable)> _entries;

        public OperationEnding(State state)
            : base(state.Hands, state.Initial)
        {
            _state = state;
            _entries = [.. state.Map.Entries().Select(e => (e.Key, e.Value, state.Map.Get(e.Key) == e.Value))];
            Count = state.Map.Count;
        }

        public override IReadOnlyList<(int Key, long Value, bool IsFindable)> Entries => _entries;

        public override int Count { get; }

        public override long? Find(int key) => _state.Map.Get(key);
    }
}
