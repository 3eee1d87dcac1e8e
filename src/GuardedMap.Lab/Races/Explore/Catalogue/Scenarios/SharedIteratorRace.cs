namespace GuardedMaps.Lab;

/// <summary>Two actors step one iterator.</summary>
internal sealed class SharedIteratorRace : MapScenario
{
    public override string Name => "SharedIterator";

    public override string Story =>
        "Two actors take entries from one iterator, as a work queue made of an enumerator does. Both copy its place, both go on from there, both put it back: "
        + "entries are handed out twice, or never. No map on the market looks after this; the guard lets one actor in at a time and refuses the other. (MoveNext is judged alone: to ask for Current afterwards is a second operation, between which and the first another may step.)";

    public override IReadOnlyList<string> Actors => ["MoveNext, MoveNext", "MoveNext, MoveNext"];

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.DuplicateEntry];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.DuplicateEntry];

    public override void Setup(MapSetup setup) => setup.PutAll(10, 11, 12, 13);

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        await me.Next(stage.Iterator!);
        await me.Next(stage.Iterator!);
        return default;
    }

    public override bool MayLeaveLease => true;

    public override void Prepare(MapStage stage)
    {
        stage.Iterator = stage.Map.CreateIterator(IterationContract.FailFast);
        stage.Iterator.Begin().Now();
    }

    public override ScheduleOutcome? Judge(MapEnding ending)
    {
        var visits = ending.Hands.SelectMany(h => h.Records).Where(r => r.Verb == MapVerb.Visit && r.Returned).Select(r => r.Key).ToList();
        int twice = visits.GroupBy(k => k).Where(g => g.Count() > 1).Select(g => g.Key).FirstOrDefault();
        return twice == 0 ? null : new(ScheduleOutcomeKind.DuplicateEntry, FormattableString.Invariant($"key {twice} is handed out twice"));
    }
}
