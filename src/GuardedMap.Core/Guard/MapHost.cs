using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>
/// What the program around the map tells it about itself. The core knows no shell: a shell that wants its
/// runspaces and script lines named in violations, or its own subclass of the exception thrown, sets these
/// once when it loads. All are process-wide and may be read from any thread.
/// </summary>
public static class MapHost
{
    /// <summary>Names the calling actor ("runspace 3"), or returns null. Called only when a violation or a lease is described; must not throw.</summary>
    public static Func<string?>? ActorLabel { get; set; }

    /// <summary>
    /// Gives a number of the calling actor (of the runspace): not 0, and another one for each that has another label. Called by every write to a
    /// map made for a shell, so it must be cheap; must not throw. When the number is a new one for the calling thread, the label is asked for and
    /// left in the <see cref="ActorDirectory"/> for whoever meets this thread's writes.
    /// </summary>
    /// <remarks>Give a lambda rather than a static method: calling it through a delegate takes one jump less.</remarks>
    public static Func<int>? ActorNumber { get; set; }

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

    internal static string? CurrentLabel() => ActorLabel?.Invoke();

    /// <summary>Has the calling thread's label in the directory before the thread begins to write.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void NoteActor()
    {
        if (ActorNumber is not { } ask) return;
        int number = ask();
        if (number != ActorThread.HostNumber) Introduce(number);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Introduce(int number)
    {
        ActorDirectory.Report(CurrentLabel());
        ActorThread.HostNumber = number;
    }

    internal static string? CurrentPosition() => ActorPosition?.Invoke();

    internal static MapViolationException ToException(MapViolation violation) =>
        ExceptionFactory?.Invoke(violation) ?? new MapViolationException(violation);
}
