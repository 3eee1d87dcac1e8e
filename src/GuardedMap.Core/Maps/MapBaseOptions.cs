namespace GuardedMaps;

/// <summary>How a map that cannot race is to be made, as far as it is the same for all of them. Every property has a default that suits most uses.</summary>
public abstract record MapBaseOptions
{
    private protected MapBaseOptions()
    {
    }

    /// <summary>What messages and tools call the map; null for the name of its class.</summary>
    public string? Name { get; init; }

    /// <summary>Records <see cref="MapEvent"/>s (bounded: the newest <see cref="TraceCapacity"/>).</summary>
    public bool Trace { get; init; }

    /// <summary>How many events a traced map keeps.</summary>
    public int TraceCapacity { get; init; } = 4096;

    /// <summary>
    /// True for a map handed to a shell, as PowerShell is one: a missing key whose value would be of a reference type reads as null, and
    /// <see cref="System.Collections.ICollection.SyncRoot"/> is an object to lock by hand, as a hashtable's is.
    /// </summary>
    public bool ForShell { get; init; }
}

/// <summary>How a <see cref="SnapshotMap{TKey, TValue}"/> is to be made.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed record SnapshotMapOptions<TKey> : MapBaseOptions
{
    /// <summary>How keys are hashed and compared; null is the type's default (ordinal for strings).</summary>
    public IEqualityComparer<TKey>? Comparer { get; init; }

    /// <summary>
    /// Fixes the hash seed and with it the order of iterations, so that a run can be repeated; null draws a seed from the system's random source. A
    /// fixed seed gives up the defence against keys chosen to collide: the hash of texts is then a published function without a secret, against which keys
    /// can be made that collide whatever the seed is.
    /// </summary>
    public ulong? HashSeed { get; init; }

    /// <inheritdoc cref="MapOptions{TKey}.DetectLostUpdates"/>
    /// <remarks>
    /// <inheritdoc cref="MapOptions{TKey}.DetectLostUpdates"/>
    /// What a snapshot or a batch reads is not remembered. A batch (<see cref="SnapshotMapBase{TKey, TValue}.Write"/>) is never refused; with it, as with Clear, its thread forgets what it has read
    /// of the map.
    /// </remarks>
    public bool DetectLostUpdates { get; init; }
}

/// <summary>How a <see cref="SyncMap{TKey, TValue}"/> is to be made.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed record SyncMapOptions<TKey> : MapBaseOptions
{
    /// <summary>How many entries to make room for; 0 takes it as it is needed.</summary>
    public int Capacity { get; init; }

    /// <summary>How keys are hashed and compared; null is the type's default (ordinal for strings).</summary>
    public IEqualityComparer<TKey>? Comparer { get; init; }

    /// <inheritdoc cref="SnapshotMapOptions{TKey}.HashSeed"/>
    public ulong? HashSeed { get; init; }
}

/// <summary>How an <see cref="OrderedMap{TKey, TValue}"/> is to be made.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed record OrderedMapOptions<TKey> : MapBaseOptions
{
    /// <summary>What orders the keys; null for the type's own order.</summary>
    public IComparer<TKey>? Comparer { get; init; }
}
