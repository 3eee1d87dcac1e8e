using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>The maps that cannot race, their source explored: every schedule is as if one after the other, and a map of which that is not so is found out.</summary>
public sealed class RacedMapTests
{
    public static TheoryData<string, string> Models
    {
        get
        {
            var models = new TheoryData<string, string>();
            foreach (var model in RaceModels.All.OfType<RacedModel>()) models.Add(model.Scenario, model.Target);
            return models;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_schedule_is_as_if_the_operations_came_one_after_the_other(string scenario, string map)
    {
        var model = (RacedModel)RaceModels.Get(scenario, map, RaceGrain.Access);
        var search = Searches.OptionsFor(model);
        var result = Searches.Of(model);

        Assert.Equal(ExploreEnd.Finished, result.End);
        var expected = RaceModels.ExpectedOf(model);
        Assert.All(result.Outcomes, o => Assert.True(expected.Contains(o.Outcome.Kind), $"{o.Outcome} at {o.SimplestToken}"));
        Assert.Equal(expected.Order(), result.Outcomes.Select(o => o.Outcome.Kind).Distinct().Order());
        Assert.Equal(ExactFraction.One, result.Outcomes.Select(o => o.Share).Aggregate(ExactFraction.Add));
        Assert.Equal(search.Within, result.PreemptionsCovered);
        if (search.Within is null) Assert.True(result.AllSchedules >= 10, $"{result.AllSchedules} schedules");
    }

    [Theory]
    [InlineData("StoreAndLook", "SnapshotMap", 1_234_663)]
    [InlineData("StoreAndLook", "SyncMap", 264_082)]
    [InlineData("ThreeIncrements", "SnapshotMap", 551)]
    [InlineData("ClearVersusOverwrite", "OrderedMap", 19)]
    [InlineData("AddVersusRemove", "SnapshotMap", 17_834_859)]
    [InlineData("Promotion", "SyncMap", 5_554_463_696)]
    public void There_are_so_many_schedules_and_as_long_as_the_source_stays_as_it_is_no_others(string scenario, string target, long schedules) =>
        Assert.Equal(schedules, Explorer.Run(RaceModels.Get(scenario, target, RaceGrain.Access), new() { Mode = ExploreMode.Merged }).AllSchedules);

    // Each schedule is run, so what is long is followed less far; three preemptions, as in the catalogue's own searches, where there are few schedules.
    [Theory]
    [InlineData("ThreeIncrements", "SnapshotMap", 3)]
    [InlineData("StoreAndLook", "SnapshotMap", 2)]
    [InlineData("StoreAndLook", "SyncMap", 2)]
    [InlineData("TwoWritersNeighbours", "OrderedMap", 2)]
    [InlineData("ClearVersusUpdate", "SyncMap", 2)]
    [InlineData("SnapshotVersusInsert", "SnapshotMap", 2)]
    [InlineData("ExpungedKeyComesBack", "SyncMap", 2)]
    [InlineData("TombstoneInTheWay", "OrderedMap", 1)]
    public void Counting_schedules_by_situation_gives_the_very_numbers_that_running_each_of_them_gives(string scenario, string map, int bound)
    {
        var model = RaceModels.Get(scenario, map, RaceGrain.Access);
        var each = Explorer.Run(model, new() { Mode = ExploreMode.Bounded, MaxPreemptions = bound });
        var within = Explorer.Run(model, new() { Mode = ExploreMode.Merged, MaxPreemptions = bound, Within = bound });

        Assert.True(each.Certificate!.Holds);
        Assert.Equal(each.ByPreemptions, within.ByPreemptions);
        Assert.Equal(each.Outcomes.Select(o => (o.Outcome.ToString(), o.Count, o.Share)).Order(), within.Outcomes.Select(o => (o.Outcome.ToString(), o.Count, o.Share)).Order());
    }

    [Theory]
    [InlineData(BreakOfRaced.Increment, "ThreeIncrements", ScheduleOutcomeKind.StaleValue)]
    [InlineData(BreakOfRaced.Forgets, "StoreAndLook", ScheduleOutcomeKind.LostEntry)]
    [InlineData(BreakOfRaced.Count, "TwoWritersNeighbours", ScheduleOutcomeKind.WrongCount)]
    [InlineData(BreakOfRaced.Iteration, "DeleteTwoDuringIteration", ScheduleOutcomeKind.TornValue)]
    [InlineData(BreakOfRaced.Lock, "TwoWritersNeighbours", ScheduleOutcomeKind.Livelock)]
    [InlineData(BreakOfRaced.Throws, "AddVersusRemove", ScheduleOutcomeKind.Crashed)]
    public void A_map_that_is_not_atomic_is_found_out_and_the_schedule_can_be_run_again(BreakOfRaced broken, string scenario, ScheduleOutcomeKind kind)
    {
        var model = Broken(broken, scenario);
        var result = Explorer.Run(model, model.Search);

        Assert.Equal(ExploreEnd.Finished, result.End);
        var wrong = result.Outcomes.First(o => o.Outcome.Kind == kind);
        var timeline = RaceTimeline.Of(model, wrong.SimplestToken);
        Assert.Equal(wrong.Outcome, timeline.Outcome);
        Assert.Equal(wrong.FewestPreemptions, timeline.Preemptions);
    }

    [Fact]
    public void And_the_same_map_without_the_break_is_clean()
    {
        foreach (string scenario in (string[])["ThreeIncrements", "StoreAndLook", "TwoWritersNeighbours", "ChangeDuringIteration", "AddVersusRemove", "ClearVersusUpdate"])
            Assert.Equal(ScheduleOutcomeKind.Clean, Assert.Single(Explorer.Run(Broken(BreakOfRaced.Nothing, scenario), new() { Mode = ExploreMode.Merged, Within = 3 }).Outcomes).Outcome.Kind);
    }

    [Fact]
    public void A_schedule_is_run_again_step_by_step_by_two_threads()
    {
        var model = RaceModels.Get("StoreAndLook", "SyncMap");
        var token = Explorer.Run(model, new() { Mode = ExploreMode.Walk, MaxSchedules = 20, Seed = 3 }).Outcomes[0].FirstToken;

        var timeline = RaceTimeline.Of(ScheduleToken.Parse(token.ToString()));
        Assert.Equal(token.Schedule, Schedule.FromSteps([.. timeline.Steps.Select(s => s.Actor)]));
        Assert.Equal(["Set(10, 100)", "Get(10)"], timeline.Steps.Where(s => s.Actor == 0).Select(s => s.Operation).Distinct(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Contains(timeline.Steps, s => s.Point.Name == "SyncMapBase.Change.read.read" || s.Stack.Any(f => f.StartsWith("SyncMapBase", StringComparison.Ordinal)));
        Assert.Equal(3, timeline.History.Count);

        var threads = ThreadReplay.Run(token);
        Assert.Equal(timeline.Outcome, threads.Outcome);
        Assert.Equal(timeline.Steps.Count, threads.Steps);
        Assert.Equal(2, threads.ThreadIds.Distinct().Count());
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, threads.ThreadIds);
    }

    // Else the first search of a process has other situations than those after it: where an actor of its first schedule is the first to use a type.
    [Fact]
    public void What_is_made_once_for_all_schedules_takes_none_of_an_actors_numbers()
    {
        var world = new RacedWorld();
        world.Begin();
        long id = 0;
        var actor = new RacedActor(world, 0, () =>
        {
            RacedObject.ForAll();
            id = new RacedObject().Id;
        });
        actor.Begin();

        Assert.True(actor.IsFinished);
        Assert.Equal(RacedWorld.IdFor(actor: 0, 1), id);
    }

    [Fact]
    public void The_scenarios_are_offered_by_name_with_what_they_are_explored_on()
    {
        var both = RaceCatalogue.GetScenario("TwoWritersSameKey");
        Assert.Equal(RaceCatalogue.Targets.Where(t => !t.IsOfOneScenario).Select(t => t.Name), both.ExploredOn, StringComparer.Ordinal);
        Assert.Equal([ScheduleOutcomeKind.Clean], RaceModels.ExpectedOf(RaceModels.Get("TwoWritersSameKey", "SyncMap")));
        var own = RaceCatalogue.GetScenario("Promotion");
        Assert.StartsWith("Lookups of new keys", own.Description, StringComparison.Ordinal);
        Assert.Equal(["SyncMap", "SyncMapOfObjects"], own.ExploredOn, StringComparer.Ordinal);
    }

    private static RacedModel Broken(BreakOfRaced broken, string scenario) => new(RaceCatalogue.GetScenario(scenario), "Broken", () => new RacedMap(new BrokenRacedMap(broken)));
}

/// <summary>What is wrong with a <see cref="BrokenRacedMap"/>.</summary>
public enum BreakOfRaced
{
    Nothing,
    Increment,
    Forgets,
    Count,
    Iteration,
    Lock,
    Throws,
}

/// <summary>Four keys in an array, under one lock or without it where it matters.</summary>
internal sealed class BrokenRacedMap(BreakOfRaced broken) : MapFace<int>
{
    private const int First = 10;

    // Yield points of the raced maps: which ones does not matter here.
    private const int Point = 0;

    private readonly Fields _fields = new();
    private readonly long?[] _values = Raced.Made(new long?[4]);

    public override bool IterationIsOneMoment => false;

    public override bool CountIsExact => false;

    public override bool HasTryUpdate => true;

    public override int Count => Raced.Read(ref _fields.Count, _fields, Point);

    public override long? Get(int key) => Raced.Read(ref _values[key - First], _values, Point);

    public override void Set(int key, long value) => Change(key, _ => value);

    public override bool TryAdd(int key, long value) => Change(key, present => present is null ? value : null);

    public override bool TryUpdate(int key, long value, long compared) => Change(key, present => present == compared ? value : null);

    public override long GetOrAdd(int key, long value)
    {
        long result = value;
        Change(key, present =>
        {
            result = present ?? value;
            return present is null ? value : null;
        });
        return result;
    }

    public override long Increment(int key, long by)
    {
        long sum = 0;
        Change(key, present => sum = (present ?? 0) + by);
        return sum;
    }

    public override long? Take(int key)
    {
        Raced.Enter(_fields, Point);
        long? found = Get(key);
        if (found is not null)
        {
            Raced.Write(ref _values[key - First], _values, null, Point);
            Count1(-1);
        }

        Raced.Exit(_fields, Point);
        return found;
    }

    public override void Clear()
    {
        Raced.Enter(_fields, Point);
        for (int i = 0; i < _values.Length; i++) Raced.Note(ref _values[i], _values, null);
        Raced.Write(ref _fields.Count, _fields, 0, Point);
        Raced.Exit(_fields, Point);
    }

    public override IEnumerable<KeyValuePair<int, long>> Entries()
    {
        // Which keys there are, and only then what they have.
        bool[] isThere = new bool[_values.Length];
        for (int i = 0; i < _values.Length && broken == BreakOfRaced.Iteration; i++) isThere[i] = Get(First + i) is not null;
        for (int i = 0; i < _values.Length; i++)
        {
            if (broken == BreakOfRaced.Forgets && i == 0) continue;
            long? found = Get(First + i);
            if (broken == BreakOfRaced.Iteration && isThere[i]) found ??= -1;
            if (found is { } value) yield return new(First + i, value);
        }
    }

    public override void CheckInvariants()
    {
        // What can be wrong with it is seen from outside.
    }

    private bool Change(int key, Func<long?, long?> decide)
    {
        bool isLocked = broken is not (BreakOfRaced.Increment or BreakOfRaced.Count);
        if (isLocked) Raced.Enter(_fields, Point);
        long? found = Get(key);
        var decided = decide(found);
        if (broken == BreakOfRaced.Throws && RacedActor.Running is not null && decided is not null && Count == 0) throw new InvalidOperationException("There was something, and now there is nothing.");
        if (decided is { } value)
        {
            Raced.Write(ref _values[key - First], _values, value, Point);
            if (found is null) Count1(1);
        }

        // Whoever fills the map forgets to let the lock go.
        if (isLocked && (broken != BreakOfRaced.Lock || Count != 4)) Raced.Exit(_fields, Point);
        return decided is not null;
    }

    private void Count1(int by) => Raced.Write(ref _fields.Count, _fields, Raced.Read(ref _fields.Count, _fields, Point) + by, Point);

    // What is shared must lie in an object with an identity.
    private sealed class Fields : RacedObject
    {
        [SuppressMessage("Design", "CA1051:Do not declare visible instance fields", Justification = "It is referred to.")]
        public int Count;
    }
}
