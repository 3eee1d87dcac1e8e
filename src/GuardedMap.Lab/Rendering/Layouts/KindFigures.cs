using System.Globalization;

namespace GuardedMaps.Lab.Rendering;

/// <summary>The tree of a SnapshotMap in figures: how deep, how full, and how much of it the next writes have to copy.</summary>
public sealed record SnapshotFigures
{
    private SnapshotFigures(SnapshotLayout layout)
    {
        TreeNodeLayout[] nodes = [.. layout.Nodes];
        TreeNodeLayout[] groups = [.. nodes.Where(static node => !node.IsBranch)];
        (Name, Count, Version) = (layout.Name, layout.Count, layout.Version);
        Branches = nodes.Length - groups.Length;
        Groups = groups.Length;
        Steps = groups.Max(static group => group.Depth);
        EntriesPerGroup = layout.Count / (double)groups.Length;
        FullestGroup = groups.Max(static group => group.Entries.Count);
        Tombstones = groups.Sum(static group => group.Tombstones);
        LongestChain = 1 + groups.Max(static group => group.Chained);
        FrozenNodes = nodes.Count(static node => node.IsFrozen);
    }

    /// <summary>The map's name.</summary>
    public string Name { get; }

    /// <summary>The number of entries.</summary>
    public int Count { get; }

    /// <summary>The map's version.</summary>
    public long Version { get; }

    /// <summary>The number of branches.</summary>
    public int Branches { get; }

    /// <summary>The number of groups of up to 32 entries.</summary>
    public int Groups { get; }

    /// <summary>How many branches a lookup goes through at most.</summary>
    public int Steps { get; }

    /// <summary>Entries per group, on average.</summary>
    public double EntriesPerGroup { get; }

    /// <summary>The most entries of a group, its chain included.</summary>
    public int FullestGroup { get; }

    /// <summary>Places of groups that were spent on entries removed since.</summary>
    public int Tombstones { get; }

    /// <summary>The most groups of a chain; 1 unless the hashes of many keys are equal.</summary>
    public int LongestChain { get; }

    /// <summary>Nodes that the next write to them copies, because a snapshot may still be reading them.</summary>
    public int FrozenNodes { get; }

    /// <summary>The figures of a layout. O(n).</summary>
    public static SnapshotFigures Of(SnapshotLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new SnapshotFigures(layout);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{SafeText.Line(Name)}: {Count} entries in {Groups} groups below {Branches} branches, {FrozenNodes} nodes frozen");
}

/// <summary>The parts of a SyncMap in figures: what is read without a lock, and what is not yet.</summary>
public sealed record SyncFigures
{
    private SyncFigures(SyncLayout layout)
    {
        (Name, Count) = (layout.Name, layout.Count);
        (ReadKeys, DirtyKeys, HasDirty) = (layout.ReadKeys, layout.DirtyKeys, layout.HasDirty);
        (Misses, PromotedAt) = (layout.Misses, layout.PromotedAt);
        NewKeys = layout.Entries.Count(static entry => !entry.IsInRead);
        Removed = layout.Entries.Count(static entry => entry.State == SyncEntryState.Removed);
        Expunged = layout.Entries.Count(static entry => entry.State == SyncEntryState.Expunged);
    }

    /// <summary>The map's name.</summary>
    public string Name { get; }

    /// <summary>The number of entries.</summary>
    public int Count { get; }

    /// <summary>How many keys the read part knows, removed ones among them.</summary>
    public int ReadKeys { get; }

    /// <summary>True if there is a dirty part.</summary>
    public bool HasDirty { get; }

    /// <summary>How many keys the dirty part knows.</summary>
    public int DirtyKeys { get; }

    /// <summary>How many of these the read part does not know: to look them up takes the lock.</summary>
    public int NewKeys { get; }

    /// <summary>How many lookups have taken the lock since the dirty part was made.</summary>
    public int Misses { get; }

    /// <summary>At so many misses the dirty part becomes the read part.</summary>
    public int PromotedAt { get; }

    /// <summary>Keys that were removed, and are still known to the parts.</summary>
    public int Removed { get; }

    /// <summary>Keys that were removed, and are still known to the read part alone.</summary>
    public int Expunged { get; }

    /// <summary>The figures of a layout. O(n).</summary>
    public static SyncFigures Of(SyncLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new SyncFigures(layout);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{SafeText.Line(Name)}: {Count} entries, {ReadKeys} keys read without a lock, {NewKeys} not yet");
}

/// <summary>The towers of an OrderedMap in figures: how high, and how far a lookup has to go.</summary>
public sealed record OrderedFigures
{
    private OrderedFigures(OrderedLayout layout)
    {
        (Name, Count, Levels) = (layout.Name, layout.Count, layout.Levels);
        NodesPerLevel = [.. Enumerable.Range(0, layout.Levels).Select(level => layout.Nodes.Count(node => node.Levels > level))];
        Tombstones = layout.Nodes.Count(static node => node.State == OrderedNodeState.Tombstone);
    }

    /// <summary>The map's name.</summary>
    public string Name { get; }

    /// <summary>The number of entries.</summary>
    public int Count { get; }

    /// <summary>How many levels there are.</summary>
    public int Levels { get; }

    /// <summary>At index n, how many nodes are linked at level n.</summary>
    public IReadOnlyList<int> NodesPerLevel { get; }

    /// <summary>Keys that were removed, and that their blocks still have.</summary>
    public int Tombstones { get; }

    /// <summary>The figures of a layout. O(n).</summary>
    public static OrderedFigures Of(OrderedLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new OrderedFigures(layout);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{SafeText.Line(Name)}: {Count} entries in {Levels} levels, {Tombstones} tombstones");
}
