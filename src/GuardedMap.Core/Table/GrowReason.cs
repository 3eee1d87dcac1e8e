namespace GuardedMaps;

/// <summary>Why a table grows.</summary>
public enum GrowReason
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The first entry: one bucket is allocated.</summary>
    FirstEntry,

    /// <summary>One more entry would pass the load factor of 5 entries per bucket (8 in a single one): the number of buckets doubles. Go: 6.5.</summary>
    LoadFactor,

    /// <summary>There are as many overflow buckets as buckets: the index is rebuilt at the same size.</summary>
    TooManyOverflowBuckets,

    /// <summary>The caller asked for another capacity.</summary>
    Requested,
}
