using System.Globalization;

namespace GuardedMaps;

/// <summary>Something a traced map did. Immutable; safe to keep.</summary>
/// <param name="Sequence">Running number within the map, from 1.</param>
/// <param name="Point">What happened.</param>
/// <param name="Bucket">The bucket concerned; from the number of buckets on, an overflow bucket; -1 in a map without buckets.</param>
/// <param name="Slot">The slot concerned.</param>
/// <param name="Data">More, as <see cref="ProbePoint"/> says for each point.</param>
/// <param name="ThreadId">The managed thread it happened on.</param>
/// <param name="At">When.</param>
public sealed record MapEvent(long Sequence, ProbePoint Point, int Bucket, int Slot, ulong Data, int ThreadId, DateTimeOffset At)
{
    /// <summary>The event in words.</summary>
    public string Text => Point switch
    {
        ProbePoint.HashComputed => Format($"hash {Data:x16}: tophash {Tophash.Of(Data):x2}"),
        ProbePoint.BucketChosen => Format($"bucket {Bucket}{(Data == 1 ? " of the old array, not evacuated yet" : "")}"),
        ProbePoint.TophashMatched => Data == 0 ? Format($"bucket {Bucket}: no card matches") : Format($"bucket {Bucket}: a card matches in slots {Slots(Data)}"),
        ProbePoint.FalseHit => Format($"bucket {Bucket} slot {Slot}: same card, another key"),
        ProbePoint.KeyFound => Format($"bucket {Bucket} slot {Slot}: found"),
        ProbePoint.OverflowFollowed => Format($"on to overflow bucket {Bucket}"),
        ProbePoint.EntryInserted when Bucket < 0 => "inserted",
        ProbePoint.EntryUpdated when Bucket < 0 => "updated",
        ProbePoint.EntryRemoved when Bucket < 0 => "removed",
        ProbePoint.EntryInserted => Format($"inserted in bucket {Bucket} slot {Slot}"),
        ProbePoint.EntryUpdated => Format($"updated in bucket {Bucket} slot {Slot}"),
        ProbePoint.EntryRemoved => Format($"removed from bucket {Bucket} slot {Slot}"),
        ProbePoint.OverflowAdded => Format($"overflow bucket {Bucket} added behind bucket {Slot}"),
        ProbePoint.GrowStarted => Format($"growth to {Bucket} buckets began: {(GrowReason)Data}"),
        ProbePoint.BucketEvacuated => Format($"old bucket {Bucket} evacuated: {Slot} to X, {Data} to Y"),
        ProbePoint.GrowFinished => "growth finished",
        ProbePoint.Cleared => "cleared",
        ProbePoint.IteratorMoved => Format($"iterator {(IteratorState)Data} at bucket {Bucket} slot {Slot}"),
        ProbePoint.LeaseBegun => Format($"lease begun: {(IterationContract)Data}"),
        ProbePoint.LeaseEnded => Format($"lease ended: {(IterationContract)Data}"),
        ProbePoint.WriteDeferred => Format($"{(MapOperation)Data} queued"),
        ProbePoint.TableCopied => Format($"table of {Bucket} buckets copied for a snapshot"),
        ProbePoint.ViolationDetected => Format($"violation: {(MapViolationKind)Data}"),
        ProbePoint.MissCounted => Format($"the read part does not know the key: miss {Data}"),
        ProbePoint.DirtyPromoted => Format($"the dirty part of {Data} keys became the read part"),
        ProbePoint.DirtyMade => Format($"a dirty part was made of {Data} keys"),
        ProbePoint.ChainTooLong => Format($"warning: {Data} keys or more lead to one place; chance does not do that. Look at the keys' hash"),
        _ => Point.ToString(),
    };

    /// <inheritdoc/>
    public override string ToString() => Format($"{Sequence} [thread {ThreadId}] {Text}");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Slots(ulong mask) =>
        string.Join(", ", Enumerable.Range(0, Tophash.SlotsPerBucket).Where(slot => (mask >> slot & 1) != 0).Select(slot => slot.ToString(CultureInfo.InvariantCulture)));
}

/// <summary>Keeps the newest events of a traced map. Thread-safe; memory is bounded by its capacity.</summary>
internal sealed class MapObserver(int capacity)
{
    private readonly object _lock = new();
    private readonly MapEvent[] _ring = new MapEvent[Math.Max(1, capacity)];
    private long _sequence;
    private IMapWatcher? _watcher;

    /// <summary>Who is told of each event as it happens; null for nobody.</summary>
    public IMapWatcher? Watcher
    {
        get => Volatile.Read(ref _watcher);
        set => Volatile.Write(ref _watcher, value);
    }

    /// <param name="point">What happened.</param>
    /// <param name="bucket">The bucket concerned.</param>
    /// <param name="slot">The slot concerned.</param>
    /// <param name="data">More, as <see cref="ProbePoint"/> says.</param>
    /// <param name="iterator">The iterator that moved, for the watcher.</param>
    public void Record(ProbePoint point, int bucket, int slot, ulong data, IMapIterator? iterator = null)
    {
        int thread = Environment.CurrentManagedThreadId;
        DateTimeOffset now = DateTimeOffset.Now;
        MapEvent happened;
        using (Uninterrupted.Lock(_lock))
        {
            long sequence = ++_sequence;
            happened = new MapEvent(sequence, point, bucket, slot, data, thread, now);
            _ring[(int)((sequence - 1) % _ring.Length)] = happened;
        }

        // Outside of the lock: a watcher may look at the map.
        Watcher?.Happened(happened, iterator);
    }

    /// <summary>The events kept, oldest first.</summary>
    public IReadOnlyList<MapEvent> Events()
    {
        using (Uninterrupted.Lock(_lock))
        {
            int kept = (int)Math.Min(_sequence, _ring.Length);
            var events = new MapEvent[kept];
            for (int i = 0; i < kept; i++) events[i] = _ring[(int)((_sequence - kept + i) % _ring.Length)];
            return events;
        }
    }
}

/// <summary>Records what the table does.</summary>
internal readonly struct LiveProbe(MapObserver observer) : IProbe
{
    public void At(ProbePoint point, int bucket, int slot, ulong data) => observer.Record(point, bucket, slot, data);
}
