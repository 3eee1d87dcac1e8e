using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

/// <summary>Several writes to a <see cref="SnapshotMap{TKey, TValue}"/> that are published as one. It reads what it has written itself.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>Valid until the callback it was given to returns, and only on its thread.</remarks>
public sealed class SnapshotBatch<TKey, TValue>
    where TKey : notnull
{
    private readonly SnapshotMapBase<TKey, TValue> _map;
    private readonly long _version;
    private readonly long _epoch;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private TreeNode _root;
    private int _count;
    private bool _isClosed;

    internal SnapshotBatch(SnapshotMapBase<TKey, TValue> map, TreeNode root, int count, long version, long epoch) =>
        (_map, _root, _count, _version, _epoch) = (map, root, count, version, epoch);

    /// <summary>The number of entries, with the writes so far.</summary>
    public int Count
    {
        get
        {
            _ = Mine();
            return _count;
        }
    }

    /// <summary>Gets a key's value, or stores one.</summary>
    /// <exception cref="KeyNotFoundException">The key that is read is not there.</exception>
    public TValue this[TKey key]
    {
        get => TryGetValue(key, out TValue? value) ? value : throw new KeyNotFoundException(SafeText.Message($"The key '{key}' is not in the map '{_map.Name}'."));
        set
        {
            var action = new StoreAction<TValue> { Value = value, Overwrite = true };
            Apply(key, ref action);
        }
    }

    /// <summary>Looks a key up.</summary>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => _map.Find(Mine(), key, out value);

    /// <summary>Adds a key that must not be there yet.</summary>
    /// <exception cref="ArgumentException">The key is there already.</exception>
    public void Add(TKey key, TValue value)
    {
        var action = new StoreAction<TValue> { Value = value, Overwrite = false };
        Apply(key, ref action);
        if (action.Existed) throw new ArgumentException(SafeText.Message($"The key '{key}' is already in the map '{_map.Name}'. Use the indexer to replace its value."), nameof(key));
    }

    /// <summary>Removes a key.</summary>
    /// <returns>True if it was there.</returns>
    public bool Remove(TKey key)
    {
        var action = new RemoveAction<TValue> { HasComparison = false, Comparison = default };
        Apply(key, ref action);
        return action.Removed;
    }

    internal (TreeNode Root, int Count) Close()
    {
        _isClosed = true;
        return (_root, _count);
    }

    private void Apply<TAction>(TKey key, ref TAction action)
        where TAction : struct, ITreeAction<TValue>
    {
        var plan = new PlannedWrite<TKey, TValue> { Root = Mine(), Epoch = _epoch, Version = _version, Hash = 0, Key = key };
        _root = _map.Apply(ref plan, ref action);
        _count += plan.Growth;
    }

    private TreeNode Mine()
    {
        if (_isClosed) throw new InvalidOperationException(SafeText.Message($"The batch of writes to the map '{_map.Name}' is over: it is valid until its callback returns. Begin another with Write."));
        if (_thread != Environment.CurrentManagedThreadId) throw new InvalidOperationException(SafeText.Message($"The batch of writes to the map '{_map.Name}' belongs to thread {_thread}, and thread {Environment.CurrentManagedThreadId} has used it. Write on the thread of the callback."));
        return _root;
    }
}
