namespace GuardedMaps.Lab;

/// <summary>The ninth entry makes the table grow under an iteration.</summary>
internal sealed class GrowDuringIterationRace : MapScenario
{
    public override string Name => "GrowDuringIteration";

    public override string Story =>
        "One actor iterates over a full bucket, another inserts the entry that makes the table double, so that every entry moves, and then changes an old one. An "
        + "iteration that follows live indexes meets entries twice or not at all; Go's walk, which this map has too, looks moved entries up, and so shows the "
        + "change and not the insertion before it: a state that never was. With a third interruption it stumbles over what is half moved.";

    public override int Version => 2;

    public override IReadOnlyList<string> Actors => ["iterate over 8", "Set the 9th, Set 10"];

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.NotLinearizable, ScheduleOutcomeKind.Crashed];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation, ScheduleOutcomeKind.NotLinearizable, ScheduleOutcomeKind.Crashed];

    public override void Setup(MapSetup setup) => setup.PutAll(10, 11, 12, 13, 14, 15, 16, 17);

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        if (me.Index == 0)
        {
            await me.ForEach();
            return default;
        }

        await me.Set(18, 180);
        await me.Set(10, 101);
        return default;
    }
}
