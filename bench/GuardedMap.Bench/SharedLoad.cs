using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace GuardedMaps.Bench;

/// <summary>A map under a load of several threads. Structs without type parameters, so that every call is compiled exactly and a lookup is not hidden behind a delegate's.</summary>
internal interface IShared<TKey>
{
    bool Read(TKey key);

    void Write(TKey key);
}

/// <summary>Threads that read a map and write it now and then, all at once.</summary>
internal static class SharedLoad
{
    private const int Threads = 2;
    private const int Asked = 200_000;
    private const int OperationsPerThread = 1_000_000;

    /// <summary>Each thread's own way through the keys, drawn at random: the same keys again and again would be learnt by the branch predictor.</summary>
    public static TKey[][] Orders<TKey>(TKey[] keys) => [.. Enumerable.Range(0, Threads).Select(t => new Random(3 + t).GetItems(keys, Asked))];

    /// <summary>The same keys as strings, those asked for equal to those stored but other instances.</summary>
    public static string[] Texts(IEnumerable<int> keys) => [.. keys.Select(k => string.Create(CultureInfo.InvariantCulture, $"item-{k:x8}"))];

    /// <summary>Operations per second of all threads together; one in <paramref name="everyWrite"/> is a write of a key that is there.</summary>
    public static double Throughput<TKey, TSubject>(TSubject subject, TKey[][] orders, int everyWrite)
        where TSubject : struct, IShared<TKey>
    {
        using var start = new Barrier(orders.Length + 1);
        Thread[] threads =
        [
            .. orders.Select(keys => new Thread(() =>
            {
                start.SignalAndWait();
                int found = 0;
                for (int pass = 0; pass < OperationsPerThread / Asked; pass++) found += Pass(subject, keys, everyWrite);
                if (found > OperationsPerThread) throw new InvalidOperationException("More keys were found than asked for.");
            })),
        ];
        foreach (var thread in threads) thread.Start();
        start.SignalAndWait();
        long from = Stopwatch.GetTimestamp();
        foreach (var thread in threads) thread.Join();
        return (double)OperationsPerThread * orders.Length / Stopwatch.GetElapsedTime(from).TotalSeconds;
    }

    private static int Pass<TKey, TSubject>(TSubject subject, TKey[] keys, int everyWrite)
        where TSubject : struct, IShared<TKey>
    {
        int found = 0;
        int untilWrite = everyWrite;
        foreach (var key in keys)
        {
            if (--untilWrite > 0)
            {
                if (subject.Read(key)) found++;
            }
            else
            {
                subject.Write(key);
                untilWrite = everyWrite;
            }
        }

        return found;
    }
}

internal readonly struct SyncNumbers(SyncMap<int, long> map) : IShared<int>
{
    public bool Read(int key) => map.TryGetValue(key, out _);

    public void Write(int key) => map[key] = key;
}

internal readonly struct SyncTexts(SyncMap<string, long> map) : IShared<string>
{
    public bool Read(string key) => map.TryGetValue(key, out _);

    public void Write(string key) => map[key] = key.Length;
}

internal readonly struct ConcurrentNumbers(ConcurrentDictionary<int, long> map) : IShared<int>
{
    public bool Read(int key) => map.TryGetValue(key, out _);

    public void Write(int key) => map[key] = key;
}

internal readonly struct ConcurrentTexts(ConcurrentDictionary<string, long> map) : IShared<string>
{
    public bool Read(string key) => map.TryGetValue(key, out _);

    public void Write(string key) => map[key] = key.Length;
}

internal readonly struct OrderedNumbers(OrderedMap<int, long> map) : IShared<int>
{
    public bool Read(int key) => map.TryGetValue(key, out _);

    public void Write(int key) => map[key] = key;
}

internal readonly struct LockedSortedNumbers(SortedDictionary<int, long> map) : IShared<int>
{
    public bool Read(int key)
    {
        lock (map) return map.TryGetValue(key, out _);
    }

    public void Write(int key)
    {
        lock (map) map[key] = key;
    }
}

internal readonly struct OrderedTexts(OrderedMap<string, long> map) : IShared<string>
{
    public bool Read(string key) => map.TryGetValue(key, out _);

    public void Write(string key) => map[key] = key.Length;
}

internal readonly struct LockedSortedTexts(SortedDictionary<string, long> map) : IShared<string>
{
    public bool Read(string key)
    {
        lock (map) return map.TryGetValue(key, out _);
    }

    public void Write(string key)
    {
        lock (map) map[key] = key.Length;
    }
}
