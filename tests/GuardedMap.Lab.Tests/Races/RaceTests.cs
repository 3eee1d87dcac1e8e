using System.Diagnostics;

namespace GuardedMaps.Lab.Tests.Races;

/// <summary>Real maps in real races: what must hold whatever the system does with the threads.</summary>
public sealed class RaceTests
{
    public static TheoryData<string, string> NeverSilentlyWrong
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            string[] guarded = ["GuardedMap", "GuardedMapSynchronized", "GuardedMapReport", "GuardedMapDetecting", "SnapshotMap", "SyncMap", "OrderedMap"];
            foreach (var scenario in RaceCatalogue.Scenarios.Where(s => s.Name is not ("LostUpdate" or "CheckThenAct") && s.Targets is null))
            {
                foreach (string target in guarded.Where(t => scenario.RacesOn(RaceCatalogue.GetTarget(t)))) pairs.Add(scenario.Name, target);
            }

            pairs.Add("TwoWriters", "SynchronizedHashtable");
            pairs.Add("TwoWriters", "ConcurrentDictionary");
            pairs.Add("AtomicUpdate", "ConcurrentDictionary");
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(NeverSilentlyWrong))]
    public void A_map_that_promises_it_is_never_silently_wrong(string scenario, string target)
    {
        // Those that are best seen otherwise take ten times as long for each operation, since they fill and grow many tables.
        int operations = RaceCatalogue.GetScenario(scenario).IsBestRaced ? 10_000 : 1_000;
        var result = MapRace.Run(scenario, target, new MapRaceOptions { Count = 8, Operations = operations, Seed = 3, StallLimit = TimeSpan.FromSeconds(30) });

        Verdicts.AssertAddsUp(result);
        Assert.Equal(8, result.Trials);
        Assert.True(result.SilentlyWrong == 0, $"{result}: {result.Example}");
        Assert.True(result.Hung + result.Crashed == 0, $"{result}: {result.FirstHang}");
    }

    [Theory]
    [InlineData("TwoWriters", "GuardedMapSynchronized")]
    [InlineData("WriteDuringIteration", "GuardedMapSynchronized")]
    [InlineData("DeleteDuringIteration", "GuardedMapSynchronized")]
    [InlineData("AtomicUpdate", "GuardedMapSynchronized")]
    [InlineData("WriteDuringIteration", "SnapshotMap")]
    [InlineData("DeleteDuringIteration", "SyncMap")]
    [InlineData("TwoWriters", "OrderedMap")]
    [InlineData("AtomicUpdate", "OrderedMap")]
    [InlineData("CountThenCopy", "GuardedMapSynchronized")]
    [InlineData("CountThenCopy", "GuardedMapReport")]
    [InlineData("TwoWriters", "GuardedMapReport")]
    [InlineData("WriteDuringIteration", "GuardedMapReport")]
    [InlineData("DeleteDuringIteration", "GuardedMapReport")]
    [InlineData("AtomicUpdate", "GuardedMapReport")]
    [InlineData("CountThenCopy", "SnapshotMap")]
    [InlineData("CountThenCopy", "SyncMap")]
    [InlineData("CountThenCopy", "OrderedMap")]
    public void A_map_that_cannot_race_raises_nothing(string scenario, string target)
    {
        var result = MapRace.Run(scenario, target, new MapRaceOptions { Count = 5, Operations = 2_000, StallLimit = TimeSpan.FromSeconds(30) });
        Assert.Equal(5, result.Clean);
    }

    [Fact]
    public void A_guarded_map_raises_violations_of_its_own_kinds_and_no_other_error()
    {
        var result = MapRace.Run("TwoWriters", "GuardedMap", new MapRaceOptions { Count = 5, StallLimit = TimeSpan.FromSeconds(30) });
        Assert.All(result.Errors.Keys, name => Assert.Equal(nameof(MapViolationKind.ConcurrentWrites), name));
    }

    [Fact]
    public void A_copy_of_a_guarded_map_beside_a_writer_is_whole_or_the_violation()
    {
        var result = MapRace.Run("CountThenCopy", "GuardedMap", new MapRaceOptions { Count = 10, StallLimit = TimeSpan.FromSeconds(30) });
        Assert.Equal(0, result.SilentlyWrong);
        Assert.All(result.Errors.Keys, name => Assert.Contains(name, new[] { nameof(MapViolationKind.StaleCount), nameof(MapViolationKind.ConcurrentReadAndWrite) }, StringComparer.Ordinal));
    }

    [Fact]
    public void A_copy_that_has_a_hole_is_silently_wrong()
    {
        var result = Verdicts.Race<HolesTarget>("CountThenCopy", trials: 1, operations: 32);
        Assert.Equal(1, result.SilentlyWrong);
        Assert.Equal(8, result.DamagedEntries[ScheduleOutcomeKind.GhostEntry]);
        Assert.Equal("A was shown an entry without a key", result.Example);
    }

    [Fact]
    public void The_unguarded_ones_race_in_a_process_of_their_own_and_the_others_here()
    {
        var apart = RaceCatalogue.Targets.Where(t => t.NeedsChildProcess).Select(t => t.Name);
        Assert.Equal(["GuardedMapNone", "Hashtable", "SynchronizedHashtable", "Dictionary"], apart, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("GuardedMap")]
    [InlineData("Dictionary")]
    public void A_race_by_duration_ends_when_its_time_is_up(string target)
    {
        var clock = Stopwatch.StartNew();
        var result = MapRace.Run("DeleteDuringIteration", target, new MapRaceOptions { Duration = TimeSpan.FromSeconds(0.5), StallLimit = TimeSpan.FromSeconds(30) });
        Assert.True(result.Trials > 0);
        Assert.True(result.Elapsed >= TimeSpan.FromSeconds(0.5));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30));
        Assert.False(result.Cancelled);
    }

    [Fact]
    public void Progress_comes_on_the_calling_thread_begins_at_nothing_and_ends_at_all()
    {
        var seen = new List<RaceProgress>();
        var threads = new HashSet<int>();
        var result = MapRace.Run(
            "TwoWriters",
            "ConcurrentDictionary",
            new MapRaceOptions { Count = 30, Seed = 5 },
            new Recorder(progress =>
            {
                seen.Add(progress);
                threads.Add(Environment.CurrentManagedThreadId);
            }));

        Assert.Equal(0, seen[0].Fraction);
        Assert.Equal(1, seen[^1].Fraction);
        Assert.Equal(30, seen[^1].Trials);
        Assert.Equal(30, seen[^1].PlannedTrials);
        Assert.Equal(seen.Select(p => p.Trials).Order(), seen.Select(p => p.Trials));
        Assert.Equal([Environment.CurrentManagedThreadId], threads);
        Assert.Equal(5UL, result.Seed);
    }

    [Fact]
    public void A_race_in_this_process_can_be_stopped_and_gives_what_was_found()
    {
        using var cancellation = new CancellationTokenSource();
        var result = MapRace.Run(
            "TwoWriters",
            "GuardedMap",
            new MapRaceOptions { Duration = TimeSpan.FromMinutes(10) },
            new Recorder(progress =>
            {
                if (progress.Trials > 0) cancellation.Cancel();
            }),
            cancellation.Token);

        Assert.True(result.Cancelled);
        Assert.True(result.Trials > 0);
        Verdicts.AssertAddsUp(result);
    }

    [Fact]
    public void The_threads_of_a_race_end_with_it()
    {
        Assert.Equal(2, Verdicts.Race<ThreadNotingTarget>("TwoWriters", trials: 2).Clean);
        Assert.InRange(ThreadNotingTarget.Threads.Count, 2, 4);
        // These very threads: other tests race at the same time, and their threads are theirs.
        Assert.All(ThreadNotingTarget.Threads, thread => Assert.True(thread.Join(TimeSpan.FromMinutes(1)), $"The thread '{thread.Name}' is still there."));
    }

    private sealed class Recorder(Action<RaceProgress> record) : IProgress<RaceProgress>
    {
        public void Report(RaceProgress value) => record(value);
    }
}
