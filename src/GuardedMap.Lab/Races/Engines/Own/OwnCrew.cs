using System.Diagnostics;
using System.Numerics;

namespace GuardedMaps.Lab;

// Runs schedules of a user's own programs, one after the other. Each actor has a thread; one runs at a time, the others are parked at their points.
//
//     A  ──running──┤point            parked             ├──running──┤ ...
//                   │ decides: B                          ▲
//     B     parked  └──▶ granted ──running──┤point ───────┘ decides: A
//
// Nobody sits above them: whoever comes to a point decides, under the one lock of the crew, who goes on, by asking the schedule (IOwnChoice). If that is the actor itself, nothing is
// handed over and a step costs next to nothing. Before the first choice each actor runs up to its first point, one after the other: what comes before it is its own affair, and
// if it were left to the first step, the number of schedules, and with it the shares, would depend on who happens to be first.
//
// An actor that waits at a gate is offered only while its guard holds (OwnGates). If nobody can go on, waits that have a timeout run out; if there is none, it is a deadlock.
//
// What cannot be seen: a lock inside somebody's library, a blocking collection. An actor that sits in such a wait has its turn and does not use it. A watchdog notices
// (it sits, is not just about to wake, and nothing happens) and lets others go on without it. The outcome of such a run is right, but it may depend on time, so
// the search makes no claim beyond what it ran.
//
// A run is ended in the middle, for a deadlock or because it shall stop, by an exception at each point and an interruption of each wait. Interruptions are sent under
// the lock, to actors that run and sit, so that none comes after its run: a thread that is parked is woken by its turn and by nothing else.

/// <summary>Why a run ended.</summary>
internal enum OwnEnd
{
    /// <summary>All actors came to their end.</summary>
    Finished,

    /// <summary>Nobody could go on.</summary>
    Deadlock,

    /// <summary>The limit of steps was reached.</summary>
    Steps,

    /// <summary>An actor ran on and on and came to no point.</summary>
    Stalled,

    /// <summary>The programs did not do what they did when the same steps were made before.</summary>
    Diverged,

    /// <summary>It was stopped from outside.</summary>
    Stopped,
}

/// <summary>Says at each choice of a run who goes on.</summary>
internal interface IOwnChoice
{
    /// <summary>Chooses.</summary>
    /// <param name="step">The number of the step to be made, from 0.</param>
    /// <param name="enabled">Who can go on, one bit each; never 0.</param>
    /// <param name="usual">Who goes on if nothing speaks against it: the last one if it can, else the first that can.</param>
    /// <param name="mark">What has been seen so far, in ten bits.</param>
    /// <returns>The actor, or -1 when the run has left the way it should take.</returns>
    int Choose(int step, uint enabled, int usual, uint mark);
}

/// <summary>The threads that run the actors of one race. Schedules are run one at a time, by one thread; <see cref="Stop"/> may be called by any.</summary>
internal sealed class OwnCrew : IDisposable
{
    private const int LookMilliseconds = 25;
    private const int SitsMilliseconds = 100;
    private const int FewestLooks = 4;
    private const int UnseenMilliseconds = 250;
    private static readonly TimeSpan s_nudge = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(900);

    private readonly object _gate = new();
    private readonly OwnActor[] _actors;
    private readonly Baton _done = new();
    private readonly Timer _watchdog;
    private readonly List<Waiter> _waiters = [];
    private readonly Dictionary<object, int> _touched = new(ReferenceEqualityComparer.Instance); // By whom, while that is of interest.

    private volatile bool _isStopping;
    private volatile bool _isClosing;
    private volatile bool _isDeciding;
    private bool _isLaunching;
    private bool _isCancelled;
    private int _launched;
    private int _alive;
    private int _current = -1;
    private object _state = null!; // Set by each run.
    private IOwnChoice _choice = null!;
    private ulong _hash;
    private long _beat;
    private long _beatSeen;
    private long _sitsSince;
    private long _beatSince;
    private long _stoppedAt;
    private int _looks;
    private volatile bool _isReleasing;
    private Exception? _hostFailure;

