namespace GuardedMaps;

// Which keys of a map are hot, for next to nothing.
//
//     clock, every millisecond:      arms the map      a flag that its operations look at anyway
//     the next 16 operations:        find the flag, give their key to the counters (SpaceSaving)
//     the last of them:              takes the flag away
//     all others:                    see no flag, and do nothing at all
//
// So the cost is that of 16 slow operations a millisecond, however many there are, and nothing when nobody samples. What it costs is stated
// by the bench (`bench hotkeys`). It samples moments, not operations: in a quiet second an operation has a better chance to be sampled than
// in a busy one. Within a stretch of steady load, which is where one looks for hot keys, that makes no difference.

/// <summary>What the sampling clock arms.</summary>
internal interface IArmed
{
    void Arm();
}

/// <summary>The keys of a map, sampled. Thread-safe, and nobody ever waits in it.</summary>
internal sealed class HotKeySampler<TKey> : IArmed
    where TKey : notnull
{
    private const int Burst = 16;

    private readonly object _lock = new();
    private readonly SpaceSaving<TKey> _counters;
    private readonly int _capacity;
    private readonly string _mapName;
    private readonly DateTimeOffset _since = DateTimeOffset.Now;
    private readonly Action _setFlag;
    private int _left; // Of the burst under way.
    private long _bursts;
    private bool _isCounting; // Under the lock: the comparer is at work.
    private volatile bool _isStopped;

    /// <param name="mapName">The map's name.</param>
    /// <param name="comparer">Compares the map's keys.</param>
    /// <param name="counters">How many counters.</param>
    /// <param name="setFlag">Makes the map's next operations come here.</param>
    public HotKeySampler(string mapName, IEqualityComparer<TKey> comparer, int counters, Action setFlag)
    {
        (_mapName, _capacity, _setFlag) = (mapName, counters, setFlag);
        _counters = new SpaceSaving<TKey>(counters, comparer);
    }

    /// <summary>The map's next operations are sampled. Called by the clock.</summary>
    public void Arm()
    {
        if (_isStopped) return;
        Volatile.Write(ref _left, Burst);
        _setFlag();
    }

    /// <summary>Counts the key of an operation that found the flag.</summary>
    /// <returns>False if the flag is to be taken away: this was the last of its burst.</returns>
    /// <remarks>The map's comparer may throw here as it may in the operation itself, and then the operation does.</remarks>
    public bool Take(TKey key)
    {
        if (_isStopped) return false;
        // Somebody else is counting: one sample less. And a comparer that uses its map while it compares is not counted.
        if (!Monitor.TryEnter(_lock)) return true;
        try
        {
            if (_isCounting) return true;
            if (_left <= 0) return false;
            if (_left == Burst) _bursts++;
            _left--;
            _isCounting = true;
            try
            {
                _counters.Add(key);
            }
            finally
            {
                _isCounting = false;
            }

            return _left > 0;
        }
        finally
        {
            Monitor.Exit(_lock);
        }
    }

    /// <summary>No operation is sampled any more. What was counted stays.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>What was counted so far.</summary>
    public HotKeyReport Report(int count)
    {
        lock (_lock)
        {
            var report = new HotKeyReport
            {
                MapName = _mapName,
                Since = _since,
                IsSampling = !_isStopped,
                Samples = _counters.Total,
                Bursts = _bursts,
                Counters = _capacity,
            };
            report.Keys = [.. _counters.Top(count).Select(top => new HotKey(top.Key, top.Count, top.Error, report))];
            return report;
        }
    }
}
