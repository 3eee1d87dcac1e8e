using System.Numerics;

namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>The counts that are known by formula, and the certificate.</summary>
public sealed class CountingTests
{
    [Theory]
    [InlineData(70, 4, 4)]
    [InlineData(462, 6, 5)]
    [InlineData(12_870, 8, 8)]
    [InlineData(184_756, 10, 10)]
    [InlineData(4_200, 4, 3, 3)]
    [InlineData(1, 7)]
    [InlineData(40_320, 1, 1, 1, 1, 1, 1, 1, 1)]
    public void An_exhaustive_search_runs_as_many_schedules_as_the_formula_says_and_their_weights_sum_to_one(long expected, params int[] lengths)
    {
        var result = Explorer.Run(TestModels.Fixed(named: false, lengths));

        Assert.Equal(expected, result.Schedules);
        Assert.Equal(expected, result.Predicted);
        Assert.Equal(ExactFraction.One, result.Certificate!.Explored);
        Assert.True(result.Exhaustive);
        Assert.Equal(ExactFraction.One, Assert.Single(result.Outcomes).Share);
    }

    [Fact]
    public void Every_schedule_is_run_once()
    {
        var result = Explorer.Run(TestModels.Fixed(named: true, 4, 3, 3));
        Assert.Equal(4_200, result.Outcomes.Count);
        Assert.All(result.Outcomes, o => Assert.Equal(1, o.Count));
    }

    [Fact]
    public void A_bounded_search_runs_as_many_schedules_as_the_formula_says()
    {
        long[] expected = [2, 16, 114, 408, 1_290];
        for (int bound = 0; bound < expected.Length; bound++)
        {
            var result = Explorer.Run(TestModels.Fixed(named: false, 8, 8), new() { Mode = ExploreMode.Bounded, MaxPreemptions = bound });
            Assert.Equal(expected[bound], result.Schedules);
            Assert.Equal(expected[bound], result.Predicted);
            Assert.Equal(bound, result.PreemptionsCovered);
            Assert.True(result.Certificate!.Holds);
            Assert.Equal(ExactFraction.One, result.Certificate.Explored + result.Certificate.Cut);
            Assert.NotEqual(ExactFraction.One, result.Certificate.Explored);
            Assert.False(result.Exhaustive);
        }
    }

    [Fact]
    public void The_preemptions_of_an_exhaustive_search_are_distributed_as_the_formula_says()
    {
        var result = Explorer.Run(TestModels.Fixed(named: false, 8, 6));
        Assert.Equal(
            Enumerable.Range(0, result.ByPreemptions.Count).Select(p => ScheduleCounting.WithPreemptions(8, 6, p)),
            result.ByPreemptions.Select(c => new BigInteger(c)));
    }

    [Fact]
    public void A_bound_that_cuts_nothing_is_exhaustive_and_ends_when_nothing_is_left_to_add()
    {
        var result = Explorer.Run(TestModels.Fixed(named: true, 3, 3), new() { Mode = ExploreMode.Bounded, MaxPreemptions = 1_000_000 });
        Assert.Equal(20, result.Schedules);
        Assert.Equal(20, result.Outcomes.Count);
        Assert.True(result.Exhaustive);
        Assert.InRange(result.PreemptionsCovered!.Value, 4, 5);
    }

    [Fact]
    public void A_bounded_search_finds_what_an_exhaustive_one_finds_with_so_few_preemptions()
    {
        var all = Explorer.Run(TestModels.Varying());
        foreach (int bound in (int[])[0, 1, 2, 3])
        {
            var bounded = Explorer.Run(TestModels.Varying(), new() { Mode = ExploreMode.Bounded, MaxPreemptions = bound });
            Assert.Equal(all.ByPreemptions.Take(bound + 1), bounded.ByPreemptions);
            Assert.Equal(
                all.Outcomes.Where(o => o.FewestPreemptions <= bound).Select(o => (o.Outcome.Text, o.FewestPreemptions)).Order(),
                bounded.Outcomes.Select(o => (o.Outcome.Text, o.FewestPreemptions)).Order());
        }
    }

    [Fact]
    public void Where_lengths_vary_the_weights_alone_certify()
    {
        var result = Explorer.Run(TestModels.Varying());
        Assert.Null(result.Predicted);
        Assert.True(result.Exhaustive);
        Assert.Equal(ExactFraction.One, result.Certificate!.Total);
        var chance = result.Outcomes.Select(o => o.WalkChance!.Value).Aggregate(ExactFraction.Add);
        Assert.Equal(ExactFraction.One, chance);
    }

    [Fact]
    public void A_model_that_states_wrong_lengths_gets_no_certificate()
    {
        var liar = new TestModel<int>(() => 0, _ => TestModels.Clean, [2, 3], TwoSteps, TwoSteps);
        var result = Explorer.Run(liar);
        Assert.Equal(6, result.Schedules);
        Assert.False(result.Exhaustive);
        Assert.Equal("6 schedules were counted where the formula says 10: the lengths the model states are wrong", result.Certificate!.Objection);
    }

    [Fact]
    public void Weights_too_small_for_any_double_are_still_summed_exactly()
    {
        // 2 actors, one of them 1,500 steps long: the rarest schedule weighs 2^-1500.
        var result = Explorer.Run(TestModels.Fixed(named: false, 1_500, 1), new() { MaxSteps = 2_000 });
        Assert.Equal(1_501, result.Schedules);
        Assert.Equal(ExactFraction.One, result.Certificate!.Total);

        var cut = Explorer.Run(TestModels.Fixed(named: false, 1_500, 1), new() { MaxSteps = 2_000, MaxSchedules = 1_500 });
        Assert.False(cut.Exhaustive);
        Assert.Equal(ExploreEnd.Count, cut.End);
        Assert.NotEqual(ExactFraction.One, cut.Certificate!.Total);
        Assert.StartsWith("the weights of the branches sum to ", cut.Certificate.Objection, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, 4, 3, 2)]
    [InlineData(-6, -4, 3, 2)]
    [InlineData(0, 5, 0, 1)]
    public void Fractions_are_in_lowest_terms(int numerator, int denominator, int expectedNumerator, int expectedDenominator)
    {
        var fraction = new ExactFraction(numerator, denominator);
        Assert.Equal(expectedNumerator, fraction.Numerator);
        Assert.Equal(expectedDenominator, fraction.Denominator);
        Assert.Equal((double)numerator / denominator, fraction.ToDouble(), 15);
        Assert.True(fraction < new ExactFraction(7, 4));
        Assert.True(default(ExactFraction) <= fraction);
    }

    private static IEnumerator<Footprint> TwoSteps(int state)
    {
        yield return TestModels.Write(0);
        yield return TestModels.Write(0);
    }
}
