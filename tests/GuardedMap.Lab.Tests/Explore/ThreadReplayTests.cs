namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>The same schedules with a real thread for each actor, and in another process.</summary>
public sealed class ThreadReplayTests
{
    public static TheoryData<string> Scenarios => [.. RaceModels.All.OfType<SteppedModel>().Select(m => m.Scenario).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void On_threads_every_outcome_is_the_one_of_the_stepper(string scenario)
    {
        foreach (var model in RaceModels.All.OfType<SteppedModel>().Where(m => m.Scenario == scenario))
        {
            // One preemption shows nearly every outcome; a few schedules of each are enough.
            var options = new ExploreOptions { Mode = ExploreMode.Merged, MaxPreemptions = 1, Within = 1 };
            foreach (var outcome in Explorer.Run(model, options).Outcomes.Take(4))
            {
                var replay = ThreadReplay.Run(outcome.SimplestToken);
                Assert.Equal(outcome.Outcome, replay.Outcome);
                Assert.Equal(model.Actors.Count, replay.ThreadIds.Distinct().Count());
                Assert.DoesNotContain(Environment.CurrentManagedThreadId, replay.ThreadIds);
            }
        }
    }

    [Fact]
    public void A_violation_on_threads_has_the_stacks_of_both_and_the_events()
    {
        var model = RaceModels.Get("TwoWritersSameBucket", "GuardedMap");
        var outcome = Explorer.Run(model, new() { Mode = ExploreMode.Merged }).Outcomes.First(o => o.Outcome.Text == "B is refused: ConcurrentWrites");
        var replay = ThreadReplay.Run(outcome.SimplestToken);

        Assert.Equal("ConcurrentWrites", replay.Violation!.Kind);
        Assert.Contains(replay.Violation.Current.Stack, l => l.Contains("EnterAtOnce", StringComparison.Ordinal));
        Assert.Contains(replay.Violation.Previous!.Stack, l => l.Contains("Store", StringComparison.Ordinal));
        Assert.Equal(["inserted in bucket 0 slot 1"], replay.Events.Where(e => e.Point == ProbePoint.EntryInserted).Select(e => e.Text), StringComparer.Ordinal);
    }

    [Fact]
    public void No_thread_outlives_a_replay()
    {
        var model = RaceModels.Get("TwoWritersSameKey", "GuardedMapNone");
        var token = Explorer.Run(model, new() { Mode = ExploreMode.Merged }).Outcomes[0].SimplestToken;
        for (int i = 0; i < 40; i++)
        {
            // Its own threads are looked at, not the process's, in which other tests start and end theirs.
            var threads = ThreadReplay.Run(token).Threads;
            Assert.Equal(model.Actors.Count, threads.Count);
            Assert.All(threads, thread => Assert.False(thread.IsAlive));
        }
    }

    [Fact]
    public void A_token_without_a_map_is_refused()
    {
        var token = new ScheduleToken(RaceModels.Get("LostUpdate", "Hashtable"), Schedule.Parse("A1B2A1"));
        Assert.StartsWith("The token 'GMR1:LostUpdate:Hashtable:s0:A1B2A1:", Assert.Throws<ArgumentException>(() => ThreadReplay.Run(token)).Message, StringComparison.Ordinal);
    }
}
