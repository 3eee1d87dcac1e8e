using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>Runs schedules of a scenario on the stepped map: the world, the map and the actors, put back before each.</summary>
internal sealed class SteppedRun : RaceRun
{
    private const int MostEvents = 10_000;

    private readonly SteppedModel _model;
    private readonly StepWorld _world;
    private readonly SteppedMap _map;
    private readonly StepActor[] _actors;
    private readonly RaceHand[] _hands;
    private readonly SteppedEnding _ending;
    private readonly ScheduleJudge _judge;
    private SteppedIterator? _shared;
    private MapObserver? _observer;
    private RaceViolation? _violation;
    private IReadOnlyList<MapEvent> _eventsOfStep = [];

    public SteppedRun(SteppedModel model)
    {
        _model = model;
        StepWorld.Current = _world = new StepWorld();
        _map = new SteppedMap(model.Seed, model.Protection);
        var content = Fill(model);
        if (model.Program.Owner >= 0 && model.Protection.HasGuard() && !model.Protection.Waits()) _map.GiveTo(model.Program.Owner);
        var flag = model.Protection == RaceProtection.Flag ? StepWorld.Field<int>("flag") : null;
        var naive = model.Protection == RaceProtection.Naive ? new NaiveGuard(model.Program.Naive!.Value) : null;
        _world.KeepSetup();
        _actors = [.. Enumerable.Range(0, model.Actors.Count).Select(i => new StepActor(_world, i))];
        _hands = [.. _actors.Select(a => new RaceHand(_map, flag, naive, model.Cut, a))];
        _ending = new SteppedEnding(_map, _hands, content);
        bool isGuarded = model.Protection.HasGuard();
        _judge = new ScheduleJudge(new JudgeRules(model.Program) { RefusalLeavesNoTrace = isGuarded, MustRest = isGuarded && !model.Program.SharesIterator }, _ending);
    }

    public StepWorld World => _world;

    /// <summary>The keys of the scenario's setup, in their order.</summary>
    public IReadOnlyList<int> SetupKeys => [.. _model.Program.Setup.Select(o => o.Key)];

    public SteppedMap Map => _map;

    public IReadOnlyList<StepActor> Actors => _actors;

    public IReadOnlyList<RaceHand> Hands => _hands;

    public override Footprint Next(int actor) => _actors[actor].Next;

    public override void Restart()
    {
        PutBack();
        for (int i = 0; i < _actors.Length; i++)
        {
            _hands[i].Reset();
            _actors[i].Begin(_ => Act(i));
            if (_actors[i].IsFinished) Enabled &= ~(1u << i);
        }
    }

    /// <summary>Begins an actor's program.</summary>
    public Step<None> Act(int actor) => _hands[actor].Act(_model.Program.Programs[actor], _shared);

    /// <summary>Everything but the actors' programs: for those that run them on threads.</summary>
    public void PutBack()
    {
        StepWorld.Current = _world;
        _world.Restore();
        _map.Gate.Reset();
        _shared = null;
        if (_model.Program.SharesIterator)
        {
            _shared = _map.CreateIterator(IterationContract.FailFast);
            _shared.Begin().Now();
        }

        Enabled = (1u << _actors.Length) - 1;
        Steps = 0;
    }

    public override void Step(int actor)
    {
        StepWorld.Current = _world;
        Steps++;
        _hands[actor].StepBegins(Steps, _hands);
        if (_observer is not null) StepWatched(actor, _observer);
        else _actors[actor].Step();
        uint enabled = 0;
        for (int i = 0; i < _actors.Length; i++)
        {
            if (!_actors[i].IsFinished && !_actors[i].IsWaiting) enabled |= 1u << i;
        }

        Enabled = enabled;
    }

    public override ScheduleOutcome Judge()
    {
        StepWorld.Current = _world;
        foreach (var actor in _actors)
        {
            if (actor.Error is RaceModelException or InvalidProgramException or NotSupportedException) throw new RaceModelException($"{_model}: {actor.Error.Message}", actor.Error);
        }

        _ending.Look(_actors.Any(a => !a.IsFinished));
        return _judge.Judge();
    }

