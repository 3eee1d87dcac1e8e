using System.Diagnostics;
using System.Globalization;

namespace GuardedMaps.Bench;

/// <summary>
/// What the sampling of hot keys costs: the same lookups and writes on the same map, with the sampler on and off in turns. A round is
/// long enough for many ticks of its clock.
/// </summary>
internal sealed class HotKeyCost(int rounds, string filter)
{
    private const int Size = 100_000;
    private static readonly TimeSpan s_stretch = TimeSpan.FromMilliseconds(100);
    private static readonly int[] s_asked = Asked();

    private long _sink;

    public void Run()
    {
        Console.WriteLine("map        operation   on / off    goal     ns off   samples/s");
        Measure("Guarded", new GuardedMap<int, long>());
        Measure("Snapshot", new SnapshotMap<int, long>());
        Measure("Sync", new SyncMap<int, long>());
        Measure("Ordered", new OrderedMap<int, long>());
        GC.KeepAlive(_sink);
    }

    private static int[] Asked()
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, 1 << 16).Select(_ => random.Next(Size))];
    }

    private void Measure<TMap>(string name, TMap map)
        where TMap : IDictionary<int, long>, IMap
    {
        if (!name.Contains(filter, StringComparison.OrdinalIgnoreCase)) return;
        for (int key = 0; key < Size; key++) map.Add(key, key);
        Report("hit", map, keys =>
        {
            foreach (int key in keys) _sink += map.TryGetValue(key, out long value) ? value : 0;
        });
        Report("update", map, keys =>
        {
            foreach (int key in keys) map[key] = key;
        });

        void Report(string operation, TMap map, Action<int[]> pass)
        {
            for (int i = 0; i < 5; i++) Stretch(pass);
            double[] ratios = new double[rounds];
            double off = 0;
            double perSecond = 0;
            for (int round = 0; round < rounds; round++)
            {
                // On, off and on again, so that a machine that speeds up or slows down does so for both.
                map.StartHotKeys();
                double first = Stretch(pass);
                long samples = map.GetHotKeys()!.Samples;
                map.StopHotKeys();
                off = Stretch(pass);
                map.StartHotKeys();
                double second = Stretch(pass);
                map.StopHotKeys();
                ratios[round] = (first + second) / 2 / off;
                perSecond = samples / s_stretch.TotalSeconds;
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-10} {operation,-10} {Ratios.Median(ratios),9:F3}  <= 1.03  {off,8:F1}  {perSecond,10:N0}"));
        }
    }

    private static double Stretch(Action<int[]> pass)
    {
        long operations = 0;
        var watch = Stopwatch.StartNew();
        for (; watch.Elapsed < s_stretch; operations += s_asked.Length) pass(s_asked);
        return watch.Elapsed.TotalNanoseconds / operations;
    }
}
