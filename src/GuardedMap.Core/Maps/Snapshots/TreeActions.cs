namespace GuardedMaps;

/// <summary>Decides what a write does, given what is there. It may be asked several times before that takes effect.</summary>
internal interface ITreeAction<TValue>
{
    TreeWrite Decide(bool exists, TValue? present, out TValue? value);
}

/// <summary>Stores a value; an existing one only if it may be overwritten.</summary>
internal struct StoreAction<TValue> : ITreeAction<TValue>
{
    public required TValue Value;
    public required bool Overwrite;
    public bool Existed;

    public TreeWrite Decide(bool exists, TValue? present, out TValue? value)
    {
        (Existed, value) = (exists, Value);
        return exists && !Overwrite ? TreeWrite.Nothing : TreeWrite.Store;
    }
}

/// <summary>Removes a key, if asked only while it has a value.</summary>
internal struct RemoveAction<TValue> : ITreeAction<TValue>
{
    public required bool HasComparison;
    public required TValue? Comparison;
    public TValue? Value;
    public bool Removed;

    public TreeWrite Decide(bool exists, TValue? present, out TValue? value)
    {
        value = default;
        Removed = exists && (!HasComparison || EqualityComparer<TValue>.Default.Equals(present, Comparison));
        Value = Removed ? present : default;
        return Removed ? TreeWrite.Remove : TreeWrite.Nothing;
    }
}

/// <summary>Another action on a map that detects lost updates: it is asked first whether its thread knows what it overwrites, and signs.</summary>
internal struct WatchedAction<TKey, TValue, TAction> : ITreeAction<TValue>
    where TAction : struct, ITreeAction<TValue>
{
    public required TAction Action;
    public required SnapshotTree<TKey, TValue> Tree;
    public required LostUpdateWatch Watch;
    public required WriteSignature Signature;

    /// <summary>What the thread has read of the key, if that is held against what is there.</summary>
    public required ReadNote<TValue>? Read;

    /// <summary>What the thread has read is no longer true: nothing was done.</summary>
    public bool IsStale;

    /// <summary>Who wrote last before this write.</summary>
    public WriteSignature? LastWriter;

    public TreeWrite Decide(bool exists, TValue? present, out TValue? value)
    {
        LastWriter = Watch.LastWriter;
        IsStale = Read is not null && Read.Version != Tree.Version && !Read.IsStillTrue(exists, present);
        if (IsStale)
        {
            value = default;
            return TreeWrite.Nothing;
        }

        TreeWrite decision = Action.Decide(exists, present, out value);
        if (decision != TreeWrite.Nothing) Watch.LastWriter = Signature;
        return decision;
    }
}

/// <summary>Puts what a change makes of a value in its place.</summary>
internal struct ChangeAction<TValue, TChange> : ITreeAction<TValue>
    where TChange : struct, IValueChange<TValue>
{
    public required TChange Change;
    public TValue? Value;
    public bool Stored;

    public TreeWrite Decide(bool exists, TValue? present, out TValue? value)
    {
        Stored = Change.Decide(exists, present, out var decided);
        Value = value = decided;
        return Stored ? TreeWrite.Store : TreeWrite.Nothing;
    }
}
