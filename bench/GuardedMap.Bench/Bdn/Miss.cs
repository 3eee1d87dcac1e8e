using BenchmarkDotNet.Attributes;

namespace GuardedMaps.Bench.Bdn;

/// <summary>Lookups of keys that are not there.</summary>
public class Miss : MapBenchmark
{
    /// <summary>The peer.</summary>
    [Benchmark(Baseline = true)]
    public long Dictionary() => OfDictionary.Miss();

    /// <summary>As it comes.</summary>
    [Benchmark]
    public long Guarded() => OfGuarded.Miss();

    /// <summary>ConcurrentDictionary.</summary>
    [Benchmark]
    public long Concurrent() => OfConcurrent.Miss();
}
