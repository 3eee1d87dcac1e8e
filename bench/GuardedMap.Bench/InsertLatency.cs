using System.Diagnostics;
using System.Globalization;

namespace GuardedMaps.Bench;

/// <summary>The worst single insert, and the 99.9th percentile, on the way to a million entries.</summary>
internal static class InsertLatency
{
    private const int Entries = 1_000_000;

    // The first warms up and is not shown.
    private const int Passes = 6;

    public static void Run()
    {
        var random = new Random(7);
        ulong[] numbers = [.. Enumerable.Range(0, Entries).Select(_ => (ulong)random.NextInt64())];
        for (int pass = 0; pass < Passes; pass++) Measure("ulong", numbers, new UlongDictionary(), new UlongGuarded(MapProtection.Guarded), pass == 0);
        // Made only now: a million strings would weigh on every full collection before.
        string[] strings = [.. numbers.Select(n => $"item-{n:x}")];
        for (int pass = 0; pass < Passes; pass++) Measure("string", strings, new StringDictionary(StringComparer.Ordinal), new StringGuarded(StringComparer.Ordinal, MapProtection.Guarded), pass == 0);
    }

    private static void Measure<TKey, TA, TB>(string keys, TKey[] present, TA peer, TB ours, bool warmUp)
        where TA : struct, ISubject<TKey>
        where TB : struct, ISubject<TKey>
    {
        (double peerWorst, double peerHigh) = One(present, peer);
        (double oursWorst, double oursHigh) = One(present, ours);
        if (warmUp) return;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{keys,-7} worst insert: Dictionary {peerWorst / 1e6,6:F2} ms, guarded {oursWorst / 1e6,6:F2} ms, ratio {oursWorst / peerWorst:F2};  p99.9: {peerHigh:F0} ns, {oursHigh:F0} ns"));
    }

    private static (double Worst, double High) One<TKey, TSubject>(TKey[] keys, TSubject subject)
        where TSubject : struct, ISubject<TKey>
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var ticks = new long[keys.Length];
        subject.Make();
        long last = Stopwatch.GetTimestamp();
        for (int i = 0; i < keys.Length; i++)
        {
            subject.Set(keys[i], i);
            long now = Stopwatch.GetTimestamp();
            ticks[i] = now - last;
            last = now;
        }

        GC.KeepAlive(subject.Map);
        Array.Sort(ticks);
        double unit = 1e9 / Stopwatch.Frequency;
        return (ticks[^1] * unit, ticks[(int)(keys.Length * 0.999)] * unit);
    }
}
