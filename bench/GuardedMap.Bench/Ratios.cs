using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace GuardedMaps.Bench;

/// <summary>
/// Ratios to Dictionary in one process.
/// </summary>
/// <remarks>
/// On a shared machine a nanosecond is whatever the neighbour leaves of it, so no figure stands alone: in every round each subject does
/// the same work, in rotating order, and is divided by what Dictionary took in that very round. A cell is the median of those
/// quotients. A round lasts some milliseconds, short enough for both to meet the same weather.
/// </remarks>
internal sealed class Ratios(int rounds, string filter)
{
    /// <summary>What is measured of every map.</summary>
    public static readonly string[] Operations = ["hit", "miss", "update", "insert", "presized", "remove", "churn", "iterate", "holes", "bytes"];

    /// <summary>What the Go program measures as well, and what two builds are compared in.</summary>
    public static readonly string[] Common = ["hit", "miss", "update", "insert", "remove", "iterate", "bytes"];

    private const int WarmUpMilliseconds = 1000;

    private readonly List<Cell> _cells = [];

    public IReadOnlyList<Cell> Cells => _cells;

    public sealed record Cell(string Keys, int Size, string Operation, string Subject, double Ratio, double Nanoseconds);

    /// <summary>One of the maps that are measured beside each other.</summary>
    public sealed record Runner<TKey>(string Name, Func<string, bool> Has, Func<string, KeySet<TKey>, double> Time);

    /// <summary>
    /// Operations for which protection None is measured: those that have a fast path without a guard. (Its iterations are the lab's: the walk
    /// that survives whatever happens meanwhile. Measured in the same loop, they would also spoil the JIT's profile of the guarded ones.)
    /// </summary>
    private static readonly string[] s_unguarded = ["hit", "miss", "update", "insert", "presized", "remove", "churn"];

    /// <summary>A subject that takes its turn.</summary>
    public static Runner<TKey> Of<TKey, TSubject>(TSubject subject)
        where TSubject : struct, ISubject<TKey> =>
        new(subject.Name, operation => subject.Has(operation) && (subject.Name != nameof(MapProtection.None) || s_unguarded.Contains(operation)), (operation, keys) => Time(operation, keys, subject));

