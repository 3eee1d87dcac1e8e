namespace GuardedMaps.Lab;

/// <summary>The cure for the lost update.</summary>
internal sealed class AtomicUpdateRace : MapScenario
{
    private const int Key = 7;

    public override string Name => "AtomicUpdate";

    public override string Story =>
        "Two actors count with Increment, which is one operation: reading, adding and writing happen while the map is held. Under the guard every increment "
        + "that is acknowledged is there, and the other is refused with an error. Without protection it is as lost as before.";

    public override IReadOnlyList<string> Actors => ["Increment n", "Increment n"];

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.StaleValue];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation, ScheduleOutcomeKind.StaleValue];

    public override void Setup(MapSetup setup) => setup.Put(Key, 0);

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        await me.Increment(Key);
        return default;
    }
}
