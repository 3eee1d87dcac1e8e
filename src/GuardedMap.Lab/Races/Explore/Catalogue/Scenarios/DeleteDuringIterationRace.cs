namespace GuardedMaps.Lab;

/// <summary>A key goes, and another takes its slot, while somebody iterates.</summary>
internal sealed class DeleteDuringIterationRace : MapScenario
{
    public override string Name => "DeleteDuringIteration";

    public override string Story =>
        "One actor iterates, another removes a key and inserts a new one, which takes the slot that became free. The iteration has seen that the slot is live "
        + "and reads it while it changes: it yields the new key with the old value. Deleting inside a loop over a map is the oldest question of the field; Go "
        + "allows it to the loop itself, and nobody allows it to another thread.";

    public override IReadOnlyList<string> Actors => ["iterate", "Remove 11, Set 13"];

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.TornValue];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation, ScheduleOutcomeKind.TornValue];

    public override void Setup(MapSetup setup) => setup.PutAll(10, 11, 12);

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        if (me.Index == 0)
        {
            await me.ForEach();
            return default;
        }

        await me.Remove(11);
        await me.Set(13, 130);
        return default;
    }
}
