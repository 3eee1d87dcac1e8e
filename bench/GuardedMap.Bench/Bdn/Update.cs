using BenchmarkDotNet.Attributes;

namespace GuardedMaps.Bench.Bdn;

/// <summary>New values for keys that are there.</summary>
public class Update : MapBenchmark
{
    /// <summary>The peer.</summary>
    [Benchmark(Baseline = true)]
    public void Dictionary() => OfDictionary.Update();

    /// <summary>As it comes.</summary>
    [Benchmark]
    public void Guarded() => OfGuarded.Update();

    /// <summary>ConcurrentDictionary.</summary>
    [Benchmark]
    public void Concurrent() => OfConcurrent.Update();
}
