using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// One write, or a batch of them, on its way to the next version.
//
//   version 7     R ── B ── g          a write makes    R' ── B' ── g'     version 8
//                  \    \                                \     \
//                   ..   ..             shares all else   ..    ..
//
// The writer holds the new root until it publishes it. Nodes it made bear its version number and may be changed again in place, which
// is what makes a batch cheap; all others are copied first. Foreign code (a comparer's) may throw at any moment: nothing was published
// then, and nothing has changed.

/// <summary>Makes the next version of a tree.</summary>
internal ref struct TreeWriter<TKey, TValue, TOps>
    where TOps : struct, IKeyOps
{
    private const int MaxDepth = 15; // 60 bits of the hash; the tag is its last 8.
    private const int MergeAt = Group<TKey, TValue>.Capacity / 2;

    private readonly TOps _ops;
    private readonly long _version;
    private Path _path;

    public TreeWriter(TreeNode root, long version, TOps ops)
    {
        (Root, _version, _ops) = (root, version, ops);
    }

    /// <summary>The new root.</summary>
    public TreeNode Root { get; private set; }

    /// <summary>Finds an entry.</summary>
    /// <returns>Its group and place; null and where it would go if it is not there.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Group<TKey, TValue>? Find(TreeNode node, ref TKey key, ulong hash, TOps ops, out int index)
    {
        int shift = 64 - Branch.Bits;
        while (node.GetType() == typeof(Branch))
        {
            node = Unsafe.As<Branch>(node)[(int)(hash >> shift) & (Branch.Fan - 1)];
            shift -= Branch.Bits;
        }

        var group = Unsafe.As<Group<TKey, TValue>>(node);
        do
        {
            for (uint matches = group.Matches(hash); matches != 0; matches &= matches - 1)
            {
                index = BitOperations.TrailingZeroCount(matches);
                if (ops.Equals(ref Unsafe.As<TKey, byte>(ref group[index].Key), ref Unsafe.As<TKey, byte>(ref key))) return group;
            }

            group = group.Next;
        }
        while (group is not null);

        index = -1;
        return null;
    }

    /// <summary>Stores a value under a key that is there.</summary>
    public void Replace(ulong hash, Group<TKey, TValue> found, int index, TValue value)
    {
        var (group, depth) = Descend(hash);
        var head = Own(group, found, out var own);
        own[index].Value = value;
        PutGroup(depth, hash, group, head, delta: 0);
    }

    /// <summary>Adds a key that is not there.</summary>
    public void Add(ulong hash, TKey key, TValue value)
    {
        var (group, depth) = Descend(hash);
        if (group.Size < Group<TKey, TValue>.Capacity)
        {
            var own = Own(group);
            own.Append(hash, key, value);
            PutGroup(depth, hash, group, own, delta: 1);
            return;
        }

        if (MustChain(group, hash, depth))
        {
            PutGroup(depth, hash, group, Chained(group, hash, key, value), delta: 1);
            return;
        }

        if (depth == 0)
        {
            var branch = new Branch { Version = _version, Count = group.Count };
            branch.Fill(0, Branch.Fan, group);
            Split(branch, 0, 0, Branch.Fan, group, hash, key, value);
            Root = branch;
            return;
        }

        var parent = OwnPath(depth, hash, delta: 1);
        int span = SpanOf(group, depth);
        int start = SlotOf(hash, depth - 1) & ~(span - 1);
        parent.Count--; // Split counts.
        Split(parent, depth - 1, start, span, group, hash, key, value);
    }

    /// <summary>Removes an entry.</summary>
    public void Remove(ulong hash, Group<TKey, TValue> found, int index)
    {
        var (group, depth) = Descend(hash);
        var head = Own(group, found, out var own);
        for (var at = head; !ReferenceEquals(at, own); at = at.Next!) at.Count--;
        own.RemoveAt(index);
        // A chain gives up groups that are empty; its head is one entry's group at least.
        head = Trimmed(head);
        PutGroup(depth, hash, group, head, delta: -1);
        if (head.Next is null && head.Size <= MergeAt) Merge(depth, hash, head);
    }

    private static int SlotOf(ulong hash, int level) => (int)(hash >> (64 - (Branch.Bits * (level + 1)))) & (Branch.Fan - 1);

    private static int SpanOf(Group<TKey, TValue> group, int depth) => 1 << ((Branch.Bits * depth) - group.Bits);

    // The group a hash leads to, how many branches lead there, and those branches.
    private (Group<TKey, TValue> Group, int Depth) Descend(ulong hash)
    {
        var node = Root;
        int depth = 0;
        while (node is Branch branch)
        {
            _path[depth] = branch;
            node = branch[SlotOf(hash, depth)];
            depth++;
        }

        return (Unsafe.As<Group<TKey, TValue>>(node), depth);
    }

    private readonly Group<TKey, TValue> Own(Group<TKey, TValue> group) => group.Version == _version ? group : group.Copy(_version);

    // Owns the groups of a chain up to the one that is to be changed.
    private readonly Group<TKey, TValue> Own(Group<TKey, TValue> head, Group<TKey, TValue> wanted, out Group<TKey, TValue> own)
    {
        var first = Own(head);
        own = first;
        for (var at = head; !ReferenceEquals(at, wanted); at = at.Next!)
        {
            own.Next = Own(at.Next!);
            own = own.Next;
        }

        return first;
    }

    // Owns the branches that lead to a group, the last of which is given.
    private Branch OwnPath(int depth, ulong hash, int delta)
    {
        Branch? above = null;
        for (int level = 0; level < depth; level++)
        {
            var branch = _path[level];
            if (branch.Version != _version)
            {
                branch = branch.Copy(_version);
                _path[level] = branch;
                if (above is null) Root = branch;
                else above[SlotOf(hash, level - 1)] = branch;
            }

            branch.Count += delta;
            above = branch;
        }

        return above!;
    }

    private void PutGroup(int depth, ulong hash, Group<TKey, TValue> before, Group<TKey, TValue> after, int delta)
    {
        if (depth == 0)
        {
            Root = after;
            return;
        }

        var parent = OwnPath(depth, hash, delta);
        if (ReferenceEquals(before, after)) return;
        int span = SpanOf(after, depth);
        parent.Fill(SlotOf(hash, depth - 1) & ~(span - 1), span, after);
    }

    // Divides a full group, which covers these slots of a branch, until there is room for one more entry.
    private readonly void Split(Branch branch, int level, int start, int span, Group<TKey, TValue> full, ulong hash, TKey key, TValue value)
    {
        if (MustChain(full, hash, level + 1))
        {
            branch.Fill(start, span, Chained(full, hash, key, value));
            branch.Count++;
            return;
        }

        if (span == 1)
        {
            var child = new Branch { Version = _version, Count = full.Count };
            child.Fill(0, Branch.Fan, full);
            Split(child, level + 1, 0, Branch.Fan, full, hash, key, value);
            branch[start] = child;
            branch.Count++;
            return;
        }

        var low = new Group<TKey, TValue> { Version = _version, Bits = full.Bits + 1 };
        var high = new Group<TKey, TValue> { Version = _version, Bits = full.Bits + 1 };
        for (int i = 0; i < full.Size; i++)
        {
            ref var entry = ref full[i];
            ulong itsHash = _ops.Hash(ref Unsafe.As<TKey, byte>(ref entry.Key));
            (((itsHash >> (63 - full.Bits)) & 1) == 0 ? low : high).Append(itsHash, entry.Key, entry.Value);
        }

        int half = span / 2;
        branch.Fill(start, half, low);
        branch.Fill(start + half, half, high);
        bool isHigh = ((hash >> (63 - full.Bits)) & 1) != 0;
        var side = isHigh ? high : low;
        if (side.Size < Group<TKey, TValue>.Capacity)
        {
            side.Append(hash, key, value);
            branch.Count++;
        }
        else
        {
            Split(branch, level, isHigh ? start + half : start, half, side, hash, key, value);
        }
    }

    private readonly Group<TKey, TValue> Chained(Group<TKey, TValue> rest, ulong hash, TKey key, TValue value)
    {
        var head = new Group<TKey, TValue> { Version = _version, Bits = rest.Bits, Next = rest, Count = rest.Count };
        head.Append(hash, key, value);
        return head;
    }

    // Where all hashes are the same, or there is no further bit to tell them apart by.
    private readonly bool MustChain(Group<TKey, TValue> group, ulong hash, int depth)
    {
        if (group.Next is not null || (depth == MaxDepth && group.Bits == Branch.Bits * MaxDepth)) return true;
        for (int i = 0; i < group.Size; i++)
        {
            if (group.TagAt(i) != (byte)hash || _ops.Hash(ref Unsafe.As<TKey, byte>(ref group[i].Key)) != hash) return false;
        }

        return true;
    }

    private static Group<TKey, TValue> Trimmed(Group<TKey, TValue> head)
    {
        if (head.Next is null) return head;
        if (head.Size == 0) return head.Next;
        for (var at = head; at.Next is { } next; at = next)
        {
            if (next.Size != 0) continue;
            at.Next = next.Next;
            break;
        }

        return head;
    }

    // Joins a group with its other half, and a branch of one group with the branch above, as long as it is small enough.
    private void Merge(int depth, ulong hash, Group<TKey, TValue> group)
    {
        while (depth > 0)
        {
            var branch = _path[depth - 1];
            int span = SpanOf(group, depth);
            int start = SlotOf(hash, depth - 1) & ~(span - 1);
            if (span == Branch.Fan)
            {
                // It is all the branch has: it takes the branch's place.
                depth--;
                if (depth == 0) Root = group;
                else _path[depth - 1][SlotOf(hash, depth - 1)] = group;
                continue;
            }

            int buddyStart = start ^ span;
            if (branch[buddyStart] is not Group<TKey, TValue> { Next: null } buddy || buddy.Bits != group.Bits || buddy.Size + group.Size > MergeAt) return;
            var both = Own(group);
            for (int i = 0; i < buddy.Size; i++)
            {
                ref var entry = ref buddy[i];
                // The tag is the hash's last byte, and that is all that Append takes of it.
                both.Append(buddy.TagAt(i), entry.Key, entry.Value);
            }

            both.Bits--;
            branch.Fill(Math.Min(start, buddyStart), span * 2, both);
            group = both;
        }
    }

    [InlineArray(MaxDepth + 1)]
    private struct Path
    {
        [SuppressMessage("Style", "IDE0044:Add readonly modifier", Justification = "An inline array's element.")]
        private Branch _first;
    }
}
