namespace GuardedMaps;

/// <summary>Goes through the groups of a frozen tree, in the order of the hashes that lead to them.</summary>
/// <remarks>Each group covers a range of hashes, so the next one is where the next hash leads to; what lies in a branch's slots beside it does not matter.</remarks>
internal sealed class TreeWalk<TKey, TValue>(FrozenTree tree)
{
    private Group<TKey, TValue>? _group; // What was given last.
    private ulong _position; // The smallest hash that leads to it.

    /// <summary>The tree.</summary>
    public FrozenTree Tree => tree;

    /// <summary>The next group, or a copy of it whose entries are in the first places; null after the last, and from then on.</summary>
    public Group<TKey, TValue>? Next()
    {
        if (_group is { } last)
        {
            if (last.Next is { } chained) return (_group = chained).Compacted();
            ulong next = last.Bits == 0 ? 0 : _position + (1UL << (64 - last.Bits));
            if (next == 0) return null; // All hashes have been. It stays on the last group, and so at the end.
            _position = next;
        }

        _group = TreeSearch<TKey, TValue>.GroupOf(tree.Root, _position);
        return _group.Compacted();
    }
}
