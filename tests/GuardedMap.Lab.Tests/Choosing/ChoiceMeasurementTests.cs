using GuardedMaps.Lab.Choosing;
using GuardedMaps.Lab.Tests.Cli;

namespace GuardedMaps.Lab.Tests.Choosing;

/// <summary>Short runs of the real thing: every map does every operation, and what comes out is whole. How fast they are is not looked at.</summary>
public sealed class ChoiceMeasurementTests
{
    private static readonly ChoiceOptions s_short = new() { Duration = TimeSpan.FromMilliseconds(60), Rounds = 2 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_map_does_every_operation(bool numeric)
    {
        var load = new MapLoad { Reads = 5, Writes = 1, Removes = 1, Increments = 1, Renewals = 1, Iterations = 1, Ranges = 1, Entries = 60, RangeLength = 10, NumericKeys = numeric, Threads = 2 };
        var told = new List<string>();
        var choice = ChoiceMeasurement.Run(load, s_short, (_, what) => told.Add(what));
        Assert.Equal(ChoiceMeasurement.Maps.Order(StringComparer.Ordinal), choice.Figures.Select(f => f.Map).Order(StringComparer.Ordinal));
        Assert.Equal(choice.Figures.OrderByDescending(f => f.Throughput), choice.Figures);
        Assert.All(choice.Figures, f =>
        {
            Assert.Equal(2, f.Rounds.Count);
            Assert.True(f.Operations > f.Refused && f.P50 <= f.P99 && f.P99 <= f.P999);
            Assert.True(f.Map == "GuardedMap" || f.Refused == 0, $"{f.Map} refused {f.Refused}.");
        });
        Assert.NotEqual("GuardedMap", choice.Recommended, StringComparer.Ordinal);
        Assert.All(ChoiceMeasurement.Maps, map => Assert.Contains(map, told, StringComparer.Ordinal));
        Assert.Contains("Other machines and other loads differ.", choice.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recorded_load_is_played_and_maps_can_be_chosen_by_pattern()
    {
        var recorded = RecordedLoad.Read(["read,a", "write,b", "iterate", "remove,b"], "x");
        var choice = ChoiceMeasurement.Run(new MapLoad { Name = "mine", Recorded = recorded }, s_short with { Maps = ["s*map", "OrderedMap"] });
        Assert.Equal(["OrderedMap", "SnapshotMap", "SyncMap"], choice.Figures.Select(f => f.Map).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Contains("Load mine: 25 % reads, 25 % writes, 25 % removes, 25 % iterations; 2 threads; 4 recorded operations", choice.Text, StringComparison.Ordinal);
        Assert.Equal("Chess", Assert.Throws<UnknownChoiceException>(() => ChoiceMeasurement.Find(["Chess"])).Name);
    }

    [Fact]
    public void It_can_be_ended()
    {
        using var ended = new CancellationTokenSource();
        ended.Cancel();
        Assert.Throws<OperationCanceledException>(() => ChoiceMeasurement.Run(new MapLoad(), s_short, null, ended.Token));
    }

    [Fact]
    public void The_command_line_chooses()
    {
        var run = CliProcess.Run("bench", "choose", "--load", "counters", "--map", "Sync*", "--seconds", "0.05", "--rounds", "2");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("Load Counters: 40 % reads, 60 % increments; 2 threads; 5,000 entries, skew 1.1", run.Output, StringComparison.Ordinal);
        Assert.Contains("SynchronizedHashtable", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("OrderedMap", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "There is no typical load 'Chess'. There are Configuration, IterateWhileWriting, Cache, TimeSeries, Counters.", "--load", "Chess")]
    [InlineData(2, "There is no map to choose 'Tree'.", "--map", "Tree", "--seconds", "0.01")]
    [InlineData(2, "--skew describes a load, and there is one already.", "--load", "Cache", "--skew", "1")]
    [InlineData(2, "1 to 64 threads, not 0", "--threads", "0")]
    [InlineData(2, "more than 0 seconds", "--seconds", "0")]
    [InlineData(2, "'much' is not a number", "--reads", "much")]
    [InlineData(1, "no-such-file.csv", "--recorded", "no-such-file.csv")]
    public void What_cannot_be_chosen_ends_with_a_reason(int code, string complaint, params string[] options)
    {
        var run = CliProcess.Run(["bench", "choose", .. options]);
        Assert.Equal(code, run.ExitCode);
        Assert.Contains(complaint, run.Error, StringComparison.Ordinal);
    }
}
