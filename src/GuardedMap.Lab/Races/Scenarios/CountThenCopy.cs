namespace GuardedMaps.Lab;

/// <summary>One thread copies the map as LINQ copies a collection, while another adds and removes entries.</summary>
public sealed class CountThenCopy : RaceScenario
{
    private const int StayingKeys = 12;
    private const int FleetingKeys = 4;
    private const int WritesPerCopy = 16;

    /// <inheritdoc/>
    public override string Name => "CountThenCopy";

    /// <inheritdoc/>
    public override string Description =>
        "One thread copies the map with LINQ's ToList while another adds and removes entries. ToList, OrderBy, new List and a collection " +
        "expression ask for Count, make an array of that length, and call CopyTo: two operations, and between them the map may change. " +
        "What was removed meanwhile is an entry without a key at the end of the copy; what was added makes an ArgumentException come out of " +
        "a map that is said to be safe. Seen in ConcurrentDictionary, whose own ToArray has no such gap (dotnet/runtime#120794).";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Actors { get; } =
    [
        "The copier takes a copy of the whole map, again and again",
        "The writer adds four keys and removes them, one by one",
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<RaceDamageKind> LooksFor { get; } = [RaceDamageKind.GhostEntry, RaceDamageKind.MissedEntry, RaceDamageKind.TornValue];

    /// <inheritdoc/>
    public override int DefaultCount => 50;

    /// <inheritdoc/>
    public override int DefaultOperations => 4_000;

    /// <inheritdoc/>
    public override RacePlan Plan(int operations, RaceRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var setup = new KeyValuePair<int, long>[StayingKeys];
        for (int key = 0; key < StayingKeys; key++) setup[key] = new(key, key);

        var copies = Enumerable.Repeat(new RaceStep(RaceVerb.Copy, 0, 0), Math.Max(1, operations / WritesPerCopy));
        int[] fleeting = ShuffledKeys(StayingKeys, FleetingKeys, random);
        var writes = Enumerable.Range(0, operations).Select(i => i / FleetingKeys % 2 == 0
            ? new RaceStep(RaceVerb.Set, fleeting[i % FleetingKeys], Stamp(1, i))
            : new RaceStep(RaceVerb.Remove, fleeting[i % FleetingKeys], 0));
        return new RacePlan(
            Keys(StayingKeys + FleetingKeys),
            setup,
            [new("the copier", WithPauses(copies, random)), new("the writer", WithPauses(writes, random))]);
    }
}
