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
