namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>Races over the map shrink to fewer preemptions, operations and keys, and end as before.</summary>
public sealed class ScenarioShrinkTests
{
    [Theory]
    [InlineData("ClearDuringIteration", "GuardedMapNone")]
    [InlineData("ReadDuringEvacuation", "GuardedMapNone")]
    [InlineData("TwoWritersSameBucket", "GuardedMapNone")]
    [InlineData("LostUpdate", "GuardedMap")]
    [InlineData("GrowDuringIteration", "GuardedMap")]
    public void A_drawn_schedule_shrinks_to_a_race_that_ends_the_same_way_and_replays(string scenario, string protection)
    {
        var model = RaceModels.Get(scenario, protection, RaceGrain.Access);
        foreach (var drawn in Explorer.Run(model, new() { Mode = ExploreMode.Pct, MaxSchedules = 60 }).Outcomes.Where(o => o.Outcome.Kind != ScheduleOutcomeKind.Clean))
        {
            var race = ShrunkRace.Of(drawn.FirstToken);

            Assert.Equal(drawn.Outcome, race.Schedule.Outcome);
            Assert.True(race.Schedule.MinimalProven);
            Assert.True(race.Schedule.Preemptions <= drawn.FewestPreemptions);
            Assert.True(race.Scenario!.MinimalProven);
            Assert.Equal(drawn.Outcome.Kind, race.Scenario.Outcome.Kind);
            Assert.True(race.Scenario.Preemptions <= race.Schedule.Preemptions);

            // The token says what is left out, and replays without anything else, on the stepper and on threads.
            var token = ScheduleToken.Parse(race.Token.ToString());
            Assert.Equal(race.Scenario.Outcome, RaceTimeline.Of(token).Outcome);
            Assert.Equal(race.Scenario.Outcome, ThreadReplay.Run(token).Outcome);
        }
    }

    [Fact]
    public void What_has_nothing_to_do_with_the_damage_goes_and_the_rest_stays()
    {
        var outcome = Searches.Of(RaceModels.Get("ClearDuringIteration", "GuardedMapNone")).Outcomes.First(o => o.Outcome.Kind == ScheduleOutcomeKind.TornValue);
        var scenario = ShrunkRace.Of(outcome.SimplestToken).Scenario!;

        // Of 'iterate' against 'Clear, Set 13' over three keys, two keys are superfluous: the Clear gives the entry's number back, and the Set takes it.
        Assert.Equal(["A1 foreach", "B1 Clear", "B2 Set(13)"], scenario.Operations);
        Assert.Single(scenario.Keys);
        Assert.Equal((3, 3), (scenario.OperationsBefore, scenario.KeysBefore));
    }

    [Fact]
    public void Nothing_that_is_left_can_be_left_out_as_searches_made_anew_confirm()
    {
        var outcome = Searches.Of(RaceModels.Get("ResurrectedKey", "GuardedMapNone")).Outcomes.First(o => o.Outcome.Kind == ScheduleOutcomeKind.LostEntry);
        var scenario = ShrunkRace.Of(outcome.SimplestToken).Scenario!;
        var model = (SteppedModel)RaceModels.For(scenario.Token);
        Assert.InRange(scenario.Keys.Count, 1, scenario.KeysBefore - 1);
        foreach (int key in Enumerable.Range(1, scenario.KeysBefore).Except(model.Cut.Keys))
        {
            var without = new SteppedModel(model.Program, model.Protection, model.Cut.With([], [key]));
            Assert.DoesNotContain(
                Explorer.Run(without, new() { Mode = ExploreMode.Bounded, MaxPreemptions = scenario.Preemptions }).Outcomes,
                o => o.Outcome.Kind == outcome.Outcome.Kind);
        }
    }

    [Fact]
    public void Without_time_nothing_is_claimed()
    {
        var outcome = Searches.Of(RaceModels.Get("ResurrectedKey", "GuardedMapNone")).Outcomes.First(o => o.Outcome.Kind == ScheduleOutcomeKind.LostEntry);
        var race = ShrunkRace.Of(outcome.SimplestToken, new() { MaxDuration = TimeSpan.FromTicks(1) });
        Assert.False(race.Scenario!.MinimalProven);
        Assert.Equal(outcome.Outcome, race.Schedule.Outcome);
        Assert.Equal(race.Scenario.Outcome, RaceTimeline.Of(race.Token).Outcome);
    }

    [Fact]
    public void A_leading_block_keeps_only_the_steps_that_must_come_first()
    {
        var model = RaceModels.Get("ClearDuringIteration", "GuardedMapNone");
        var outcome = Searches.Of(model).Outcomes.First(o => o.Outcome.Kind == ScheduleOutcomeKind.TornValue && o.FewestPreemptions == 1);
        var shrunk = ScheduleShrinker.Shrink(model, outcome.SimplestToken);
        var (actor, steps) = shrunk.Token.Schedule.Runs[0];
        Assert.True(steps > 1);
        for (int fewer = 1; fewer < steps; fewer++)
        {
            var runs = shrunk.Token.Schedule.Runs.ToList();
            runs[0] = (actor, fewer);
            runs[2] = (actor, runs[2].Steps + steps - fewer);
            Assert.NotEqual(outcome.Outcome, new ScheduleReplay(model, Schedule.FromRuns(runs), strict: false, maxSteps: 400).ToEnd());
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("-A2", true)]
    [InlineData("-A2-B1-k1_8-k10", true)]
    [InlineData("-B1-A2", false)]
    [InlineData("-k3-k4", false)]
    [InlineData("-k8_3", false)]
    [InlineData("-k0", false)]
    [InlineData("-A", false)]
    [InlineData("-I1", false)]
    [InlineData("-k1_2_3", false)]
    [InlineData("-k1_2000000000", false)]
    [InlineData("x", false)]
    public void What_is_left_out_has_one_way_of_being_written(string text, bool isOne)
    {
        var cut = ScenarioCut.Parse(text);
        Assert.Equal(isOne, cut is not null);
        if (isOne) Assert.Equal(text, cut!.ToString());
    }

    [Fact]
    public void A_token_with_a_cut_that_is_none_is_refused()
    {
        var token = ScheduleToken.Parse("GMR1:TwoWritersSameBucket:None-Z9:s1:A1B1:0000");
        Assert.Contains("there is no such model", Assert.Throws<ScheduleTokenException>(() => ShrunkRace.Of(token)).Message, StringComparison.Ordinal);
    }
}
