namespace GuardedMaps;

/// <summary>
/// The writes that wait for the last lease to end, and what the map will hold once they are applied.
/// </summary>
/// <remarks>
/// A deferred write answers its caller at once (was the key there? what is the new value?), and the answer is the one it would get
/// if the queue had been applied before it. So the queue keeps, beside the list, the last word on every key it touches. Callbacks
/// (factories, updates) have run by then: what is queued is only "set" and "remove", which is why applying the queue calls no
/// code but the comparer's. A write is queued whole or not at all, wherever the comparer throws; one whose comparer throws only when it is applied is
/// taken out and reported (GuardedMap.Deferral.cs). One thread at a time: the one that is deferring (the gate's <c>Deferring</c>), or the writer that applies it.
/// </remarks>
internal sealed class DeferredWrites<TKey, TValue>(IEqualityComparer<TKey> comparer)
    where TKey : notnull
{
    private readonly Queue<Write> _queue = new();
    private readonly Dictionary<TKey, (bool Present, TValue Value)> _lastWord = new(comparer);
    private bool _cleared;

    public enum WriteKind
    {
        Set,
        Remove,
        Clear,
    }

    public int Count => _queue.Count;

    /// <summary>What the queue says of a key; false if it says nothing and the map's own content holds.</summary>
    public bool TryGetLastWord(TKey key, out bool present, out TValue value)
    {
        if (_lastWord.TryGetValue(key, out (bool Present, TValue Value) word))
        {
            (present, value) = word;
            return true;
        }

        present = false;
        value = default!;
        return _cleared;
    }

    public void Set(TKey key, TValue value, MapActor by)
    {
        MakeRoom();
        _lastWord[key] = (true, value);
        _queue.Enqueue(new Write(WriteKind.Set, key, value, by));
    }

    public void Remove(TKey key, MapActor by)
    {
        MakeRoom();
        _lastWord[key] = (false, default!);
        _queue.Enqueue(new Write(WriteKind.Remove, key, default!, by));
    }

    public void Clear(MapActor by)
    {
        MakeRoom();
        _lastWord.Clear();
        _cleared = true;
        _queue.Enqueue(new Write(WriteKind.Clear, default!, default!, by));
    }

    /// <summary>The next write to apply; it stays in the queue until <see cref="Applied"/>.</summary>
    public Write Peek() => _queue.Peek();

    /// <summary>Takes out the next write: it has been applied, or never can be.</summary>
    public void Applied() => _queue.Dequeue();

    // Before the last word is changed: what comes after that must not fail.
    private void MakeRoom() => _queue.EnsureCapacity(_queue.Count + 1);

    /// <summary>A write that waits.</summary>
    /// <param name="Kind">What it does.</param>
    /// <param name="Key">The key it does it to.</param>
    /// <param name="Value">The value to set.</param>
    /// <param name="By">Who asked for it.</param>
    public readonly record struct Write(WriteKind Kind, TKey Key, TValue Value, MapActor By);
}

/// <summary>The deferred writes that could not be applied, and were dropped: who asked for each, its key (null for a Clear), and what the comparer threw.</summary>
internal sealed class DeferredFailures
{
    public List<(MapActor By, object? Key, Exception Cause)> All { get; } = [];
}
