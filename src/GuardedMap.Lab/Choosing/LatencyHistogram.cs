using System.Diagnostics;
using System.Numerics;

namespace GuardedMaps.Lab.Choosing;

/// <summary>Counts how long operations took, in memory that does not grow: 32 classes for each doubling, so a percentile is exact to 3 %.</summary>
internal sealed class LatencyHistogram
{
    private const int Bits = 5;
    private const int Classes = 1 << Bits;
    private readonly long[] _counts = new long[(64 - Bits) * Classes];

    public long Count { get; private set; }

    /// <summary>Counts one of so many ticks of the <see cref="Stopwatch"/>.</summary>
    public void Add(long ticks)
    {
        _counts[ClassOf((ulong)Math.Max(0, ticks))]++;
        Count++;
    }

    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
        Count += other.Count;
    }

    /// <summary>The time in nanoseconds below which a share of all were; null if none was counted.</summary>
    public double? Percentile(double share)
    {
        if (Count == 0) return null;
        long before = (long)Math.Ceiling(share * Count);
        int at = 0;
        for (long seen = _counts[0]; seen < before; seen += _counts[at]) at++;
        return UpperEnd(at) * (1e9 / Stopwatch.Frequency);
    }

    // Below 32 each number is a class of its own; above, the highest five bits below the leading one say which.
    private static int ClassOf(ulong ticks)
    {
        if (ticks < Classes) return (int)ticks;
        int shift = BitOperations.Log2(ticks) - Bits;
        return ((shift + 1) << Bits) + (int)((ticks >> shift) & (Classes - 1));
    }

    private static ulong UpperEnd(int at)
    {
        if (at < Classes) return (ulong)at;
        int shift = (at >> Bits) - 1;
        return (((ulong)(at & (Classes - 1)) + Classes + 1) << shift) - 1;
    }
}
