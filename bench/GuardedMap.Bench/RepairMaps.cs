using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace GuardedMaps.Bench;

/// <summary>
/// The maps that cannot race, each beside what one would use otherwise: SnapshotMap, SyncMap and OrderedMap. Every figure is a ratio of times or
/// throughputs taken in turns, so that a noisy machine is noisy for both; the median of the rounds is printed, with the goal.
/// </summary>
internal sealed class RepairMaps(int rounds, string filter)
{
    private const int Threads = 2;
    private const int Lookups = 200_000;
    private static readonly int[] s_sizes = [1_000, 100_000, 1_000_000];

    private long _sink;

    public void Run()
    {
        Console.WriteLine("map        measure                                    size     ratio    goal   peer");
        foreach (int size in s_sizes)
        {
            if (Wanted("snapshot")) Snapshot(size);
            if (Wanted("sync") && size < s_sizes[^1]) Sync(size);
            if (Wanted("ordered") && size < s_sizes[^1]) Ordered(size);
        }

        GC.KeepAlive(_sink);
    }

    private void Snapshot(int size)
    {
        var entries = Entries(size);
        int[] asked = Asked(size, Lookups);
        var map = new SnapshotMap<int, long>(entries);
        var dictionary = new Dictionary<int, long>(entries);
        var concurrent = new ConcurrentDictionary<int, long>(entries);
        Print("Snapshot", "lookup", size, "<= 1.2", "Dictionary", Median(() => Time(() => Sum(asked, k => map.TryGetValue(k, out long v) ? v : 0)), () => Time(() => Sum(asked, k => dictionary.TryGetValue(k, out long v) ? v : 0))));
        Print("Snapshot", "iterate", size, "<= 1.2", "Dictionary", Median(() => Time(() => Walk(map)), () => Time(() => Walk(dictionary))));
        var grown = new SnapshotMap<int, long>();
        foreach (var (key, value) in entries) grown[key] = value;
        Print("Snapshot", "iterate, filled key by key", size, "", "Dictionary", Median(() => Time(() => Walk(grown)), () => Time(() => Walk(dictionary))));
        Print("Snapshot", "write", size, "<= 3", "ConcurrentDictionary", Median(() => Time(() => Each(asked, k => map[k] = k)), () => Time(() => Each(asked, k => concurrent[k] = k))));
        int[] few = asked[..Math.Max(1, 20_000_000 / size / 100)];
        var naive = new Copied(entries);
        Print("Snapshot", "write", size, "", "a copy for each write", Median(() => Time(() => Each(few, k => map[k] = k)), () => Time(() => Each(few, k => naive.Set(k, k)))));
        Print("Snapshot", "write, a snapshot before each", size, "", "ConcurrentDictionary", Median(() => Time(() => Each(asked, k => WriteAfterSnapshot(map, k))), () => Time(() => Each(asked, k => concurrent[k] = k))));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Each(few, k => WriteAfterSnapshot(map, k));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"Snapshot",-10} {"a snapshot and a write copy",-38} {size,9:N0} {(GC.GetAllocatedBytesForCurrentThread() - before) / few.Length,6} B   a few kB"));
        double taken = Enumerable.Range(0, rounds).Select(_ => Time(() => Each(asked, _ => _sink += map.GetSnapshot().Version)) / asked.Length).Order().ElementAt(rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"Snapshot",-10} {"take a snapshot",-38} {size,9:N0} {taken,6:F1} ns  < 1000   "));
    }

    private void WriteAfterSnapshot(SnapshotMap<int, long> map, int key)
    {
        _sink += map.GetSnapshot().Version;
        map[key] = key;
    }

    private void Sync(int size)
    {
        var entries = Entries(size);
        var orders = SharedLoad.Orders(entries.Select(e => e.Key).ToArray());
        var map = new SyncNumbers(new SyncMap<int, long>(entries));
        var concurrent = new ConcurrentNumbers(new ConcurrentDictionary<int, long>(entries));
        Print("Sync", $"{Threads} threads, 99.9 % reads, throughput", size, ">= 1", "ConcurrentDictionary", Median(() => SharedLoad.Throughput(map, orders, 1_000), () => SharedLoad.Throughput(concurrent, orders, 1_000)));
        var texts = SharedLoad.Texts(entries.Select(e => e.Key)).Select((text, i) => KeyValuePair.Create(text, (long)i)).ToList();
        var spoken = SharedLoad.Orders(SharedLoad.Texts(entries.Select(e => e.Key)));
        var mapOfTexts = new SyncTexts(new SyncMap<string, long>(texts));
        var concurrentOfTexts = new ConcurrentTexts(new ConcurrentDictionary<string, long>(texts, StringComparer.Ordinal));
        Print("Sync", "the same, strings", size, ">= 1", "ConcurrentDictionary", Median(() => SharedLoad.Throughput(mapOfTexts, spoken, 1_000), () => SharedLoad.Throughput(concurrentOfTexts, spoken, 1_000)));
    }

    private void Ordered(int size)
    {
        var entries = Entries(size);
        var orders = SharedLoad.Orders(entries.Select(e => e.Key).ToArray());
        var map = new OrderedMap<int, long>(entries);
        var sorted = new SortedDictionary<int, long>(new Dictionary<int, long>(entries));
        Print("Ordered", $"{Threads} threads, 90 % reads, throughput", size, ">= 2", "locked SortedDictionary", Median(() => SharedLoad.Throughput(new OrderedNumbers(map), orders, 10), () => SharedLoad.Throughput(new LockedSortedNumbers(sorted), orders, 10)));
        var texts = SharedLoad.Texts(entries.Select(e => e.Key)).Select((text, i) => KeyValuePair.Create(text, (long)i)).ToList();
        var spoken = SharedLoad.Orders(SharedLoad.Texts(entries.Select(e => e.Key)));
        var mapOfTexts = new OrderedTexts(new OrderedMap<string, long>(texts, StringComparer.Ordinal));
        var sortedOfTexts = new LockedSortedTexts(new SortedDictionary<string, long>(new Dictionary<string, long>(texts, StringComparer.Ordinal), StringComparer.Ordinal));
        Print("Ordered", "the same, strings in ordinal order", size, ">= 2", "locked SortedDictionary", Median(() => SharedLoad.Throughput(mapOfTexts, spoken, 10), () => SharedLoad.Throughput(sortedOfTexts, spoken, 10)));
        // Of small maps many, with other keys each: how to sort the same thousand keys the processor would learn by heart.
        Scanned[] scanned = [.. Enumerable.Range(0, Math.Max(1, 64_000 / size)).Select(seed => new Scanned(Entries(size, seed)))];
        double range = Median(
            () => Time(() => Array.ForEach(scanned, s => _sink += Sum(s.Ordered, s.From, s.To))),
            () => Time(() => Array.ForEach(scanned, s => _sink += Sum(s.Concurrent, s.From, s.To))));
        Print("Ordered", "1,000 keys of a range, speed", size, ">= 5", "sorting a ConcurrentDictionary", 1 / range);
    }

    private static long Sum(OrderedMap<int, long> map, int from, int to)
    {
        long sum = 0;
        foreach (var entry in map.Range(from, to)) sum += entry.Value;
        return sum;
    }

    // The quickest way there is: numbers are sorted without a comparer.
    private static long Sum(ConcurrentDictionary<int, long> map, int from, int to)
    {
        var keys = new List<int>();
        foreach (var entry in map)
        {
            if (entry.Key >= from && entry.Key <= to) keys.Add(entry.Key);
        }

        keys.Sort();
        long sum = 0;
        foreach (int key in keys)
        {
            if (map.TryGetValue(key, out long value)) sum += value;
        }

        return sum;
    }

    private static KeyValuePair<int, long>[] Entries(int size, int seed = 5)
    {
        var random = new Random(seed);
        var keys = new HashSet<int>();
        while (keys.Count < size) keys.Add(random.Next());
        return [.. keys.Select((key, i) => KeyValuePair.Create(key, (long)i))];
    }

    // Drawn at random: the same keys again and again would be learnt by the branch predictor.
    private static int[] Asked(int size, int count)
    {
        var entries = Entries(size);
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(_ => entries[random.Next(size)].Key)];
    }

    private static void Print(string map, string measure, int size, string goal, string peer, double ratio) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{map,-10} {measure,-38} {size,9:N0} {ratio,9:F2}  {goal,6}   {peer}"));

    private bool Wanted(string map) => map.Contains(filter, StringComparison.OrdinalIgnoreCase);

    // In turns, and the order of the two in turns as well.
    private double Median(Func<double> ours, Func<double> peers)
    {
        WarmUp(ours, peers);
        var ratios = new List<double>();
        for (int round = 0; round < rounds; round++)
        {
            double first = round % 2 == 0 ? ours() : peers();
            double second = round % 2 == 0 ? peers() : ours();
            ratios.Add(round % 2 == 0 ? first / second : second / first);
        }

        return Ratios.Median([.. ratios]);
    }

    // The runtime compiles a method well once it has been called often and nothing new has been compiled for a while.
    private static void WarmUp(Func<double> ours, Func<double> peers)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            for (var watch = Stopwatch.StartNew(); watch.ElapsedMilliseconds < 150;) _ = ours() + peers();
            Thread.Sleep(250);
        }
    }

    private static double Time(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalNanoseconds;
    }

    private void Sum(int[] keys, Func<int, long> get)
    {
        foreach (int key in keys) _sink += get(key);
    }

    private static void Each(int[] keys, Action<int> work)
    {
        foreach (int key in keys) work(key);
    }

    private void Walk(SnapshotMap<int, long> map)
    {
        foreach (var entry in map) _sink += entry.Value;
    }

    private void Walk(Dictionary<int, long> map)
    {
        foreach (var entry in map) _sink += entry.Value;
    }

    /// <summary>The same entries in an ordered map and in one that has to be sorted, and a thousand of their keys from the middle.</summary>
    private sealed class Scanned
    {
        public Scanned(KeyValuePair<int, long>[] entries)
        {
            (Ordered, Concurrent) = (new OrderedMap<int, long>(entries), new ConcurrentDictionary<int, long>(entries));
            int[] keys = [.. entries.Select(e => e.Key).Order()];
            (From, To) = (keys[(keys.Length - 1_000) / 2], keys[((keys.Length - 1_000) / 2) + 999]);
        }

        public OrderedMap<int, long> Ordered { get; }

        public ConcurrentDictionary<int, long> Concurrent { get; }

        public int From { get; }

        public int To { get; }
    }

    /// <summary>The copy-on-write map of the articles: each write copies everything.</summary>
    private sealed class Copied(KeyValuePair<int, long>[] entries)
    {
        private Dictionary<int, long> _published = new(entries);

        public void Set(int key, long value) => _published = new Dictionary<int, long>(_published) { [key] = value };
    }
}
