using System.Globalization;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>What holds of every tree that is published.</summary>
internal static class TreeInvariants<TKey, TValue>
{
    /// <exception cref="InvalidOperationException">It does not.</exception>
    public static void Check(TreeNode root, Func<TKey, ulong> hash)
    {
        if (root is Branch branch) CheckBranch(branch, level: 0, prefix: 0, hash);
        else CheckGroup((Group<TKey, TValue>)root, bits: 0, prefix: 0, hash);
    }

    private static void CheckBranch(Branch branch, int level, ulong prefix, Func<TKey, ulong> hash)
    {
        int count = 0;
        int nodes = 0;
        for (int slot = 0; slot < Branch.Fan;)
        {
            int bits = Branch.Bits * (level + 1);
            ulong here = prefix | ((ulong)slot << (64 - bits));
            nodes++;
            switch (branch[slot])
            {
                case Branch child:
                    CheckBranch(child, level + 1, here, hash);
                    count += child.Count;
                    slot++;
                    break;
                case Group<TKey, TValue> group:
                    int span = 1 << (bits - group.Bits);
                    Require(group.Bits > bits - Branch.Bits && group.Bits <= bits, $"a group of {group.Bits} bits lies in a branch of bits {bits - Branch.Bits} to {bits}");
                    Require(slot % span == 0, $"a group of span {span} begins at slot {slot}");
                    for (int i = slot; i < slot + span; i++) Require(ReferenceEquals(branch[i], group), $"a group does not cover slot {i} of its range");
                    CheckGroup(group, group.Bits, here, hash);
                    count += group.Count;
                    slot += span;
                    break;
                default:
                    throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Invariant broken: slot {slot} of a branch leads nowhere."));
            }
        }

        Require(count == branch.Count, $"a branch says {branch.Count} entries and has {count}");
        Require(nodes > 1, "a branch has a single group, which should have taken its place");
    }

    private static void CheckGroup(Group<TKey, TValue> group, int bits, ulong prefix, Func<TKey, ulong> hash)
    {
        Require(group.Bits == bits, $"a group says {group.Bits} bits and lies under {bits}");
        int count = 0;
        for (var at = group; at is not null; at = at.Next)
        {
            Require(at.Size <= Group<TKey, TValue>.Capacity, $"a group has {at.Size} entries");
            Require(at.Size > 0 || (ReferenceEquals(at, group) && at.Next is null), "a chain has an empty group");
            for (int i = 0; i < Group<TKey, TValue>.Capacity; i++)
            {
                if (i >= at.Size)
                {
                    if (RuntimeHelpers.IsReferenceOrContainsReferences<TKey>()) Require(EqualityComparer<TKey>.Default.Equals(at[i].Key, default), $"free place {i} of a group keeps a key alive");
                    continue;
                }

                ulong itsHash = hash(at[i].Key);
                Require((byte)itsHash == at.TagAt(i), $"an entry's tag is {at.TagAt(i)} and its hash ends with {(byte)itsHash}");
                Require(bits == 0 || (itsHash ^ prefix) >> (64 - bits) == 0, "an entry lies in a group that its hash does not lead to");
            }

            count += at.Size;
        }

        Require(count == group.Count, $"a group says {group.Count} entries and has {count}");
    }

    private static void Require(bool holds, FormattableString otherwise)
    {
        if (!holds) throw new InvalidOperationException($"Invariant broken: {otherwise.ToString(CultureInfo.InvariantCulture)}.");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidOperationException($"Invariant broken: {otherwise}.");
    }
}
