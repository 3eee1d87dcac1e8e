using System.Globalization;

namespace GuardedMaps;

/// <summary>What holds of every tree that is published.</summary>
internal static class TreeInvariants<TKey, TValue>
{
    /// <exception cref="InvalidOperationException">It does not.</exception>
    public static void Check(FrozenTree tree, Func<TKey, ulong> hash)
    {
        int count = tree.Root is Branch branch ? CheckBranch(branch, level: 0, prefix: 0, hash) : CheckGroup((Group<TKey, TValue>)tree.Root, bits: 0, prefix: 0, hash);
        Require(count == tree.Count, $"the tree says {tree.Count} entries and has {count}");
    }

    private static int CheckBranch(Branch branch, int level, ulong prefix, Func<TKey, ulong> hash)
    {
        int count = 0;
        int nodes = 0;
        for (int slot = 0; slot < Branch.Fan;)
        {
            int bits = Branch.Bits * (level + 1);
            ulong here = prefix | ((ulong)slot << (64 - bits));
            nodes++;
            Require(branch[slot].Epoch <= branch.Epoch, $"a node of epoch {branch[slot].Epoch} lies under one of epoch {branch.Epoch}");
            switch (branch[slot])
            {
                case Branch child:
                    count += CheckBranch(child, level + 1, here, hash);
                    slot++;
                    break;
                case Group<TKey, TValue> group:
                    int span = 1 << (bits - group.Bits);
                    Require(group.Bits > bits - Branch.Bits && group.Bits <= bits, $"a group of {group.Bits} bits lies in a branch of bits {bits - Branch.Bits} to {bits}");
                    Require(slot % span == 0, $"a group of span {span} begins at slot {slot}");
                    for (int i = slot; i < slot + span; i++) Require(ReferenceEquals(branch[i], group), $"a group does not cover slot {i} of its range");
                    count += CheckGroup(group, group.Bits, here, hash);
                    slot += span;
                    break;
                default:
                    throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Invariant broken: slot {slot} of a branch leads nowhere."));
            }
        }

        Require(nodes > 1, "a branch has a single group, which should have taken its place");
        return count;
    }

    private static int CheckGroup(Group<TKey, TValue> group, int bits, ulong prefix, Func<TKey, ulong> hash)
    {
        int count = 0;
        for (var at = group; at is not null; at = at.Next)
        {
            Require(at.Bits == bits, $"a group says {at.Bits} bits and lies under {bits}");
            Require(at.Used <= Group<TKey, TValue>.Capacity, $"a group has {at.Used} entries");
            Require(at.Size > 0 || (ReferenceEquals(at, group) && at.Next is null), "a chain has an empty group");
            for (int i = 0; i < Group<TKey, TValue>.Capacity; i++)
            {
                byte tag = at.TagAt(i);
                if (tag <= Group<TKey, TValue>.Tombstone)
                {
                    Require((tag == Group<TKey, TValue>.Free) == (i >= at.Used), $"place {i} of a group of {at.Used} has the tag {tag}");
                    if (!typeof(TKey).IsValueType) Require(at[i].Key is null, $"place {i}, which holds nothing, keeps a key alive");
                    if (!typeof(TValue).IsValueType) Require(at[i].Value is null, $"place {i}, which holds nothing, keeps a value alive");
                    continue;
                }

                ulong itsHash = hash(at[i].Key);
                Require(Group<TKey, TValue>.TagOf(itsHash) == tag, $"an entry's tag is {tag} and its hash ends with {(byte)itsHash}");
                Require(bits == 0 || (itsHash ^ prefix) >> (64 - bits) == 0, "an entry lies in a group that its hash does not lead to");
            }

            count += at.Size;
        }

        return count;
    }

    private static void Require(bool holds, FormattableString otherwise)
    {
        if (!holds) throw new InvalidOperationException(SafeText.Message($"Invariant broken: {otherwise.ToString(CultureInfo.InvariantCulture)}."));
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidOperationException(SafeText.Message($"Invariant broken: {otherwise}."));
    }
}
