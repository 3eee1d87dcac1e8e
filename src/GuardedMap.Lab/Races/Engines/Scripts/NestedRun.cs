using System.Collections;
using System.Globalization;
using System.Runtime.ExceptionServices;

namespace GuardedMaps.Lab;

// One schedule of programs that cannot be suspended, on one thread.
//
// A thread that is inside program A cannot leave it and come back, but it can go deeper: when A is about to make an operation,
// program B is called right there, on A's stack, runs to its end, and A goes on as if nothing had been.
//
//     A: get ---------+                       +--- set
//                     |                       |
//     B:              +--- get --- set -------+
//
// With two programs of n and m operations these are n + m different schedules: B before each operation of A, A before
// each operation of B. They are exactly the schedules with at most one preemption, and by experience (Musuvathi and
// Qadeer 2007) that is where most of the races live. With more programs, others may be called at the same point one after
// the other, or inside each other.
//
// At each point the schedule has a choice: go on, or call one of the programs not yet begun. Before a program's first
// operation there is none, since calling another there is the same as calling it before the program.

/// <summary>Decides at the points of a run who goes on.</summary>
internal interface IOperationChoice
{
    /// <summary>Chooses.</summary>
    /// <param name="current">The actor before its next operation, or null when nobody is running.</param>
    /// <param name="waiting">The actors not yet begun, one bit each; never 0.</param>
    /// <returns>The actor to begin, or null to let the current one go on.</returns>
    int? Choose(int? current, uint waiting);
}

/// <summary>One run of an <see cref="OperationRace"/>, with everything that happened in it.</summary>
internal sealed class NestedRun : OperationGate
{
    private readonly OperationRace _race;
    private readonly IOperationChoice _choice;
    private readonly CancellationToken _cancellation;
    private readonly bool _detailed;
    private readonly IDictionary _map;
    private readonly IDictionary _shared;
    private readonly List<OperationStep> _steps = [];
    private readonly OperationReport?[] _reports;
    private readonly int[] _made;
    private uint _waiting;
    private volatile int _current = -1;
    private bool _inOperation;
    private volatile bool _abandoned;
    private long _beats;
    private ExceptionDispatchInfo? _failure;

    private NestedRun(OperationRace race, IOperationChoice choice, bool detailed, CancellationToken cancellation)
    {
        (_race, _choice, _detailed, _cancellation) = (race, choice, detailed, cancellation);
        _map = race.Create();
        race.Setup?.Invoke(_map);
        _shared = race.Wrap(_map, this);
        if (detailed) (InitialContent, InitialBuckets) = (Content(), Buckets());
        _reports = new OperationReport?[race.Actors.Count];
        _made = new int[race.Actors.Count];
        _waiting = (1u << race.Actors.Count) - 1;
    }

    /// <summary>What is run.</summary>
    public OperationRace Race => _race;

    /// <summary>The map's content before the first operation; only of a detailed run.</summary>
    public string InitialContent { get; } = "";

    /// <summary>The buckets before the first operation; only of a detailed run, and where the container has any to show.</summary>
    public IReadOnlyList<BucketLayout> InitialBuckets { get; } = [];

    /// <summary>The operations, in the order in which they were made.</summary>
    public IReadOnlyList<OperationStep> Steps => _steps;

    /// <summary>The actor that never came to its end, and why it was stopped; null when all did.</summary>
    public (int Actor, string Why)? Endless { get; private set; }

    /// <summary>True when the run was stopped from outside and means nothing.</summary>
    public bool Cancelled => _abandoned && Endless is null;

    /// <summary>What each actor reported.</summary>
    public IReadOnlyList<OperationReport?> Reports => _reports;

    /// <summary>How often an actor was interrupted.</summary>
    public int Preemptions => _steps.Count(s => s.Preempts);

    /// <summary>The schedule that was run.</summary>
    public Schedule Schedule => Schedule.FromSteps([.. _steps.Select(s => s.Actor)]);

    /// <summary>Runs one schedule.</summary>
    /// <param name="race">What to run.</param>
    /// <param name="choice">Who goes on when.</param>
    /// <param name="detailed">Whether to record answers, positions and the map's content at each step, which costs time.</param>
    /// <param name="cancellation">Stops the actors.</param>
    public static NestedRun Of(OperationRace race, IOperationChoice choice, bool detailed, CancellationToken cancellation)
    {
        var run = new NestedRun(race, choice, detailed, cancellation);
        using var stop = cancellation.Register(run.Interrupt);
        using var watch = new Timer(new Watch(run).Look, null, Watch.Interval, Watch.Interval);
        run.All();
        run._failure?.Throw();
        return run;
    }

