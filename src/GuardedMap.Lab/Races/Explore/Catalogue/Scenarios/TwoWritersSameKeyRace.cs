namespace GuardedMaps.Lab;

/// <summary>The same new key twice.</summary>
internal sealed class TwoWritersSameKeyRace : MapScenario
{
    public override string Name => "TwoWritersSameKey";

    public override string Story =>
        "Two writers insert the same key. Neither finds it, so both insert it: the key is in the map twice, or once with a count of two. A cache that is filled "
        + "on demand by several threads does exactly this.";

    public override IReadOnlyList<string> Actors => ["Set 10 to 100", "Set 10 to 101"];

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.DuplicateEntry, ScheduleOutcomeKind.WrongCount];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation, ScheduleOutcomeKind.DuplicateEntry, ScheduleOutcomeKind.WrongCount];

    public override void Setup(MapSetup setup) => setup.PutAll(1);

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        await me.Set(10, 100 + me.Index);
        return default;
    }
}
