using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>
/// What the program around the map tells it about itself. The core knows no shell: a shell that wants its
/// runspaces and script lines named in violations, or its own subclass of the exception thrown, sets these
/// once when it loads. All are process-wide and may be read from any thread.
/// </summary>
public static class MapHost
{
    private static Func<int>? s_actorNumber;

    // Threads begin at 0, and so have never asked.
    private static int s_epoch = 1;

    /// <summary>Names the calling actor ("runspace 3"), or returns null. Called only when a violation or a lease is described; must not throw.</summary>
    public static Func<string?>? ActorLabel { get; set; }

    /// <summary>
    /// Gives a number of the calling actor (of the runspace): not 0, and another one for each that has another label. Asked on a write to a map made for a shell,
    /// unless the thread has been asked before, writes from the same page of its stack as then, and the host has not said since that actors have
    /// changed places (<see cref="ActorsMoved"/>); must not throw. When the number is a new one for the calling thread, the label is asked for and
    /// left in the <see cref="ActorDirectory"/> for whoever meets this thread's writes.
    /// </summary>
    /// <remarks>To set it says that actors have changed places.</remarks>
    public static Func<int>? ActorNumber
    {
        get => s_actorNumber;
        set
        {
            s_actorNumber = value;
            ActorsMoved();
        }
    }

    /// <summary>
    /// Gives what the calling actor is doing now (in PowerShell: its pipeline), or null. A thread that looks a key up in a map that detects lost updates keeps the answer, and asks again when that
    /// job has ended; must not throw. Null if the host cannot tell.
    /// </summary>
    public static Func<ActorJob?>? ActorJob { get; set; }

    /// <summary>Gives the calling script's position ("script.ps1:4"), or null. Called only when a violation or a lease is described; must not throw.</summary>
    public static Func<string?>? ActorPosition { get; set; }

    /// <summary>Makes the exception that carries a violation; null makes a plain <see cref="MapViolationException"/>.</summary>
    public static Func<MapViolation, MapViolationException>? ExceptionFactory { get; set; }

    /// <summary>
    /// Warns whoever sits before the calling program of a violation that was reported and not thrown (<see cref="ViolationResponse.Report"/>): once for each pair of places on each map.
    /// Called on the offender's thread, when the map has been let go; must not throw.
    /// </summary>
    public static Action<MapViolation>? Warning { get; set; }

    /// <summary>
    /// Is given each entry, boxed, of a map or snapshot that somebody enumerates through <see cref="System.Collections.IEnumerable"/> alone, as who prints it does: a shell
    /// can mark the box there, and show it in a way of its own. Must not throw.
    /// </summary>
    public static Action<object>? EntryMarker { get; set; }

    /// <summary>
    /// Says that threads may work for other actors now than they did: call it whenever an actor begins or ends something. Every thread's next write to a map made for a shell asks for its actor
    /// again. One atomic increment. Thread-safe.
    /// </summary>
    public static void ActorsMoved() => Interlocked.Increment(ref s_epoch);

    /// <summary>How often actors have changed places.</summary>
    internal static int Epoch => Volatile.Read(ref s_epoch);

    internal static string? CurrentLabel() => ActorLabel?.Invoke();

    /// <summary>Has the calling thread's label in the directory before the thread begins to write.</summary>
    /// <param name="page">Where the thread is on its stack. A pipeline that is run inside another on the same thread, for another actor, stands elsewhere.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void NoteActor(nuint page)
    {
        ActorThread me = ActorThread.Mine;
        int epoch = Epoch;
        if (me.HostEpoch == epoch && me.HostPage == page) return;
        if (ActorNumber is { } ask && ask() is var number && number != me.HostNumber)
        {
            ActorDirectory.Report(CurrentLabel());
            me.HostNumber = number;
        }

        // What was said while the host was asked is asked again.
        me.HostEpoch = epoch;
        me.HostPage = page;
    }

    internal static string? CurrentPosition() => ActorPosition?.Invoke();

    internal static MapViolationException ToException(MapViolation violation) =>
        ExceptionFactory?.Invoke(violation) ?? new MapViolationException(violation);
}
