namespace GuardedMaps;

/// <summary>How a map defends itself against operations that overlap. Chosen when the map is made.</summary>
public enum MapProtection
{
    /// <summary>
    /// Every forbidden overlap raises a <see cref="MapViolationException"/> before the table is touched.
    /// Detection is deterministic. The default.
    /// </summary>
    Guarded,

    /// <summary>
    /// Conflicting operations wait for each other instead of failing; an iteration sees the map as it was
    /// when the iteration began (contract Snapshot; to ask for another is refused). A write from inside the map's own callbacks is still a violation, since
    /// waiting for oneself would never end.
    /// </summary>
    Synchronized,

    /// <summary>
    /// The same table with the guard switched off. It is here to show what goes wrong: a race may lose
    /// entries, invent them or report a wrong count, in silence. For labs and tests only.
    /// </summary>
    None,
}
