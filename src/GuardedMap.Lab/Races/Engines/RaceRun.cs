namespace GuardedMaps.Lab;

/// <summary>
/// The machine on which schedules of one model are run, one after the other. Kept from schedule to schedule, so
/// that a schedule costs its state and its iterators and nothing else.
/// </summary>
internal abstract class RaceRun
{
    /// <summary>The actors that are not finished, one bit each.</summary>
    public uint Enabled { get; protected set; }

    /// <summary>How many steps have been made since <see cref="Restart"/>.</summary>
    public int Steps { get; protected set; }

    /// <summary>What an actor that is not finished does next.</summary>
    public abstract Footprint Next(int actor);

    /// <summary>Sets everything up afresh and puts each actor before its first access.</summary>
    public abstract void Restart();

    /// <summary>Lets one actor, which must not be finished, make one step.</summary>
    public abstract void Step(int actor);

    /// <summary>Lets one actor make a step, and another one as long as it has one to make and the question says so.</summary>
    /// <param name="actor">The actor, which must not be finished.</param>
    /// <param name="goesOn">Asked after each step that was not the actor's last; it may look at the run, and on whatever thread it is asked, nobody else does.</param>
    /// <returns>How many steps were made.</returns>
    public virtual int StepWhile(int actor, Func<bool> goesOn)
    {
        int made = 0;
        do
        {
            Step(actor);
            made++;
        }
        while ((Enabled & (1u << actor)) != 0 && goesOn());
        return made;
    }

    /// <summary>Makes, after <see cref="Restart"/>, the steps of a schedule that was run before.</summary>
    public virtual void Repeat(ReadOnlySpan<int> actors)
    {
        foreach (int actor in actors) Step(actor);
    }

    /// <summary>Names the outcome. Only when nobody is left.</summary>
    public abstract ScheduleOutcome Judge();

    /// <summary>
    /// The situation as a number: where two runs have the same, whatever can happen from there is the same, and so are the outcomes. Null
    /// where situations cannot be compared.
    /// </summary>
    public virtual UInt128? Situation => null;

    /// <summary>The situation taken apart; null where that cannot be done. Two that have the same parts are the same situation.</summary>
    public virtual SituationParts? Parts => null;

    /// <summary>Whether an actor that is not enabled is not finished either, but waits for another's write.</summary>
    public virtual bool IsWaiting(int actor) => false;

    /// <summary>
    /// Where an actor stands in the operations that are judged: as long as it stays the same, its steps neither begin nor end one. Null when its
    /// next step begins one, or where that is not known.
    /// </summary>
    public virtual ulong? PlaceInOperations(int actor) => null;

    // What a timeline shows beside the steps. Searching never asks for any of it.

    /// <summary>From now on everything that can be shown is kept.</summary>
    public virtual void Watch()
    {
    }

    /// <summary>The operation an actor is in.</summary>
    public virtual string OperationOf(int actor) => "";

    /// <summary>A footprint's memory in words.</summary>
    public abstract string NameOf(Footprint footprint);

    /// <summary>What lies there now; null where there is nothing to show.</summary>
    public virtual string? ValueAt(Footprint footprint) => null;

    /// <summary>What there is to say about the step an actor has just made; null for most steps.</summary>
    public virtual string? TakeNote(int actor) => null;

    /// <summary>The methods an actor stands in, the innermost first.</summary>
    public virtual IReadOnlyList<string> StackOf(int actor) => [];

    /// <summary>The table, if there is one.</summary>
    public virtual IReadOnlyList<BucketLayout> Buckets() => [];

    /// <summary>The operations so far and their answers.</summary>
    public virtual IReadOnlyList<HistoryOperation> History() => [];

    /// <summary>What the table did in the last step.</summary>
    public virtual IReadOnlyList<MapEvent> EventsOfStep => [];

    /// <summary>The first violation raised so far.</summary>
    public virtual RaceViolation? Violation() => null;
}

/// <inheritdoc/>
internal sealed class RaceRun<TState> : RaceRun
{
    private readonly RaceModel<TState> _model;
    private readonly Stepper[] _steppers;
    private TState _state = default!; // Set by Restart, which every schedule begins with.

    public RaceRun(RaceModel<TState> model)
    {
        _model = model;
        _steppers = [.. Enumerable.Range(0, model.Actors.Count).Select(i => new Stepper(this, i))];
    }

    public override Footprint Next(int actor) => _steppers[actor].Next;

    public override void Restart()
    {
        _state = _model.Setup();
        Enabled = (1u << _steppers.Length) - 1;
        Steps = 0;
        for (int i = 0; i < _steppers.Length; i++) _steppers[i].Begin(_model.Programs[i].Run(_state));
    }

    public override void Step(int actor)
    {
        Steps++;
        _steppers[actor].Step();
    }

    public override ScheduleOutcome Judge() => _model.Judge(_state);

    public override string OperationOf(int actor) => _model.OperationOf(_state, actor);

    public override string? TakeNote(int actor) => _model.NoteOf(_state, actor);

    public override IReadOnlyList<HistoryOperation> History() => _model.HistoryOf(_state);

    public override string NameOf(Footprint footprint) => _model.NameOf(footprint);

    public override string? ValueAt(Footprint footprint) => _model.ValueAt(_state, footprint);

    // One actor in the middle of one schedule: it stands before its next access and goes on only when it is told.
    private sealed class Stepper(RaceRun<TState> run, int actor)
    {
        private IEnumerator<Footprint>? _steps;

        public Footprint Next { get; private set; }

        public void Begin(IEnumerator<Footprint> steps)
        {
            _steps = steps;
            Step();
        }

        public void Step()
        {
            var steps = _steps!; // Begin comes first.
            bool more;
            try
            {
                more = steps.MoveNext();
            }
            catch (Exception error)
            {
                if (!run._model.AcceptFault(run._state, actor, error))
                    throw new RaceModelException($"Actor {Schedule.Letter(actor)} ({run._model.Actors[actor]}) of {run._model} threw {error.GetType().Name} in step {run.Steps} of the schedule: {error.Message} If an actor may end so, the model must accept it as a fault.", error);
                more = false;
            }

            if (more)
            {
                Next = steps.Current;
                return;
            }

            run.Enabled &= ~(1u << actor);
        }
    }
}
