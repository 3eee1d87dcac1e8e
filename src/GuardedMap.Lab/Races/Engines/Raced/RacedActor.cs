using System.Globalization;

namespace GuardedMaps.Lab;

// One actor in one schedule of a raced map: a real thread that runs the map's code and stops before each access to shared memory. Only one thread
// of a race moves at any time: the search lets one actor go and waits until it has stopped again. So nothing here needs a lock.
//
// Handing over from thread to thread costs a hundred times what the steps between cost, so there is as little of it as can be:
//
//   begin     Where an actor stands before its first step is the same in every schedule, since it has seen nothing yet (RacedBeginning). The first
//             schedule finds out; in all others its thread starts with its first step.
//   repeat    Who is let go to repeat a part of a schedule hands over to whoever comes next in it, and the last one to the search (RacedWorld.Legs).
//   go on     As long as one actor goes on, the search asks its questions on the actor's thread.
//   give up   A schedule that is not run to its end leaves threads in the middle of the code. Each is told to get out of it: its next access
//             throws, which passes through the map's finally blocks (they do nothing then). Nobody waits for that: what such a thread still
//             touches is its own, and the next schedule has a map, actors and threads of its own.

/// <summary>Where an actor stands before its first step.</summary>
/// <param name="Next">What its first step does.</param>
/// <param name="History">What it knows then.</param>
/// <param name="Gate">The lock it takes in it; null if it takes none.</param>
internal sealed record RacedBeginning(Footprint Next, UInt128 History, long? Gate);

/// <summary>An actor on a thread of its own.</summary>
/// <param name="world">What it shares with the others.</param>
/// <param name="index">Which one it is.</param>
/// <param name="program">What it does.</param>
internal sealed class RacedActor(RacedWorld world, int index, Action program)
{
    private const int MarkShift = 32;
    private static readonly TimeSpan s_longestStep = TimeSpan.FromSeconds(20);

    [ThreadStatic]
    private static RacedActor? t_running;

    private RacedThread? _thread;
    private RacedBeginning? _beginning;
    private Func<bool>? _goesOn;
    private volatile bool _givesUp;
    private int _stepsToGo;
    private long _objects;
    private long _publications;
    private long? _waitsFor;
    private long? _waitsForWrites;
    private long _writesAtSpin = -1;

    /// <summary>The actor whose thread this is, while it is being scheduled; null in setups and oracles.</summary>
    public static RacedActor? Running => t_running;

    public RacedWorld World => world;

    public int Index => index;

    /// <summary>The thread that runs its schedule now, or ran it last.</summary>
    public int ThreadId { get; private set; }

    /// <summary>What it does when it is let go.</summary>
    public Footprint Next { get; private set; }

    public bool IsFinished { get; private set; }

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

    /// <summary>Runs to before the first step.</summary>
    public void Begin()
    {
        Pass(steps: 0);
        Await();
    }

    /// <summary>Stands before the first step without having run there: the thread starts with it.</summary>
    public void Begin(RacedBeginning beginning)
    {
        _beginning = beginning;
        (Next, History, _waitsFor) = (beginning.Next, beginning.History, beginning.Gate);
    }

    /// <summary>Where it stands, right after <see cref="Begin()"/>; null if other schedules cannot begin there without running so far.</summary>
    public RacedBeginning? Beginning => IsFinished || Next.Kind == AccessKind.None ? null : new(Next, History, _waitsFor);

    /// <summary>Makes so many steps: the access it stands before, what follows, and stops before the one after the last.</summary>
    public void Go(int steps)
    {
        Pass(steps);
        Await();
    }

    /// <summary>Makes a step, and goes on as long as the question says so, which is asked on the actor's thread where it stops.</summary>
    public void GoWhile(Func<bool> goesOn)
    {
        _goesOn = goesOn;
        Go(1);
        _goesOn = null;
    }

    /// <summary>Leaves the schedule in the middle. Nobody may ask it anything any more.</summary>
    public void GiveUp()
    {
        if (_thread is not { } thread || IsFinished) return;
        _givesUp = true;
        thread.Turn.Pass();
    }

    // Lets the actor go: the search, or the actor that made the part of a schedule before this one's.
    private void Pass(int steps)
    {
        _stepsToGo = steps;
        if (_thread is { } thread)
        {
            thread.Turn.Pass();
            return;
        }

        (_objects, _publications, History, _waitsFor) = (0, 0, 0, null);
        _thread = RacedThread.Take();
        _thread.Start(Live);
    }

    private void Await()
    {
        if (!world.Back.Take(s_longestStep))
            throw new RaceModelException($"Actor {Schedule.Letter(index)} did not come back from a step within {s_longestStep.TotalSeconds:0} s. It waits for something that the generator of the raced maps does not know of.");
    }

    // The end of its turn: whoever comes next is let go.
    private void HandOver()
    {
        if (world.Legs.TryDequeue(out var leg)) leg.Actor.Pass(leg.Steps);
        else world.Back.Pass();
    }

    /// <summary>Whether an access to an object is a step: it is not while the object is the actor's own.</summary>
    public bool Stops(object owner)
    {
        if (_givesUp) throw new GivenUpException();
        return RacedWorld.OwnerOf(owner) != Mark;
    }

    public void Stop(Footprint next)
    {
        if (_beginning is { } beginning)
        {
            _beginning = null;
            if (beginning.Next != next || beginning.History != History || beginning.Gate != _waitsFor)
                throw new RaceModelException($"Actor {Schedule.Letter(index)} begins with {next} and not with {beginning.Next}, as in the first schedule: what it does before its first step depends on what others do. That is a bug in the generator of the raced maps.");
        }

        Next = next;
        if (KeepsStacks) Stack = Environment.StackTrace;
        if (--_stepsToGo < 0 && _goesOn?.Invoke() == true) _stepsToGo = 0;
        if (_stepsToGo < 0)
        {
            HandOver();
            _thread!.Turn.Take();
            if (_givesUp) throw new GivenUpException();
            _stepsToGo--;
        }

        Granted?.Invoke(this);
        Saw((ulong)next.Point);
    }

    /// <summary>A store that is no step. What a thread on its way out stores concerns nobody.</summary>
    public void Note(long location, ulong before, ulong after)
    {
        if (!_givesUp) world.Noted(location, before, after);
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
            _waitsFor = RacedWorld.IdOf(gate);
            Stop(new Footprint(point, AccessKind.Write, RacedWorld.IdOf(gate)));
            _waitsFor = null;
        }

        if (World.HolderOf(RacedWorld.IdOf(gate)) is var holder && holder >= 0 && holder != Index) throw new RaceModelException($"Actor {Schedule.Letter(Index)} was let into a lock that {Schedule.Letter(holder)} holds. That is a bug in the lab.");
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

    private void Live()
    {
        t_running = this;
        ThreadId = Environment.CurrentManagedThreadId;
        try
        {
            program();
        }
        catch (GivenUpException)
        {
            t_running = null; // Another schedule has begun, and this one is nobody's any more.
            return;
        }
        catch (Exception error)
        {
            Error = error; // How an actor's program ends is part of the outcome.
        }

        t_running = null;
        IsFinished = true;
        HandOver();
    }

    private sealed class GivenUpException : Exception;
}
