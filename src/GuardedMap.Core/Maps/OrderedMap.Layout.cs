namespace GuardedMaps;

// What an OrderedMap shows of its list.
public abstract partial class OrderedMapBase<TKey, TValue>
{
    /// <summary>Copies what the list looks like now. O(n); nobody waits for it.</summary>
    public OrderedLayout GetLayout()
    {
        var nodes = new List<OrderedNode<TKey, TValue>>();
        var numbers = new Dictionary<OrderedNode<TKey, TValue>, int>();
        for (var node = List.First; node is not null; node = node.Next(0))
        {
            if (numbers.TryAdd(node, nodes.Count)) nodes.Add(node);
        }

        return new OrderedLayout { Name = Name, Count = Count, Nodes = [.. nodes.Select((node, number) => Describe(node, number, numbers))] };
    }

    private protected override bool AreOne(TKey a, TKey b) => Comparer.Compare(a, b) == 0;

    private protected override IMapLayout DescribeLayout() => GetLayout();

    private static OrderedNodeLayout Describe(OrderedNode<TKey, TValue> node, int number, Dictionary<OrderedNode<TKey, TValue>, int> numbers)
    {
        var links = new int[node.Levels];
        for (int level = 0; level < links.Length; level++)
        {
            var next = node.Next(level);
            // One that has come since the nodes were counted is left out: the link then leads to the next that was.
            while (next is not null && !numbers.ContainsKey(next)) next = next.Next(level);
            links[level] = next is null ? -1 : numbers[next];
        }

        bool isThere = node.TryGet(out var value);
        var state = isThere ? node.IsLinked ? OrderedNodeState.Live : OrderedNodeState.Coming : node.IsMarked ? OrderedNodeState.Marked : OrderedNodeState.Removed;
        return new OrderedNodeLayout(number, node.Key!, isThere ? value : null, state, links);
    }
}
