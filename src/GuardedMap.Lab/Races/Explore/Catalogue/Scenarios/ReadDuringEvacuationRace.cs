namespace GuardedMaps.Lab;

/// <summary>A lookup while its bucket moves.</summary>
internal sealed class ReadDuringEvacuationRace : MapScenario
{
    public override string Name => "ReadDuringEvacuation";

    public override string Story =>
        "One actor looks a key up, another makes the table grow. The lookup takes the control words of one generation of buckets and the entries of the next, "
        + "or looks into a bucket that is just being moved: the key is there all the time and is reported missing.";

    public override IReadOnlyList<string> Actors => ["Get 13", "Set the 9th"];

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.LostEntry];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation, ScheduleOutcomeKind.LostEntry];

    public override void Setup(MapSetup setup) => setup.PutAll(10, 11, 12, 13, 14, 15, 16, 17);

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        if (me.Index == 0) await me.Get(13);
        else await me.Set(18, 180);
        return default;
    }
}
