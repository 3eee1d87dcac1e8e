using System.Runtime.InteropServices;

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
// Hence: a few maps per thread, not one; of each map the last two Counts, which may differ; and more room is checked too. But a
// buffer that is longer than the map is a legal thing to copy to, after one's own writes as well. Between Count and CopyTo none of the above
// writes to the map; so if this thread has, it is somebody else's CopyTo, and what is copied is the map as it is now.
//
// What is remembered keeps no map alive. A copied moment is dropped with its CopyTo, with the thread, when the thread has asked other maps since, or, should the CopyTo never
// come, at a full collection half a minute later.

/// <summary>The <c>Count</c>s that this thread was told of one map, for its next <c>CopyTo</c> of it. All members are for the calling thread only.</summary>
internal sealed class CountRead
{
    [ThreadStatic]
    private static CountRead[]? t_reads;

    [ThreadStatic]
    private static int t_next;

    private readonly WeakReference<MapBase> _map = new(null!);

    // How many CopyTo may still come for what was told: one for each Count, and two are the most that anybody asks who copies twice.
    private int _pending;
    private Told _before;
    private Told _last;
    private Told _taken;
    private long _lastAt;
    private bool _isWatched;

    private CountRead()
    {
    }

    /// <summary>How long a moment is kept for a CopyTo at least. For tests.</summary>
    public static long KeptForMilliseconds { get; set; } = 30_000;

    /// <summary>The number that was told.</summary>
    public int Count => _taken.Count;

    /// <summary>The version word of a guarded map before it was counted.</summary>
    public long Version => _taken.Version;

    /// <summary>The entries that were counted; null if the map keeps none, or if they were kept for too long.</summary>
    public object? Moment => _taken.Moment;

    /// <summary>True if this thread has written to the map since. (Of a guarded map the version says more.)</summary>
    public bool WroteSince { get; private set; }

    /// <summary>True for a second CopyTo after one Count; then only the room tells whether it belongs to that.</summary>
    public bool IsRepeated { get; private set; }

    /// <summary>Remembers what is told now.</summary>
    /// <param name="map">The map.</param>
    /// <param name="count">The number that is told.</param>
    /// <param name="version">The version word of a guarded map; 0 for others.</param>
    /// <param name="moment">The entries counted, for a map that hands them out.</param>
    public static void Remember(MapBase map, int count, long version, object? moment)
    {
        if (Find(map) is { _pending: > 0 } read)
        {
            read._before = read._last;
            read._pending = 2;
        }
        else
        {
            read = Find(map) ?? Oldest();
            read._map.SetTarget(map);
            read._before = default;
            read._pending = 1;
        }

        (read.WroteSince, read.IsRepeated) = (false, false);
        Volatile.Write(ref read._lastAt, Environment.TickCount64);
        read._last = new Told(count, version, moment);
        if (moment is null || read._isWatched) return;
        read._isWatched = true;
        _ = new Expiry(read);
    }

    /// <summary>What this thread was told of a map, for a CopyTo that has so much room from an index on; null if nothing. To be ended by <see cref="Done"/>.</summary>
    public static CountRead? Take(MapBase map, int room, int index)
    {
        if (Find(map) is not { _pending: > 0 } read) return null;
        // Of two Counts the first CopyTo is the first one's where the array has been made for both. Else the first was somebody's who did not copy.
        bool isBefore = read._pending == 2 && !read.IsRepeated && index == 0 && room == read._before.Count + read._last.Count && room != read._last.Count;
        read._taken = isBefore ? read._before : read._last;
        read._pending--;
        return room < read._taken.Count ? read.Dropped() : read;
    }

    /// <summary>Ends the CopyTo.</summary>
    public void Done()
    {
        _taken = default;
        _before = default;
        IsRepeated = true;
        if (_pending > 0) return;
        _last = default;
        _map.SetTarget(null!);
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

        return reads[t_next++ & (reads.Length - 1)];
    }

    // A CopyTo with less room than that belongs to no Count.
    private CountRead? Dropped()
    {
        Done();
        return null;
    }

    /// <summary>What a map has answered.</summary>
    private struct Told(int count, long version, object? moment)
    {
        private object? _moment = moment;

        public readonly int Count => count;

        public readonly long Version => version;

        public object? Moment
        {
            readonly get => Volatile.Read(in _moment);
            set => Volatile.Write(ref _moment, value);
        }
    }

    /// <summary>Drops moments that nobody came for. It looks whenever the collector has been by, on the finalizer's thread.</summary>
    private sealed class Expiry(CountRead read)
    {
        // Not a WeakReference: that is finalized with what holds it, and knows nothing any more.
        private readonly GCHandle _read = GCHandle.Alloc(read, GCHandleType.Weak);
        private readonly int _collections = GC.CollectionCount(GC.MaxGeneration);

        ~Expiry()
        {
            if (_read.Target is not CountRead read)
            {
                // The thread has ended.
                _read.Free();
                return;
            }

            bool isFull = GC.CollectionCount(GC.MaxGeneration) != _collections;
            if (isFull && Environment.TickCount64 - Volatile.Read(ref read._lastAt) >= KeptForMilliseconds)
            {
                read._before.Moment = null;
                read._last.Moment = null;
            }

            // For as long as the thread is there: an object that costs nothing between collections.
            GC.ReRegisterForFinalize(this);
        }
    }
}
