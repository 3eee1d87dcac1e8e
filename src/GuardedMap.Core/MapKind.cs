namespace GuardedMaps;

/// <summary>The kinds of map that there are: what a map does when operations meet.</summary>
public enum MapKind
{
    /// <summary>
    /// <see cref="GuardedMap{TKey, TValue}"/>: refuses operations that overlap in a forbidden way, and says who met whom. For finding races, and
    /// for load where threads are not meant to meet.
    /// </summary>
    Guarded,

    /// <summary><see cref="SnapshotMap{TKey, TValue}"/>: readers and iterations see a published version and never wait. For many that read or iterate, and few that write.</summary>
    Snapshot,

    /// <summary><see cref="SyncMap{TKey, TValue}"/>: keys that are there are read without a lock. For keys that come once and are read often.</summary>
    Sync,

    /// <summary><see cref="OrderedMap{TKey, TValue}"/>: the entries in the order of their keys, with ranges and neighbours.</summary>
    Ordered,
}
