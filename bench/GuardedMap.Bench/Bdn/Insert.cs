using BenchmarkDotNet.Attributes;

namespace GuardedMaps.Bench.Bdn;

/// <summary>A map filled from nothing, without a capacity; allocations beside it.</summary>
[MemoryDiagnoser]
public class Insert : MapBenchmark
{
    /// <summary>The peer.</summary>
    [Benchmark(Baseline = true)]
    public object Dictionary() => OfDictionary.Insert();

    /// <summary>As it comes.</summary>
    [Benchmark]
    public object Guarded() => OfGuarded.Insert();

    /// <summary>ConcurrentDictionary.</summary>
    [Benchmark]
    public object Concurrent() => OfConcurrent.Insert();
}
