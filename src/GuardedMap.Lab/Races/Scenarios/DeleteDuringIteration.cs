namespace GuardedMaps.Lab;

/// <summary>One thread iterates while another removes entries.</summary>
public sealed class DeleteDuringIteration : RaceScenario
{
    private const int Iterations = 6;

    /// <inheritdoc/>
    public override string Name => "DeleteDuringIteration";

    /// <inheritdoc/>
    public override string Description =>
        "One thread iterates over the map while another removes entries. The iteration looks at a slot, the slot is " +
        "emptied, the iteration reads it: what it is shown is an entry with no key, or with the key of one and the value " +
        "of nothing. .NET's Dictionary lets a removal pass during an enumeration on purpose, and says nothing when it comes " +
        "from another thread. Seen in Pode's housekeeper, which removed expired sessions while requests listed them (Pode#1408), " +
        "and again when the copy that had repaired it was dropped in a refactoring (Pode#1780).";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Actors { get; } =
    [
        "The iterator walks over the whole map six times",
        "The remover removes half of the entries, one by one",
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<RaceDamageKind> LooksFor { get; } =
        [RaceDamageKind.MissedEntry, RaceDamageKind.DuplicateEntry, RaceDamageKind.TornValue, RaceDamageKind.GhostEntry];

    /// <inheritdoc/>
    public override int DefaultCount => 50;

    /// <inheritdoc/>
    public override int DefaultOperations => 5_000;

    /// <inheritdoc/>
    public override RacePlan Plan(int operations, RaceRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int entries = operations * 2;
        int[] keys = ShuffledKeys(0, entries, random);

        var setup = new KeyValuePair<int, long>[entries];
        for (int key = 0; key < entries; key++) setup[key] = new(key, key);

        var walks = Enumerable.Repeat(new RaceStep(RaceVerb.Iterate, 0, 0), Iterations);
        var removals = keys.Take(operations).Select(key => new RaceStep(RaceVerb.Remove, key, 0));
        return new RacePlan(
            Keys(entries),
            setup,
            [new("the iterator", WithPauses(walks, random)), new("the remover", WithPauses(removals, random))]);
    }
}
