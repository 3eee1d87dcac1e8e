namespace GuardedMaps;

/// <summary>What a guarded map does about a forbidden overlap. Chosen when the map is made.</summary>
public enum ViolationResponse
{
    /// <summary>The operation that came second is refused with a <see cref="MapViolationException"/>, and nothing is changed. The default.</summary>
    Throw,

    /// <summary>
    /// The operation is done after all, as under <see cref="MapProtection.Synchronized"/>: it waits for its turn, and an iteration sees the map as it was when it began. What would have
    /// been refused is recorded with both sides: in the map's violations, its event, the event source and the meter. For a running
    /// system that is to be made free of races before it is guarded.
    /// </summary>
    Report,
}
