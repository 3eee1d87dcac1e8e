namespace GuardedMaps.Lab;

/// <summary>The cure of <see cref="LostUpdate"/>: the same counting, by the map's own atomic operation.</summary>
public sealed class AtomicUpdate : RaceScenario
{
    private readonly LostUpdate _disease = new();

    /// <inheritdoc/>
    public override string Name => "AtomicUpdate";

    /// <inheritdoc/>
    public override string Description =>
        "The cure of LostUpdate: two threads count up one key by the map's own atomic operation (Increment here, " +
        "AddOrUpdate on a ConcurrentDictionary). Reading, adding and writing are one operation, so no other actor can " +
        "come between. On a guarded map an increment that overlaps another is refused with an error and nothing is " +
        "added: the sum is exactly the number of increments that were acknowledged. Only targets that have such an " +
        "operation can run it.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Actors { get; } =
    [
        "Counter A adds 1 to one key by one atomic operation, again and again",
        "Counter B does the same to the same key",
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<RaceDamageKind> LooksFor { get; } = [RaceDamageKind.LostUpdate];

    /// <inheritdoc/>
    public override int DefaultCount => _disease.DefaultCount;

    /// <inheritdoc/>
    public override int DefaultOperations => _disease.DefaultOperations;

    /// <inheritdoc/>
    public override bool RunsOn(RaceTargetInfo target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.HasAtomicIncrement;
    }

    /// <inheritdoc/>
    public override RacePlan Plan(int operations, RaceRandom random) => _disease.CountingPlan(RaceVerb.AddAtomically, operations, random);
}
