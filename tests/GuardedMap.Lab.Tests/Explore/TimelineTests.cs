namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>A schedule told step by step.</summary>
public sealed class TimelineTests
{
    [Fact]
    public void A_lost_update_is_told_step_by_step()
    {
        var model = RaceModels.Get("LostUpdate", "GuardedMap");
        var timeline = RaceTimeline.Of(new ScheduleToken(model, Schedule.Parse("A1B2A1")));

        Assert.Equal(ScheduleOutcomeKind.StaleValue, timeline.Outcome.Kind);
        Assert.Equal(1, timeline.Preemptions);
        Assert.Equal(
            ["1 A operation.read Read key 7 0>0", "2 B operation.read Read key 7 0>0", "3 B operation.write Write key 7 0>1", "4 A operation.write Write key 7 1>1"],
            timeline.Steps.Select(s => $"{s.Number} {Schedule.Letter(s.Actor)} {s.Point.Name} {s.Access} {s.Location} {s.Before}>{s.After}"),
            StringComparer.Ordinal);
        Assert.Equal([false, true, false, false], timeline.Steps.Select(s => s.Preempted));
        Assert.Equal([null, null, 1, 3], timeline.Steps.Select(s => s.ConflictsWith));
        Assert.Equal([false, false, true, true], timeline.Steps.Select(s => s.Ends));
    }

    [Fact]
    public void Every_outcome_of_every_model_has_a_timeline_with_the_same_outcome()
    {
        foreach (var model in RaceModels.Find("*", "*"))
        {
            foreach (var outcome in Searches.Of(model).Outcomes)
            {
                var timeline = RaceTimeline.Of(outcome.SimplestToken);
                Assert.Equal(outcome.Outcome, timeline.Outcome);
                Assert.Equal(outcome.FewestPreemptions, timeline.Steps.Count(s => s.Preempted));
                Assert.Equal(model.Actors, timeline.Actors, StringComparer.Ordinal);
                Assert.All(timeline.Steps, s => Assert.False(string.IsNullOrEmpty(s.Location)));
            }
        }
    }

    [Fact]
    public void The_steps_tell_what_the_table_did_and_nothing_of_who_looked_at_it()
    {
        var outcome = Explorer.Run(RaceModels.Get("ClearDuringIteration", "GuardedMap"), new() { Mode = ExploreMode.Bounded, MaxPreemptions = 0 }).Outcomes[0];
        var timeline = RaceTimeline.Of(outcome.SimplestToken);
        var events = timeline.Steps.SelectMany(s => s.Events).ToList();
        Assert.Equal(3, events.Count(e => e is { Point: ProbePoint.IteratorMoved } && e.Text.Contains("iterator Bucket", StringComparison.Ordinal)));
        Assert.Single(events, e => e.Text == "cleared");
        Assert.Single(events, e => e.Point == ProbePoint.EntryInserted);
        Assert.DoesNotContain(events, e => e.Text.Contains("found", StringComparison.Ordinal));
        Assert.Equal(events.Select(e => e.Sequence).Order(), events.Select(e => e.Sequence));
        Assert.Contains(RaceNarration.Of(timeline), sentence => sentence.Contains("; the table: cleared", StringComparison.Ordinal));
    }
}