    /// <summary>Measures several subjects, the first of which is what the others are divided by.</summary>
    public void Measure<TKey>(string name, KeySet<TKey> keys, params ReadOnlySpan<Runner<TKey>> subjects)
    {
        int size = keys.Present.Length;
        foreach (string operation in Operations)
        {
            if (filter.Length > 0 && !$"{name} {size} {operation}".Contains(filter, StringComparison.Ordinal)) continue;
            var able = new List<Runner<TKey>>();
            foreach (var subject in subjects)
            {
                if (subject.Has(operation)) able.Add(subject);
            }

            double[][] times = [.. able.Select(_ => new double[rounds])];
            // Long enough for every method to reach its last tier of compilation.
            long warmUntil = Environment.TickCount64 + WarmUpMilliseconds;
            for (int round = Environment.TickCount64 < warmUntil ? -1 : 0; round < rounds; round += Environment.TickCount64 < warmUntil ? 0 : 1)
            {
                for (int turn = 0; turn < able.Count; turn++)
                {
                    int who = (turn + round + 1) % able.Count;
                    double time = able[who].Time(operation, keys);
                    if (round >= 0) times[who][round] = time;
                }
            }

            for (int i = 0; i < able.Count; i++)
                _cells.Add(new Cell(name, size, operation, able[i].Name, Median(Enumerable.Range(0, rounds).Select(r => times[i][r] / times[0][r])), Median(times[i])));
            string others = string.Join("   ", _cells.TakeLast(able.Count).Skip(1).Select(c => Invariant($"{c.Subject} {c.Ratio,5:F2}")));
            Console.WriteLine(Invariant($"{name,-8}{size,9} {operation,-8} {able[0].Name} {Median(times[0]),7:F2}   {others}"));
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    public static double GeometricMean(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return all.Length == 0 ? double.NaN : Math.Exp(all.Average(Math.Log));
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Nanoseconds (or bytes) per operation.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static double Time<TKey, TSubject>(string operation, KeySet<TKey> keys, TSubject subject)
        where TSubject : struct, ISubject<TKey>
    {
        int size = keys.Present.Length;
        int repeats = Math.Max(1, (operation is "iterate" ? 1_000_000 : 200_000) / size);
        switch (operation)
        {
            case "insert" or "presized":
                GC.Collect();
                int capacity = operation == "insert" ? 0 : size;
                long start = Stopwatch.GetTimestamp();
                for (int repeat = 0; repeat < repeats; repeat++) Fill(ref subject, keys.Fills[repeat % keys.Fills.Length], capacity);
                return PerOperation(start, (double)repeats * size);
            case "bytes":
                // Enough maps for what else comes to life meanwhile not to count.
                var maps = new object[keys.Fills.Length];
                long before = GC.GetTotalMemory(forceFullCollection: true);
                for (int i = 0; i < maps.Length; i++)
                {
                    Fill(ref subject, keys.Fills[i]);
                    subject.Settle();
                    maps[i] = subject.Map;
                }

                long after = GC.GetTotalMemory(forceFullCollection: true);
                GC.KeepAlive(maps);
                return (double)(after - before) / ((double)maps.Length * size);
            case "remove":
                long ticks = 0;
                for (int repeat = 0; repeat < repeats; repeat++)
                {
                    int set = repeat % keys.Fills.Length;
                    Fill(ref subject, keys.Fills[set]);
                    long begin = Stopwatch.GetTimestamp();
                    RemoveAll(subject, keys.Emptyings[set]);
                    ticks += Stopwatch.GetTimestamp() - begin;
                }

                return ticks * (1e9 / Stopwatch.Frequency) / ((double)repeats * size);
        }

        Fill(ref subject, keys.Present);
        subject.Settle();
        if (size > 100_000) GC.Collect();
        if (operation == "churn") return Churn(keys, subject, repeats);
        if (operation == "holes") return Holes(keys, subject, Math.Max(1, 1_000_000 / size));
        int passes = operation == "iterate" ? repeats : Math.Max(1, 200_000 / keys.Probes.Length);
        long from = Stopwatch.GetTimestamp();
        for (int pass = 0; pass < passes; pass++)
        {
            switch (operation)
            {
                case "hit":
                    GetAll<TKey, TSubject>(subject, keys.Probes);
                    break;
                case "miss":
                    GetAll<TKey, TSubject>(subject, keys.Absent);
                    break;
                case "update":
                    SetAll<TKey, TSubject>(subject, keys.Probes);
                    break;
                case "iterate":
                    subject.Sum();
                    break;
            }
        }

        return PerOperation(from, (double)passes * (operation == "iterate" ? size : keys.Probes.Length));
    }

    // A key goes and another comes, as often as it takes to have each key of each set go once.
    private static double Churn<TKey, TSubject>(KeySet<TKey> keys, TSubject subject, int repeats)
        where TSubject : struct, ISubject<TKey>
    {
        TKey[][] come = keys.Fills.Length > 1 ? keys.Fills : [keys.Present, keys.Absent];
        TKey[][] go = keys.Fills.Length > 1 ? keys.Emptyings : [keys.Emptyings[0], keys.Absent];
        repeats = Math.Max(2, repeats);
        long from = Stopwatch.GetTimestamp();
        for (int pass = 0; pass < repeats; pass++) Replace(subject, go[pass % go.Length], come[(pass + 1) % come.Length]);
        return PerOperation(from, (double)repeats * keys.Present.Length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Replace<TKey, TSubject>(TSubject subject, TKey[] go, TKey[] come)
        where TSubject : struct, ISubject<TKey>
    {
        for (int i = 0; i < go.Length; i++)
        {
            subject.Remove(go[i]);
            subject.Set(come[i], i);
        }
    }

    // A walk over what is left when every fourth entry has been removed; for each entry that is left.
    private static double Holes<TKey, TSubject>(KeySet<TKey> keys, TSubject subject, int passes)
        where TSubject : struct, ISubject<TKey>
    {
        TKey[] gone = keys.Emptyings[0][..(keys.Present.Length / 4)];
        RemoveAll(subject, gone);
        long from = Stopwatch.GetTimestamp();
        for (int pass = 0; pass < passes; pass++) subject.Sum();
        return PerOperation(from, (double)passes * (keys.Present.Length - gone.Length));
    }

    private static double PerOperation(long since, double operations) =>
        (Stopwatch.GetTimestamp() - since) * (1e9 / Stopwatch.Frequency) / operations;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Fill<TKey, TSubject>(ref TSubject subject, TKey[] keys, int capacity = 0)
        where TSubject : struct, ISubject<TKey>
    {
        subject.Make(capacity);
        for (int i = 0; i < keys.Length; i++) subject.Set(keys[i], i);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static long GetAll<TKey, TSubject>(TSubject subject, ReadOnlySpan<TKey> keys)
        where TSubject : struct, ISubject<TKey>
    {
        long sum = 0;
        foreach (TKey key in keys)
        {
            if (subject.Get(key, out long value)) sum += value;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void SetAll<TKey, TSubject>(TSubject subject, ReadOnlySpan<TKey> keys)
        where TSubject : struct, ISubject<TKey>
    {
        for (int i = 0; i < keys.Length; i++) subject.Set(keys[i], i);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void RemoveAll<TKey, TSubject>(TSubject subject, TKey[] keys)
        where TSubject : struct, ISubject<TKey>
    {
        foreach (TKey key in keys) subject.Remove(key);
    }
}
