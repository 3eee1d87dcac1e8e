namespace GuardedMaps.Lab;

/// <summary>Everything goes while something comes.</summary>
internal sealed class ClearVersusSetRace : MapScenario
{
    public override string Name => "ClearVersusSet";

    public override string Story =>
        "One actor inserts while another clears. The new entry is half inside: it is counted and not there, or there and not counted, or there although the map "
        + "was cleared after it.";

    public override IReadOnlyList<string> Actors => ["Set 13", "Clear"];

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.LostEntry, ScheduleOutcomeKind.DuplicateEntry, ScheduleOutcomeKind.WrongCount, ScheduleOutcomeKind.TornValue];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation, ScheduleOutcomeKind.LostEntry, ScheduleOutcomeKind.DuplicateEntry, ScheduleOutcomeKind.WrongCount, ScheduleOutcomeKind.TornValue];

    public override void Setup(MapSetup setup) => setup.PutAll(10, 11, 12);

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        if (me.Index == 0) await me.Set(13, 130);
        else await me.Clear();
        return default;
    }
}
