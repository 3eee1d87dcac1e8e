using BenchmarkDotNet.Attributes;

namespace GuardedMaps.Bench.Bdn;

/// <summary>A foreach over all entries.</summary>
public class Iterate : MapBenchmark
{
    /// <summary>The peer.</summary>
    [Benchmark(Baseline = true)]
    public long Dictionary() => OfDictionary.Iterate();

    /// <summary>As it comes.</summary>
    [Benchmark]
    public long Guarded() => OfGuarded.Iterate();

    /// <summary>ConcurrentDictionary.</summary>
    [Benchmark]
    public long Concurrent() => OfConcurrent.Iterate();
}
