namespace GuardedMaps;

/// <summary>A point of the table's code that may be watched: the lab's yield points, and the source of <see cref="MapEvent"/>s.</summary>
public enum ProbePoint
{
    /// <summary>A key's hash was computed; the data is the hash.</summary>
    HashComputed,

    /// <summary>A search chose its bucket; the data is 1 when the bucket is one of the old buckets.</summary>
    BucketChosen,

    /// <summary>The control word was compared; the data is one bit per slot whose tophash matched.</summary>
    TophashMatched,

    /// <summary>A slot whose tophash matched holds another key.</summary>
    FalseHit,

    /// <summary>The search found its key in this slot.</summary>
    KeyFound,

    /// <summary>The search went on to an overflow bucket.</summary>
    OverflowFollowed,

    /// <summary>A new entry was placed in this slot.</summary>
    EntryInserted,

    /// <summary>The value in this slot was replaced.</summary>
    EntryUpdated,

    /// <summary>The entry in this slot was removed.</summary>
    EntryRemoved,

    /// <summary>An overflow bucket was linked to a chain; the bucket is the new one.</summary>
    OverflowAdded,

    /// <summary>A growth began; the bucket is the new number of buckets, the data the <see cref="GrowReason"/>.</summary>
    GrowStarted,

    /// <summary>An old bucket was evacuated; the slot is how many entries went to X, the data how many to Y.</summary>
    BucketEvacuated,

    /// <summary>The last old bucket was evacuated.</summary>
    GrowFinished,

    /// <summary>The map was cleared.</summary>
    Cleared,

    /// <summary>An iterator changed its state; the data is the new <see cref="IteratorState"/>.</summary>
    IteratorMoved,

    /// <summary>A lease began; the data is the <see cref="IterationContract"/>.</summary>
    LeaseBegun,

    /// <summary>A lease ended; the data is the <see cref="IterationContract"/>.</summary>
    LeaseEnded,

    /// <summary>A write was queued under <see cref="IterationContract.Defer"/>; the data is the <see cref="MapOperation"/>.</summary>
    WriteDeferred,

    /// <summary>The table was copied because a snapshot still reads the old one.</summary>
    TableCopied,

    /// <summary>A forbidden overlap was detected; the data is the <see cref="MapViolationKind"/>.</summary>
    ViolationDetected,

    /// <summary>A <see cref="SyncMap{TKey, TValue}"/> looked into its dirty part in vain or not; the data is how many times since it was made.</summary>
    MissCounted,

    /// <summary>The dirty part became the read part; the data is the number of its keys.</summary>
    DirtyPromoted,

    /// <summary>A dirty part was made, with all live keys of the read part; the data is the number of its keys.</summary>
    DirtyMade,

    /// <summary>So many keys lead to one place that it is no chance: a bad hash, or chosen keys. The data is their number at least.</summary>
    ChainTooLong,
}

/// <summary>
/// The hook through which the table is watched. A type parameter, never a field: with <see cref="NoProbe"/> the calls are
/// empty and vanish, so the production map's machine code is what it would be without them.
/// </summary>
/// <remarks>
/// Pass locals only. An argument read from a field leaves a dead load behind even when the call vanishes (measured, see
/// bench/README.md).
/// </remarks>
internal interface IProbe
{
    /// <summary>Tells that the code has reached <paramref name="point"/>. Never called while the table is in an inconsistent state.</summary>
    void At(ProbePoint point, int bucket, int slot, ulong data);
}

/// <summary>Watches nothing.</summary>
internal readonly struct NoProbe : IProbe
{
    public void At(ProbePoint point, int bucket, int slot, ulong data)
    {
    }
}
