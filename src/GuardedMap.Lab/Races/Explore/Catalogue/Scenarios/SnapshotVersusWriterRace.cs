namespace GuardedMaps.Lab;

/// <summary>A snapshot while two entries change that belong together.</summary>
internal sealed class SnapshotVersusWriterRace : MapScenario
{
    public override string Name => "SnapshotVersusWriter";

    public override string Story =>
        "One actor takes a snapshot and reads it, another moves money: it writes two entries, one after the other. A snapshot is one moment; it may show none, "
        + "the first, or both of the writes. Without protection the copy is made while the writer writes, and shows the second without the first.";

    public override IReadOnlyList<string> Actors => ["iterate a snapshot", "Set 10, Set 13"];

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.NotLinearizable];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation, ScheduleOutcomeKind.NotLinearizable];

    public override void Setup(MapSetup setup) => setup.PutAll(10, 11, 12, 13);

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        if (me.Index == 0)
        {
            await me.ForEach(IterationContract.Snapshot);
            return default;
        }

        await me.Set(10, 1);
        await me.Set(13, 2);
        return default;
    }
}
