namespace GuardedMaps.Lab;

/// <summary>MoveNext after the end.</summary>
internal sealed class ResumedAfterDoneRace : MapScenario
{
    public override string Name => "ResumedAfterDone";

    public override string Story =>
        "An iteration has come to its end and is stepped again, after another actor has inserted. An iterator that simply wraps round begins anew and yields "
        + "everything twice. Here the end is final: whatever happens to the map, MoveNext stays false.";

    public override IReadOnlyList<string> Actors => ["iterate, MoveNext, MoveNext", "Set 13"];

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation];

    public override NaiveGuardKind? Naive => NaiveGuardKind.Wraps;

    public override IReadOnlyList<ScheduleOutcomeKind> GuardedNaively => [ScheduleOutcomeKind.DuplicateEntry];

    public override void Setup(MapSetup setup) => setup.PutAll(10, 11, 12);

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        if (me.Index == 1)
        {
            await me.Set(13, 130);
            return default;
        }

        var iterator = await me.Begin(IterationContract.FailFast);
        await me.Finish(iterator);
        await me.Next(iterator);
        await me.Next(iterator);
        return default;
    }

    public override ScheduleOutcome? Judge(MapEnding ending)
    {
        var records = ending.Hands[0].Records;
        int end = records.ToList().FindIndex(r => r.Verb == MapVerb.End);
        return end >= 0 && records.Skip(end).Any(r => r.Verb == MapVerb.Visit)
            ? new(ScheduleOutcomeKind.DuplicateEntry, "the iteration went on after its end")
            : null;
    }
}
