namespace GuardedMaps;

/// <summary>
/// Where an iterator is in its life. One way only, nothing leaves <see cref="Done"/>:
/// <code>
/// Nil ──▶ Init ──▶ Bucket ◀──▶ NextBucket ──▶ Done
///           └──────── empty map ──────────────▲
/// </code>
/// </summary>
public enum IteratorState
{
    /// <summary>Made, not started: nothing of the map has been looked at.</summary>
    Nil,

    /// <summary>Started: version, table, start bucket and offset are fixed; no entry yet.</summary>
    Init,

    /// <summary>Standing on an entry of a bucket.</summary>
    Bucket,

    /// <summary>Between two buckets.</summary>
    NextBucket,

    /// <summary>Past the last entry, or ended early. Absorbing.</summary>
    Done,
}
