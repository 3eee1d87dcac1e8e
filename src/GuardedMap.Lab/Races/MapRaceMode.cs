namespace GuardedMaps.Lab;

/// <summary>How the actors of a race are interleaved.</summary>
public enum MapRaceMode
{
    /// <summary>
    /// Real threads, left to the operating system. Finds what happens on this machine today; it cannot prove that
    /// something does not happen, and a seed cannot make it happen again.
    /// </summary>
    Free,
}
