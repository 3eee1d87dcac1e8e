namespace GuardedMaps;

/// <summary>What a <see cref="SyncMap{TKey, TValue}"/> looks like: which keys its two parts know, and what has become of them.</summary>
public sealed record SyncLayout : IMapLayout
{
    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <summary>Always <see cref="MapKind.Sync"/>.</summary>
    public MapKind Kind => MapKind.Sync;

    /// <inheritdoc/>
    public required int Count { get; init; }

    /// <summary>True if there is a dirty part: new keys have come since the read part was made.</summary>
    public required bool HasDirty { get; init; }

    /// <summary>How many lookups have asked the dirty part since it was made.</summary>
    public required int Misses { get; init; }

    /// <summary>At so many misses the dirty part becomes the read part; 0 while there is none.</summary>
    public required int PromotedAt { get; init; }

    /// <summary>The entries: those of the read part first, then those that only the dirty part knows.</summary>
    public required IReadOnlyList<SyncEntryLayout> Entries { get; init; }

    /// <summary>How many keys the read part knows.</summary>
    public int ReadKeys => Entries.Count(entry => entry.IsInRead);

    /// <summary>How many keys the dirty part knows.</summary>
    public int DirtyKeys => Entries.Count(entry => entry.IsInDirty);
}

/// <summary>An entry of a <see cref="SyncMap{TKey, TValue}"/>. Both parts lead to the same one.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value; null where it was removed.</param>
/// <param name="State">What has become of it.</param>
/// <param name="IsInRead">True if the read part knows the key.</param>
/// <param name="IsInDirty">True if the dirty part knows the key.</param>
public sealed record SyncEntryLayout(object Key, object? Value, SyncEntryState State, bool IsInRead, bool IsInDirty);

/// <summary>What has become of an entry of a <see cref="SyncMap{TKey, TValue}"/>.</summary>
public enum SyncEntryState
{
    /// <summary>It has a value.</summary>
    Live,

    /// <summary>It was removed; its key is still in the parts, and can be stored again without a lock.</summary>
    Removed,

    /// <summary>It was removed, and left out when the dirty part was made: who stores it again puts it there first, under the lock.</summary>
    Expunged,
}
