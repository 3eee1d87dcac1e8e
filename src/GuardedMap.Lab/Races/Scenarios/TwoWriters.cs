namespace GuardedMaps.Lab;

/// <summary>Two threads store different keys; the map has to grow under both.</summary>
public sealed class TwoWriters : RaceScenario
{
    /// <inheritdoc/>
    public override string Name => "TwoWriters";

    /// <inheritdoc/>
    public override string Description =>
        "Two threads fill one map, each with keys of its own, so neither ever touches what the other wrote. They meet in " +
        "the table all the same: both find the same slot free, or one writes into the old array while the other copies it " +
        "into a bigger one. The entry is gone, Count may say otherwise, and nothing is raised. A plain Hashtable may also " +
        "loop for ever. Seen wherever 'ForEach-Object -Parallel' collects its results in an @{}, and in Pester, whose " +
        "Dictionary was corrupted by parallel imports (pester#2901).";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Actors { get; } =
    [
        "Writer A stores its own new keys in an order of its own",
        "Writer B stores its own new keys in an order of its own",
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<RaceDamageKind> LooksFor { get; } =
        [RaceDamageKind.LostEntry, RaceDamageKind.WrongCount, RaceDamageKind.DuplicateEntry, RaceDamageKind.TornValue, RaceDamageKind.BrokenTable];

    /// <inheritdoc/>
    public override int DefaultCount => 50;

    /// <inheritdoc/>
    public override int DefaultOperations => 2_000;

    /// <inheritdoc/>
    public override RacePlan Plan(int operations, RaceRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var actors = new RaceActor[2];
        for (int a = 0; a < actors.Length; a++)
        {
            int[] keys = ShuffledKeys(a * operations, operations, random);
            int actor = a;
            actors[a] = new($"writer {(char)('A' + a)}", WithPauses(keys.Select((key, i) => new RaceStep(RaceVerb.Set, key, Stamp(actor, i))), random));
        }

        return new RacePlan(Keys(operations * actors.Length), [], actors);
    }
}
