namespace GuardedMaps.Lab;

/// <summary>The ninth entry makes the table grow under an iteration.</summary>
internal sealed class GrowDuringIterationRace : MapScenario
{
    public override string Name => "GrowDuringIteration";

    public override string Story =>
        "One actor iterates over a full bucket, another inserts the entry that makes the table double: every entry moves. An iteration that follows live "
        + "indexes meets entries twice or not at all; Go's walk, which this map has too, looks moved entries up. That is right for the loop's own writes. For "
        + "another thread's it holds only as long as nobody looks in the middle of a move: two interruptions do no harm, a third makes the walk stumble over what is half done.";

    public override IReadOnlyList<string> Actors => ["iterate over 8", "Set the 9th"];

    public override int Within(RaceProtection protection) => protection == RaceProtection.None ? 2 : 3;

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation, ScheduleOutcomeKind.Crashed];

    public override void Setup(MapSetup setup) => setup.PutAll(10, 11, 12, 13, 14, 15, 16, 17);

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        if (me.Index == 0) await me.ForEach();
        else await me.Set(18, 180);
        return default;
    }
}
