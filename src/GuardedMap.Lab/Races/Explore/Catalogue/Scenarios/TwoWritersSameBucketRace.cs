namespace GuardedMaps.Lab;

/// <summary>Two new keys, one bucket.</summary>
internal sealed class TwoWritersSameBucketRace : MapScenario
{
    public override string Name => "TwoWritersSameBucket";

    public override string Story =>
        "Two writers insert different keys whose bucket is the same. Both see the same free slot, both fill it, and both announce it: one entry is gone, or the "
        + "survivor lies under the other's tophash, where iteration shows it and no lookup finds it. Pester met the like in 2026, when parallel imports corrupted "
        + "a Dictionary (pester issue 2901).";

    public override IReadOnlyList<string> Actors => ["Set 10", "Set 11"];

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.LostEntry, ScheduleOutcomeKind.WrongCount, ScheduleOutcomeKind.TornValue];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation, ScheduleOutcomeKind.LostEntry, ScheduleOutcomeKind.WrongCount];

    public override void Setup(MapSetup setup) => setup.PutAll(1);

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        int key = 10 + me.Index;
        await me.Set(key, key * 10);
        return default;
    }
}
