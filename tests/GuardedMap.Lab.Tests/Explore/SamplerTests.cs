namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>Drawn schedules. All seeds are fixed, so what is drawn is the same in every run.</summary>
public sealed class SamplerTests
{
    [Theory]
    [InlineData(ExploreMode.Uniform)]
    [InlineData(ExploreMode.Walk)]
    [InlineData(ExploreMode.Pct)]
    public void The_same_seed_draws_the_same_schedules_and_another_seed_others(ExploreMode mode)
    {
        var options = new ExploreOptions { Mode = mode, MaxSchedules = 300, Seed = 5 };
        var model = TestModels.Fixed(named: true, 8, 8);
        string first = Fingerprint(Explorer.Run(model, options));
        Assert.Equal(first, Fingerprint(Explorer.Run(model, options)));
        Assert.NotEqual(first, Fingerprint(Explorer.Run(model, options with { Seed = 6 })), StringComparer.Ordinal);
    }

    [Fact]
    public void The_same_search_gives_the_same_result()
    {
        foreach (var mode in (ExploreMode[])[ExploreMode.Exhaustive, ExploreMode.Bounded, ExploreMode.Sleep])
        {
            var options = new ExploreOptions { Mode = mode };
            Assert.Equal(Fingerprint(Explorer.Run(TestModels.Varying(), options)), Fingerprint(Explorer.Run(TestModels.Varying(), options)));
        }
    }

    [Fact]
    public void Uniform_draws_every_schedule_about_equally_often_and_walk_does_not()
    {
        // 20 schedules, 20,000 draws: 1,000 each, and a standard deviation of 31.
        var model = TestModels.Fixed(named: true, 3, 3);
        var uniform = Explorer.Run(model, new() { Mode = ExploreMode.Uniform, MaxSchedules = 20_000 });
        Assert.Equal(20, uniform.Outcomes.Count);
        Assert.All(uniform.Outcomes, o => Assert.InRange(o.Count, 850, 1_150));

        // The walk runs AAABBB with chance 1/8 and ABABAB with 1/32: 2,500 and 625.
        var walk = Explorer.Run(model, new() { Mode = ExploreMode.Walk, MaxSchedules = 20_000 });
        Assert.InRange(walk.Outcomes.Single(o => o.Outcome.Text == "AAABBB").Count, 2_300, 2_700);
        Assert.InRange(walk.Outcomes.Single(o => o.Outcome.Text == "ABABAB").Count, 520, 730);
    }

    [Fact]
    public void The_walk_ends_in_each_outcome_as_often_as_the_search_has_calculated()
    {
        var exact = Explorer.Run(TestModels.Varying());
        var walk = Explorer.Run(TestModels.Varying(), new() { Mode = ExploreMode.Walk, MaxSchedules = 40_000 });
        foreach (var outcome in exact.Outcomes)
        {
            double expected = outcome.WalkChance!.Value.ToDouble();
            double drawn = walk.Outcomes.FirstOrDefault(o => o.Outcome == outcome.Outcome)?.Share.ToDouble() ?? 0;
            double deviation = Math.Sqrt(expected * (1 - expected) / 40_000);
            Assert.InRange(drawn, expected - (5 * deviation), expected + (5 * deviation));
        }
    }

    [Fact]
    public void Pct_keeps_its_promise_for_a_fault_of_depth_two()
    {
        // One read between the other's read and write: an order of two steps. k = 16 steps, 2 actors: at least 1 in 32.
        var model = TestModels.Counters(actors: 2, times: 1, alone: 6);
        var result = Explorer.Run(model, new() { Mode = ExploreMode.Pct, PctDepth = 2, MaxSchedules = 4_000 });
        Assert.Equal(1.0 / 32, result.Miss!.ChancePerSchedule, 12);
        Assert.InRange(result.Outcomes.Single(o => o.Outcome.Text == "1").Share.ToDouble(), 1.0 / 32, 1);
        Assert.Equal("outcomes forced by the order of at most 2 steps", result.Miss.Of);
        Assert.Equal(Math.Pow(31.0 / 32, 4_000), result.Miss.ChanceOfMiss, 12);
        Assert.All(result.Outcomes, o => Assert.InRange(o.FewestPreemptions, 0, 1));
    }

    [Fact]
    public void Pct_of_depth_one_never_interrupts_anybody()
    {
        var result = Explorer.Run(TestModels.Fixed(named: true, 4, 4), new() { Mode = ExploreMode.Pct, PctDepth = 1, MaxSchedules = 200 });
        Assert.Equal(["AAAABBBB", "BBBBAAAA"], result.Outcomes.Select(o => o.Outcome.Text).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal([200], result.ByPreemptions);
    }

    [Fact]
    public void What_may_have_been_missed_is_stated()
    {
        var result = Explorer.Run(TestModels.Fixed(named: false, 8, 8), new() { Mode = ExploreMode.Uniform, MaxSchedules = 300 });
        Assert.Equal(0.05, Math.Pow(1 - result.Miss!.ChancePerSchedule, 300), 12);
        Assert.Equal(
            "An outcome with a share of p is missed by 300 schedules with chance (1 - p)^300: at most 5 % for p from 0.9936%. Rarer ones may well exist.",
            result.Miss.Text);
        Assert.Null(result.Certificate);
        Assert.False(result.Exhaustive);
    }

    [Fact]
    public void Uniform_needs_lengths_and_says_so()
    {
        var error = Assert.Throws<ArgumentException>(() => Explorer.Run(TestModels.Varying(), new() { Mode = ExploreMode.Uniform }));
        Assert.StartsWith("The mode Uniform needs actors whose lengths are known, and those of Test:model vary", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 2)]
    public void Uniform_notices_lengths_that_are_not_true(int a, int b)
    {
        var truth = TestModels.Fixed(named: false, 2, 2);
        var liar = new TestModel<List<int>>(truth.Setup, truth.Judge, [a, b], truth.Programs[0].Run, truth.Programs[1].Run);
        Assert.Throws<RaceModelException>(() => Explorer.Run(liar, new() { Mode = ExploreMode.Uniform }));
    }

    private static string Fingerprint(ExploreResult result) => string.Join(
        "\n",
        result.Outcomes.Select(o => $"{o.Outcome} {o.Count} {o.Share} {o.WalkChance} {o.FirstToken} {o.SimplestToken} {o.FewestPreemptions}")
            .Append(string.Join(",", result.ByPreemptions))
            .Append($"{result.Schedules} {result.Steps} {result.End} {result.Certificate}"));
}
