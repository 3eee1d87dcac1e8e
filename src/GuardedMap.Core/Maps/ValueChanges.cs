namespace GuardedMaps;

// The changes that MapBase's operations are made of. Each only decides; who asks, how often and under which lock is each map's own business.

/// <summary>Stores a value; an existing one only if it may be overwritten.</summary>
internal struct PutChange<TValue>(TValue value, bool overwrite) : IValueChange<TValue>
{
    public bool Existed { get; private set; }

    public bool Decide(bool exists, TValue? present, out TValue stored)
    {
        Existed = exists;
        stored = value;
        return overwrite || !exists;
    }
}

/// <summary>Replaces a value while it is the one compared with.</summary>
internal readonly struct SwapChange<TValue>(TValue value, TValue comparison) : IValueChange<TValue>
{
    public bool Decide(bool exists, TValue? present, out TValue stored)
    {
        stored = value;
        return exists && EqualityComparer<TValue>.Default.Equals(present, comparison);
    }
}

/// <summary>Replaces the value of a key that is still there.</summary>
internal readonly struct ReplaceChange<TValue>(TValue value) : IValueChange<TValue>
{
    public bool Decide(bool exists, TValue? present, out TValue stored)
    {
        stored = value;
        return exists;
    }
}

/// <summary>Stores a value unless there is one.</summary>
internal readonly struct FoundChange<TValue>(TValue value) : IValueChange<TValue>
{
    public bool Decide(bool exists, TValue? present, out TValue stored)
    {
        stored = exists ? present! : value;
        return !exists;
    }
}

/// <summary>Stores what was computed from a value while that is still there.</summary>
internal readonly struct ExpectedChange<TValue>(bool existed, TValue? before, TValue value) : IValueChange<TValue>
{
    public bool Decide(bool exists, TValue? present, out TValue stored)
    {
        stored = value;
        return exists == existed && (!exists || EqualityComparer<TValue>.Default.Equals(present, before));
    }
}

/// <summary>Adds to a number.</summary>
internal readonly struct SumChange<TKey, TValue>(TKey key, long by) : IValueChange<TValue>
    where TKey : notnull
{
    public bool Decide(bool exists, TValue? present, out TValue stored)
    {
        stored = Number<TValue>.Add(exists, present, by, key);
        return true;
    }
}

/// <summary>Appends to a list.</summary>
internal readonly struct LongerChange<TKey, TValue>(TKey key, object? item) : IValueChange<TValue>
    where TKey : notnull
{
    public bool Decide(bool exists, TValue? present, out TValue stored)
    {
        stored = Appending<TValue>.Longer(present, item, key);
        return true;
    }
}

/// <summary>Makes another change, and remembers for the events whether there was a value.</summary>
internal struct TracedChange<TChange, TValue>(TChange change) : IValueChange<TValue>
    where TChange : struct, IValueChange<TValue>
{
    // A struct that is decided by is changed by it, so it must not be read-only.
    private TChange _change = change;

    public readonly TChange Change => _change;

    public bool Existed { get; private set; }

    public bool Decide(bool exists, TValue? present, out TValue stored)
    {
        Existed = exists;
        return _change.Decide(exists, present, out stored);
    }
}
