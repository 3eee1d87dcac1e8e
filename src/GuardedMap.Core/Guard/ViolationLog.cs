namespace GuardedMaps;

/// <summary>
/// The violations of one map, for whoever asks afterwards. Thread-safe. Memory is bounded: a violation holds on to its key, so only
/// the newest are kept.
/// </summary>
internal sealed class ViolationLog
{
    private const int Capacity = 64;

    private readonly object _lock = new();
    private readonly Queue<MapViolation> _newest = new();
    private MapViolation? _last;
    private long _count;

    public MapViolation? Last => Volatile.Read(ref _last);

    /// <summary>How many there were, those no longer kept included.</summary>
    public long Count => Interlocked.Read(ref _count);

    public void Add(MapViolation violation)
    {
        using (Uninterrupted.Lock(_lock))
        {
            if (_newest.Count == Capacity) _newest.Dequeue();
            _newest.Enqueue(violation);
            Volatile.Write(ref _last, violation);
            Interlocked.Increment(ref _count);
        }
    }

    /// <summary>Those that are kept, oldest first.</summary>
    public IReadOnlyList<MapViolation> Newest()
    {
        using (Uninterrupted.Lock(_lock)) return [.. _newest];
    }
}
