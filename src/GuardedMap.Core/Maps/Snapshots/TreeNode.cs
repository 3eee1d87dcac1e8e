using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
// What holds of every node that a reader can reach: it is never changed again. Whoever writes copies the group, and each branch above it,
// and publishes the new root with one store. Readers need no lock, no fence but that of the load, and no second look.

/// <summary>A node of the tree: immutable once it is published.</summary>
internal abstract class TreeNode
{
    /// <summary>The entries below, and in it.</summary>
    public int Count;

    /// <summary>The write that made it. A writer changes in place only what it made itself and nobody has seen.</summary>
    public long Version;
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
        get => Unsafe.Add(ref Unsafe.As<Ways, TreeNode>(ref _ways), slot);
        set => Unsafe.Add(ref Unsafe.As<Ways, TreeNode>(ref _ways), slot) = value;
    }

    public void Fill(int start, int span, TreeNode node)
    {
        for (int i = start; i < start + span; i++) this[i] = node;
    }

    public Branch Copy(long version)
    {
        var copy = (Branch)MemberwiseClone();
        copy.Version = version;
        return copy;
    }

    [InlineArray(Fan)]
    private struct Ways
    {
        private TreeNode _first;
    }
}

/// <summary>An entry of a group.</summary>
internal struct GroupEntry<TKey, TValue>
{
    public TKey Key;
    public TValue Value;
}

/// <summary>A leaf: up to 32 entries side by side, in the order in which they came.</summary>
internal sealed class Group<TKey, TValue> : TreeNode
{
    public const int Capacity = 32;

    /// <summary>Of how many leading bits of their hashes all its keys agree.</summary>
    public int Bits;

    /// <summary>How many entries lie in it.</summary>
    public int Size;

    /// <summary>Further entries whose hashes cannot be told from these; null for nearly every group there is.</summary>
    public Group<TKey, TValue>? Next;

    private Vector256<byte> _tags;
    private Cells _cells;

    /// <summary>An entry by its place.</summary>
    public ref GroupEntry<TKey, TValue> this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref Unsafe.As<Cells, GroupEntry<TKey, TValue>>(ref _cells), index);
    }

    /// <summary>The places whose tag is that of the hash, one bit each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Matches(ulong hash) => Vector256.Equals(_tags, Vector256.Create((byte)hash)).ExtractMostSignificantBits() & (uint)((1UL << Size) - 1);

    public byte TagAt(int index) => Unsafe.Add(ref Unsafe.As<Vector256<byte>, byte>(ref _tags), index);

    public void Append(ulong hash, TKey key, TValue value)
    {
        Unsafe.Add(ref Unsafe.As<Vector256<byte>, byte>(ref _tags), Size) = (byte)hash;
        ref var entry = ref this[Size];
        entry.Key = key;
        entry.Value = value;
        Size++;
        Count++;
    }

    /// <summary>Takes an entry out; the last one fills its place.</summary>
    public void RemoveAt(int index)
    {
        Size--;
        Count--;
        Unsafe.Add(ref Unsafe.As<Vector256<byte>, byte>(ref _tags), index) = TagAt(Size);
        this[index] = this[Size];
        this[Size] = default;
    }

    public Group<TKey, TValue> Copy(long version)
    {
        var copy = (Group<TKey, TValue>)MemberwiseClone();
        copy.Version = version;
        return copy;
    }

    [InlineArray(Capacity)]
    private struct Cells
    {
        private GroupEntry<TKey, TValue> _first;
    }
}
