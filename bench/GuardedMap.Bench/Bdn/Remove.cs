using BenchmarkDotNet.Attributes;

namespace GuardedMaps.Bench.Bdn;

/// <summary>Maps emptied key by key.</summary>
/// <remarks>A map can be emptied once, so an iteration is a single invocation on maps filled before it. Many short ones make
/// up for that, and a longer warm-up: it is counted in invocations, and the compiler's last tier needs its time.</remarks>
[WarmupCount(15)]
[IterationCount(25)]
public class Remove : MapBenchmark
{
    /// <summary>Fills the maps to be emptied.</summary>
    [IterationSetup(Target = nameof(Dictionary))]
    public void FillDictionary() => OfDictionary.PrepareRemove();

    /// <summary>The peer.</summary>
    [Benchmark(Baseline = true)]
    public void Dictionary() => OfDictionary.Remove();

    /// <summary>Fills the maps to be emptied.</summary>
    [IterationSetup(Target = nameof(Guarded))]
    public void FillGuarded() => OfGuarded.PrepareRemove();

    /// <summary>As it comes.</summary>
    [Benchmark]
    public void Guarded() => OfGuarded.Remove();

    /// <summary>Fills the maps to be emptied.</summary>
    [IterationSetup(Target = nameof(Concurrent))]
    public void FillConcurrent() => OfConcurrent.PrepareRemove();

    /// <summary>ConcurrentDictionary.</summary>
    [Benchmark]
    public void Concurrent() => OfConcurrent.Remove();
}