    // The run, step by step.
    private byte[] _picks = new byte[64];
    private byte[] _masks = new byte[64];
    private ushort[] _marks = new ushort[64];
    private int _count;

    /// <summary>Makes the threads; each is parked until the first run.</summary>
    /// <exception cref="ArgumentException">The race cannot be run.</exception>
    public OwnCrew(OwnRace race)
    {
        OwnRace.Validate(race);
        Race = race;
        _actors = [.. race.Actors.Select((code, i) => new OwnActor(this, i, code))];
        var culture = Thread.CurrentThread.CurrentCulture;
        foreach (var actor in _actors)
        {
            actor.Thread = new Thread(() => Live(actor)) { IsBackground = true, Name = $"actor {actor.Letter}", CurrentCulture = culture };
            actor.Thread.Start();
        }

        _watchdog = new Timer(static crew => ((OwnCrew)crew!).Look(), this, LookMilliseconds, LookMilliseconds);
    }

    /// <summary>What is run.</summary>
    public OwnRace Race { get; }

    /// <summary>The actors.</summary>
    public IReadOnlyList<OwnActor> Actors => _actors;

    /// <summary>A run with so many steps is ended.</summary>
    public int MaxSteps { get; set; } = 5_000;

    /// <summary>How much memory may wait for a search's next level, in bytes; a search that needs more goes deep instead.</summary>
    public long MostFrontier { get; set; } = 32L << 20;

    /// <summary>How much memory waited at most in the last search, in bytes.</summary>
    public long LargestFrontier { get; set; }

    /// <summary>How the last run ended.</summary>
    public OwnEnd End { get; private set; }

    /// <summary>The actor that never came to its end, when it was one; else -1.</summary>
    public int Endless { get; private set; }

    /// <summary>The last run's steps: who made each.</summary>
    public ReadOnlySpan<byte> Picks => _picks.AsSpan(0, _count);

    /// <summary>Who could have made each, one bit for each actor.</summary>
    public ReadOnlySpan<byte> Masks => _masks.AsSpan(0, _count);

    /// <summary>What had been seen before each, in ten bits.</summary>
    public ReadOnlySpan<ushort> Marks => _marks.AsSpan(0, _count);

    /// <summary>How often an actor was interrupted that could have gone on.</summary>
    public int Preemptions { get; private set; }

    /// <summary>Everything that was seen in the run, as a number: the same in every run of the same schedule.</summary>
    public ulong Seen => _hash;

    /// <summary>Who waits for what, when nobody could go on.</summary>
    public OwnDeadlock? Deadlock { get; private set; }

    /// <summary>How often others were let go on because an actor sat in a wait that cannot be seen, in all runs so far.</summary>
    public int HandOvers { get; private set; }

    /// <summary>Where such a wait was, the first time.</summary>
    public string? HandOverAt { get; private set; }

    /// <summary>A point that was passed by a thread an actor had started; null when none was.</summary>
    public string? Foreign { get; private set; }

    /// <summary>A wait for work on a thread that is no actor's; null when there was none.</summary>
    public string? OutsideWork { get; private set; }

    /// <summary>What an actor did that is not covered, as its host says; null when nothing.</summary>
    public string? Doubted { get; private set; }

    /// <summary>Whether some object was touched by two actors in one run, or something was touched of which nobody knows what it is.</summary>
    public bool IsShared { get; private set; }

    /// <summary>The threads that could not be stopped. A crew that has any runs nothing any more.</summary>
    public IReadOnlyList<string> Left { get; private set; } = [];

    /// <summary>The state of the last run.</summary>
    public object State => _state;

    /// <summary>What is kept of each step, for a timeline; null in a search, which needs none of it.</summary>
    public List<OwnStep>? Record { get; private set; }

    /// <summary>The buckets before the first step of a run that was recorded, where the state has any to show.</summary>
    public IReadOnlyList<BucketLayout> InitialBuckets { get; private set; } = [];

