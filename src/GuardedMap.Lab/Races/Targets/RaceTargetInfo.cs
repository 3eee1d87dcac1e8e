namespace GuardedMaps.Lab;

/// <summary>What the catalogue says about a target, and how to make one.</summary>
public sealed record RaceTargetInfo
{
    /// <summary>The name by which the target is chosen.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>True when a race may make it loop for ever, so that it has to run in a process that can be killed.</summary>
    public required bool NeedsChildProcess { get; init; }

    /// <summary>True when it offers an atomic increment.</summary>
    public required bool HasAtomicIncrement { get; init; }

    /// <summary>
    /// True when an operation that threw promises to have left no trace. The judge then holds the target to it; for all
    /// others it accepts that an operation that threw may or may not have happened.
    /// </summary>
    public required bool RejectionLeavesNoTrace { get; init; }

    /// <summary>
    /// True when an iteration that comes to its end without an error promises to have shown the map as it was at one
    /// moment. The judge then holds the target to it; what others show may be put together from several moments.
    /// </summary>
    public bool IterationShowsOneMoment { get; init; }

    /// <summary>Makes an empty container.</summary>
    public required Func<IRaceTarget> Create { get; init; }

    /// <summary>The type behind a target that is not in the catalogue, so that a child process can make it too.</summary>
    internal Type? ForeignType { get; init; }

    /// <summary>Describes a container type the catalogue does not know. It needs a public parameterless constructor.</summary>
    internal static RaceTargetInfo ForType(Type type, string name, bool needsChildProcess, bool hasAtomicIncrement = false, bool rejectionLeavesNoTrace = false, bool iterationShowsOneMoment = false) => new()
    {
        Name = name,
        Description = $"The type {type.FullName}.",
        NeedsChildProcess = needsChildProcess,
        HasAtomicIncrement = hasAtomicIncrement,
        RejectionLeavesNoTrace = rejectionLeavesNoTrace,
        IterationShowsOneMoment = iterationShowsOneMoment,
        ForeignType = type,
        Create = () => (IRaceTarget)Activator.CreateInstance(type)!,
    };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
