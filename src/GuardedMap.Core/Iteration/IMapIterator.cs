namespace GuardedMaps;

/// <summary>An iteration over a map of any kind and types, entry by entry.</summary>
public interface IMapIteration : IDisposable
{
    /// <summary>What happens when somebody writes meanwhile.</summary>
    IterationContract Contract { get; }

    /// <summary>The entry the iteration stands on: the cursor to write through.</summary>
    IMapEntry Entry { get; }

    /// <summary>Goes on to the next entry. False at the end, and ever after.</summary>
    bool MoveNext();
}

/// <summary>An iteration over a guarded map of any types, stepped by hand. See <see cref="MapIterator{TKey, TValue}"/>.</summary>
public interface IMapIterator : IMapIteration
{
    /// <summary>Where the iterator is in its life.</summary>
    IteratorState State { get; }

    /// <summary>The stretch of eight entries that the iteration began in; 0 unless a seed chose another.</summary>
    int StartBucket { get; }

    /// <summary>The place in that stretch of the entry it began with; 0 unless a seed chose another.</summary>
    int Offset { get; }

    /// <summary>The stretch of eight entries the iterator is in: number 0 has the entries 0 to 7. What a bucket is to a walk over buckets.</summary>
    int Bucket { get; }

    /// <summary>The place in the stretch that the iterator stands on; -1 between entries.</summary>
    int Slot { get; }

    /// <summary>True once the iteration went past the last entry and on from the first.</summary>
    bool Wrapped { get; }

    /// <summary>The map's version when the iteration began.</summary>
    long VersionAtInit { get; }

    /// <summary>Makes one transition of the state machine: to the next entry, to the end of a stretch, or to Done.</summary>
    IteratorState Step();
}

/// <summary>
/// An entry an iteration stands on: the cursor. Writing through it is legal under every contract, since it counts as the iteration's
/// own write.
/// </summary>
public interface IMapEntry
{
    /// <summary>The key.</summary>
    object? Key { get; }

    /// <summary>The value; setting it writes to the map.</summary>
    object? Value { get; set; }

    /// <summary>Removes the entry from the map.</summary>
    /// <returns>True if it was still there.</returns>
    bool Remove();
}
