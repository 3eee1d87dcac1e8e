using System.Diagnostics;

namespace GuardedMaps.Lab.Choosing;

/// <summary>What one map did in one slice of time.</summary>
internal sealed record LoadSlice(long Operations, long Refused, TimeSpan Duration, TimeSpan Paused, LatencyHistogram Latencies);

/// <summary>Plays a load on one map, slice by slice, with real threads.</summary>
/// <remarks>
/// One operation in eight is timed: to ask for the time costs as much as a lookup. Operations that a map refuses are counted and not repeated.
/// </remarks>
internal sealed class LoadPlayer<TKey>
    where TKey : notnull
{
    private const int TimedEvery = 8;
    private const int RenewedKeys = 4_096;
    private const int WeighedEntries = 50_000;
    private const int WeighedTimes = 5;

    private readonly MapFace<TKey> _map;
    private readonly IComparer<TKey> _order = ChoiceMaps.Order<TKey>();
    private readonly MapLoad _load;
    private readonly LoadSequence _sequence;
    private readonly TKey[] _keys;
    private readonly TKey[][] _newKeys;
    private readonly int[] _at;
    private readonly int[] _renewed;
    private volatile bool _ended;

    public LoadPlayer(string map, MapLoad load, LoadSequence sequence, TKey[] keys, TKey[][] newKeys)
    {
        (_load, _sequence, _keys, _newKeys) = (load, sequence, keys, newKeys);
        (_at, _renewed) = (new int[load.Threads], new int[load.Threads]);
        Name = map;
        // So many that what else comes and goes in the process does not count.
        var maps = new MapFace<TKey>[Math.Max(1, WeighedEntries / Math.Max(1, keys.Length))];
        // Now and then much goes in the process while the maps are filled, and they seem to weigh less than nothing.
        for (int attempt = 0; attempt < WeighedTimes && BytesPerEntry <= 0 && keys.Length > 0; attempt++)
        {
            Array.Clear(maps);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            long before = GC.GetTotalMemory(forceFullCollection: true);
            for (int m = 0; m < maps.Length; m++)
            {
                maps[m] = ChoiceMaps.Make<TKey>(map);
                for (int i = 0; i < keys.Length; i++) maps[m].Set(keys[i], i);
            }

            BytesPerEntry = Math.Max(0, (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / ((double)maps.Length * keys.Length));
        }

        maps[0] ??= ChoiceMaps.Make<TKey>(map);
        GC.KeepAlive(maps);
        _map = maps[0];
    }

    public string Name { get; }

    /// <summary>What the map takes for each entry at the beginning, without the keys, which all maps share.</summary>
    public double BytesPerEntry { get; }

    /// <summary>The keys that a thread adds anew: none of them is there at the beginning.</summary>
    public static TKey[][] NewKeys(MapLoad load, int present, Func<int, TKey> make) =>
        [.. Enumerable.Range(0, load.Threads).Select(t => load.Renewals > 0 ? (TKey[])[.. Enumerable.Range(0, RenewedKeys).Select(i => make(present + (t * RenewedKeys) + i))] : [])];

    public LoadSlice Play(TimeSpan duration)
    {
        _ended = false;
        var counts = new (long Operations, long Refused)[_load.Threads];
        var latencies = Enumerable.Range(0, _load.Threads).Select(_ => new LatencyHistogram()).ToArray();
        Exception? failure = null;
        using var start = new Barrier(_load.Threads + 1);
        var threads = Enumerable.Range(0, _load.Threads).Select(t => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                counts[t] = Run(t, latencies[t]);
            }
            catch (Exception error)
            {
                // On a thread of its own it would end the process; it is thrown where the load was begun.
                Interlocked.CompareExchange(ref failure, error, null);
            }
        })
        { IsBackground = true, Name = $"load {t}" }).ToList();
        foreach (var thread in threads) thread.Start();
        start.SignalAndWait();
        var paused = GC.GetTotalPauseDuration();
        long from = Stopwatch.GetTimestamp();
        Thread.Sleep(duration);
        _ended = true;
        foreach (var thread in threads) thread.Join();
        var took = Stopwatch.GetElapsedTime(from);
        if (failure is not null) throw new InvalidOperationException($"The load could not be played on {Name}: {failure.Message}", failure);
        var all = new LatencyHistogram();
        foreach (var one in latencies) all.Add(one);
        return new LoadSlice(counts.Sum(c => c.Operations), counts.Sum(c => c.Refused), took, GC.GetTotalPauseDuration() - paused, all);
    }

    private (long Operations, long Refused) Run(int thread, LatencyHistogram latencies)
    {
        var steps = _sequence.Threads[thread];
        var (operations, refused) = (0L, 0L);
        int at = _at[thread];
        while (!_ended)
        {
            bool isTimed = operations % TimedEvery == 0;
            long from = isTimed ? Stopwatch.GetTimestamp() : 0;
            try
            {
                Do(steps[at], thread);
            }
            catch (MapViolationException)
            {
                refused++;
            }

            if (isTimed) latencies.Add(Stopwatch.GetTimestamp() - from);
            operations++;
            if (++at == steps.Length) at = 0;
        }

        _at[thread] = at;
        return (operations, refused);
    }

    private void Do(LoadStep step, int thread)
    {
        switch (step.Kind)
        {
            case LoadOperationKind.Read:
                _map.Get(_keys[step.Key]);
                break;
            case LoadOperationKind.Write:
                _map.Set(_keys[step.Key], step.Key);
                break;
            case LoadOperationKind.Remove:
                _map.Remove(_keys[step.Key]);
                break;
            case LoadOperationKind.Increment:
                _map.Increment(_keys[step.Key], 1);
                break;
            case LoadOperationKind.Renew:
                // Half of the thread's new keys are there at a time.
                int next = _renewed[thread]++ & (RenewedKeys - 1);
                _map.Set(_newKeys[thread][next], next);
                _map.Remove(_newKeys[thread][(next + (RenewedKeys / 2)) & (RenewedKeys - 1)]);
                break;
            case LoadOperationKind.Iterate:
                _map.Sum();
                break;
            default:
                _map.Sum(_keys[step.Key], _keys[Math.Min(_keys.Length - 1, step.Key + _load.RangeLength - 1)], _order);
                break;
        }
    }
}
