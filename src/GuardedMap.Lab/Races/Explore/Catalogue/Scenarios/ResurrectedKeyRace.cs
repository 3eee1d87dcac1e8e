namespace GuardedMaps.Lab;

/// <summary>A key that was removed comes back.</summary>
internal sealed class ResurrectedKeyRace : MapScenario
{
    private int[] _keys = [];

    public override string Name => "ResurrectedKey";

    public override string Story =>
        "The table is growing, and both actors are to move the same old bucket: one by inserting, the other by removing a key. If the entry is copied, then "
        + "removed, then the copy is published, the key is back although its removal was acknowledged. A session that was ended and lives on is this.";

    public override IReadOnlyList<string> Actors => ["Set (evacuates)", "Remove 12"];

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.LostEntry, ScheduleOutcomeKind.WrongCount, ScheduleOutcomeKind.StaleValue, ScheduleOutcomeKind.TornValue, ScheduleOutcomeKind.Crashed];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation, ScheduleOutcomeKind.LostEntry, ScheduleOutcomeKind.WrongCount, ScheduleOutcomeKind.StaleValue, ScheduleOutcomeKind.Crashed];

    public override void Setup(MapSetup setup)
    {
        // Four full enough buckets; the 27th entry starts the growth and moves buckets 0 and 2. Bucket 3 is left to the race.
        int[] shared = Shared(setup);
        setup.PutAll(setup.Keys(8, first: 100, bucket: 0, ofBuckets: 4));
        setup.PutAll(setup.Keys(8, first: 100, bucket: 1, ofBuckets: 4));
        int[] last = setup.Keys(8, first: 100, bucket: 2, ofBuckets: 4);
        setup.PutAll(last.AsSpan(0, 7));
        setup.PutAll(shared.AsSpan(0, 3));
        setup.PutAll(last.AsSpan(7));
    }

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        int[] shared = stage.Keys;
        if (me.Index == 0) await me.Set(shared[3], shared[3] * 10);
        else await me.Remove(shared[1]);
        return default;
    }

    public override void Prepare(MapStage stage) => stage.Keys = _keys;

    private int[] Shared(MapSetup setup) => _keys = setup.Keys(4, first: 10, bucket: 3, ofBuckets: 4);
}
