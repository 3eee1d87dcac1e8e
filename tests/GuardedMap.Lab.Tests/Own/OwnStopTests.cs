using System.Diagnostics;

namespace GuardedMaps.Lab.Tests.Own;

/// <summary>An exploration ends when it is told to, whatever the actors do, and keeps what it found.</summary>
public sealed class OwnStopTests
{
    private static readonly Dictionary<string, Action<State>> s_actors = new(StringComparer.Ordinal)
    {
        ["many schedules"] = static s =>
        {
            for (int i = 0; i < 30; i++) s.Map["n"] = s.Map["n"] + 1;
        },
        ["a loop with points"] = static s =>
        {
            while (true) s.Come();
        },
        ["a loop that catches everything"] = static s =>
        {
            while (true)
            {
                try
                {
                    s.Come();
                }
                catch (Exception caught) when (caught.Message.Length > 0)
                {
                    s.Caught++;
                }
            }
        },
        ["a wait that cannot be seen"] = static s =>
        {
            s.Come();
            s.Never.WaitOne();
        },
        ["a long sleep"] = static s =>
        {
            s.Come();
            Thread.Sleep(TimeSpan.FromHours(1));
        },
        ["a gate"] = static s =>
        {
            s.Come();
            Race.Wait(s.Never);
        },
        ["a finally with points"] = static s =>
        {
            try
            {
                while (true) s.Come();
            }
            finally
            {
                s.Map["n"] = 1;
            }
        },
    };

    public static TheoryData<string> Programs => [.. s_actors.Keys];

    [Theory]
    [MemberData(nameof(Programs))]
    public void It_is_back_after_a_stop_and_nothing_goes_on(string program)
    {
        using var stop = new CancellationTokenSource();
        var threads = new List<Thread>();
        int schedules = 0;
        var race = new CodeRace<State>
        {
            Setup = () =>
            {
                if (++schedules == 2) stop.CancelAfter(TimeSpan.FromMilliseconds(50));
                return new State(threads, () => { });
            },
            Actors = [s_actors[program], static s => s.Come()],
        };
        if (program is not "many schedules") stop.CancelAfter(TimeSpan.FromMilliseconds(400));
        var watch = Stopwatch.StartNew();

        var result = race.Explore(new ExploreOptions { MaxSteps = 20_000 }, cancellationToken: stop.Token);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"It took {watch.Elapsed}.");
        Assert.True(result.Explored.End is ExploreEnd.Cancelled or ExploreEnd.Finished or ExploreEnd.Endless, result.Explored.End.ToString());
        if (program == "many schedules") Assert.NotEmpty(result.Outcomes);
        if (program is "a loop that catches everything") return; // Which is left asleep, and named if it was the stop that found it.
        Assert.Empty(result.Explored.LeftRunning);
        Assert.All(threads, t => Assert.True(t.Join(TimeSpan.FromSeconds(30)), $"{t.Name} still runs."));
    }

    // Nothing in .NET ends a thread that neither waits nor comes to a point.
    [Fact]
    public void A_thread_that_cannot_be_stopped_is_named()
    {
        bool go = true;
        try
        {
            using var stop = new CancellationTokenSource();
            var result = new CodeRace<State>
            {
                Setup = () => new State([], () => { }),
                Actors =
                [
                    s =>
                    {
                        s.Come();
                        stop.CancelAfter(TimeSpan.FromMilliseconds(1));
                        while (Volatile.Read(ref go)) s.Caught++;
                    },
                    static s => s.Come(),
                ],
            }.Explore(cancellationToken: stop.Token);

            Assert.Contains("the thread of A (actor 1), number ", Assert.Single(result.Explored.LeftRunning), StringComparison.Ordinal);
            Assert.Contains("last seen at OwnStopTests.cs, line ", result.Explored.Doubt, StringComparison.Ordinal);
        }
        finally
        {
            Volatile.Write(ref go, false);
        }
    }

    [Fact]
    public void An_actor_that_never_comes_to_a_point_again_is_an_outcome()
    {
        bool go = true;
        try
        {
            var result = new CodeRace<State>
            {
                Setup = () => new State([], () => { }),
                Actors =
                [
                    s =>
                    {
                        s.Come();
                        while (Volatile.Read(ref go)) s.Caught++;
                    },
                    static s => s.Come(),
                ],
                StallLimit = TimeSpan.FromMilliseconds(300),
            }.Explore();

            Assert.Equal(ScheduleOutcomeKind.Livelock, Assert.Single(result.Outcomes).Outcome.Kind);
            Assert.Equal(ExploreEnd.Endless, result.Explored.End);
            Assert.Single(result.Explored.LeftRunning);
        }
        finally
        {
            Volatile.Write(ref go, false);
        }
    }

    [Fact]
    public void A_schedule_without_end_is_an_outcome()
    {
        var result = new CodeRace<State>
        {
            Setup = () => new State([], () => { }),
            Actors = [static s => { while (s.Map["n"] == 0) Race.Yield(); }, static s => s.Map["n"] = 1],
        }.Explore(new ExploreOptions { Mode = ExploreMode.Bounded, MaxPreemptions = 1, MaxSteps = 50 });

        Assert.Contains(result.Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Livelock && o.Outcome.Text.Contains("limit of steps", StringComparison.Ordinal));
        Assert.Contains(result.Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Clean);
        Assert.Contains("was still running when its run was ended", result.Explored.Doubt, StringComparison.Ordinal);
        Assert.Equal(ShareMeaning.ThoseRun, result.Explored.Shares);
    }

    internal sealed class State(List<Thread> threads, Action came)
    {
        public IDictionary<string, int> Map { get; } = Race.Share(new Dictionary<string, int>(StringComparer.Ordinal) { ["n"] = 0 });

        public ManualResetEvent Never { get; } = new(false);

        public int Caught { get; set; }

        public void Come()
        {
            lock (threads)
            {
                if (!threads.Contains(Thread.CurrentThread)) threads.Add(Thread.CurrentThread);
            }

            came();
            Race.Yield("come");
        }
    }
}
