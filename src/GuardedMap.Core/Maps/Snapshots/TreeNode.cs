using System.Runtime.CompilerServices;

namespace GuardedMaps;

// The tree under a SnapshotMap.
//
//   root: Branch ──▶ 16 slots, chosen by the top 4 bits of the hash
//          │  │
//          │  └────▶ Branch ──▶ 16 slots, by the next 4 bits ──▶ ...
//          ▼
//         Group: up to 32 entries, side by side, each with a tag: one byte of its hash
//
// A group covers a range of slots, all of whose hashes begin with the same bits (extendible hashing, Fagin et al. 1979, within each
// branch). When it is full it splits in two, each with one bit more and half the range; when it covers a single slot, a new
// branch takes its place. So the tree grows by a split of 32 entries at a time, and there is never a moment at which all entries move.
//
//   slots of a branch   [ a a a a a a a a b b b b c d e e ]      a: 1 bit of these 4, c: all of them
//
// Keys whose hashes have no more bits in which they differ share a chain of groups.
//
// Every node bears the epoch it was made in. As long as the map is in that epoch, the node belongs to the published tree alone and the writer
// may change it by single stores (SnapshotTree.cs). Once a snapshot has begun another epoch it is frozen: it never changes again. A node is
// never younger than the one above it, so a frozen branch has frozen nodes below it only.

/// <summary>A node of the tree.</summary>
internal abstract class TreeNode
{
    /// <summary>The version of a node that became part of a tree that was published already.</summary>
    public const long MadeInPlace = 0;

    /// <summary>The epoch of a node that belongs to no map.</summary>
    public const long BeforeAll = -1;

    /// <summary>The version of the map that it was made for. Who makes a new tree, in private, knows its own nodes by it.</summary>
    public long Version;

    /// <summary>The epoch of the map in which it was made. In a later one it is frozen.</summary>
    public long Epoch;

    /// <summary>Of a node that was published as the root of a tree: how many entries the tree had then.</summary>
    public int Count;
}

/// <summary>An inner node: 16 ways on.</summary>
internal sealed class Branch : TreeNode
{
    public const int Bits = 4;
    public const int Fan = 1 << Bits;

    private Ways _ways;

    public TreeNode this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref Unsafe.Add(ref Unsafe.As<Ways, TreeNode>(ref _ways), slot));
        set => Volatile.Write(ref Unsafe.Add(ref Unsafe.As<Ways, TreeNode>(ref _ways), slot), value);
    }

    /// <summary>Puts a node into all slots of a range. A reader who finds some of them filled and some not must be able to do with either.</summary>
    public void Fill(int start, int span, TreeNode node)
    {
        for (int i = start; i < start + span; i++) this[i] = node;
    }

    public Branch Copy(long version, long epoch)
    {
        var copy = (Branch)MemberwiseClone();
        (copy.Version, copy.Epoch) = (version, epoch);
        return copy;
    }

    [InlineArray(Fan)]
    private struct Ways
    {
        private TreeNode _first;
    }
}
