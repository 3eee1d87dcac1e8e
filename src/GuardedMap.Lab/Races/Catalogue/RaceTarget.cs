namespace GuardedMaps.Lab;

/// <summary>What a scenario is run on: a container with its protection. There is one vocabulary for all engines; a target says which of them it knows.</summary>
public sealed record RaceTarget
{
    /// <summary>The name by which the target is chosen; part of tokens.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>True for a real container: it can be raced with real threads, and explored operation by operation. False for what there is to be explored only.</summary>
    public bool IsContainer { get; init; } = true;

    /// <summary>True when a race may make it loop for ever, so that it has to run in a process that can be killed.</summary>
    public bool NeedsChildProcess { get; init; }

    /// <summary>The operations it has.</summary>
    public required IReadOnlyCollection<Verb> Verbs { get; init; }

    /// <summary>
    /// True when an operation that threw promises to have left no trace. The judge then holds the target to it; for all
    /// others it accepts that an operation that threw may or may not have happened.
    /// </summary>
    public bool RejectionLeavesNoTrace { get; init; }

    /// <summary>
    /// True when an iteration that comes to its end without an error promises to have shown the map as it was at one
    /// moment. The judge then holds the target to it; what others show may be put together from several moments.
    /// </summary>
    public bool IterationShowsOneMoment { get; init; }

    /// <summary>True when that moment is the one at which the iteration began.</summary>
    internal bool IterationIsOfItsBeginning { get; init; }

    /// <summary>True for what only a scenario that asks for it is run on.</summary>
    internal bool IsOfOneScenario { get; init; }

    /// <summary>How the stepped map is guarded, where access by access it is that one.</summary>
    internal RaceProtection? Stepped { get; init; }

    /// <summary>The raced map, where access by access it is one of those.</summary>
    internal string? Raced { get; init; }

    /// <summary>How every schedule ends, access by access, whatever the scenario is; empty where that depends on it.</summary>
    internal IReadOnlyList<ScheduleOutcomeKind> Promises { get; init; } = [];

    /// <summary>The type behind a target that is not in the catalogue, so that a child process can make it too.</summary>
    internal Type? ForeignType { get; init; }

    /// <summary>Makes an empty container with texts for keys.</summary>
    internal MapFace<string> Create() => ForeignType is null ? MapFaces.Create<string>(Name) : (MapFace<string>)Activator.CreateInstance(ForeignType)!;

    /// <summary>Makes an empty container with numbers for keys, which is the same in every run.</summary>
    internal MapFace<int> CreateNumbered() => MapFaces.Create<int>(Name, SteppedModel.HashSeed);

    /// <summary>Whether an engine for this grain has what a scenario does.</summary>
    internal bool Explores(Scenario scenario, RaceGrain grain)
    {
        if (grain == RaceGrain.Operation) return IsContainer && OperationModel.IsPossible(scenario) && scenario.Verbs.All(v => Verbs.Contains(v));
        if (Stepped is not null) return SteppedModel.IsPossible(scenario);
        return Raced is not null && RacedModel.IsPossible(scenario, Raced);
    }

    /// <summary>Describes a container type the catalogue does not know. It needs a public parameterless constructor.</summary>
    internal static RaceTarget ForType(Type type, string name, bool needsChildProcess, bool rejectionLeavesNoTrace = false, bool iterationShowsOneMoment = false) => new()
    {
        Name = name,
        Description = $"The type {type.FullName}.",
        NeedsChildProcess = needsChildProcess,
        Verbs = Enum.GetValues<Verb>(),
        RejectionLeavesNoTrace = rejectionLeavesNoTrace,
        IterationShowsOneMoment = iterationShowsOneMoment,
        ForeignType = type,
    };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
