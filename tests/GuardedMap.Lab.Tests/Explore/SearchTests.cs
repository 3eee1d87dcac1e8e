namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>Limits, cancellation, progress, pruning, and models that break the rules.</summary>
public sealed class SearchTests
{
    public static TheoryData<string> Models => ["varying", "counters", "three counters", "spinning", "WriterFlag:SetAndClear", "WriterFlag:Xor", "WriterFlag:CompareAndSwap", "LostUpdate:GuardedMap", "LostUpdate:Hashtable"];

    internal static RaceModel Model(string name) => name switch
    {
        "varying" => TestModels.Varying(),
        "counters" => TestModels.Counters(actors: 2, times: 2, alone: 3),
        "three counters" => TestModels.Counters(actors: 3, times: 1, alone: 1),
        "spinning" => TestModels.Spinning(),
        _ => RaceModels.Get(name.Split(':')[0], name.Split(':')[1]),
    };

    internal static ExploreOptions Limits(string name) => new() { MaxSteps = name == "spinning" ? 12 : 400 };

    [Theory]
    [MemberData(nameof(Models))]
    public void Pruning_keeps_the_set_of_outcomes(string name)
    {
        var all = Explorer.Run(Model(name), Limits(name));
        var pruned = Explorer.Run(Model(name), Limits(name) with { Mode = ExploreMode.Sleep });

        Assert.True(all.Exhaustive);
        Assert.True(all.EveryOutcomeFound);
        Assert.True(pruned.EveryOutcomeFound);
        Assert.False(pruned.Exhaustive);
        Assert.Equal(ExactFraction.One, pruned.Certificate!.Explored + pruned.Certificate.Pruned);
        Assert.Equal(all.Outcomes.Select(o => o.Outcome.ToString()).Order(StringComparer.Ordinal), pruned.Outcomes.Select(o => o.Outcome.ToString()).Order(StringComparer.Ordinal));
        Assert.True(pruned.Schedules <= all.Schedules);
    }

    [Fact]
    public void Pruning_runs_one_schedule_of_each_set_whose_order_of_conflicts_is_the_same()
    {
        // Steps on cells of their own do not conflict, which leaves the 6 orders of two reads and two writes of one cell. In 4 of
        // these the reads come first, and which of them is first does not matter: 2 + 4 / 2.
        var result = Explorer.Run(TestModels.Counters(actors: 2, times: 1, alone: 5), new() { Mode = ExploreMode.Sleep });
        Assert.Equal(4, result.Schedules);
        Assert.Equal(ExactFraction.One, result.Certificate!.Total);
        Assert.NotEqual(0, result.Certificate.PrunedBranches);
    }

