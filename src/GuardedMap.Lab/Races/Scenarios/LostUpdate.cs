namespace GuardedMaps.Lab;

/// <summary>Two threads count up one key by reading it, adding and writing back.</summary>
public sealed class LostUpdate : RaceScenario
{
    /// <inheritdoc/>
    public override string Name => "LostUpdate";

    /// <inheritdoc/>
    public override string Description =>
        "Two threads run '$m['n']++' on one key: read, add, write back. When one reads between the other's read and " +
        "write, both write the same number and one increment is gone. No map can notice: a read and a write that do not " +
        "overlap are two legal operations, and what the program meant by them is not written anywhere. That holds for a " +
        "synchronized Hashtable and a ConcurrentDictionary, and it holds for GuardedMap: it raises an error where two " +
        "operations overlap in time, and is silently wrong where they do not. The cure is one operation instead of two: " +
        "scenario AtomicUpdate. Seen with '($using:r).count += 1' (PowerShell#17914) and in most answers that " +
        "recommend a synchronized hashtable for counting.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Actors { get; } =
    [
        "Counter A adds 1 to one key by a read and a write, again and again",
        "Counter B does the same to the same key",
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<RaceDamageKind> LooksFor { get; } = [RaceDamageKind.LostUpdate];

    /// <inheritdoc/>
    public override string Remark =>
        "No map can catch this one, guarded or not: a read and a write that do not overlap are two legal operations. Use one atomic operation instead; see AtomicUpdate.";

    /// <inheritdoc/>
    public override int DefaultCount => 50;

    /// <inheritdoc/>
    public override int DefaultOperations => 20_000;

    /// <inheritdoc/>
    public override RacePlan Plan(int operations, RaceRandom random) => CountingPlan(RaceVerb.AddByHand, operations, random);

    internal RacePlan CountingPlan(RaceVerb verb, int operations, RaceRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);

        // A few quiet neighbours, so that the counter is not alone in its table.
        const int Neighbours = 7;
        int counter = random.Next(Neighbours + 1);
        var setup = new KeyValuePair<int, long>[Neighbours + 1];
        for (int key = 0; key < setup.Length; key++) setup[key] = new(key, 0);

        var additions = Enumerable.Repeat(new RaceStep(verb, counter, 1), operations);
        return new RacePlan(
            Keys(setup.Length),
            setup,
            [new("counter A", WithPauses(additions, random)), new("counter B", WithPauses(additions, random))]);
    }
}