    /// <summary>Runs one schedule, and waits for its end.</summary>
    /// <param name="choice">Who goes on when.</param>
    /// <param name="recorded">Whether to keep what a timeline shows.</param>
    /// <exception cref="RaceModelException">An actor's thread could not be made ready.</exception>
    public void Run(IOwnChoice choice, bool recorded = false)
    {
        if (Left.Count > 0) throw new InvalidOperationException($"This crew cannot run any more: {string.Join("; ", Left)}. Make a new one.");
        _state = Race.Create();
        EnterGate();
        try
        {
            ThrowIfBroken();
            (_choice, _count, Preemptions, _hash, _current, _isStopping, End, Endless, Deadlock) = (choice, 0, 0, SeenHash.Start, -1, false, OwnEnd.Finished, -1, null);
            Record = recorded ? [] : null;
            InitialBuckets = recorded ? OwnStep.BucketsOf(_state) : [];
            _waiters.Clear();
            _touched.Clear();
            if (_isCancelled)
            {
                End = OwnEnd.Stopped;
                return;
            }

            foreach (var actor in _actors) actor.Begin();
            (_alive, _launched, _isLaunching) = (_actors.Length, 0, true);
            LaunchNext(null);
        }
        finally
        {
            ExitGate();
        }

        Await();
        ThrowIfBroken();
        if (Left.Count == 0) ReleaseLeftovers();
    }

    /// <summary>Ends the run that is under way, and lets none begin any more.</summary>
    public void Stop()
    {
        EnterGate();
        try
        {
            _isCancelled = true;
            if (_alive > 0) EndRun(OwnEnd.Stopped);
        }
        finally
        {
            ExitGate();
        }
    }

    /// <summary>Lets runs begin again after <see cref="Stop"/>.</summary>
    public void Resume()
    {
        EnterGate();
        _isCancelled = false;
        ExitGate();
    }

    /// <summary>Ends the threads. One that could not be stopped stays behind, asleep at its next point if it comes to any.</summary>
    public void Dispose()
    {
        if (_isClosing) return;
        Stop();
        _isClosing = true;
        _watchdog.Dispose();
        var idle = Array.FindAll(_actors, a => a.State == OwnState.Idle);
        foreach (var actor in idle) actor.Turn.Pass();
        foreach (var actor in idle) actor.Thread.Join(s_patience);
    }

    /// <summary>Told of a point that was passed by no actor. Only a thread that an actor started is of interest.</summary>
    internal static void NoteStranger(int site)
    {
        if (OwnActor.Starter is { } starter && starter.Crew is { _alive: > 0 } crew)
            crew.Foreign ??= $"{starter} has work done by another thread ({SiteList.Of(site)}), which nobody schedules";
    }

    /// <summary>A point of an actor: it goes on when it is its turn.</summary>
    internal void Yield(OwnActor me, int site, object? target, object? key, AccessKind kind, OwnGuard? guard, bool isRelease = false)
    {
        if (_isStopping)
        {
            if (isRelease) return;
            throw me.Stopped(StopText);
        }

        if (!IsShared) Touch(me, target);
        if (Record is not null) RecordAfter(me);
        else if (me.Held.Count > 0) me.DropReleased();
        EnterGate();
        try
        {
            if (!_isStopping)
            {
                (me.Site, me.Target, me.Key, me.Kind, me.Guard, me.TimedOut, me.HasYielded) = (site, target, key, kind, guard, false, true);
                bool hasTurn = me.State != OwnState.Outside;
                me.State = OwnState.Parked;
                _beat++;
                if (hasTurn && _isLaunching) LaunchNext(me);
                else if (hasTurn) GoOn(me);
            }
        }
        finally
        {
            ExitGate();
        }

        if (me.State != OwnState.Running)
        {
            me.Turn.Take();
            me.State = OwnState.Running;
        }

        if (_isStopping && !isRelease) throw me.Stopped(StopText);
    }

    internal void NoteDoubt(string why) => Doubted ??= why;

