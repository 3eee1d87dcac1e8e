using System.Globalization;

namespace GuardedMaps.Lab;

// One actor of a raced map: a real thread that runs the map's code and stops before each access to shared memory. Only one thread
// of a race moves at any time: the search lets one actor go and waits until it has stopped again. So nothing here needs a lock.
//
// Between two schedules the thread must get out of the code it stands in. It is let go with the order to give up: its next access throws,
// which passes through the map's finally blocks (they do nothing then) to the thread's loop, where the next schedule begins.

/// <summary>An actor on a thread of its own.</summary>
internal sealed class RacedActor
{
    private const int MarkShift = 32;
    private static readonly TimeSpan s_longestStep = TimeSpan.FromSeconds(20);

    [ThreadStatic]
    private static RacedActor? t_running;

    private readonly Baton _turn = new();
    private readonly Baton _back = new();
    private Action? _program;
    private Func<bool>? _goesOn;
    private bool _givesUp;
    private int _stepsToGo;
    private long _objects;
    private long _publications;
    private object? _waitsFor;
    private long? _waitsForWrites;
    private long _writesAtSpin = -1;

    public RacedActor(RacedWorld world, int index) => (World, Index) = (world, index);

    /// <summary>The actor whose thread this is, while it is being scheduled; null in setups and oracles.</summary>
    public static RacedActor? Running => t_running;

    public RacedWorld World { get; }

    public int Index { get; }

    /// <summary>The thread that runs its schedule now, or ran it last.</summary>
    public int ThreadId { get; private set; }

    /// <summary>What it does when it is let go.</summary>
    public Footprint Next { get; private set; }

    public bool IsFinished { get; private set; } = true;

    /// <summary>What ended its program early.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Everything it has read so far, folded: since it is deterministic, that is where it stands and what its variables hold.</summary>
    public UInt128 History { get; private set; }

    public bool WasAtSpinNow => _writesAtSpin == World.Writes;

    /// <summary>Whether it waits for another's write, or for a lock.</summary>
    public bool IsWaiting => (_waitsFor is { } gate && World.HolderOf(gate) is var holder && holder >= 0 && holder != Index) || _waitsForWrites == World.Writes;

    /// <summary>Marks what is its own; it changes whenever something of its own has become everybody's.</summary>
    public long Mark => ((long)(Index + 1) << MarkShift) | _publications;

    /// <summary>Where it stands, as text, while somebody wants to know.</summary>
    public string? Stack { get; private set; }

    public bool KeepsStacks { get; set; }

    /// <summary>Told as each of its steps begins, on its thread.</summary>
    public Action<RacedActor>? Granted { get; init; }

    /// <summary>Puts the actor before its first access.</summary>
    public void Begin(Action program)
    {
        End();
        (_program, _givesUp, _stepsToGo) = (program, false, 0);
        (_objects, _publications, History, Error, IsFinished) = (0, 0, 0, null, false);
        (_waitsFor, _waitsForWrites, _writesAtSpin) = (null, null, -1);
        RacedThread.Start(Live);
        Await();
    }

    /// <summary>Makes so many steps: the access it stands before, what follows, and stops before the one after the last.</summary>
    public void Go(int steps)
    {
        _stepsToGo = steps;
        _turn.Pass();
        Await();
    }

    /// <summary>Makes a step, and goes on as long as the question says so, which is asked on the actor's thread where it stops.</summary>
    public void GoWhile(Func<bool> goesOn)
    {
        _goesOn = goesOn;
        Go(1);
        _goesOn = null;
    }

    private void Await()
    {
        if (!_back.Take(s_longestStep))
            throw new RaceModelException($"Actor {Schedule.Letter(Index)} did not come back from a step within {s_longestStep.TotalSeconds:0} s. It waits for something that the generator of the raced maps does not know of.");
    }

    /// <summary>Whether an access to an object is a step: it is not while the object is the actor's own.</summary>
    public bool Stops(object owner)
    {
        if (_givesUp) throw new GivenUpException();
        return RacedWorld.OwnerOf(owner) != Mark;
    }

    public void Stop(Footprint next)
    {
        Next = next;
        if (KeepsStacks) Stack = Environment.StackTrace;
        if (--_stepsToGo < 0 && _goesOn?.Invoke() == true) _stepsToGo = 0;
        if (_stepsToGo < 0)
        {
            _back.Pass();
            _turn.Take();
            if (_givesUp) throw new GivenUpException();
            _stepsToGo--;
        }

        Granted?.Invoke(this);
        Saw((ulong)next.Point);
    }

    public void Saw(ulong value) => History = StepFold.Then(History, value);

    /// <summary>After a store into shared memory: what was the actor's own others may reach now.</summary>
    public void Publish(object? value)
    {
        if (value is not null and not string && (value is ValueType || RacedWorld.OwnerOf(value) == Mark)) _publications++;
    }

    public void Enter(object gate, int point)
    {
        if (_givesUp) throw new GivenUpException();
        if (RacedWorld.OwnerOf(gate) != Mark)
        {
            _waitsFor = gate;
            Stop(new Footprint(point, AccessKind.Write, RacedWorld.IdOf(gate)));
            _waitsFor = null;
        }

        if (World.HolderOf(gate) is var holder && holder >= 0 && holder != Index) throw new RaceModelException($"Actor {Schedule.Letter(Index)} was let into a lock that {Schedule.Letter(holder)} holds. That is a bug in the lab.");
        World.Take(gate, Index);
    }

    public void Exit(object gate, int point)
    {
        // On the way out of a schedule that is over nothing is held any more.
        if (_givesUp) return;
        if (RacedWorld.OwnerOf(gate) != Mark) Stop(new Footprint(point, AccessKind.Write, RacedWorld.IdOf(gate)));
        World.Release(gate, Index);
    }

    public void Spin(int point)
    {
        if (_givesUp) throw new GivenUpException();
        // What it looked at before may have changed before it came here. Once it has looked at everything again since it was here
        // last, and nothing has been written meanwhile, only a write can help.
        _waitsForWrites = WasAtSpinNow ? World.Writes : null;
        _writesAtSpin = World.Writes;
        Stop(new Footprint(point, AccessKind.None, 0));
        _waitsForWrites = null;
        Saw(ulong.MaxValue);
    }

    public (long Id, long Owner) NextObject() => (RacedWorld.IdFor(Index, ++_objects), Mark);

    // Lets it out of what it stands in.
    private void End()
    {
        if (IsFinished) return;
        _givesUp = true;
        Go(0);
    }

    private void Live()
    {
        t_running = this;
        ThreadId = Environment.CurrentManagedThreadId;
        try
        {
            _program!();
        }
        catch (GivenUpException)
        {
            Error = null; // Another schedule begins.
        }
        catch (Exception error)
        {
            Error = error; // How an actor's program ends is part of the outcome.
        }

        t_running = null;
        IsFinished = true;
        _back.Pass();
    }

    private sealed class GivenUpException : Exception;
}
