namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>The races over the stepped map: how each may end, and that it does.</summary>
public sealed class MapScenarioTests
{
    public static TheoryData<string, string> Models
    {
        get
        {
            var models = new TheoryData<string, string>();
            foreach (var model in RaceModels.All.OfType<MapRaceModel>()) models.Add(model.Scenario, model.Variant);
            return models;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_scenario_ends_in_no_other_way_than_it_is_said_to(string scenario, string protection)
    {
        var model = (MapRaceModel)RaceModels.Get(scenario, protection);
        var result = Explorer.Run(model, model.Search with { MaxPreemptions = 2 });

        Assert.Equal(ExploreEnd.Finished, result.End);
        Assert.True(result.Certificate!.Holds, result.Certificate.Objection);
        Assert.Subset(model.Map.Expected(model.Protection).ToHashSet(), result.Outcomes.Select(o => o.Outcome.Kind).ToHashSet());

        foreach (var outcome in result.Outcomes)
        {
            var timeline = RaceTimeline.Of(outcome.SimplestToken);
            Assert.Equal(outcome.Outcome, timeline.Outcome);
            Assert.Equal(outcome.FewestPreemptions, timeline.Preemptions);
            Assert.Equal(outcome.Outcome.Kind == ScheduleOutcomeKind.Violation, timeline.Violation is not null);
        }
    }

    [Fact]
    public void Under_the_guard_nothing_but_the_lost_update_goes_unnoticed()
    {
        foreach (var scenario in MapScenarios.All)
        {
            ScheduleOutcomeKind[] allowed = [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation, .. scenario.Name == "LostUpdate" ? [ScheduleOutcomeKind.StaleValue] : Array.Empty<ScheduleOutcomeKind>()];
            Assert.Subset(allowed.ToHashSet(), scenario.Guarded.ToHashSet());
        }
    }

    [Fact]
    public void A_violation_is_told_with_both_sides_and_their_stacks()
    {
        var model = RaceModels.Get("TwoWritersSameBucket", "Guard");
        var result = Explorer.Run(model, new() { Mode = ExploreMode.Bounded, MaxPreemptions = 1 });
        var refused = result.Outcomes.First(o => o.Outcome.Text == "B is refused: ConcurrentWrites");
        var timeline = RaceTimeline.Of(refused.SimplestToken);

        Assert.Equal("ConcurrentWrites", timeline.Violation!.Kind);
        Assert.Equal((1, "Set(11, 110)"), (timeline.Violation.Current.Actor, timeline.Violation.Current.Operation));
        Assert.Equal((0, "Set(10, 100)"), (timeline.Violation.Previous!.Actor, timeline.Violation.Previous.Operation));
        Assert.Contains("GuardedMapBase.EnterAtOnce", timeline.Violation.Current.Stack, StringComparer.Ordinal);
        Assert.Contains("GuardedMapBase.Store", timeline.Violation.Previous.Stack, StringComparer.Ordinal);
        Assert.Equal("B is refused: ConcurrentWrites, A is in Set", timeline.Steps.Single(s => s.Actor == 1 && s.Ends).Note);
        Assert.Equal("bucket 0 slot 1 key", timeline.Steps.First(s => s.Point.Name == "BucketTable.TryInsertHere.key.write").Location);
        Assert.All(timeline.Steps, s => Assert.Single(s.Buckets));
    }
}
