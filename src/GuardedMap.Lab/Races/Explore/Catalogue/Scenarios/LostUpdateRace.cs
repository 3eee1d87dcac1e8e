namespace GuardedMaps.Lab;

/// <summary>Read, add, write.</summary>
internal sealed class LostUpdateRace : MapScenario
{
    private const int Key = 7;

    public override string Name => "LostUpdate";

    public override string Story =>
        "Two actors count: each reads the number, adds one and writes it back. Both operations are legal, and where they do not overlap no guard has anything "
        + "to object to; if both reads come first, one increment is gone. This is what $m['n']++ does in every language and on every map, the concurrent ones "
        + "included. The cure is one operation instead of two: Increment, AddOrUpdate (scenario AtomicUpdate). A map that detects lost updates refuses the second set.";

    public override IReadOnlyList<string> Actors => ["Get n, Set n", "Get n, Set n"];

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.StaleValue];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation, ScheduleOutcomeKind.StaleValue];

    public override IReadOnlyList<ScheduleOutcomeKind> Guarded => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation, ScheduleOutcomeKind.StaleValue];

    public override IReadOnlyList<ScheduleOutcomeKind> Detecting => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation];

    public override void Setup(MapSetup setup) => setup.Put(Key, 0);

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        long value = await me.Get(Key) ?? 0;
        await me.Set(Key, value + 1);
        return default;
    }

    public override ScheduleOutcome? Judge(MapEnding ending)
    {
        // An increment is a read and a write: one that was shrunk to a write promises nothing.
        bool areIncrements = ending.Hands.All(h => h.Actor.Error is null && h.Records.Select(r => r.Verb).SequenceEqual([MapVerb.Get, MapVerb.Set]));
        return areIncrements && ending.Find(Key) != ending.Hands.Count
            ? new(ScheduleOutcomeKind.StaleValue, "two increments were acknowledged and one is lost")
            : null;
    }
}
