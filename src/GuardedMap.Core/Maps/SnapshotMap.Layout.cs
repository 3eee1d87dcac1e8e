using System.Runtime.CompilerServices;

namespace GuardedMaps;

// What a SnapshotMap shows of its tree. It is looked at under the writers' lock, and not by way of a snapshot: that would freeze the very nodes whose being
// frozen is to be shown.
public abstract partial class SnapshotMapBase<TKey, TValue>
{
    /// <summary>Copies what the tree looks like now. O(n); writers wait meanwhile.</summary>
    public SnapshotLayout GetLayout()
    {
        SnapshotLayout? layout = null;
        _tree.TryRewrite((root, count, version, epoch) =>
        {
            layout = new SnapshotLayout { Name = Name, Count = count, Version = version - 1, Root = TreeDescription<TKey, TValue>.Of(root, epoch) };
            return (root, count);
        });
        return layout!;
    }

    /// <summary>The same of one of its snapshots.</summary>
    internal SnapshotLayout DescribeSnapshot(FrozenTree tree) =>
        new() { Name = Name, Count = tree.Count, Version = tree.Version, Root = TreeDescription<TKey, TValue>.Of(tree.Root, epoch: long.MaxValue) };

    private protected override bool AreOne(TKey a, TKey b) => Comparer.Equals(a, b);

    private protected override IMapLayout DescribeLayout() => GetLayout();
}

/// <summary>Copies a tree for people to look at.</summary>
internal static class TreeDescription<TKey, TValue>
{
    /// <param name="root">The tree, which nobody writes to meanwhile.</param>
    /// <param name="epoch">The epoch the map is in: what was made in an earlier one is frozen.</param>
    public static TreeNodeLayout Of(TreeNode root, long epoch) => Of(root, epoch, first: 0, depth: 0);

    private static TreeNodeLayout Of(TreeNode node, long epoch, ulong first, int depth)
    {
        var below = new List<TreeNodeLayout>();
        var entries = new List<KeyValuePair<object, object?>>();
        int tombstones = 0;
        int chained = -1;
        if (node is Branch branch)
        {
            int shift = 64 - (Branch.Bits * (depth + 1));
            for (int slot = 0; slot < Branch.Fan; slot++)
            {
                // A group lies in all slots of its range, side by side.
                if (slot == 0 || !ReferenceEquals(branch[slot], branch[slot - 1])) below.Add(Of(branch[slot], epoch, first | ((ulong)slot << shift), depth + 1));
            }
        }

        for (var group = node as Group<TKey, TValue>; group is not null; group = group.Next, chained++)
        {
            for (int place = 0; place < group.Used; place++)
            {
                if (group.TagAt(place) > Group<TKey, TValue>.Tombstone) entries.Add(KeyValuePair.Create<object, object?>(group[place].Key!, group[place].Value));
                else tombstones++;
            }
        }

        return new TreeNodeLayout
        {
            Id = TreeNumbers.Of(node),
            First = first,
            Bits = node is Group<TKey, TValue> { Bits: var bits } ? bits : Branch.Bits * depth,
            Depth = depth,
            IsFrozen = node.Epoch < epoch,
            Below = below,
            Entries = entries,
            Tombstones = tombstones,
            Chained = Math.Max(0, chained),
        };
    }
}

/// <summary>Numbers for the nodes that somebody has looked at. They keep no node alive.</summary>
internal static class TreeNumbers
{
    private static readonly ConditionalWeakTable<TreeNode, Number> s_numbers = [];
    private static long s_last;

    public static long Of(TreeNode node) => s_numbers.GetValue(node, static _ => new Number(Interlocked.Increment(ref s_last))).Value;

    private sealed class Number(long value)
    {
        public long Value => value;
    }
}
