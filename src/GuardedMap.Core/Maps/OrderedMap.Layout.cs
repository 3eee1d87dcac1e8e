namespace GuardedMaps;

// What an OrderedMap shows of its list: the entries, and which of them the levels above lead to.
public abstract partial class OrderedMapBase<TKey, TValue>
{
    /// <summary>Copies what the list looks like now. O(n); nobody waits for it.</summary>
    public OrderedLayout GetLayout()
    {
        var list = List;
        var beginnings = list.LaneBeginnings();
        var nodes = new List<(TKey Key, object? Value, bool IsLive, int Levels)>();
        foreach (var (node, block, start) in list.Blocks())
        {
            for (int i = start; i < block.Count; i++)
            {
                bool isLive = block.Cell(i).TryGet(out var value);
                int levels = i > 0 ? 1 : beginnings.Contains(node) ? 3 : 2;
                nodes.Add((block.Key(i), isLive ? value : null, isLive, levels));
            }
        }

        // From the last to the first: at each level what comes next.
        var described = new OrderedNodeLayout[nodes.Count];
        int[] next = [-1, -1, -1];
        for (int number = nodes.Count - 1; number >= 0; number--)
        {
            var (key, value, isLive, levels) = nodes[number];
            described[number] = new OrderedNodeLayout(number, key!, value, isLive ? OrderedNodeState.Live : OrderedNodeState.Tombstone, next[..levels]);
            next.AsSpan(0, levels).Fill(number);
        }

        return new OrderedLayout { Name = Name, Count = Count, Nodes = described };
    }

    private protected override bool AreOne(TKey a, TKey b) => Comparer.Compare(a, b) == 0;

    private protected override IMapLayout DescribeLayout() => GetLayout();
}
