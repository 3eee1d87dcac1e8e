namespace GuardedMaps.Lab;

/// <summary>How the actors of a race are interleaved.</summary>
public enum MapRaceMode
{
    /// <summary>
    /// Real threads, left to the operating system. Finds what happens on this machine today; it cannot prove that
    /// something does not happen, and a seed cannot make it happen again.
    /// </summary>
    Free,

    /// <summary>A controlled scheduler runs the schedules one by one, on one thread. What it finds has a token.</summary>
    Explore,

    /// <summary>One schedule again, from its token.</summary>
    Replay,

    /// <summary>What can be explored is explored; the rest is raced with real threads.</summary>
    Auto,
}
