namespace GuardedMaps.Lab.Tests.Races.Recorded;

/// <summary>Many mixed operations of four threads, none of them lost. The long run of ten million is tests/GuardedMap.Histories.</summary>
public sealed class MixedRunTests
{
    [Theory]
    [InlineData("SnapshotMap")]
    [InlineData("SyncMap")]
    [InlineData("OrderedMap")]
    [InlineData("GuardedMapSynchronized")]
    public void No_key_is_lost_in_mixed_operations_of_four_threads(string map)
    {
        var result = MixedRun.Run(RecordedMaps.Create(map, hesitant: false), threads: 4, operations: 600_000, seed: 7);
        Assert.True(result.Fault is null, $"{map}: {result}");
        Assert.True(result.Entries > 4_000, $"{map}: {result}");
        Assert.Equal(4, result.Iterations);
    }

    [Theory]
    [InlineData(Break.Increment)]
    [InlineData(Break.Stale)]
    [InlineData(Break.Count)]
    public void A_broken_map_loses_something(Break broken)
    {
        // A tenth of the above is enough to see it: each thread counts up 1,500 times, and rests a millisecond in the middle of each, while the
        // three others do the same with the same eight counters.
        var result = MixedRun.Run(new BrokenMap(broken), threads: 4, operations: 60_000, seed: 7);
        Assert.True(result.Fault is not null, $"{broken}: {result}");
    }
}