    /// <inheritdoc/>
    public override T Pass<T>(string verb, AccessKind kind, object? key, Func<T> perform)
    {
        // A callback or comparer that touches the map runs inside an operation, where a container may hold a lock: no real
        // thread could come in here, so nobody is let in, and it is part of the operation under way.
        if (_inOperation) return perform();

        int actor = _current;
        StopIfAbandoned(actor);
        if (++_made[actor] > _race.MaxOperations)
        {
            Abandon(actor, string.Create(CultureInfo.InvariantCulture, $"after {_race.MaxOperations:N0} operations"));
            StopIfAbandoned(actor);
        }

        if (_made[actor] > 1)
        {
            while (_waiting != 0 && Choose(actor) is { } next)
            {
                Begin(next);
                StopIfAbandoned(actor);
            }
        }

        return Perform(actor, verb, kind, key, perform);
    }

    /// <summary>The map's content now, as text.</summary>
    public string Content() => OperationJudge.Content(_map);

    private List<BucketLayout> Buckets() => _map is IGuardedMap guarded ? [.. guarded.GetLayout().Buckets, .. guarded.GetLayout().OldBuckets] : [];

    /// <summary>Asks the check, if there is one.</summary>
    public CheckAnswer? Check() => _race.Check?.Invoke(_map);

    private void All()
    {
        while (_waiting != 0 && !_abandoned) Begin(_choice.Choose(null, _waiting) ?? throw new InvalidOperationException("Nobody is running, and nobody was chosen to begin."));
        var last = new HashSet<int>();
        for (int i = _steps.Count - 1; i >= 0; i--)
        {
            if (last.Add(_steps[i].Actor)) _steps[i].Ends = true;
        }

        MarkPreemptions();
    }

    // An exception thrown here would come out of the map inside somebody's program, which may catch it or swallow it.
    private int? Choose(int actor)
    {
        try
        {
            return _choice.Choose(actor, _waiting);
        }
        catch (Exception error)
        {
            _failure = ExceptionDispatchInfo.Capture(error);
            _abandoned = true;
        }

        StopIfAbandoned(actor);
        return null;
    }

    private void Begin(int actor)
    {
        int outer = _current;
        _waiting &= ~(1u << actor);
        _current = actor;
        Interlocked.Increment(ref _beats);
        // The actors share a thread, and have read different things.
        var outerReads = LastReads<object, object?>.Exchange(null);
        try
        {
            _reports[actor] = _race.Actors[actor].Run(_shared);
        }
        catch (OperationCanceledException)
        {
            // Whoever is outside may catch it, and must not go on.
            _abandoned = true;
            throw;
        }
        finally
        {
            LastReads<object, object?>.Exchange(outerReads);
            _current = outer;
            Interlocked.Increment(ref _beats);
        }
    }

    private T Perform<T>(int actor, string verb, AccessKind kind, object? key, Func<T> perform)
    {
        string? position = _detailed ? _race.Actors[actor].Position?.Invoke() : null;
        var step = new OperationStep(_steps.Count + 1, actor, verb, kind, key is null ? null : MapText.Of(key), Preempts: false, position);
        _steps.Add(step);
        Interlocked.Increment(ref _beats);
        _inOperation = true;
        try
        {
            T answer = perform();
            if (_detailed) step.Answer = Answer(kind, answer);
            return answer;
        }
        catch (Exception error)
        {
            step.Fault = OperationFault.Of(error, position);
            throw;
        }
        finally
        {
            if (_detailed) (step.Content, step.Buckets) = (Content(), Buckets());
            _inOperation = false;
            Interlocked.Increment(ref _beats);
        }
    }

    private static string? Answer<T>(AccessKind kind, T answer) => answer switch
    {
        null when kind == AccessKind.Write => null,
        IEnumerator or IMapIterator => null,
        IEnumerable and not string => null,
        _ => MapText.Of(answer),
    };

    // A step interrupts the actor before it, if that one has steps left.
    private void MarkPreemptions()
    {
        for (int i = 1; i < _steps.Count; i++)
        {
            if (_steps[i].Actor != _steps[i - 1].Actor && !_steps[i - 1].Ends) _steps[i] = _steps[i] with { Preempts = true };
        }
    }

    private void StopIfAbandoned(int actor)
    {
        if (!_abandoned && _cancellation.IsCancellationRequested) _abandoned = true;
        if (!_abandoned) return;
        _race.Actors[actor].Interrupt?.Invoke();
        throw new OperationCanceledException("The run of this actor was stopped.");
    }

    private void Abandon(int actor, string why)
    {
        Endless = (actor, why);
        _abandoned = true;
    }

    private void Interrupt()
    {
        _abandoned = true;
        int actor = _current;
        if (actor >= 0) _race.Actors[actor].Interrupt?.Invoke();
    }

    // An actor that loops without touching the map passes no gate. Only the clock can tell.
    private sealed class Watch(NestedRun run)
    {
        public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
        private readonly StallWatch _watch = new(run._race.StallLimit);

        public void Look(object? state)
        {
            if (!_watch.IsStalled(Interlocked.Read(ref run._beats)) || run._abandoned) return;
            int actor = run._current;
            if (actor < 0) return;
            run.Abandon(actor, string.Create(CultureInfo.InvariantCulture, $"after {run._race.StallLimit.TotalSeconds:0.##} s without an operation"));
            run._race.Actors[actor].Interrupt?.Invoke();
        }
    }
}
