namespace GuardedMaps.Lab;

/// <summary>One thread iterates while another stores: new keys, which make the map grow, and new values for old keys.</summary>
public sealed class WriteDuringIteration : RaceScenario
{
    private const int Iterations = 6;

    /// <inheritdoc/>
    public override string Name => "WriteDuringIteration";

    /// <inheritdoc/>
    public override string Description =>
        "One thread iterates over the map again and again while another stores into it, half of it new keys. Whoever " +
        "iterates may be shown an entry twice or not at all when the table grows underneath, or be shown half an entry. " +
        ".NET's Hashtable notices most of it and throws 'Collection was modified' at the iteration; Dictionary notices new " +
        "keys but not new values; ConcurrentDictionary throws nothing and promises nothing. Seen as the error " +
        "'Collection was modified' in PowerShell scripts that list '$sync.Keys' while runspaces report progress (PowerShell#24944).";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Actors { get; } =
    [
        "The iterator walks over the whole map six times",
        "The writer stores half new keys, half new values for existing ones",
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
        int existing = operations;
        int added = (operations + 1) / 2;
        int[] overwritten = ShuffledKeys(0, existing, random);
        int[] fresh = ShuffledKeys(existing, added, random);

        var setup = new KeyValuePair<int, long>[existing];
        for (int key = 0; key < existing; key++) setup[key] = new(key, key);

        var writes = new RaceStep[operations];
        for (int i = 0; i < operations; i++)
        {
            int key = i % 2 == 0 ? fresh[i / 2] : overwritten[i / 2];
            writes[i] = new(RaceVerb.Set, key, Stamp(1, i));
        }

        var walks = Enumerable.Repeat(new RaceStep(RaceVerb.Iterate, 0, 0), Iterations);
        return new RacePlan(
            Keys(existing + added),
            setup,
            [new("the iterator", WithPauses(walks, random)), new("the writer", WithPauses(writes, random))]);
    }
}