    /// <summary>A point before something is let go of. It throws nothing: what is let go of while an actor is being ended shall be let go of.</summary>
    internal void YieldBeforeRelease(OwnActor me, int site, object? target)
    {
        Yield(me, site, target, null, AccessKind.Write, guard: null, isRelease: true);
        if (target is not (Mutex or Semaphore or SemaphoreSlim)) return;

        // These cannot be asked who has them. A semaphore's place may be given back by somebody else.
        foreach (var actor in _actors.Prepend(me))
        {
            int last = actor.Held.FindLastIndex(h => ReferenceEquals(h.Subject, target));
            if (last < 0) continue;
            actor.Held.RemoveAt(last);
            return;
        }
    }

    /// <summary>A value that an actor has read.</summary>
    internal void Saw(OwnActor me, object? value)
    {
        if (me.State == OwnState.Outside || _isStopping) return;
        _hash = SeenHash.Fold(_hash, SeenHash.Of(value));
        if (Record is not null && me.Step >= 0) Record[me.Step].Values.Add(MapText.Of(value));
    }

    /// <summary>Waits on a monitor. The real wait cannot be used, since nobody could see when it ends; pulses of actors are kept here.</summary>
    internal bool MonitorWait(OwnActor me, int site, object monitor, int milliseconds)
    {
        if (!Monitor.IsEntered(monitor)) return Monitor.Wait(monitor, milliseconds); // Which says what is wrong.
        int depth = 0;
        for (; Monitor.IsEntered(monitor); depth++) Monitor.Exit(monitor);
        me.Held.RemoveAll(h => ReferenceEquals(h.Subject, monitor));
        var waiter = new Waiter(monitor);
        lock (_waiters) _waiters.Add(waiter);
        try
        {
            Yield(me, site, monitor, null, AccessKind.Write, new OwnGuard(() => waiter.IsPulsed && OwnGates.IsFree(monitor), monitor, milliseconds >= 0));
            if (me.TimedOut) Yield(me, site, monitor, null, AccessKind.Write, new OwnGuard(() => OwnGates.IsFree(monitor), monitor, IsTimed: false));
        }
        finally
        {
            lock (_waiters) _waiters.Remove(waiter);
            for (int i = 0; i < depth; i++) Monitor.Enter(monitor);
        }

        for (int i = 0; i < depth; i++) me.Held.Add(new OwnHold(monitor, OwnLockKind.Monitor, site));
        return waiter.IsPulsed;
    }

    /// <summary>Wakes one or all of those that wait on a monitor.</summary>
    internal void MonitorPulse(OwnActor me, int site, object monitor, bool all)
    {
        Yield(me, site, monitor, null, AccessKind.Write, guard: null, isRelease: true);
        if (all) Monitor.PulseAll(monitor);
        else Monitor.Pulse(monitor);
        lock (_waiters)
        {
            foreach (var waiter in _waiters.Where(w => ReferenceEquals(w.Monitor, monitor) && !w.IsPulsed))
            {
                waiter.IsPulsed = true;
                if (!all) return;
            }
        }
    }

    private void Touch(OwnActor me, object? target)
    {
        lock (_touched)
        {
            if (target is null || (_touched.TryGetValue(target, out int other) && other != me.Number)) IsShared = true;
            else _touched[target] = me.Number;
        }
    }

    private static long Now => Stopwatch.GetTimestamp();

