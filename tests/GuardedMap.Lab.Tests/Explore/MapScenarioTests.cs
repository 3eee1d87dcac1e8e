namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>The races over the stepped map: how each may end, and that it does.</summary>
public sealed class MapScenarioTests
{
    public static TheoryData<string, string> Models
    {
        get
        {
            var models = new TheoryData<string, string>();
            // With protection Synchronized the same code takes turns as on a map that reports, less the telling: of that some will do here.
            string[] some = ["LostUpdate", "TwoWritersSameBucket", "ReadDuringEvacuation", "ClearDuringIteration", "SharedIterator", "ForEachOfOwner"];
            foreach (var model in RaceModels.All.OfType<SteppedModel>().Where(m => m.Protection != RaceProtection.Wait || some.Contains(m.Scenario, StringComparer.Ordinal))) models.Add(model.Scenario, model.Target);
            return models;
        }
    }

    private static IEnumerable<Scenario> Stepped => RaceModels.All.OfType<SteppedModel>().Select(m => m.Program).Distinct();

    [Theory]
    [MemberData(nameof(Models))]
    public void A_scenario_ends_in_every_way_it_is_said_to_and_in_no_other(string scenario, string protection)
    {
        var model = (SteppedModel)RaceModels.Get(scenario, protection, RaceGrain.Access);
        var result = Searches.Of(model);

        Assert.Equal(ExploreEnd.Finished, result.End);
        Assert.Equal(
            RaceModels.ExpectedOf(model).Order(),
            result.Outcomes.Select(o => o.Outcome.Kind).Distinct().Order());
        Assert.Equal(ExactFraction.One, result.Outcomes.Select(o => o.Share).Aggregate(ExactFraction.Add));
        Assert.Equal(model.Search.Within, result.PreemptionsCovered);

        foreach (var outcome in result.Outcomes)
        {
            var timeline = RaceTimeline.Of(outcome.SimplestToken);
            Assert.Equal(outcome.Outcome, timeline.Outcome);
            Assert.Equal(outcome.FewestPreemptions, timeline.Preemptions);
            Assert.Equal(outcome.Outcome.Kind == ScheduleOutcomeKind.Violation, timeline.Violation is not null);
        }
    }

    [Theory]
    [InlineData("TwoWritersSameBucket", "GuardedMapNone", 3)]
    [InlineData("TwoWritersSameKey", "GuardedMapFlag", 3)]
    [InlineData("LostUpdate", "GuardedMap", 3)]
    [InlineData("OwnerHandover", "GuardedMap", 3)]
    [InlineData("DeleteDuringIteration", "GuardedMapNone", 2)]
    [InlineData("ClearDuringIteration", "GuardedMapFlag", 2)]
    [InlineData("SnapshotVersusWriter", "GuardedMap", 2)]
    [InlineData("SharedIterator", "GuardedMap", 2)]
    public void Counting_schedules_by_situation_gives_the_very_numbers_that_running_each_of_them_gives(string scenario, string protection, int bound)
    {
        var model = RaceModels.Get(scenario, protection, RaceGrain.Access);
        var each = Explorer.Run(model, new() { Mode = ExploreMode.Bounded, MaxPreemptions = bound });
        var within = Explorer.Run(model, new() { Mode = ExploreMode.Merged, MaxPreemptions = bound, Within = bound });

        Assert.True(each.Certificate!.Holds);
        Assert.Equal(each.ByPreemptions, within.ByPreemptions);
        Assert.Equal(Shares(each), Shares(within));

        // Without a bound the longer ones have too many situations for a test.
        if (bound < 3) return;
        var all = Explorer.Run(model, new() { Mode = ExploreMode.Merged, MaxPreemptions = bound });
        Assert.Equal(each.ByPreemptions, all.ByPreemptions);
        Assert.Equal(
            each.Outcomes.Select(o => (o.Outcome.ToString(), o.Count, o.FewestPreemptions)).Order(),
            all.Outcomes.Where(o => o.FewestPreemptions <= bound).Select(o => (o.Outcome.ToString(), o.Count, o.FewestPreemptions)).Order());

        static IEnumerable<(string, long, ExactFraction, int)> Shares(ExploreResult result) =>
            result.Outcomes.Select(o => (o.Outcome.ToString(), o.Count, o.Share, o.FewestPreemptions)).Order();
    }

