using GuardedMaps.Lab.Choosing;

namespace GuardedMaps.Lab.Tests.Choosing;

/// <summary>Loads: what is drawn is what was described, and a recorded one is played as it was recorded.</summary>
public sealed class LoadTests
{
    [Fact]
    public void Operations_come_in_the_shares_that_were_described()
    {
        var load = new MapLoad { Reads = 60, Writes = 25, Removes = 5, Increments = 4, Renewals = 3, Iterations = 2, Ranges = 1, Entries = 500 };
        var steps = LoadSequence.Of(load).Threads.SelectMany(t => t).ToList();
        foreach (var (kind, weight) in load.Weights)
            Assert.InRange(steps.Count(s => s.Kind == kind) / (double)steps.Count, (weight / 100) - 0.01, (weight / 100) + 0.01);
    }

    [Fact]
    public void What_does_not_happen_is_never_drawn()
    {
        var steps = LoadSequence.Of(new MapLoad { Reads = 0, Writes = 0.001, Ranges = 0 }).Threads.SelectMany(t => t);
        Assert.All(steps, s => Assert.Equal(LoadOperationKind.Write, s.Kind));
    }

    [Fact]
    public void The_same_seed_gives_the_same_sequence_and_another_another()
    {
        var load = new MapLoad { Skew = 1, Threads = 3, Seed = 5 };
        var once = LoadSequence.Of(load);
        Assert.Equal(once.Threads, LoadSequence.Of(load).Threads);
        Assert.NotEqual(once.Threads[0], LoadSequence.Of(load with { Seed = 6 }).Threads[0]);
        Assert.NotEqual(once.Threads[0], once.Threads[1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.8)]
    [InlineData(1.2)]
    public void Keys_are_asked_for_as_Zipfs_law_says(double skew)
    {
        const int Keys = 50;
        const int Draws = 400_000;
        var keys = new ZipfKeys(Keys, skew, seed: 3);
        var random = new Random(1);
        int[] counts = new int[Keys];
        for (int i = 0; i < Draws; i++) counts[keys.Draw(random)]++;
        double[] byRank = [.. counts.OrderDescending().Select(c => (double)c / Draws)];
        double all = Enumerable.Range(1, Keys).Sum(rank => Math.Pow(rank, -skew));
        for (int rank = 1; rank <= Keys; rank++) Assert.InRange(byRank[rank - 1], (Math.Pow(rank, -skew) / all) - 0.004, (Math.Pow(rank, -skew) / all) + 0.004);
        Assert.All(counts, c => Assert.True(c > 0));
    }

    [Fact]
    public void Threads_with_keys_of_their_own_leave_those_of_the_others_alone()
    {
        var threads = LoadSequence.Of(new MapLoad { OwnKeys = true, Threads = 4, Entries = 1_000, Skew = 0.9 }).Threads;
        for (int t = 0; t < 4; t++) Assert.All(threads[t], s => Assert.InRange(s.Key, t * 250, (t * 250) + 249));
    }

    [Fact]
    public void A_recorded_load_is_read_line_by_line()
    {
        string[] lines = ["operation,key", "# a remark", "read,fig", "", "WRITE, pear", "remove,\"a,b\"", "iterate", "increment,n"];
        var operations = RecordedLoad.Read(lines, "load.csv");
        Assert.Equal(
            [new(LoadOperationKind.Read, "fig"), new(LoadOperationKind.Write, "pear"), new(LoadOperationKind.Remove, "a,b"), new(LoadOperationKind.Iterate), new(LoadOperationKind.Increment, "n")],
            operations);
        var sequence = LoadSequence.Of(new MapLoad { Recorded = operations, Threads = 2 });
        Assert.Equal(["a,b", "fig", "n", "pear"], sequence.Texts);
        // Dealt out, and in the order in which they were recorded.
        Assert.Equal([LoadOperationKind.Read, LoadOperationKind.Remove, LoadOperationKind.Increment], sequence.Threads[0].Select(s => s.Kind));
        Assert.Equal([LoadOperationKind.Write, LoadOperationKind.Iterate], sequence.Threads[1].Select(s => s.Kind));
        Assert.Equal("fig", sequence.Texts[sequence.Threads[0][0].Key]);
        Assert.Equal(0.2, new MapLoad { Recorded = operations }.ShareOf(LoadOperationKind.Read));
    }

    [Theory]
    [InlineData("read,a|fly,b", "load.csv:2: 'fly' is no operation. Operations are read, write, remove, increment, iterate.")]
    [InlineData("write", "load.csv:1: 'write' names no key. Write 'write,KEY'.")]
    [InlineData("# nothing", "load.csv has no operations.")]
    public void A_line_that_is_no_operation_is_named(string lines, string message) =>
        Assert.StartsWith(message, Assert.Throws<FormatException>(() => RecordedLoad.Read(lines.Split('|'), "load.csv")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_load_that_cannot_be_played_is_refused_with_a_reason()
    {
        Check(new MapLoad { Writes = -1 }, "cannot be negative");
        Check(new MapLoad { Reads = 0, Writes = 0 }, "no operations at all");
        Check(new MapLoad { Threads = 0 }, "1 to 64 threads, not 0");
        Check(new MapLoad { Skew = double.NaN }, "The skew is an exponent");
        Check(new MapLoad { Entries = 0 }, "1 to 10000000 entries, not 0");
        Check(new MapLoad { OwnKeys = true, Entries = 3, Threads = 4 }, "at least 4 entries");
        Check(new MapLoad { RangeLength = 0 }, "at least one key");
        Assert.Equal("Sailing", Assert.Throws<UnknownChoiceException>(() => TypicalLoads.Find("Sailing")).Name);
        Assert.All(TypicalLoads.All, l => l.Load.Validate());

        static void Check(MapLoad load, string message) => Assert.Contains(message, Assert.Throws<MapLoadException>(load.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Percentiles_are_exact_to_three_percent()
    {
        var histogram = new LatencyHistogram();
        Assert.Null(histogram.Percentile(0.5));
        for (int i = 1; i <= 100_000; i++) histogram.Add(i);
        double tick = 1e9 / System.Diagnostics.Stopwatch.Frequency;
        foreach (double share in new[] { 0.01, 0.5, 0.99, 0.999, 1 }) Assert.InRange(histogram.Percentile(share)!.Value / tick, share * 100_000, share * 103_200);
        var few = new LatencyHistogram();
        for (int i = 0; i < 20; i++) few.Add(7);
        Assert.Equal(7 * tick, few.Percentile(0.999));
        few.Add(histogram);
        Assert.Equal(100_020, few.Count);
        few.Add(long.MaxValue);
        Assert.True(few.Percentile(1) > 1e18 * tick);
    }
}
