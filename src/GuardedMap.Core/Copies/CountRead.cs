namespace GuardedMaps;

// What a thread was told when it asked a map for its Count through ICollection or ICollection<T>, kept for the CopyTo that follows.
//
//     LINQ, List<T>, ArrayList:    int n = c.Count;    ...    c.CopyTo(new T[n], 0)
//                                      │                          │
//                                      ▼ remembered               ▼ checked
//                                  CountRead { map, n, version, moment }
//
// The framework copies a collection in two operations and believes that they are one. On a map that others write the second does not fit the first:
// an array with a hole at its end, or one that is too short. Neither caller nor map sees it, each for itself. So the map remembers the first and makes
// the two one: a guarded map refuses the copy when somebody wrote in between (MapViolationKind.StaleCount); a map that refuses nothing took a copy of its entries when
// it was asked for the number, and hands that out.
//
// What the framework's own code does between Count and CopyTo was seen by handing it a collection that keeps a record:
//
//     new List, ToList, ToArray, OrderBy, [.. x]   Count, CopyTo with exactly that room
//     AddRange, InsertRange, Append, Concat        Count, CopyTo with more room; behind what the Count said they go on writing, or count no more
//     Concat of two                                Count, Count, CopyTo, CopyTo: of two maps, or twice of one
//     SortedList                                   Count, Count, Keys.CopyTo, Values.CopyTo
//     HashSet, ToDictionary, Any                   Count alone
//
// Hence: a few maps per thread, not one; a second CopyTo of one map is still checked if Count was asked twice; and more room is checked too. But a
// buffer that is longer than the map is a legal thing to copy to, after one's own writes as well. Between Count and CopyTo none of the above
// writes to the map; so if this thread has, it is somebody else's CopyTo, and what is copied is the map as it is now.
//
// What is remembered keeps no map alive. A copied moment is dropped with its CopyTo, with the thread, when the thread has asked other maps since, or, should the CopyTo never
// come, at a full collection half a minute later.

/// <summary>A <c>Count</c> that this thread was told, for its next <c>CopyTo</c> of the same map. All members are for the calling thread only.</summary>
internal sealed class CountRead
{
    /// <summary>How many maps a thread may have counted and not copied yet.</summary>
    private const int MapsPerThread = 4;

    [ThreadStatic]
    private static CountRead[]? t_reads;

    [ThreadStatic]
    private static int t_next;

    private readonly WeakReference<MapBase> _map = new(null!);
    private object? _moment;
    private long _momentAt;
    private int _pending;
    private bool _isWatched;

    private CountRead()
    {
    }

    /// <summary>How long a moment is kept for a CopyTo at least. For tests.</summary>
    public static long KeptForMilliseconds { get; set; } = 30_000;

    /// <summary>The number that was told.</summary>
    public int Count { get; private set; }

    /// <summary>The version word of a guarded map before it was counted.</summary>
    public long Version { get; private set; }

    /// <summary>True if this thread has written to the map since. (Of a guarded map the version says more.)</summary>
    public bool WroteSince { get; private set; }

    /// <summary>True for a second CopyTo after one Count; then only the room tells whether it belongs to that.</summary>
    public bool IsRepeated { get; private set; }

    /// <summary>The entries that were counted; null if the map keeps none, or if they were kept for too long.</summary>
    public object? Moment { get; private set; }

    /// <summary>Remembers what is told now.</summary>
    /// <param name="map">The map.</param>
    /// <param name="count">The number that is told.</param>
    /// <param name="version">The version word of a guarded map; 0 for others.</param>
    /// <param name="moment">The entries counted, for a map that hands them out.</param>
    public static void Remember(MapBase map, int count, long version, object? moment)
    {
        CountRead read = Find(map) ?? Oldest();
        bool again = read._map.TryGetTarget(out MapBase? before) && ReferenceEquals(before, map) && read._pending > 0;
        if (!again) read._map.SetTarget(map);
        // Twice is the most that anybody asks who copies twice.
        read._pending = again ? 2 : 1;
        (read.Count, read.Version, read.WroteSince, read.IsRepeated) = (count, version, false, false);
        Volatile.Write(ref read._momentAt, Environment.TickCount64);
        Volatile.Write(ref read._moment, moment);
        if (moment is null || read._isWatched) return;
        read._isWatched = true;
        _ = new Expiry(read);
    }

    /// <summary>What this thread was told of a map, for the CopyTo that begins now; null if nothing.</summary>
    public static CountRead? Take(MapBase map)
    {
        if (Find(map) is not { _pending: > 0 } read) return null;
        read._pending--;
        read.Moment = read._pending > 0 ? Volatile.Read(ref read._moment) : Interlocked.Exchange(ref read._moment, null);
        return read;
    }

    /// <summary>Ends the CopyTo.</summary>
    public void Done()
    {
        Moment = null;
        IsRepeated = true;
        if (_pending == 0) _map.SetTarget(null!);
    }

    /// <summary>The error of a CopyTo that came when the moment had been dropped, and the map holds another number of entries by then.</summary>
    public InvalidOperationException TooLate(string map, int holds) => new(
        $"The map '{map}' held {Count} entries when this thread asked for its Count, more than {KeptForMilliseconds / 1000} s ago, and holds {holds} now: an array made for that Count does not fit. Copy with ToArray() or ToList().");

    /// <summary>Notes that this thread writes to a map.</summary>
    public static void NoteWrite(MapBase map)
    {
        if (Find(map) is { } read) read.WroteSince = true;
    }

    private static CountRead? Find(MapBase map)
    {
        if (t_reads is not { } reads) return null;
        foreach (CountRead read in reads)
        {
            if (read._map.TryGetTarget(out MapBase? of) && ReferenceEquals(of, map)) return read;
        }

        return null;
    }

    private static CountRead Oldest()
    {
        CountRead[] reads = t_reads ??= [new(), new(), new(), new()];
        foreach (CountRead read in reads)
        {
            if (read._pending == 0) return read;
        }

        return reads[t_next++ & (MapsPerThread - 1)];
    }

    /// <summary>Drops a moment that nobody came for. It looks whenever the collector has been by, on the finalizer's thread.</summary>
    private sealed class Expiry(CountRead read)
    {
        private readonly WeakReference<CountRead> _read = new(read);
        private readonly int _collections = GC.CollectionCount(GC.MaxGeneration);

        ~Expiry()
        {
            // The thread has ended.
            if (!_read.TryGetTarget(out CountRead? read)) return;
            bool isFull = GC.CollectionCount(GC.MaxGeneration) != _collections;
            if (isFull && Environment.TickCount64 - Volatile.Read(ref read._momentAt) >= KeptForMilliseconds) Volatile.Write(ref read._moment, null);
            // For as long as the thread counts maps: an object that costs nothing between collections.
            GC.ReRegisterForFinalize(this);
        }
    }
}
