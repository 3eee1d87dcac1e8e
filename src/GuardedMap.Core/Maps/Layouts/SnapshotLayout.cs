namespace GuardedMaps;

/// <summary>What a <see cref="SnapshotMap{TKey, TValue}"/>, or a snapshot of one, looks like: its tree.</summary>
public sealed record SnapshotLayout : IMapLayout
{
    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <summary>Always <see cref="MapKind.Snapshot"/>.</summary>
    public MapKind Kind => MapKind.Snapshot;

    /// <inheritdoc/>
    public required int Count { get; init; }

    /// <summary>The map's version.</summary>
    public required long Version { get; init; }

    /// <summary>The top of the tree.</summary>
    public required TreeNodeLayout Root { get; init; }

    /// <summary>All nodes, each before what is below it, from left to right.</summary>
    public IEnumerable<TreeNodeLayout> Nodes => Root.WithBelow();
}

/// <summary>A node of the tree: a branch with nodes below it, or a group of entries.</summary>
/// <remarks>A node covers a range of hashes: those that begin with its <see cref="Bits"/> bits.</remarks>
public sealed record TreeNodeLayout
{
    /// <summary>A number by which the node is known again: a node that two layouts share has the same in both.</summary>
    public required long Id { get; init; }

    /// <summary>The first hash of the range that the node covers.</summary>
    public required ulong First { get; init; }

    /// <summary>How many leading bits all hashes of the range have in common: the range is 2^(64 - Bits) hashes wide.</summary>
    public required int Bits { get; init; }

    /// <summary>How many branches are above it.</summary>
    public required int Depth { get; init; }

    /// <summary>
    /// True if a snapshot may still be reading it: the next write to it copies it first. False if it is the map's alone, and written in place. In a
    /// snapshot all nodes are.
    /// </summary>
    public required bool IsFrozen { get; init; }

    /// <summary>The nodes below a branch; empty for a group.</summary>
    public required IReadOnlyList<TreeNodeLayout> Below { get; init; }

    /// <summary>The entries of a group; empty for a branch.</summary>
    public required IReadOnlyList<KeyValuePair<object, object?>> Entries { get; init; }

    /// <summary>How many places of a group were spent on entries that have been removed since.</summary>
    public required int Tombstones { get; init; }

    /// <summary>How many further groups a group's chain has, for keys whose hashes cannot be told apart. Nearly always 0.</summary>
    public required int Chained { get; init; }

    /// <summary>True for a branch.</summary>
    public bool IsBranch => Below.Count > 0;

    internal IEnumerable<TreeNodeLayout> WithBelow() => Below.SelectMany(node => node.WithBelow()).Prepend(this);
}
