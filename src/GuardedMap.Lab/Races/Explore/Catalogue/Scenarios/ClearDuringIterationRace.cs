namespace GuardedMaps.Lab;

/// <summary>Everything goes while somebody iterates, and something new comes.</summary>
internal sealed class ClearDuringIterationRace : MapScenario
{
    public override string Name => "ClearDuringIteration";

    public override string Story =>
        "One actor iterates while another clears the map and fills it anew. The iteration is in the middle of a bucket whose entries are gone and replaced: it "
        + "yields what was never there together.";

    public override IReadOnlyList<string> Actors => ["iterate", "Clear, Set 13"];

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.TornValue, ScheduleOutcomeKind.NotLinearizable];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation, ScheduleOutcomeKind.TornValue, ScheduleOutcomeKind.NotLinearizable];

    public override void Setup(MapSetup setup) => setup.PutAll(10, 11, 12);

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        if (me.Index == 0)
        {
            await me.ForEach();
            return default;
        }

        await me.Clear();
        await me.Set(13, 130);
        return default;
    }
}
