namespace GuardedMaps;

// How the lab looks on. A map shows everybody its layout and, if it is traced, its events. The lab needs two things more, for pictures
// and recordings: to be told of each event in the moment it happens, when the table can still be looked at, and to see what a lookup
// does in a map that is not traced. Neither is for production code, so neither is public.
//
//   recorder ◀── Happened(event) ── MapObserver ◀── probe ── the write that is under way
//       └──────── GetLayout() ─────────▶ allowed: it is the writer's own thread, at a point where the table is consistent

/// <summary>Somebody who is told of a traced map's events as they happen.</summary>
internal interface IMapWatcher
{
    /// <summary>Something has happened. Called on the thread it happened on, in the middle of the operation; must not throw and must not write to the map.</summary>
    /// <param name="happened">What.</param>
    /// <param name="iterator">The iterator that moved, for <see cref="ProbePoint.IteratorMoved"/>.</param>
    void Happened(MapEvent happened, IMapIterator? iterator);
}

/// <summary>What the lab sees of a map beside its public face.</summary>
internal interface IWatchedMap
{
    /// <summary>Where the events go; null for a map that is not traced.</summary>
    MapObserver? Observer { get; }

    /// <summary>Looks a key up and tells what the lookup did, step by step. The map records none of it.</summary>
    /// <exception cref="ArgumentNullException">The key is null.</exception>
    /// <exception cref="ArgumentException">The key is not of the map's key type.</exception>
    /// <exception cref="MapViolationException">The lookup overlapped a write.</exception>
    IReadOnlyList<MapEvent> TraceLookup(object key);
}

/// <summary>What the lab sees of an iterator beside its public face: Go's fields, by Go's names where they have one.</summary>
internal interface IWalkView
{
    /// <summary>How many stretches of eight entries the walk goes over. 0 before it began.</summary>
    int Buckets { get; }

    /// <summary>The place in its stretch that it stands on; -1 between entries.</summary>
    int Slot { get; }

    /// <summary>Copies the entries that the walk goes over, eight to a stretch, as they are now. What it passes over is left out. O(n).</summary>
    /// <exception cref="MapViolationException">The map was being written meanwhile.</exception>
    IReadOnlyList<BucketLayout> DescribeWalked();
}

public abstract partial class GuardedMapBase<TKey, TValue> : IWatchedMap
{
    MapObserver? IWatchedMap.Observer => Observer;

    IReadOnlyList<MapEvent> IWatchedMap.TraceLookup(object key)
    {
        TKey typed = CastKey(key);
        return ReadWhole(MapOperation.Read, map =>
        {
            var probe = new ListingProbe([]);
            var read = new ReadAction { Key = typed };
            map.Run(ref read, ref map._table, probe);
            return probe.Events;
        });
    }

    internal IReadOnlyList<BucketLayout> DescribeWalked(EntryWalk<TKey, TValue> walk) => ReadWhole(MapOperation.Iterate, map => map._table.DescribeEntries(walk));

    /// <summary>Keeps what one lookup does.</summary>
    private readonly struct ListingProbe(List<MapEvent> events) : IProbe
    {
        public List<MapEvent> Events => events;

        public void At(ProbePoint point, int bucket, int slot, ulong data) =>
            events.Add(new MapEvent(events.Count + 1, point, bucket, slot, data, Environment.CurrentManagedThreadId, DateTimeOffset.Now));
    }
}
