using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>Runs schedules of a scenario over a raced map: a fresh map for each, and the actors on threads of their own.</summary>
internal sealed class RacedRun : RaceRun
{
    private readonly RacedModel _model;
    private readonly RacedWorld _world = new();
    private readonly RacedActor[] _actors; // Of this schedule.
    private readonly RacedBeginning?[] _beginnings;
    private readonly RacedHand[] _hands;
    private readonly RacedEnding _ending;
    private readonly ScheduleJudge _judge;
    private readonly Dictionary<int, long> _before = [];
    private RacedMap _map;
    private bool _isWatched;

    public RacedRun(RacedModel model)
    {
        _model = model;
        _hands = [.. model.Actors.Select((_, i) => new RacedHand(i, model.Program))];
        _actors = new RacedActor[_hands.Length];
        _beginnings = new RacedBeginning?[_hands.Length];
        _map = Create();
        foreach (int key in model.Program.Keys)
        {
            if (_map.Map.Get(key) is { } value) _before.Add(key, value);
        }

        _ending = new RacedEnding(_hands, _before, model.Program.Keys);
        _judge = new ScheduleJudge(new JudgeRules(model.Program) { RefusalLeavesNoTrace = true }, _ending);

        // What a type makes once for all its objects is made before the first schedule, whoever comes first.
        foreach (var hand in _hands) hand.Act(_map);
        _map.Map.CheckInvariants();

        Set();
        foreach (var actor in _actors)
        {
            actor.Begin();
            if (_hands[actor.Index].IsBeginning) _beginnings[actor.Index] = actor.Beginning;
        }
    }

    public override Footprint Next(int actor) => _actors[actor].Next;

    public override void Restart()
    {
        foreach (var actor in _actors) actor.GiveUp();
        Set();
        foreach (var actor in _actors)
        {
            if (_beginnings[actor.Index] is not { } beginning || _isWatched)
            {
                actor.Begin();
                continue;
            }

            actor.Begin(beginning);
            _hands[actor.Index].Begin();
        }

        Look();
    }

    public override void Step(int actor)
    {
        _actors[actor].Go(1);
        Look();
    }

    /// <summary>As long as the same actor goes on, the question is asked on its thread, and nothing is handed over.</summary>
    public override int StepWhile(int actor, Func<bool> goesOn)
    {
        int before = Steps;
        _actors[actor].GoWhile(() =>
        {
            Look();
            return (Enabled & (1u << actor)) != 0 && goesOn();
        });
        Look();
        return Steps - before;
    }

    /// <summary>Makes the steps of a schedule that was run before: who is let go makes all its steps up to the next actor's at one go.</summary>
    public override void Repeat(ReadOnlySpan<int> actors)
    {
        (RacedActor Actor, int Steps)? first = null;
        for (int i = 0; i < actors.Length;)
        {
            int same = i + 1;
            while (same < actors.Length && actors[same] == actors[i]) same++;
            var leg = (_actors[actors[i]], same - i);
            if (first is null) first = leg;
            else _world.Legs.Enqueue(leg);
            i = same;
        }

        first?.Actor.Go(first.Value.Steps);
        Look();
    }

    public override ScheduleOutcome Judge()
    {
        foreach (var actor in _actors)
        {
            if (actor.Error is RaceModelException error) throw new RaceModelException(error.Message, error);
            _hands[actor.Index].Crash = actor.Error;
        }

        _ending.Look(_map.Map, _actors.All(a => a.IsFinished), _world.IsAnyLockHeld);
        return _judge.Judge();
    }

    public override UInt128? Situation => Parts.Folded;

    public override SituationParts Parts
    {
        get
        {
            var actors = new ActorPart[_actors.Length];
            for (int i = 0; i < actors.Length; i++)
            {
                var (actor, hand) = (_actors[i], _hands[i]);
                actors[i] = new(actor.History, actor.Next, actor.IsFinished, actor.IsWaiting, actor.WasAtSpinNow, hand.Place is null, hand.Returned);
            }

            return new(_world.Content, actors);
        }
    }

    public override bool IsWaiting(int actor) => _actors[actor] is { IsFinished: false, IsWaiting: true };

    public override ulong? PlaceInOperations(int actor) => _hands[actor].Place is not { } place ? null : (place << 1) | (_actors[actor].IsFinished ? 1UL : 0);

    public override string OperationOf(int actor) => _hands[actor].Operation;

    public override string NameOf(Footprint footprint) => _model.Points[footprint.Point].LocationClass;

    public override string? TakeNote(int actor) => _actors[actor] is { IsFinished: true, Error: { } error } ? error.Message : _hands[actor].AnswerOf(Steps);

    /// <summary>Starts the schedule anew, with stacks from the beginning.</summary>
    public override void Watch()
    {
        _isWatched = true;
        Restart();
    }

    public override IReadOnlyList<string> StackOf(int actor) => RacedStack.Of(_actors[actor].Stack);

    public override IReadOnlyList<HistoryOperation> History() => [.. RaceHistory.Of(_hands)];

    /// <summary>The threads of the actors.</summary>
    public IReadOnlyList<int> ThreadIds => [.. _actors.Select(a => a.ThreadId)];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_model}, step {Steps}");

    // A map, and actors for it.
    private void Set()
    {
        Steps = 0;
        var map = _map = Create();
        foreach (var hand in _hands)
        {
            hand.Reset();
            _actors[hand.Index] = new RacedActor(_world, hand.Index, () => hand.Act(map))
            {
                Granted = actor => hand.StepBegins(actor, ++Steps, _hands),
                KeepsStacks = _isWatched,
            };
        }
    }

    private RacedMap Create()
    {
        _world.Begin();
        var map = _model.CreateMap();
        foreach (var step in _model.Program.Setup) MapOperations.Do(map.Map, step, takes: true);
        return map;
    }

    private void Look()
    {
        uint enabled = 0;
        for (int i = 0; i < _actors.Length; i++)
        {
            if (!_actors[i].IsFinished && !_actors[i].IsWaiting) enabled |= 1u << i;
        }

        Enabled = enabled;
    }
}

/// <summary>The methods of a raced map in a stack.</summary>
internal static class RacedStack
{
    private const string Namespace = "GuardedMaps.Lab.RacedMaps.";

    /// <summary>Their names, the innermost first.</summary>
    public static IReadOnlyList<string> Of(string? stack) =>
    [
        .. (stack ?? "").Split('\n').Select(l => l.IndexOf(Namespace, StringComparison.Ordinal) is var at && at >= 0 ? l[(at + Namespace.Length)..] : null)
            .Where(l => l is not null).Select(l => Short(l!)),
    ];

    // "SyncMapBase`2.Change[TChange](TKey key, ..." is SyncMapBase.Change.
    private static string Short(string line)
    {
        string name = line[..(line.IndexOfAny(['(', '[']) is var end && end > 0 ? end : line.Length)];
        return string.Concat(name.Split('`').Select((part, i) => i == 0 ? part : part.TrimStart('1', '2', '3')));
    }
}
