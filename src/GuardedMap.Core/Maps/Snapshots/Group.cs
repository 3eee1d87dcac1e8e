using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GuardedMaps;

// A leaf of the tree: up to 32 entries, and beside them 32 tags, which say of each place what is in it.
//
//     tags    3f a0 01 77 00 00 ...      00 free   01 tombstone   else: one byte of the hash of the key that lies there
//     cells   K  K  .  K
//              V  V     V
//
// One vector compare finds the places at which a key may lie. A place goes one way only: free, taken, tombstone. A tombstone's place is
// not used again; when all 32 are spent the living move to a new group. That is why a reader needs no lock: a place that was
// taken when it read the tag holds the same key as long as the group lives, or is a tombstone when it looks at the tag again.
//
// What a writer may do to a group that readers see, each by one store, so that there is no moment in between:
//
//     add       write key and value into a free place, where nobody looks, and then the tag
//     replace   write the value, where a value is one machine word (AtomicValue); else the group is copied
//     remove    write the tombstone, and then clear the key and the value: what was removed is not kept alive

/// <summary>An entry of a group.</summary>
internal struct GroupEntry<TKey, TValue>
{
    public TKey Key;
    public TValue Value;
}

/// <summary>Whether values of a type are stored by one instruction, so that no reader sees half of one.</summary>
internal static class AtomicValue<TValue>
{
    // ECMA-335, I.12.6.6: reads and writes of aligned words up to the native size are atomic.
    public static readonly bool IsAtomic = !typeof(TValue).IsValueType
        || (Type.GetTypeCode(typeof(TValue)) is not (TypeCode.Object or TypeCode.Decimal or TypeCode.DateTime) && Unsafe.SizeOf<TValue>() <= IntPtr.Size)
        || typeof(TValue) == typeof(nint) || typeof(TValue) == typeof(nuint);
}

/// <summary>A leaf of the tree: up to 32 entries side by side, in the order in which they came.</summary>
internal sealed class Group<TKey, TValue> : TreeNode
{
    public const int Capacity = 32;
    public const byte Free = 0;
    public const byte Tombstone = 1;

    /// <summary>What every map begins with. It is frozen from the beginning, so the first write to a map makes a group of the map's own.</summary>
    public static readonly TreeNode Nothing = new Group<TKey, TValue> { Epoch = BeforeAll };

    /// <summary>Of how many leading bits of their hashes all its keys agree.</summary>
    public int Bits;

    /// <summary>How many places are spent: taken or tombstones. They are the first ones.</summary>
    public int Used;

    /// <summary>Further entries whose hashes cannot be told from these; null for nearly every group there is.</summary>
    public Group<TKey, TValue>? Next;

    private Vector256<byte> _tags;
    private Cells _cells;

    /// <summary>The places that hold an entry, one bit each.</summary>
    public uint Live
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var tags = _tags;
            return Vector256.Equals(Vector256.Max(tags, Vector256.Create((byte)(Tombstone + 1))), tags).ExtractMostSignificantBits();
        }
    }

    /// <summary>How many entries it holds.</summary>
    public int Size => BitOperations.PopCount(Live);

    /// <summary>An entry by its place.</summary>
    public ref GroupEntry<TKey, TValue> this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref Unsafe.As<Cells, GroupEntry<TKey, TValue>>(ref _cells), index);
    }

    /// <summary>The tag of a hash: its last byte, but neither of the two that say something else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte TagOf(ulong hash)
    {
        byte low = (byte)hash;
        return low <= Tombstone ? (byte)(low + Tombstone + 1) : low;
    }

    /// <summary>The places that have a tag, one bit each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Matches(byte tag)
    {
        uint matches = Vector256.Equals(_tags, Vector256.Create(tag)).ExtractMostSignificantBits();
        Fence.Loads();
        return matches;
    }

    /// <summary>The tag of a place, looked at again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte TagAt(int index)
    {
        Fence.Loads();
        return Volatile.Read(ref Tag(index));
    }

    /// <summary>The one store by which an entry comes or goes.</summary>
    public void SetTag(int index, byte tag) => Volatile.Write(ref Tag(index), tag);

    /// <summary>Puts an entry into the next free place, and shows it.</summary>
    public void Append(byte tag, TKey key, TValue value)
    {
        ref var entry = ref this[Used];
        entry.Key = key;
        entry.Value = value;
        SetTag(Used, tag);
        Used++;
    }

    /// <summary>Lets go of what a removed entry, or one that was never shown, refers to.</summary>
    /// <remarks>A key of several words is left until the group is copied: a reader that compares it just now must not see half of one.</remarks>
    public void Forget(int index)
    {
        ref var entry = ref this[index];
        if (!typeof(TKey).IsValueType) entry.Key = default!;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TValue>()) entry.Value = default!;
    }

    /// <summary>The group itself if its entries are in the first places, else a copy of which that is so.</summary>
    /// <remarks>
    /// Asked of a frozen group. Its tags are as they were when it was frozen, and <see cref="Used"/> may not be: a write that is part of the snapshot is
    /// made before the writer comes to count it. So the tags alone say what there is.
    /// </remarks>
    public Group<TKey, TValue> Compacted()
    {
        int none = -1;
        return IsPrefix(Live) ? this : Copy(MadeInPlace, Epoch, ref none);
    }

    /// <summary>A copy of the living.</summary>
    /// <param name="version">The write it is made by.</param>
    /// <param name="epoch">The epoch it is made in.</param>
    /// <param name="index">The place of an entry here, and then that of the same entry in the copy.</param>
    public Group<TKey, TValue> Copy(long version, long epoch, ref int index)
    {
        uint live = Live;
        if (IsPrefix(live) && BitOperations.PopCount(live) == Used)
        {
            var clone = (Group<TKey, TValue>)MemberwiseClone();
            (clone.Version, clone.Epoch) = (version, epoch);
            return clone;
        }

        var copy = new Group<TKey, TValue> { Version = version, Epoch = epoch, Bits = Bits, Next = Next };
        int there = -1;
        for (; live != 0; live &= live - 1)
        {
            int from = BitOperations.TrailingZeroCount(live);
            if (from == index) there = copy.Used;
            ref var entry = ref this[from];
            copy.Append(Tag(from), entry.Key, entry.Value);
        }

        index = there;
        return copy;
    }

    /// <summary>Takes an entry out of a group that nobody else sees; the last one fills its place.</summary>
    public void TakeOut(int index)
    {
        Used--;
        Tag(index) = Tag(Used);
        Tag(Used) = Free;
        this[index] = this[Used];
        this[Used] = default;
    }

    // Whether the places are the first ones, without a gap.
    private static bool IsPrefix(uint places) => (places & (places + 1)) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref byte Tag(int index) => ref Unsafe.Add(ref Unsafe.As<Vector256<byte>, byte>(ref _tags), index);

    [InlineArray(Capacity)]
    private struct Cells
    {
        private GroupEntry<TKey, TValue> _first;
    }
}
