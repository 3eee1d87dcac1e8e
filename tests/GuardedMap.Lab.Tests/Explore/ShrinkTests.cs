namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>Shrinking keeps the outcome and ends at the fewest preemptions.</summary>
public sealed class ShrinkTests
{
    [Theory]
    [InlineData("varying")]
    [InlineData("counters")]
    [InlineData("three counters")]
    [InlineData("WriterFlag:SetAndClear")]
    [InlineData("WriterFlag:Xor")]
    public void Random_schedules_shrink_to_the_fewest_preemptions_there_are(string name)
    {
        var model = SearchTests.Model(name);
        var fewest = Explorer.Run(model).Outcomes.ToDictionary(o => o.Outcome, o => o.FewestPreemptions);
        int saved = 0;
        for (ulong seed = 1; seed <= 12; seed++)
        {
            foreach (var drawn in Explorer.Run(model, new() { Mode = ExploreMode.Walk, Seed = seed, MaxSchedules = 3 }).Outcomes)
            {
                var shrunk = ScheduleShrinker.Shrink(model, drawn.FirstToken);
                Assert.Equal(drawn.Outcome, shrunk.Outcome);
                Assert.True(shrunk.Preemptions <= shrunk.PreemptionsBefore);
                Assert.True(shrunk.MinimalProven);
                Assert.Equal(fewest[drawn.Outcome], shrunk.Preemptions);

                var replay = ScheduleReplay.Of(model, shrunk.Token);
                Assert.Equal(drawn.Outcome, replay.ToEnd());
                Assert.Equal(shrunk.Preemptions, replay.Preemptions);
                saved += shrunk.PreemptionsBefore - shrunk.Preemptions;
            }
        }

        Assert.True(saved > 10, "Nothing was there to shrink, so nothing was shown.");
    }

    [Fact]
    public void A_proof_that_was_cut_short_is_no_proof()
    {
        // The outcome that needs the most preemptions; a search of a single schedule cannot show that fewer would not do.
        var model = TestModels.Counters(actors: 3, times: 2, alone: 0);
        var worst = Explorer.Run(model).Outcomes.MaxBy(o => o.FewestPreemptions)!;
        Assert.True(worst.FewestPreemptions >= 1);
        var shrunk = ScheduleShrinker.Shrink(model, worst.SimplestToken, new() { MaxSchedules = 1 });
        Assert.False(shrunk.MinimalProven);
        Assert.Equal(worst.FewestPreemptions, shrunk.Preemptions);
        Assert.True(ScheduleShrinker.Shrink(model, worst.SimplestToken).MinimalProven);
    }
}
