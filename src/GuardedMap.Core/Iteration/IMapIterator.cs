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

    /// <summary>The random bucket the iteration began with.</summary>
    int StartBucket { get; }

    /// <summary>The random slot with which each bucket is begun.</summary>
    int Offset { get; }

    /// <summary>The bucket the iterator is in.</summary>
    int Bucket { get; }

    /// <summary>The slot the iterator stands on; -1 between entries.</summary>
    int Slot { get; }

    /// <summary>True once the iteration went past the last bucket and on from bucket 0.</summary>
    bool Wrapped { get; }

    /// <summary>True while it reads an old bucket that is not evacuated yet, on behalf of <see cref="Bucket"/>.</summary>
    bool InOldBuckets { get; }

    /// <summary>The map's version when the iteration began.</summary>
    long VersionAtInit { get; }

    /// <summary>Makes one transition of the state machine: to the next entry, to the end of a bucket's chain, or to Done.</summary>
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
