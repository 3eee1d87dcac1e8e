using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>Finds a key in a tree, while it may be written to.</summary>
internal static class TreeSearch<TKey, TValue>
{
    /// <summary>Looks a key up. O(log16 n); no lock, no loop that waits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryGet<TOps>(TreeNode root, ref TKey key, ulong hash, TOps ops, [MaybeNullWhen(false)] out TValue value)
        where TOps : struct, IKeyOps
    {
        byte tag = Group<TKey, TValue>.TagOf(hash);
        for (var group = GroupOf(root, hash); group is not null; group = group.Next)
        {
            for (uint matches = group.Matches(tag); matches != 0; matches &= matches - 1)
            {
                int index = BitOperations.TrailingZeroCount(matches);
                if (!IsKey(group, index, ref key, ops)) continue;
                value = group[index].Value;
                // What is removed is cleared. Read before the tombstone, it is what it was; after it, it may be nothing, or half of something.
                if (!RuntimeHelpers.IsReferenceOrContainsReferences<TValue>() || group.TagAt(index) == tag) return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Finds an entry. For the writer only: to everybody else it may be gone the next moment.</summary>
    /// <returns>Its group and place; null and -1 if it is not there.</returns>
    public static Group<TKey, TValue>? Find<TOps>(TreeNode root, ref TKey key, ulong hash, TOps ops, out int index)
        where TOps : struct, IKeyOps
    {
        for (var group = GroupOf(root, hash); group is not null; group = group.Next)
        {
            for (uint matches = group.Matches(Group<TKey, TValue>.TagOf(hash)); matches != 0; matches &= matches - 1)
            {
                index = BitOperations.TrailingZeroCount(matches);
                if (IsKey(group, index, ref key, ops)) return group;
            }
        }

        index = -1;
        return null;
    }

    /// <summary>The group, or the first of a chain, in which all keys of a hash are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Group<TKey, TValue> GroupOf(TreeNode node, ulong hash)
    {
        for (int shift = 64 - Branch.Bits; node.GetType() == typeof(Branch); shift -= Branch.Bits)
            node = Unsafe.As<Branch>(node)[(int)(hash >> shift) & (Branch.Fan - 1)];
        return Unsafe.As<Group<TKey, TValue>>(node);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsKey<TOps>(Group<TKey, TValue> group, int index, ref TKey key, TOps ops)
        where TOps : struct, IKeyOps
    {
        if (typeof(TKey).IsValueType) return ops.Equals(ref Unsafe.As<TKey, byte>(ref group[index].Key), ref Unsafe.As<TKey, byte>(ref key));
        // Read once: of an entry that is removed meanwhile the key is cleared.
        var candidate = group[index].Key;
        return candidate is not null && ops.Equals(ref Unsafe.As<TKey, byte>(ref candidate), ref Unsafe.As<TKey, byte>(ref key));
    }
}
