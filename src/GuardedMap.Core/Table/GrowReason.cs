namespace GuardedMaps;

/// <summary>Why a table grows.</summary>
public enum GrowReason
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The first entry: one bucket is allocated.</summary>
    FirstEntry,

    /// <summary>One more entry would pass the load factor of 6.5 entries per bucket: the number of buckets doubles.</summary>
    LoadFactor,

    /// <summary>There are as many overflow buckets as buckets: the index is rebuilt at the same size.</summary>
    TooManyOverflowBuckets,

    /// <summary>The caller asked for another capacity.</summary>
    Requested,
}
