namespace GuardedMaps;

/// <summary>Goes through the groups of a frozen tree, in the order of the hashes that lead to them.</summary>
internal sealed class TreeWalk<TKey, TValue>
{
    private Group<TKey, TValue>? _group; // What was given last.
    private Group<TKey, TValue>? _next;
    private Group<TKey, TValue>? _afterNext; // On its way from the memory while the two before it are read.
    private ulong _position; // The smallest hash that leads to _afterNext.

    public TreeWalk(TreeNode root)
    {
        Root = root;
        _next = _afterNext = GroupAt(0);
        GoOn();
    }

    /// <summary>The root of the tree.</summary>
    public TreeNode Root { get; }

    /// <summary>The next group, or a copy of it that has no tombstones; null after the last, and from then on.</summary>
    public Group<TKey, TValue>? Next()
    {
        if (_group?.Next is { } chained)
        {
            _group = chained;
        }
        else
        {
            (_group, _next) = (_next, _afterNext);
            GoOn();
        }

        return _group?.Compacted();
    }

    // Each group covers a range of hashes: the next is where the next hash leads to.
    private void GoOn()
    {
        if (_afterNext is null) return;
        int bits = _afterNext.Bits;
        _position += bits == 0 ? 0 : 1UL << (64 - bits);
        _afterNext = _position == 0 ? null : GroupAt(_position);
    }

    private Group<TKey, TValue> GroupAt(ulong hash)
    {
        var group = TreeSearch<TKey, TValue>.GroupOf(Root, hash);
        group.Prefetch();
        return group;
    }
}