    [Fact]
    public void All_schedules_of_two_writers_are_counted_though_nobody_could_run_them()
    {
        // Both make 15 steps in turn: about C(30, 15) schedules, more where one is longer.
        var result = Explorer.Run(RaceModels.Get("TwoWritersSameBucket", "GuardedMapNone"), new() { Mode = ExploreMode.Merged });
        Assert.True(result.Exhaustive);
        Assert.True(result.AllSchedules > 10_000_000);
        Assert.InRange(result.Situations!.Value, 100, 10_000);
        Assert.Equal(result.AllSchedules, result.Outcomes.Select(o => o.OfAll!.Value).Aggregate(System.Numerics.BigInteger.Add));
    }

    [Fact]
    public void Every_scenario_shows_its_damage_where_nothing_guards_the_map_or_something_naive_does()
    {
        foreach (var scenario in Stepped)
        {
            Assert.True(scenario.Naive is null != scenario.Expected.ContainsKey("GuardedMapNaive"), scenario.Name);
        }

        // An iteration that nobody ends, and one that has ended: what goes wrong there is a guard, or an iterator, of too simple a kind. Two loops, and a write when
        // one of them is over: what goes wrong there is the count of loops, and without a guard there is none. One is about
        // an order that this table gives anyway: one writer's stores come one after the other.
        Assert.Equal(["ResumedAfterDone", "AbandonedIterator", "TwoForEach", "ReadersSeeOneOrder"], Stepped.Where(s => s.Expected["GuardedMapNone"].All(k => k == ScheduleOutcomeKind.Clean)).Select(s => s.Name), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("TwoWritersSameBucket", "GuardedMapNone")]
    [InlineData("TwoWritersSameKey", "GuardedMapNone")]
    [InlineData("TwoWritersSameBucket", "GuardedMap")]
    [InlineData("LostUpdate", "GuardedMap")]
    [InlineData("AtomicUpdate", "GuardedMapFlag")]
    public void Pruning_by_sleep_sets_finds_the_outcomes_that_counting_every_schedule_finds(string scenario, string protection)
    {
        var model = RaceModels.Get(scenario, protection, RaceGrain.Access);
        var all = Explorer.Run(model, new() { Mode = ExploreMode.Merged });
        var slept = Explorer.Run(model, new() { Mode = ExploreMode.Sleep });

        Assert.Equal(ExploreEnd.Finished, slept.End);
        Assert.True(slept.Certificate!.Holds);
        Assert.True(slept.Schedules < (long)all.AllSchedules!.Value / 20);
        Assert.Equal(Texts(all), Texts(slept), StringComparer.Ordinal);

        static IEnumerable<string> Texts(ExploreResult result) => result.Outcomes.Select(o => o.Outcome.ToString()).Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(3)]
    public void Counting_that_is_cut_short_says_so_and_claims_nothing_it_has_not_seen(int? within)
    {
        var model = RaceModels.Get("WriteDuringIteration", "GuardedMapNone");
        var some = Explorer.Run(model, new() { Mode = ExploreMode.Merged, Within = within, MaxSchedules = 200 });
        Assert.Equal(ExploreEnd.Count, some.End);
        Assert.False(some.Exhaustive);
        Assert.Equal(within is null ? null : -1, some.PreemptionsCovered);
        Assert.NotEmpty(some.Outcomes);
        Assert.All(some.Outcomes, o => Assert.Contains(o.Outcome.Kind, model is SteppedModel map ? map.Program.Expected["GuardedMapNone"] : []));
        Assert.All(some.Outcomes, o => Assert.Equal(o.Outcome, ScheduleReplay.Of(model, o.SimplestToken).ToEnd()));
    }

    [Fact]
    public void Counting_reports_the_share_of_the_tree_that_is_done()
    {
        var seen = new List<double>();
        Explorer.Run(RaceModels.Get("TwoWritersGrowing", "GuardedMapNone"), new() { Mode = ExploreMode.Merged, Within = 2, MaxPreemptions = 2 }, new Told(p => seen.Add(p.Fraction)));
        Assert.Equal(seen.Order(), seen);
        Assert.Equal(1, seen[^1], 9);
    }

    [Fact]
    public void A_model_whose_situations_cannot_be_compared_says_so()
    {
        var error = Assert.Throws<ArgumentException>(() => Explorer.Run(RaceModels.Get("WriterFlag", "Xor"), new() { Mode = ExploreMode.Merged }));
        Assert.StartsWith("The mode Merged needs a model whose situations can be compared, and those of WriterFlag:Xor cannot.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Under_the_guard_nothing_goes_unnoticed_but_a_read_and_a_set_that_are_two_operations()
    {
        foreach (var scenario in Stepped)
        {
            ScheduleOutcomeKind[] allowed = [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation, .. scenario.Name is "LostUpdate" or "CheckThenAct" ? [ScheduleOutcomeKind.StaleValue] : Array.Empty<ScheduleOutcomeKind>()];
            Assert.Subset(allowed.ToHashSet(), scenario.Expected["GuardedMap"].ToHashSet());
        }
    }

    // Nothing is refused, whatever meets: it waits, and a map that reports tells of it. What two operations make of each other no waiting can mend.
    [Fact]
    public void Where_operations_take_turns_nothing_is_refused_and_nothing_is_lost_but_by_a_read_and_a_set_that_are_two_operations()
    {
        List<SteppedModel> waiting = [.. RaceModels.All.OfType<SteppedModel>().Where(m => m.Protection is RaceProtection.Wait or RaceProtection.Report)];
        Assert.True(waiting.Count >= 60, $"{waiting.Count} models");
        foreach (var model in waiting)
        {
            ScheduleOutcomeKind[] expected = model.Scenario switch
            {
                "LostUpdate" or "CheckThenAct" => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.StaleValue],
                "SharedIterator" => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation],
                _ => [ScheduleOutcomeKind.Clean],
            };
            Assert.Equal(expected, RaceModels.ExpectedOf(model));
        }
    }

    // What a guarded map refuses, and what a map tells that reports: the same kinds, in races between operations that the guard refuses at all.
    [Theory]
    [InlineData("TwoWriters", MapViolationKind.ConcurrentWrites)]
    [InlineData("WriteDuringIteration", MapViolationKind.ConcurrentIterationAndWrite)]
    [InlineData("ReadDuringEvacuation", MapViolationKind.ConcurrentReadAndWrite)]
    [InlineData("ClearDuringIteration", MapViolationKind.ConcurrentIterationAndWrite)]
    public void What_a_map_tells_that_reports_is_what_a_guarded_one_refuses(string scenario, MapViolationKind kind)
    {
        var guarded = Searches.Of(RaceModels.Get(scenario, "GuardedMap", RaceGrain.Access));
        Assert.Contains(guarded.Outcomes, o => o.Outcome.Text.EndsWith($"is refused: {kind}", StringComparison.Ordinal));

        var told = Searches.Of(RaceModels.Get(scenario, "GuardedMapReport", RaceGrain.Access)).Outcomes.Where(o => o.Outcome.Text.Contains("; told: ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(told);
        Assert.All(told, o => Assert.EndsWith($"; told: {kind}", o.Outcome.Text, StringComparison.Ordinal));

        // Nobody waits for anything where nothing meets.
        Assert.All(told, o => Assert.True(o.FewestPreemptions > 0, o.ToString()));
        Assert.DoesNotContain(Searches.Of(RaceModels.Get(scenario, "GuardedMapSynchronized", RaceGrain.Access)).Outcomes, o => o.Outcome.Text.Contains("told", StringComparison.Ordinal));
    }

    [Fact]
    public void A_violation_is_told_with_both_sides_and_their_stacks()
    {
        var model = RaceModels.Get("TwoWritersSameBucket", "GuardedMap");
        var result = Explorer.Run(model, new() { Mode = ExploreMode.Bounded, MaxPreemptions = 1 });
        var refused = result.Outcomes.First(o => o.Outcome.Text == "B is refused: ConcurrentWrites");
        var timeline = RaceTimeline.Of(refused.SimplestToken);

        Assert.Equal("ConcurrentWrites", timeline.Violation!.Kind);
        Assert.Equal((1, "Set(11, 110)"), (timeline.Violation.Current.Actor, timeline.Violation.Current.Operation));
        Assert.Equal((0, "Set(10, 100)"), (timeline.Violation.Previous!.Actor, timeline.Violation.Previous.Operation));
        Assert.Contains("GuardedMapBase.EnterAtOnce", timeline.Violation.Current.Stack, StringComparer.Ordinal);
        Assert.Contains("GuardedMapBase.Store", timeline.Violation.Previous.Stack, StringComparer.Ordinal);
        Assert.Equal("B is refused: ConcurrentWrites, A is in Set", timeline.Steps.Single(s => s.Actor == 1 && s.Ends).Note);
        Assert.Equal("entry 1 key", timeline.Steps.First(s => s.Point.Name == "BucketTable.TryStore.key.write").Location);
        Assert.All(timeline.Steps, s => Assert.Single(s.Buckets));
    }

    private sealed class Told(Action<ExploreProgress> tell) : IProgress<ExploreProgress>
    {
        public void Report(ExploreProgress value) => tell(value);
    }
}
