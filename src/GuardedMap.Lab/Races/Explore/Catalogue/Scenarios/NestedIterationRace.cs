namespace GuardedMaps.Lab;

/// <summary>A loop in a loop.</summary>
internal sealed class NestedIterationRace : MapScenario
{
    public override string Name => "NestedIteration";

    public override string Story =>
        "One actor iterates, and within the loop iterates again; another inserts two keys when the inner loop has ended. A guard that keeps one flag for 'somebody "
        + "iterates' has cleared it by then, and the outer loop is unprotected. Here every iteration has a lease of its own.";

    public override int Version => 2;

    public override IReadOnlyList<string> Actors => ["iterate within iterate", "Set 13, Set 14"];

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.NotLinearizable];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation, ScheduleOutcomeKind.NotLinearizable];

    public override NaiveGuardKind? Naive => NaiveGuardKind.OneFlag;

    public override IReadOnlyList<ScheduleOutcomeKind> GuardedNaively => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.NotLinearizable];

    public override void Setup(MapSetup setup) => setup.PutAll(10, 11);

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        if (me.Index == 1)
        {
            await me.Set(13, 130);
            await me.Set(14, 140);
            return default;
        }

        var outer = await me.Begin();
        StepWorld.BeginTry();
        try
        {
            if (await me.Next(outer)) await me.ForEach();
            await me.Rest(outer);
        }
        finally
        {
            StepWorld.EndTry();
            await me.End(outer);
        }

        return default;
    }
}
