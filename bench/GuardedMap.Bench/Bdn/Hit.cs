using BenchmarkDotNet.Attributes;

namespace GuardedMaps.Bench.Bdn;

/// <summary>Lookups of keys that are there.</summary>
public class Hit : MapBenchmark
{
    /// <summary>The peer.</summary>
    [Benchmark(Baseline = true)]
    public long Dictionary() => OfDictionary.Hit();

    /// <summary>As it comes.</summary>
    [Benchmark]
    public long Guarded() => OfGuarded.Hit();

    /// <summary>ConcurrentDictionary.</summary>
    [Benchmark]
    public long Concurrent() => OfConcurrent.Hit();
}
