namespace GuardedMaps.Lab;

/// <summary>Both writers make the table grow.</summary>
internal sealed class TwoWritersGrowingRace : MapScenario
{
    public override string Name => "TwoWritersGrowing";

    public override string Story =>
        "The table is full, and two writers insert: both start to grow it, both publish a new array, both evacuate. Entries end in an array that nobody looks "
        + "at, or twice. Java's HashMap of before version 8 tied such chains into a ring, and a plain .NET Hashtable can loop for ever in its rehash.";

    public override IReadOnlyList<string> Actors => ["Set the 9th", "Set the 10th"];

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.LostEntry, ScheduleOutcomeKind.DuplicateEntry, ScheduleOutcomeKind.WrongCount, ScheduleOutcomeKind.TornValue, ScheduleOutcomeKind.Crashed];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation, ScheduleOutcomeKind.LostEntry, ScheduleOutcomeKind.DuplicateEntry, ScheduleOutcomeKind.WrongCount, ScheduleOutcomeKind.Crashed];

    public override void Setup(MapSetup setup) => setup.PutAll(10, 11, 12, 13, 14, 15, 16, 17);

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        int key = 18 + me.Index;
        await me.Set(key, key * 10);
        return default;
    }
}
