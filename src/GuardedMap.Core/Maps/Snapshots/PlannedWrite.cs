namespace GuardedMaps;

/// <summary>What a write does to a tree.</summary>
internal enum TreeWrite
{
    Nothing,
    Store,
    Remove,
}

/// <summary>One write of a key: what it does, where, and under which circumstances that was decided.</summary>
internal struct PlannedWrite<TKey, TValue>
{
    public required TreeNode Root;

    public required long Epoch;

    /// <summary>The version of the map after it.</summary>
    public required long Version;

    public required ulong Hash;

    public required TKey Key;

    public TreeWrite Decision;

    public TValue? Value;

    /// <summary>The group in which the key is; null if it is not there.</summary>
    public Group<TKey, TValue>? Found;

    /// <summary>The key's place in its group; -1 if it is not there.</summary>
    public int Index;

    public int CountBefore;

    public int CountAfter;

    /// <summary>By how many entries the map grows.</summary>
    public readonly int Growth => Decision switch
    {
        TreeWrite.Store => Found is null ? 1 : 0,
        TreeWrite.Remove => Found is null ? 0 : -1,
        _ => 0,
    };
}
