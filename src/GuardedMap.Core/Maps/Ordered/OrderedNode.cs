namespace GuardedMaps;

/// <summary>A node of a skip list: where it begins, and the block of what is there.</summary>
internal sealed class OrderedNode<TKey, TValue>
{
    private OrderedBlock<TKey, TValue> _block;
    private OrderedNode<TKey, TValue>? _mergedInto;
    private int _gone;

    /// <summary>The head: it begins before every key.</summary>
    public OrderedNode() => (Low, _block) = (default!, OrderedBlock<TKey, TValue>.Nothing);

    public OrderedNode(TKey low, OrderedBlock<TKey, TValue> block) => (Low, _block) = (low, block);

    /// <summary>Smaller keys are not here.</summary>
    public TKey Low { get; }

    /// <summary>What is here. Changed under the node's lock.</summary>
    public OrderedBlock<TKey, TValue> Block
    {
        get => Volatile.Read(ref _block);
        set => Volatile.Write(ref _block, value);
    }

    /// <summary>The node before this one that has taken over what was here; null while it is here.</summary>
    public OrderedNode<TKey, TValue>? MergedInto => Volatile.Read(ref _mergedInto);

    /// <summary>How many entries of the block are gone, as far as they were counted.</summary>
    public int Gone => Volatile.Read(ref _gone);

    public int CountGone() => Interlocked.Increment(ref _gone);

    /// <summary>Under the lock, before the block is made anew without what is gone.</summary>
    public void ForgetGone() => Volatile.Write(ref _gone, 0);

    /// <summary>Under the locks of both, once the other has this node's entries in its block.</summary>
    public void MergeInto(OrderedNode<TKey, TValue> other)
    {
        Volatile.Write(ref _mergedInto, other);
        Block = OrderedBlock<TKey, TValue>.Merged;
    }
}
