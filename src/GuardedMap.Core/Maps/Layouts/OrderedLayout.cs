namespace GuardedMaps;

/// <summary>What an <see cref="OrderedMap{TKey, TValue}"/> looks like: its keys in their order, and which of them each level leads to.</summary>
/// <remarks>
/// <para>
/// The levels are unrolled: up to 32 keys lie in one block, and up to 64 blocks in one lane. Drawn as a skip list, each key is at level 0, the first of each block
/// is at level 1 too, and the first of each lane at level 2.
/// </para>
/// <para>It is taken while others may write. Each key is shown as it was when the copying came by.</para>
/// </remarks>
public sealed record OrderedLayout : IMapLayout
{
    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <summary>Always <see cref="MapKind.Ordered"/>.</summary>
    public MapKind Kind => MapKind.Ordered;

    /// <inheritdoc/>
    public required int Count { get; init; }

    /// <summary>The nodes, in the order of level 0.</summary>
    public required IReadOnlyList<OrderedNodeLayout> Nodes { get; init; }

    /// <summary>How many levels there are: as many as the highest node has.</summary>
    public int Levels => Nodes.Select(node => node.Levels).DefaultIfEmpty().Max();
}

/// <summary>A node of a skip list.</summary>
/// <param name="Number">Its place in the order, from 0.</param>
/// <param name="Key">The key.</param>
/// <param name="Value">The value; null where it was removed.</param>
/// <param name="State">What has become of it.</param>
/// <param name="Links">At each level, from the lowest, the number of the next node; -1 at the end.</param>
public sealed record OrderedNodeLayout(int Number, object Key, object? Value, OrderedNodeState State, IReadOnlyList<int> Links)
{
    /// <summary>At how many levels it is linked.</summary>
    public int Levels => Links.Count;
}

/// <summary>What has become of a node of a skip list.</summary>
public enum OrderedNodeState
{
    /// <summary>An entry.</summary>
    Live,

    /// <summary>The entry was removed, and its block still has the key: until a quarter of the block are such, and it is made anew.</summary>
    Tombstone,
}
