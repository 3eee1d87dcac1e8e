using System.Diagnostics;
using System.Globalization;

namespace GuardedMaps.Bench;

/// <summary>
/// GuardedMap beside ConcurrentDictionary: what two threads that read at once get done, and what one thread that writes or iterates pays.
/// </summary>
/// <remarks>
/// Dictionary stands beside them where only readers run, the one kind of sharing it permits. The maps are filled by the measuring thread
/// and read by others, as they would be in a program; a guarded map therefore belongs to none of its readers.
/// </remarks>
internal sealed class Threads(int rounds, string filter)
{
    private const int Readers = 2;
    private const int LookupsPerThread = 1_000_000;

    private static readonly string[] s_singleThreaded = ["update", "insert", "remove", "iterate"];

    private readonly List<double> _throughput = [];
    private readonly Dictionary<string, List<double>> _faster = s_singleThreaded.ToDictionary(o => o, _ => new List<double>(), StringComparer.Ordinal);

    public void Run()
    {
        if (Environment.ProcessorCount < Readers)
            Console.WriteLine($"# Only {Environment.ProcessorCount} core: the {Readers} readers take turns, and their figures say nothing about sharing.");
        foreach (int size in KeySets.Sizes)
        {
            KeySet<ulong> keys = KeySets.Ulong(size);
            Read("ulong", keys, new UlongDictionary(), new UlongGuarded(MapProtection.Guarded), new UlongConcurrent());
            Alone("ulong", keys, new UlongGuarded(MapProtection.Guarded), new UlongConcurrent());
        }

        foreach (int size in KeySets.Sizes)
        {
            KeySet<string> keys = KeySets.Strings(size);
            StringComparer comparer = StringComparer.Ordinal;
            Read("string", keys, new StringDictionary(comparer), new StringGuarded(comparer, MapProtection.Guarded), new StringConcurrent(comparer));
            Alone("string", keys, new StringGuarded(comparer, MapProtection.Guarded), new StringConcurrent(comparer));
        }

        Console.WriteLine();
        Summary($"{Readers} readers", "throughput, times ConcurrentDictionary's", _throughput);
        foreach (string operation in s_singleThreaded) Summary(operation, "times faster than ConcurrentDictionary, one thread", _faster[operation]);
    }

    private static void Summary(string what, string unit, List<double> figures)
    {
        if (figures.Count == 0) return;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-10} geometric mean {Ratios.GeometricMean(figures),5:F2}, worst {figures.Min(),5:F2}   ({unit})"));
    }

    private void Read<TKey, TA, TB, TC>(string name, KeySet<TKey> keys, TA dictionary, TB guarded, TC concurrent)
        where TA : struct, ISubject<TKey>
        where TB : struct, ISubject<TKey>
        where TC : struct, ISubject<TKey>
    {
        if (!Wanted(name, keys.Present.Length, "read")) return;
        // Each reader goes its own way through the keys: in step, one would warm the cache for the other.
        var random = new Random(7);
        TKey[][] orders = [.. Enumerable.Range(0, Readers).Select(_ => KeySets.Shuffled(keys.Probes, random))];
        Ratios.Fill(ref dictionary, keys.Present);
        Ratios.Fill(ref guarded, keys.Present);
        Ratios.Fill(ref concurrent, keys.Present);
        double[][] rates = Rotation.Measure(rounds, () => Throughput(dictionary, orders), () => Throughput(guarded, orders), () => Throughput(concurrent, orders));
        double toConcurrent = Rotation.Quotient(rates[1], rates[2]);
        _throughput.Add(toConcurrent);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-8}{keys.Present.Length,9} {Readers} readers  ConcurrentDictionary {Ratios.Median(rates[2]),7:F1} M lookups/s   Guarded {toConcurrent,5:F2} x   Dictionary {Rotation.Quotient(rates[0], rates[2]),5:F2} x"));
    }

    private void Alone<TKey, TA, TB>(string name, KeySet<TKey> keys, TA guarded, TB concurrent)
        where TA : struct, ISubject<TKey>
        where TB : struct, ISubject<TKey>
    {
        foreach (string operation in s_singleThreaded)
        {
            if (!Wanted(name, keys.Present.Length, operation)) continue;
            double[][] times = Rotation.Measure(
                rounds,
                () => Ratios.Time(operation, keys, guarded),
                () => Ratios.Time(operation, keys, concurrent));
            double faster = Rotation.Quotient(times[1], times[0]);
            _faster[operation].Add(faster);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-8}{keys.Present.Length,9} {operation,-9}  ConcurrentDictionary {Ratios.Median(times[1]),7:F2} ns            Guarded {faster,5:F2} times faster"));
        }
    }

    private bool Wanted(string name, int size, string operation) => $"{name} {size} {operation}".Contains(filter, StringComparison.Ordinal);

    /// <summary>Million lookups per second, all readers together.</summary>
    private static double Throughput<TKey, TSubject>(TSubject subject, TKey[][] orders)
        where TSubject : struct, ISubject<TKey>
    {
        int passes = Math.Max(1, LookupsPerThread / orders[0].Length);
        using var start = new Barrier(orders.Length + 1);
        Thread[] threads =
        [
            .. orders.Select(keys => new Thread(() =>
            {
                start.SignalAndWait();
                for (int pass = 0; pass < passes; pass++) Ratios.GetAll(subject, keys);
            })),
        ];
        foreach (Thread thread in threads) thread.Start();
        start.SignalAndWait();
        long from = Stopwatch.GetTimestamp();
        foreach (Thread thread in threads) thread.Join();
        double seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
        return (double)passes * orders.Sum(o => o.Length) / seconds / 1e6;
    }
}
