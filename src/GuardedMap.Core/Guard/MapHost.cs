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

    /// <summary>Gives the calling script's position ("script.ps1:4"), or null. Called only when a violation or a lease is described; must not throw.</summary>
    public static Func<string?>? ActorPosition { get; set; }

    /// <summary>Makes the exception that carries a violation; null makes a plain <see cref="MapViolationException"/>.</summary>
    public static Func<MapViolation, MapViolationException>? ExceptionFactory { get; set; }

    internal static string? CurrentLabel() => ActorLabel?.Invoke();

    internal static string? CurrentPosition() => ActorPosition?.Invoke();

    internal static MapViolationException ToException(MapViolation violation) =>
        ExceptionFactory?.Invoke(violation) ?? new MapViolationException(violation);
}
