namespace GuardedMaps.Lab;

/// <summary>An operation was refused; the stepped counterpart of <see cref="MapViolationException"/>.</summary>
internal sealed class StepViolationException(MapViolationKind kind, MapOperation operation, object? key, int holder, MapOperation holderOperation) : Exception
{
    public MapViolationKind Kind => kind;

    public MapOperation Operation => operation;

    public object? Key => key;

    /// <summary>The actor that was in the way, or -1.</summary>
    public int Holder => holder;

    public MapOperation HolderOperation => holderOperation;
}

/// <summary>One actor of a stepped race: a virtual thread with an identity of its own, since the guard asks for it.</summary>
internal sealed class StepActor(StepWorld world, int index)
{
    /// <summary>The thread number of actor A; that of B is one more.</summary>
    public const int FirstThread = 101;

    private StepBox? _next;

    public int Index => index;

    public int ThreadId => FirstThread + index;

    /// <summary>What the actor does when it is resumed.</summary>
    public Footprint Next { get; private set; }

    /// <summary>How many regions it is in whose end must run.</summary>
    public int TryDepth { get; set; }

    public bool IsFinished { get; private set; }

    /// <summary>While it spins: how many writes there had been when it began to.</summary>
    public long? WaitsForWrites { get; set; }

    /// <summary>How many writes there had been when it came to a spin last; -1 for never.</summary>
    public long WritesAtSpin { get; set; } = -1;

    /// <summary>The entry its own last step of an iteration came to.</summary>
    public (int Key, long Value) Visited { get; set; }

    /// <summary>What it remembers of its lookups, as a thread does of a map that detects lost updates. It follows from what it has read, so it is no part of the situation by itself.</summary>
    public List<(int Key, ReadNote<long> Note)> Reads { get; } = [];

    /// <summary>What a map that reports violations has told it of, a bit for each kind. It follows from what it has read.</summary>
    public uint Told { get; set; }

    /// <summary>Everything it has read so far, folded: since it is deterministic, that is where it stands and what its variables hold.</summary>
    public UInt128 History { get; private set; }

    public bool IsWaiting => WaitsForWrites is { } writes && writes == world.Writes;

    /// <summary>What ended its program early: a violation, or whatever a racing access stumbled over.</summary>
    public Exception? Error { get; private set; }

    /// <summary>The method it stands in; its callers lead on.</summary>
    public StepBox? Standing => _next;

    /// <summary>The method in which it gave up.</summary>
    public StepBox? GaveUpIn { get; private set; }

    /// <summary>Puts the actor before its first access.</summary>
    public void Begin(Func<StepActor, Step<None>> program)
    {
        (_next, TryDepth, IsFinished, Error, WaitsForWrites, WritesAtSpin, GaveUpIn) = (null, 0, false, null, null, -1, null);
        History = 0;
        Told = 0;
        Reads.Clear();
        world.Running = this;
        var step = program(this);
        world.Running = null;
        if (step.Box is { IsCompleted: false } box) box.Caller = new End(this, box);
        else if (!IsFinished) Finish(step.Error ?? step.Box?.Error);
    }

    /// <summary>Makes the access it stands before and runs on to the next.</summary>
    public void Step()
    {
        var box = _next!;
        _next = null;
        world.Running = this;
        Saw((ulong)Next.Point);
        box.Resume();
        world.Running = null;
    }

    public void Saw(ulong value) => History = StepFold.Then(History, value);

    public void Stop(Footprint next, StepBox caller)
    {
        Next = next;
        _next = caller;
    }

    /// <summary>Ends in the middle of an operation that was refused.</summary>
    public void GiveUp(Exception error, StepBox method)
    {
        GaveUpIn = method;
        Finish(error);
    }

    /// <summary>For a program that runs on a thread of its own.</summary>
    public void Finish(Exception? error)
    {
        IsFinished = true;
        Error = error;
    }

    private sealed class End(StepActor actor, StepBox<None> program) : StepBox
    {
        public override Type Method => typeof(End);

        public override void Resume() => actor.Finish(program.Error);
    }
}
