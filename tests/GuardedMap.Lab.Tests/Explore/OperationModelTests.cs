namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>Every scenario in whole operations, on every container that has them.</summary>
public sealed class OperationModelTests
{
    public static TheoryData<string> Scenarios => [.. RaceModels.All.OfType<OperationModel>().Select(m => m.Scenario).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void In_whole_operations_no_map_of_ours_is_ever_wrong_unless_the_program_is(string scenario)
    {
        foreach (var model in RaceModels.All.OfType<OperationModel>().Where(m => m.Scenario == scenario))
        {
            var result = Explorer.Run(model);
            Assert.True(result.Exhaustive, model.ToString());
            Assert.Equal(RaceGrain.Operation, result.Grain);
            if (model.Lengths is { } lengths) Assert.Equal(ScheduleCounting.All(lengths), result.Schedules);

            bool isOurs = RaceCatalogue.GetTarget(model.Target).RejectionLeavesNoTrace;
            foreach (var outcome in result.Outcomes)
            {
                bool isWrong = outcome.Outcome.Kind is not (ScheduleOutcomeKind.Clean or ScheduleOutcomeKind.Violation);
                Assert.True(!isOurs || !isWrong || scenario is "LostUpdate" or "CheckThenAct", $"{model}: {outcome.Outcome} at {outcome.SimplestToken}");
                Assert.Equal(outcome.Outcome, RaceTimeline.Of(ScheduleToken.Parse(outcome.SimplestToken.ToString())).Outcome);
            }
        }
    }

    [Fact]
    public void What_each_container_does_about_a_removal_in_the_middle_of_a_loop_is_counted_exactly()
    {
        // A loop over three keys is four steps, and two writes come somewhere between them.
        Assert.Equal("62.5 / 0 / 37.5", Cell("GuardedMap"));
        Assert.Equal("0 / 0 / 100", Cell("GuardedMapSynchronized"));
        Assert.Equal("0 / 0 / 100", Cell("SnapshotMap"));
        Assert.Equal("72.7 / 0 / 27.3", Cell("Hashtable"));
        Assert.Equal("53.8 / 0 / 46.2", Cell("Dictionary")); // A removal passes, an insertion does not.
        Assert.Equal("0 / 0 / 100", Cell("ConcurrentDictionary"));

        static string Cell(string target) => DetectionMatrix.Cell(Explorer.Run(RaceModels.Get("DeleteDuringIteration", target, RaceGrain.Operation))).ToString();
    }

    [Theory]
    [InlineData("LostUpdate")]
    [InlineData("CheckThenAct")]
    public void Each_actor_is_held_to_what_it_has_read_itself(string scenario)
    {
        // Of 6 schedules two run one actor after the other; in the others the second to write is refused.
        Assert.Equal("66.7 / 0 / 33.3", DetectionMatrix.Cell(Explorer.Run(RaceModels.Get(scenario, "GuardedMapDetecting", RaceGrain.Operation))).ToString());
        Assert.Equal("0 / 66.7 / 33.3", DetectionMatrix.Cell(Explorer.Run(RaceModels.Get(scenario, "GuardedMap", RaceGrain.Operation))).ToString());
    }

    [Fact]
    public void A_loop_over_a_ConcurrentDictionary_shows_what_a_Clear_has_removed_long_ago()
    {
        var result = Explorer.Run(RaceModels.Get("ClearDuringIteration", "ConcurrentDictionary"));
        Assert.Contains(result.Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.StaleValue);
    }

    [Fact]
    public void Both_grains_of_a_scenario_on_a_target_have_tokens_that_are_told_apart()
    {
        foreach (var grain in (RaceGrain[])[RaceGrain.Operation, RaceGrain.Access])
        {
            var model = RaceModels.Get("DeleteDuringIteration", "GuardedMap", grain);
            Assert.Same(model, RaceModels.For(new ScheduleToken(model, Schedule.Parse("A1B~A~"))));
        }
    }
}