    public override UInt128? Situation
    {
        get
        {
            var all = StepFold.Then(_world.Content ^ _map.GateContent, Enabled);
            foreach (var actor in _actors)
            {
                all = StepFold.Then(StepFold.Then(all, (ulong)(actor.History >> 64)), (ulong)actor.History);
                all = StepFold.Then(all, (actor.IsFinished ? 1UL : 0) | (actor.IsWaiting ? 2UL : 0) | (actor.WritesAtSpin == _world.Writes ? 4UL : 0));
            }

            return all;
        }
    }

    public override bool IsWaiting(int actor) => _actors[actor] is { IsFinished: false, IsWaiting: true };

    public override ulong? PlaceInOperations(int actor) => _hands[actor].Place is not { } place ? null : (place << 1) | (_actors[actor].IsFinished ? 1UL : 0);

    public override string OperationOf(int actor) => _hands[actor].Operation;

    public override string NameOf(Footprint footprint) => new StepNames(_world, _map).NameOf(footprint, _model.Points[footprint.Point]);

    public override string? ValueAt(Footprint footprint) => new StepNames(_world, _map).ValueAt(footprint);

    public override string? TakeNote(int actor)
    {
        if (_actors[actor].IsFinished && _actors[actor].Error is { } error) return Note(actor, error);
        var records = _hands[actor].Records;
        return records.Count > 0 && records[^1] is { Returned: true } last && last.LastStep == Steps ? RaceHistory.Answer(last) : null;
    }

    public override IReadOnlyList<string> StackOf(int actor) => StepNames.Stack(_actors[actor].Standing);

    public override IReadOnlyList<BucketLayout> Buckets() => StepNames.Layout(_map);

    public override IReadOnlyList<HistoryOperation> History() => [.. RaceHistory.Of(_hands)];

    public override RaceViolation? Violation() => _violation;

    public override IReadOnlyList<MapEvent> EventsOfStep => _eventsOfStep;

    public override void Watch()
    {
        _observer = new MapObserver(MostEvents);
        _violation = null;
    }

    // Only the step itself is told of: whoever looks at the table between two steps is no part of the race.
    private void StepWatched(int actor, MapObserver observer)
    {
        var stack = StackOf(actor);
        int before = observer.Events().Count;
        _world.Observer = observer;
        _actors[actor].Step();
        _world.Observer = null;
        _eventsOfStep = [.. observer.Events().Skip(before)];
        if (_actors[actor].IsFinished) KeepViolation(actor, stack);
    }

    private void KeepViolation(int actor, IReadOnlyList<string> stackBefore)
    {
        if (_violation is not null || _actors[actor].Error is not StepViolationException error) return;
        var stack = StepNames.Stack(_actors[actor].GaveUpIn);
        int holder = error.Holder;
        _violation = new RaceViolation
        {
            Kind = error.Kind.ToString(),
            Message = Note(actor, error),
            Current = new RaceSide(actor, OperationOf(actor), Steps, stack.Count > 0 ? stack : stackBefore),
            Previous = holder < 0 ? null : new RaceSide(holder, OperationOf(holder), _hands[holder].Step, StackOf(holder)),
        };
    }

    // What is left out of a scenario is not put in.
    private Dictionary<int, long> Fill(SteppedModel model)
    {
        var content = new Dictionary<int, long>();
        for (int i = 0; i < model.Program.Setup.Count; i++)
        {
            var (_, key, value, _) = model.Program.Setup[i];
            if (model.Cut.LeavesOutKey(i + 1)) continue;
            _map.Set(key, value).Now();
            content[key] = value;
        }

        return content;
    }

    internal static string Note(int actor, Exception error) => error is StepViolationException violation
        ? string.Create(CultureInfo.InvariantCulture, $"{Schedule.Letter(actor)} is refused: {violation.Kind}{(violation.Holder < 0 ? "" : $", {Schedule.Letter(violation.Holder)} is in {violation.HolderOperation}")}")
        : $"{Schedule.Letter(actor)} ends with {error.GetType().Name}: {error.Message}";
}
