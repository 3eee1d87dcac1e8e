namespace GuardedMaps.Lab;

/// <summary>A loop that was left without a word.</summary>
internal sealed class AbandonedIteratorRace : MapScenario
{
    public override string Name => "AbandonedIterator";

    public override string Story =>
        "One actor begins an iteration whose end nobody can know, looks at one entry and walks away: PowerShell disposes no enumerator, so every break does "
        + "this. A map that counts its readers would be locked for good. Here such an iteration asks nothing of writers: the other actor's write succeeds, "
        + "whenever it comes.";

    public override IReadOnlyList<string> Actors => ["MoveNext, then nothing", "Set 13"];

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation];

    public override NaiveGuardKind? Naive => NaiveGuardKind.ReaderCount;

    public override IReadOnlyList<ScheduleOutcomeKind> GuardedNaively => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Livelock];

    public override void Setup(MapSetup setup) => setup.PutAll(10, 11, 12);

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        if (me.Index == 1)
        {
            await me.Set(13, 130);
            return default;
        }

        var iterator = await me.Begin(IterationContract.FailFast);
        await me.Next(iterator);
        return default;
    }

    public override ScheduleOutcome? Judge(MapEnding ending) => ending.Hands[1].Actor.Error is StepViolationException { Kind: not MapViolationKind.ConcurrentWrites }
        ? new(ScheduleOutcomeKind.Livelock, "a write was refused because of an iteration that nobody goes on with")
        : null;
}
