using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>The way from a root down to a group: for the writer, who changes what lies on it.</summary>
internal struct TreePath<TKey, TValue>
{
    /// <summary>The most branches above a group: 60 bits of the hash. Its last 8 are in the tag.</summary>
    public const int MaxDepth = 15;

    private Branches _branches;
    private ulong _hash;

    /// <summary>How many branches lie above the group.</summary>
    public int Depth { readonly get; private set; }

    /// <summary>The group it leads to.</summary>
    public Group<TKey, TValue> Group { readonly get; private set; }

    /// <summary>The slots that lead to the group, of the branch above it. Not where the group is the root.</summary>
    public readonly (Branch Branch, int Start, int Span) Place
    {
        get
        {
            int span = SpanOf(Group, Depth);
            return (_branches[Depth - 1], SlotOf(_hash, Depth - 1) & ~(span - 1), span);
        }
    }

    /// <summary>A branch by its level.</summary>
    public Branch this[int level]
    {
        readonly get => _branches[level];
        set => _branches[level] = value;
    }

    /// <summary>The slot of a hash in a branch of that level.</summary>
    public static int SlotOf(ulong hash, int level) => (int)(hash >> (64 - (Branch.Bits * (level + 1)))) & (Branch.Fan - 1);

    /// <summary>How many slots lead to a group that lies so deep.</summary>
    public static int SpanOf(Group<TKey, TValue> group, int depth) => 1 << ((Branch.Bits * depth) - group.Bits);

    /// <summary>Goes down from a root to where keys of a hash are.</summary>
    public void Descend(TreeNode root, ulong hash)
    {
        _hash = hash;
        Depth = 0;
        var node = root;
        while (node is Branch branch)
        {
            _branches[Depth] = branch;
            node = branch[SlotOf(hash, Depth)];
            Depth++;
        }

        Group = Unsafe.As<Group<TKey, TValue>>(node);
    }

    /// <summary>
    /// Puts copies in the place of the frozen nodes of the path, so that they can be changed. The root is not frozen. The tree says the same
    /// before and after, so it does no harm when a snapshot is taken meanwhile: the copies are frozen then, too.
    /// </summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="index">The place of an entry in the group, and then that in its copy.</param>
    /// <param name="withGroup">False to leave the group itself as it is.</param>
    public void Thaw(long epoch, ref int index, bool withGroup)
    {
        int level = 0;
        while (level < Depth && _branches[level].Epoch == epoch) level++;
        if (withGroup && Group.Epoch != epoch)
        {
            var (start, span) = (Place.Start, Place.Span);
            Group = Group.Copy(TreeNode.MadeInPlace, epoch, ref index);
            // Its branch is either one that may be changed, or about to be copied.
            if (level == Depth) _branches[Depth - 1].Fill(start, span, Group);
            else CopyBranches(level, epoch, start, span);
        }
        else if (level < Depth)
        {
            CopyBranches(level, epoch, 0, 0);
        }
    }

    /// <summary>Whether a group that has so few entries left could be one with its other half.</summary>
    public readonly bool CouldMerge(int left) =>
        left <= TreeWriterLimits.MergeAt && Depth > 0 && BuddyOf(Place) is Group<TKey, TValue> { Next: null } buddy && buddy.Bits == Group.Bits && buddy.Size + left <= TreeWriterLimits.MergeAt;

    private static TreeNode BuddyOf((Branch Branch, int Start, int Span) place) => place.Branch[place.Start ^ place.Span];

    private void CopyBranches(int from, long epoch, int start, int span)
    {
        for (int level = from; level < Depth; level++)
        {
            var copy = _branches[level].Copy(TreeNode.MadeInPlace, epoch);
            if (level > from) _branches[level - 1][SlotOf(_hash, level - 1)] = copy;
            _branches[level] = copy;
        }

        if (span > 0) _branches[Depth - 1].Fill(start, span, Group);
        // Last: now it can be seen.
        _branches[from - 1][SlotOf(_hash, from - 1)] = _branches[from];
    }

    [InlineArray(MaxDepth + 1)]
    private struct Branches
    {
        [SuppressMessage("Style", "IDE0044:Add readonly modifier", Justification = "An inline array's element.")]
        private Branch _first;
    }
}