    private static bool Sits(OwnActor actor) => actor.Thread.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin);

    private string StopText => End switch
    {
        OwnEnd.Deadlock => "The run of this actor was ended: nobody could go on.",
        OwnEnd.Steps => "The run of this actor was ended: the limit of steps was reached.",
        OwnEnd.Stalled => "The run of this actor was ended: an actor came to no point any more.",
        OwnEnd.Diverged => "The run of this actor was ended: the actors did not do what they did before.",
        _ => "The run of this actor was stopped.",
    };

    // Whoever is to be ended may be interrupted here as well; it will be told at its next point.
    private void EnterGate()
    {
        bool isTaken = false;
        while (!isTaken)
        {
            try
            {
                Monitor.Enter(_gate, ref isTaken);
            }
            catch (ThreadInterruptedException)
            {
                // Once more.
            }
        }
    }

    private void ExitGate() => Monitor.Exit(_gate);

    private void ThrowIfBroken()
    {
        if (_hostFailure is { } failure) throw new RaceModelException($"The thread of an actor could not be made ready: {failure.Message}", failure);
    }

    // ---- what an actor's thread does ----

    private void Live(OwnActor actor)
    {
        actor.Enter();
        try
        {
            if (Race.Host is { } host)
            {
                host(actor, () => Work(actor));
                return;
            }

            bool again = true;
            while (again) again = Work(actor);
        }
        catch (Exception failure)
        {
            HostFailed(actor, failure);
        }
    }

    // Until the crew is closed, or a run was interrupted: then the host may have to begin anew.
    private bool Work(OwnActor actor)
    {
        while (true)
        {
            if (_isClosing) return false;
            actor.Turn.Take();
            if (_isReleasing)
            {
                foreach (var hold in actor.Held) hold.Release();
                actor.Held.Clear();
                _done.Pass();
                continue;
            }

            if (_isClosing) return false;
            actor.State = OwnState.Running;
            RunOnce(actor);
            if (!actor.WasInterrupted) continue;
            actor.WasInterrupted = false;
            try
            {
                Thread.Sleep(1);
            }
            catch (ThreadInterruptedException)
            {
                // An interruption that came too late must not hit the next run.
            }

            return true;
        }
    }

    private void RunOnce(OwnActor actor)
    {
        OperationReport? report = null;
        try
        {
            report = actor.Code.Run(_state);
        }
        catch (Exception) when (_isStopping)
        {
            // It was ended from inside; what it would have said plays no part.
        }
        catch (Exception error)
        {
            report = new OperationReport(null, [OperationFault.Of(error)]);
        }

        Finish(actor, report);
    }

    private void Finish(OwnActor actor, OperationReport? report)
    {
        actor.DropReleased();
        if (Record is not null && !_isStopping) RecordAfter(actor);
        EnterGate();
        try
        {
            bool hadTurn = actor.State != OwnState.Outside;
            actor.State = OwnState.Idle;
            actor.Report = report;
            _beat++;
            _alive--;
            if (!hadTurn && _isDeciding) return; // Whoever decides looks again.
            if (_alive == 0) _done.Pass();
            else if (_isStopping || !hadTurn) return;
            else if (_isLaunching) LaunchNext(null);
            else GoOn(null);
        }
        finally
        {
            ExitGate();
        }
    }

    private void HostFailed(OwnActor actor, Exception failure)
    {
        EnterGate();
        try
        {
            _hostFailure ??= failure;
            if (_alive == 0) return;
            bool wasAlive = actor.State != OwnState.Idle;
            actor.State = OwnState.Idle;
            if (wasAlive) _alive--;
            if (_alive == 0) _done.Pass();
            else EndRun(OwnEnd.Stopped);
        }
        finally
        {
            ExitGate();
        }
    }

    // ---- who goes on; all of it under the lock ----

    private void LaunchNext(OwnActor? me)
    {
        if (_launched < _actors.Length)
        {
            Grant(_actors[_launched++], me);
            return;
        }

        (_isLaunching, _current) = (false, -1);
        if (_alive == 0) _done.Pass();
        else GoOn(me);
    }

    private void GoOn(OwnActor? me)
    {
        if (Decide() is { } next) Grant(next, me);
        else if (_alive == 0) _done.Pass();
    }

    private void Grant(OwnActor next, OwnActor? me)
    {
        _current = next.Number;
        _beat++;
        if (next == me)
        {
            next.State = OwnState.Running;
            return;
        }

        next.State = OwnState.Granted;
        next.Turn.Pass();
    }

    private OwnActor? Decide()
    {
        if (Array.Exists(_actors, a => a.State == OwnState.Outside)) AwaitUnseen(milliseconds: 3); // The step that was just made may have let it go on.
        while (true)
        {
            if (_isStopping || _alive == 0) return null;
            uint enabled = Enabled();
            bool isTimeout = false;
            if (enabled == 0)
            {
                if (AwaitUnseen(UnseenMilliseconds)) continue;
                if (_isStopping || _alive == 0) return null;
                (enabled, isTimeout) = (Timed(), true);
                if (enabled == 0)
                {
                    Deadlock = OwnDeadlock.Of(_actors);
                    EndRun(OwnEnd.Deadlock);
                    return null;
                }
            }

            return Choose(enabled, isTimeout);
        }
    }

    private OwnActor? Choose(uint enabled, bool isTimeout)
    {
        int last = _count > 0 ? _picks[_count - 1] : -1;
        if (_count >= MaxSteps)
        {
            Endless = Busiest();
            EndRun(OwnEnd.Steps);
            return null;
        }

        bool canGoOn = last >= 0 && (enabled & (1u << last)) != 0;
        _hash = SeenHash.Fold(_hash, enabled);
        uint mark = (uint)(_hash >> 40) & 0x3FF;
        int pick = _choice.Choose(_count, enabled, canGoOn ? last : BitOperations.TrailingZeroCount(enabled), mark);
        if (pick < 0 || (enabled & (1u << pick)) == 0)
        {
            EndRun(OwnEnd.Diverged);
            return null;
        }

        var next = _actors[pick];
        bool preempts = canGoOn && pick != last;
        if (preempts) Preemptions++;
        if (_count == _picks.Length)
        {
            Array.Resize(ref _picks, 2 * _count);
            Array.Resize(ref _masks, 2 * _count);
            Array.Resize(ref _marks, 2 * _count);
        }

        (_picks[_count], _masks[_count], _marks[_count]) = ((byte)pick, (byte)enabled, (ushort)mark);
        _hash = SeenHash.Fold(_hash, SiteList.Mark(next.Site) + (uint)pick);
        Record?.Add(new OwnStep(next, preempts) { TimedOut = isTimeout });
        next.TimedOut = isTimeout;
        next.Step = _count++;
        return next;
    }

    // Who went on and on. The one that made the last step may just have been let in.
    private int Busiest()
    {
        Span<int> steps = stackalloc int[OwnRace.MostActors];
        int busiest = 0;
        foreach (byte pick in Picks)
        {
            if (++steps[pick] > steps[busiest]) busiest = pick;
        }

        return busiest;
    }

    private uint Enabled()
    {
        uint enabled = 0;
        foreach (var actor in _actors)
        {
            if (actor.State == OwnState.Parked && (actor.Guard is null || actor.Guard.IsOpen())) enabled |= 1u << actor.Number;
        }

        return enabled;
    }

    // A timeout runs out only when nothing else can happen.
    private uint Timed()
    {
        uint timed = 0;
        foreach (var actor in _actors)
        {
            if (actor.State == OwnState.Parked && actor.Guard is { IsTimed: true }) timed |= 1u << actor.Number;
        }

        return timed;
    }

    // Waits for what is not seen to move: an actor that sits in a wait of its own, a task that one waits for. False when it does not.
    private bool AwaitUnseen(int milliseconds)
    {
        bool hasTask = milliseconds > 10 && Array.Exists(_actors, IsWaitingOutside);
        int outside = _actors.Count(a => a.State == OwnState.Outside);
        if (outside == 0 && !hasTask) return false;
        if (hasTask) OutsideWork ??= $"{Array.Find(_actors, IsWaitingOutside)} waits for work on a thread that nobody schedules";
        long begun = Now;
        _isDeciding = true;
        try
        {
            while (true)
            {
                ExitGate();
                try
                {
                    Thread.Sleep(1);
                }
                catch (ThreadInterruptedException)
                {
                    // The run is being stopped, which is seen below.
                }

                EnterGate();
                if (_isStopping || _alive == 0) return false;
                if (_actors.Count(a => a.State == OwnState.Outside) != outside) return true;
                if (hasTask && Enabled() != 0) return true;
                bool sit = Array.TrueForAll(_actors, a => a.State != OwnState.Outside || Sits(a));
                var elapsed = Stopwatch.GetElapsedTime(begun);
                if (sit && !hasTask ? elapsed.TotalMilliseconds >= milliseconds : elapsed >= Race.StallLimit) return false;
            }
        }
        finally
        {
            _isDeciding = false;
        }
    }

    private static bool IsWaitingOutside(OwnActor actor) => actor.State == OwnState.Parked && actor.Guard is { IsOutside: true };

    // ---- the end of a run ----

    private void EndRun(OwnEnd end)
    {
        if (_isStopping) return;
        (End, _stoppedAt) = (end, Now);
        _isStopping = true;
        if (_isLaunching)
        {
            _alive -= _actors.Length - _launched;
            _isLaunching = false;
        }

        foreach (var actor in _actors)
        {
            switch (actor.State)
            {
                case OwnState.Parked:
                    actor.State = OwnState.Granted;
                    actor.Turn.Pass();
                    break;
                case OwnState.Running or OwnState.Outside:
                    actor.WasInterrupted = true;
                    actor.Code.Interrupt?.Invoke();
                    if (Sits(actor)) actor.Thread.Interrupt();
                    break;
            }
        }
    }

    private void Await()
    {
        while (!_done.Take(s_nudge))
        {
            if (!_isStopping) continue;
            EnterGate();
            try
            {
                if (_alive == 0) continue;
                foreach (var actor in _actors.Where(a => a.State is OwnState.Running or OwnState.Outside && Sits(a)))
                {
                    actor.WasInterrupted = true;
                    actor.Thread.Interrupt();
                }

                if (Stopwatch.GetElapsedTime(_stoppedAt) < s_patience) continue;
                Left = [.. _actors.Where(a => a.State != OwnState.Idle).Select(a => a.ThreadText)];
                return;
            }
            finally
            {
                ExitGate();
            }
        }
    }

    private void ReleaseLeftovers()
    {
        foreach (var actor in _actors)
        {
            if (actor.Held.Count == 0) continue;
            _isReleasing = true;
            actor.Turn.Pass();
            _done.Take();
            _isReleasing = false;
        }
    }

    // ---- the watchdog ----

    private void Look()
    {
        if (_isDeciding || !Monitor.TryEnter(_gate)) return;
        try
        {
            if (_current < 0 || _alive == 0 || _isStopping || _isDeciding) return;
            var actor = _actors[_current];
            if (_beat != _beatSeen || actor.State != OwnState.Running || actor.IsAsking)
            {
                (_beatSeen, _beatSince, _sitsSince, _looks) = (_beat, Now, Now, 0);
                return;
            }

            if (!Sits(actor))
            {
                (_sitsSince, _looks) = (Now, 0);
                if (Stopwatch.GetElapsedTime(_beatSince) < Race.StallLimit) return;
                Endless = actor.Number;
                EndRun(OwnEnd.Stalled);
                return;
            }

            if (++_looks < FewestLooks || Stopwatch.GetElapsedTime(_sitsSince).TotalMilliseconds < SitsMilliseconds) return;
            _looks = 0;
            HandOvers++;
            HandOverAt ??= actor.Site < 0 ? $"{actor} before its first point" : $"{actor} after {SiteList.Of(actor.Site)}";
            actor.State = OwnState.Outside;
            if (_isLaunching) LaunchNext(null);
            else GoOn(null);
        }
        finally
        {
            Monitor.Exit(_gate);
        }
    }

    // ---- what is kept for a timeline ----

    private void RecordAfter(OwnActor me)
    {
        me.DropReleased();
        me.Where = OwnStep.Caller();
        if (me.Step < 0) return;
        var step = Record![me.Step];
        step.Held = [.. me.Held.Select(h => h.Name).Distinct(StringComparer.Ordinal)];
        me.Quiet++;
        step.Content = OwnJudge.ContentOf(Race, _state);
        step.Buckets = OwnStep.BucketsOf(_state);
        me.Quiet--;
    }

    private sealed class Waiter(object monitor)
    {
        public object Monitor { get; } = monitor;

        public bool IsPulsed { get; set; }
    }
}
