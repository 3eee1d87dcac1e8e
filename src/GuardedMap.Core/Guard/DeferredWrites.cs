namespace GuardedMaps;

/// <summary>
/// The writes that wait for the last lease to end, and what the map will hold once they are applied.
/// </summary>
/// <remarks>
/// A deferred write answers its caller at once (was the key there? what is the new value?), and the answer is the one it would get
/// if the queue had been applied before it. So the queue keeps, beside the list, the last word on every key it touches. Callbacks
/// (factories, updates) have run by then: what is queued is only "set" and "remove", which is why applying the queue calls no
/// code but the comparer's. One thread at a time: the one that is deferring (the gate's <c>Deferring</c>), or the writer that applies it.
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

    public void Set(TKey key, TValue value)
    {
        _lastWord[key] = (true, value);
        _queue.Enqueue(new Write(WriteKind.Set, key, value));
    }

    public void Remove(TKey key)
    {
        _lastWord[key] = (false, default!);
        _queue.Enqueue(new Write(WriteKind.Remove, key, default!));
    }

    public void Clear()
    {
        _lastWord.Clear();
        _cleared = true;
        _queue.Enqueue(new Write(WriteKind.Clear, default!, default!));
    }

    /// <summary>The next write to apply; it stays in the queue until <see cref="Applied"/>.</summary>
    public Write Peek() => _queue.Peek();

    public void Applied() => _queue.Dequeue();

    public readonly record struct Write(WriteKind Kind, TKey Key, TValue Value);
}
