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

    /// <summary>Started: it is fixed which entries it goes over, and with which it begins; it stands on none yet.</summary>
    Init,

    /// <summary>Standing on an entry. (In Go, and in the name, of a bucket; here of a stretch of eight entries.)</summary>
    Bucket,

    /// <summary>Between two stretches.</summary>
    NextBucket,

    /// <summary>Past the last entry, or ended early. Absorbing.</summary>
    Done,
}
