using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>Where an actor of a run is.</summary>
internal enum OwnState
{
    /// <summary>It has not begun, or it has ended.</summary>
    Idle,

    /// <summary>It waits at a point for its turn.</summary>
    Parked,

    /// <summary>It has been given its turn and has not woken yet. A thread that sits because of that must not be taken for one that waits for something.</summary>
    Granted,

    /// <summary>It has its turn.</summary>
    Running,

    /// <summary>It waited for something that cannot be seen, and others were let go on without it.</summary>
    Outside,
}

/// <summary>
/// One actor of an <see cref="OwnCrew"/>: a thread of its own, which lives as long as the crew and is parked whenever it is not its turn.
/// </summary>
internal sealed class OwnActor
{
    // An actor that catches what stops it, in a loop without end, is left to sleep at a point in the end, so that it burns no processor.
    private const int MostThrows = 200;

    [ThreadStatic]
    private static OwnActor? t_current;
    private static readonly AsyncLocal<OwnActor?> s_starter = new();

    private int _throws;

    public OwnActor(OwnCrew crew, int number, OwnActorCode code) => (Crew, Number, Code) = (crew, number, code);

    /// <summary>The actor whose thread this is; null on every other thread.</summary>
    public static OwnActor? Current => t_current;

    /// <summary>The actor by whose code this thread was started, or the work that it does; null for most threads.</summary>
    public static OwnActor? Starter => s_starter.Value;

    public OwnCrew Crew { get; }

    /// <summary>Its number, from 0.</summary>
    public int Number { get; }

    /// <summary>Its letter.</summary>
    public char Letter => Schedule.Letter(Number);

    public OwnActorCode Code { get; }

    /// <summary>The thread.</summary>
    public Thread Thread { get; internal set; } = null!; // Made by the crew right after the actor.

    /// <summary>How its turn is passed to it.</summary>
    internal Baton Turn { get; } = new();

    internal volatile OwnState State;

    /// <summary>Whether points are passed without a choice: in a guard, in a call on a container.</summary>
    internal int Quiet { get; set; }

    /// <summary>True while it asks a lock whether it would have to wait, which may take another thread; that is no wait of its own.</summary>
    internal volatile bool IsAsking;

    /// <summary>The point at which it waits.</summary>
    internal int Site { get; set; }

    /// <summary>What it is about to touch there, as far as that is known.</summary>
    internal object? Target { get; set; }

    internal object? Key { get; set; }

    internal AccessKind Kind { get; set; }

    /// <summary>Where in its source it stands, as far as that can be seen from the stack; only in a run that is recorded.</summary>
    internal string? Where { get; set; }

    /// <summary>What must hold before it can go on; null when nothing must.</summary>
    internal OwnGuard? Guard { get; set; }

    /// <summary>Whether it was sent on from its last gate though the guard did not hold.</summary>
    internal bool TimedOut { get; set; }

    /// <summary>Whether it came to a point in this run.</summary>
    internal bool HasYielded { get; set; }

    /// <summary>The locks it took through gates, in that order.</summary>
    internal List<OwnHold> Held { get; } = [];

    /// <summary>What its program reported; null as long as it has not ended, or when it was stopped.</summary>
    internal OperationReport? Report { get; set; }

    /// <summary>The step it made last, from 0; -1 before the first.</summary>
    internal int Step { get; set; } = -1;

    /// <summary>True when its run was interrupted, so that a host may have to begin anew.</summary>
    internal volatile bool WasInterrupted;

    /// <inheritdoc/>
    public override string ToString() => $"{Letter} ({Code.Name})";

    internal void Enter()
    {
        t_current = this;
        s_starter.Value = this;
    }

    internal void Begin()
    {
        Site = -1;
        (Target, Key, Kind, Guard, TimedOut, HasYielded, Report, Step, Quiet, _throws) = (null, null, AccessKind.None, null, false, false, null, -1, 0, 0);
    }

    /// <summary>The exception that ends this actor's run. Thrown at each point until the actor has left.</summary>
    internal Exception Stopped(string why)
    {
        if (++_throws > MostThrows) Thread.Sleep(Timeout.Infinite);
        return Crew.Race.Stop?.Invoke(why) ?? new RunStoppedException(why);
    }

    /// <summary>Forgets the locks that it no longer has, as far as they can be asked; asked on its own thread.</summary>
    internal void DropReleased()
    {
        for (int i = Held.Count - 1; i >= 0; i--)
        {
            if (!Held[i].IsStillHeld) Held.RemoveAt(i);
        }
    }

    /// <summary>How the thread is named for people.</summary>
    internal string ThreadText => string.Create(CultureInfo.InvariantCulture, $"the thread of {Letter} ({Code.Name}), number {Thread.ManagedThreadId}{(Site >= 0 ? $", last seen at {SiteList.Of(Site)}" : ", which never came to a point")}");
}

/// <summary>Ends an actor's run from inside. Programs should let it pass; one that catches it meets it again at its next point.</summary>
internal sealed class RunStoppedException(string why) : Exception(why);
