namespace GuardedMaps.Lab;

/// <summary>New keys while somebody iterates.</summary>
internal sealed class WriteDuringIterationRace : MapScenario
{
    public override string Name => "WriteDuringIteration";

    public override string Story =>
        "One actor iterates, another inserts two keys, one after the other. The table itself survives, but the loop may show the second without the first: a state "
        + "that never was, and a total that was never true. Go stops the whole program with 'concurrent map iteration and map write' if it notices, Java and .NET "
        + "raise an error at the next step, Rust does not compile it.";

    public override int Version => 2;

    public override IReadOnlyList<string> Actors => ["iterate", "Set 13, Set 14"];

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.NotLinearizable];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation, ScheduleOutcomeKind.NotLinearizable];

    public override void Setup(MapSetup setup) => setup.PutAll(10, 11, 12);

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        if (me.Index == 0)
        {
            await me.ForEach();
            return default;
        }

        await me.Set(13, 130);
        await me.Set(14, 140);
        return default;
    }

    public override string? Describe(MapEnding ending) => ending.Hands[0].Records.Count(r => r is { Verb: MapVerb.Visit, Key: 13 or 14 }) switch
    {
        0 => "no new key was visited",
        1 => "the first new key was visited",
        _ => "both new keys were visited",
    };
}
