namespace GuardedMaps;

/// <summary>What is known of a forbidden overlap when it is found.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Operation">The operation that came second.</param>
/// <param name="Key">The key it was about, if it was about one.</param>
internal readonly record struct ViolationFacts(MapViolationKind Kind, MapOperation Operation, object? Key)
{
    public MapActor? Holder { get; init; }

    /// <summary>Whose operation it was, if not the calling thread's.</summary>
    public MapActor? Offender { get; init; }

    public Exception? Cause { get; init; }

    public IterationContract? Contract { get; init; }

    public IteratorState? Iterator { get; init; }

    /// <summary>The version word the offender saw.</summary>
    public long Version { get; init; }

    public long? VersionExpected { get; init; }

    public required string Remedy { get; init; }

    public string? WayOut { get; init; }
}