    [Fact]
    public void An_unknown_location_depends_on_everything_and_nothing_is_pruned()
    {
        var model = new TestModel<int>(() => 0, _ => TestModels.Clean, [3, 3], Anywhere, Anywhere);
        Assert.Equal(20, Explorer.Run(model, new() { Mode = ExploreMode.Sleep }).Schedules);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_first_and_the_simplest_token_of_each_outcome_replay_to_it(string name)
    {
        var model = Model(name);
        var options = Limits(name);
        foreach (var mode in Enum.GetValues<ExploreMode>().Where(m => m is not ExploreMode.Merged && (m != ExploreMode.Uniform || model.Lengths is not null)))
        {
            foreach (var outcome in Explorer.Run(model, options with { Mode = mode, MaxSchedules = 20_000 }).Outcomes)
            {
                foreach (var token in (ScheduleToken[])[outcome.FirstToken, outcome.SimplestToken])
                {
                    var replay = ScheduleReplay.Of(model, ScheduleToken.Parse(token.ToString()), options.MaxSteps);
                    Assert.Equal(outcome.Outcome, replay.ToEnd());
                    Assert.Equal(token.Schedule, replay.Run);
                    if (token == outcome.SimplestToken) Assert.Equal(outcome.FewestPreemptions, replay.Preemptions);
                }
            }
        }
    }

    [Fact]
    public void An_actor_that_never_ends_is_stopped_by_the_limit_of_steps_and_counted_as_livelock()
    {
        var result = Explorer.Run(TestModels.Spinning(), new() { MaxSteps = 12 });
        Assert.True(result.Exhaustive);
        var livelock = Assert.Single(result.Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Livelock);

        // A has made all 12 steps but those of B, who has made 0, 1 or 2: C(12,0) + C(12,1) + C(12,2), and one more where B's
        // third is the twelfth.
        Assert.Equal(1 + 12 + 66 + 55, livelock.Count);
        Assert.Equal(12, livelock.FirstToken.Schedule.Runs.Sum(r => r.Steps));
    }

    [Fact]
    public void Left_to_itself_the_search_finds_the_first_fault_and_then_covers_everything_it_can()
    {
        // Few schedules: all of them are run. A map's: all of them are counted. 9 x 10^9 of them without situations, none at fault: bounded.
        Assert.Equal((ExploreMode.Exhaustive, true), ModeOf(RaceModels.Get("WriterFlag", "Xor")));
        Assert.Equal((ExploreMode.Merged, true), ModeOf(RaceModels.Get("TwoWritersSameKey", "GuardedMapFlag")));
        var counters = Explorer.Automatic(TestModels.Counters(actors: 2, times: 1, alone: 16));
        Assert.Equal((ExploreMode.Bounded, 3), (counters.Mode, counters.PreemptionsCovered));

        static (ExploreMode, bool) ModeOf(RaceModel model)
        {
            var result = Explorer.Automatic(model);
            return (result.Mode, result.Exhaustive);
        }
    }

    [Fact]
    public void A_limit_that_is_just_enough_is_not_a_limit()
    {
        var result = Explorer.Run(TestModels.Fixed(named: false, 4, 4), new() { MaxSchedules = 70 });
        Assert.Equal(ExploreEnd.Finished, result.End);
        Assert.True(result.Exhaustive);
        Assert.Equal(ExploreEnd.Count, Explorer.Run(TestModels.Fixed(named: false, 4, 4), new() { MaxSchedules = 69 }).End);
    }

    [Fact]
    public void The_limit_of_time_ends_a_search_that_would_take_for_ever()
    {
        var result = Explorer.Run(TestModels.Fixed(named: false, 40, 40), new() { MaxDuration = TimeSpan.FromMilliseconds(50) });
        Assert.Equal(ExploreEnd.Time, result.End);
        Assert.False(result.Exhaustive);
        Assert.True(result.Schedules > 0);
    }

    [Theory]
    [InlineData(ExploreMode.Exhaustive)]
    [InlineData(ExploreMode.Bounded)]
    [InlineData(ExploreMode.Sleep)]
    [InlineData(ExploreMode.Uniform)]
    [InlineData(ExploreMode.Walk)]
    [InlineData(ExploreMode.Pct)]
    public void A_cancelled_search_gives_what_was_found_until_then(ExploreMode mode)
    {
        using var cancellation = new CancellationTokenSource();
        int judged = 0;
        var model = new TestModel<int>(
            () => 0,
            _ =>
            {
                if (++judged == 25) cancellation.Cancel();
                return TestModels.Clean;
            },
            [3, 3, 3],
            Anywhere,
            Anywhere,
            Anywhere);
        var result = Explorer.Run(model, new() { Mode = mode, MaxPreemptions = 20 }, null, cancellation.Token);

        Assert.Equal(ExploreEnd.Cancelled, result.End);
        Assert.Equal(25, judged);
        Assert.False(result.Exhaustive);
        if (mode != ExploreMode.Bounded)
        {
            Assert.Equal(25, result.Schedules);
            return;
        }

        // The round without preemptions was finished with its 3! schedules; the round after it met some of them again.
        Assert.Equal(0, result.PreemptionsCovered);
        Assert.Equal([6, result.Schedules - 6], result.ByPreemptions);
        Assert.InRange(result.Schedules, 7, 24);
    }

    [Fact]
    public void A_search_cancelled_before_it_began_has_found_nothing_and_says_so()
    {
        var result = Explorer.Run(TestModels.Fixed(named: false, 4, 4), null, null, new CancellationToken(canceled: true));
        Assert.Equal((0L, ExploreEnd.Cancelled, false), (result.Schedules, result.End, result.Exhaustive));
        Assert.Empty(result.Outcomes);
    }

    [Theory]
    [InlineData(ExploreMode.Exhaustive)]
    [InlineData(ExploreMode.Sleep)]
    public void Progress_never_goes_back_and_ends_at_the_weight_that_was_done(ExploreMode mode)
    {
        var reports = new Reports();
        var whole = Explorer.Run(TestModels.Counters(actors: 2, times: 3, alone: 3), new() { Mode = mode }, reports);
        Assert.Equal(1.0, reports.All[^1].Fraction);
        Assert.Equal(whole.Schedules, reports.All[^1].Schedules);
        Assert.Equal(reports.All.OrderBy(r => r.Fraction), reports.All);

        reports = new Reports();
        var part = Explorer.Run(TestModels.Counters(actors: 2, times: 3, alone: 3), new() { Mode = mode, MaxSchedules = 10 }, reports);
        Assert.Equal(part.Certificate!.Total.ToDouble(), reports.All[^1].Fraction);
        Assert.InRange(reports.All[^1].Fraction, 1e-9, 0.999);
    }

    [Fact]
    public void A_model_that_is_not_deterministic_is_caught()
    {
        int calls = 0;
        var model = new TestModel<int>(() => 0, _ => TestModels.Clean, lengths: null, Anywhere, _ => Moody(calls++));
        var error = Assert.Throws<RaceModelException>(() => Explorer.Run(model));
        Assert.StartsWith("The model Test:model is not deterministic: run again as ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_of_an_actor_ends_it_where_the_model_accepts_that_and_the_search_where_it_does_not()
    {
        static IEnumerator<Footprint> Throws(List<string> log)
        {
            yield return TestModels.Write(0);
            throw new InvalidOperationException("refused");
        }

        static IEnumerator<Footprint> Fine(List<string> log)
        {
            yield return TestModels.Write(0);
            log.Add("B was here");
        }

        var accepting = new TestModel<List<string>>(() => [], log => TestModels.Named(string.Join(", ", log)), [1, 1], Throws, Fine)
        {
            OnFault = (log, actor, error) =>
            {
                log.Add($"{Schedule.Letter(actor)} {error.Message}");
                return true;
            },
        };
        Assert.Equal(["A refused, B was here", "B was here, A refused"], Explorer.Run(accepting).Outcomes.Select(o => o.Outcome.Text).Order(StringComparer.Ordinal), StringComparer.Ordinal);

        var refusing = new TestModel<List<string>>(() => [], _ => TestModels.Clean, [1, 1], Throws, Fine);
        var error = Assert.Throws<RaceModelException>(() => Explorer.Run(refusing));
        Assert.StartsWith("Actor A (actor 0) of Test:model threw InvalidOperationException in step 1 of the schedule: refused", error.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(error.InnerException);
    }

    [Theory]
    [InlineData("MaxPreemptions:")]
    [InlineData("PctDepth:")]
    [InlineData("MaxSchedules:")]
    [InlineData("MaxDuration:")]
    [InlineData("MaxSteps:")]
    [InlineData("Mode:")]
    public void An_option_out_of_range_is_refused_by_name(string expected)
    {
        var options = expected switch
        {
            "MaxPreemptions:" => new ExploreOptions { MaxPreemptions = -1 },
            "PctDepth:" => new ExploreOptions { PctDepth = 0 },
            "MaxSchedules:" => new ExploreOptions { MaxSchedules = 0 },
            "MaxDuration:" => new ExploreOptions { MaxDuration = TimeSpan.FromSeconds(-1) },
            "MaxSteps:" => new ExploreOptions { MaxSteps = 1_000_000 },
            _ => new ExploreOptions { Mode = (ExploreMode)99 },
        };
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Explorer.Run(TestModels.Varying(), options));
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    private static IEnumerator<Footprint> Anywhere(int state)
    {
        for (int i = 0; i < 3; i++) yield return TestModels.Write(Footprint.Anywhere);
    }

    private static IEnumerator<Footprint> Moody(int calls)
    {
        yield return TestModels.Write(calls % 3);
        yield return TestModels.Write(0);
    }

    private sealed class Reports : IProgress<ExploreProgress>
    {
        public List<ExploreProgress> All { get; } = [];

        public void Report(ExploreProgress value) => All.Add(value);
    }
}
