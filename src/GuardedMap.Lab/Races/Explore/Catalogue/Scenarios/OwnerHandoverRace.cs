namespace GuardedMaps.Lab;

/// <summary>The first other thread meets the owner.</summary>
internal sealed class OwnerHandoverRace : MapScenario
{
    public override string Name => "OwnerHandover";

    public override string Story =>
        "A map belongs to the thread that made it, which writes without any atomic instruction, until another thread wants in. Here the owner writes while "
        + "another actor comes to write too: it takes the map away, and looks whether the owner is busy. The handshake must never let both in.";

    public override IReadOnlyList<string> Actors => ["Set 10 (owner)", "Set 11"];

    public override int Owner => 0;

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
