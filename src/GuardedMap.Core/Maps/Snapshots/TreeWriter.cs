using System.Numerics;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// One write, or a batch of them, on its way to a new tree.
//
//   version 7     R ── B ── g          a write makes    R' ── B' ── g'     version 8
//                  \    \                                \     \
//                   ..   ..             shares all else   ..    ..
//
// The writer holds the new root until it is published. Nodes it made bear its version's number, nobody else sees them, and they may be changed in any
// way; all others are copied first. Foreign code (a comparer's) may throw at any moment: nothing was published then, and nothing has changed.

/// <summary>When groups are joined again.</summary>
internal static class TreeWriterLimits
{
    /// <summary>Two halves of a group become one when both together have so few entries: half of what one holds, so that it is not split at once.</summary>
    public const int MergeAt = 16;
}

/// <summary>Makes a new tree of a published one.</summary>
internal ref struct TreeWriter<TKey, TValue, TOps>
    where TOps : struct, IKeyOps
{
    private readonly TOps _ops;
    private readonly long _version;
    private readonly long _epoch;
    private TreePath<TKey, TValue> _path;

    public TreeWriter(TreeNode root, long version, long epoch, TOps ops)
    {
        (Root, _version, _epoch, _ops) = (root, version, epoch, ops);
    }

    /// <summary>The new root.</summary>
    public TreeNode Root { get; private set; }

    /// <summary>Makes a write in this tree.</summary>
    public void Write(ref PlannedWrite<TKey, TValue> plan)
    {
        if (plan.Decision == TreeWrite.Remove) Remove(plan.Hash, plan.Found!, plan.Index);
        else if (plan.Found is null) Add(plan.Hash, plan.Key, plan.Value!);
        else Replace(plan.Hash, plan.Found, plan.Index, plan.Value!);
    }

    private void Replace(ulong hash, Group<TKey, TValue> found, int index, TValue value)
    {
        _path.Descend(Root, hash);
        var head = Own(_path.Group, found, ref index, out var own);
        own[index].Value = value;
        PutGroup(hash, head);
    }

    private void Add(ulong hash, TKey key, TValue value)
    {
        _path.Descend(Root, hash);
        var group = _path.Group;
        byte tag = Group<TKey, TValue>.TagOf(hash);
        if (group.Size < Group<TKey, TValue>.Capacity)
        {
            // Its copy has no tombstones, so there is room.
            var own = Own(group);
            own.Append(tag, key, value);
            PutGroup(hash, own);
            return;
        }

        if (MustChain(group, hash, _path.Depth))
        {
            PutGroup(hash, Chained(group, tag, key, value));
            return;
        }

        if (_path.Depth == 0)
        {
            var branch = new Branch { Version = _version, Epoch = _epoch };
            branch.Fill(0, Branch.Fan, group);
            Split(branch, 0, 0, Branch.Fan, group, hash, key, value);
            Root = branch;
            return;
        }

        var (_, start, span) = _path.Place;
        Split(OwnPath(hash), _path.Depth - 1, start, span, group, hash, key, value);
    }

    private void Remove(ulong hash, Group<TKey, TValue> found, int index)
    {
        _path.Descend(Root, hash);
        var head = Own(_path.Group, found, ref index, out var own);
        own.TakeOut(index);
        // A chain gives up groups that are empty; its head is one entry's group at least.
        head = Trimmed(head);
        PutGroup(hash, head);
        if (head.Next is null && head.Size <= TreeWriterLimits.MergeAt) Merge(hash, head);
    }

    private readonly Group<TKey, TValue> Own(Group<TKey, TValue> group)
    {
        int none = -1;
        return Own(group, ref none);
    }

    private readonly Group<TKey, TValue> Own(Group<TKey, TValue> group, ref int index) => group.Version == _version ? group : group.Copy(_version, _epoch, ref index);

    // Owns the groups of a chain up to the one that is to be changed.
    private readonly Group<TKey, TValue> Own(Group<TKey, TValue> head, Group<TKey, TValue> wanted, ref int index, out Group<TKey, TValue> own)
    {
        if (ReferenceEquals(head, wanted)) return own = Own(head, ref index);
        var first = Own(head);
        own = first;
        for (var at = head.Next!; ; at = at.Next!)
        {
            bool isWanted = ReferenceEquals(at, wanted);
            own.Next = isWanted ? Own(at, ref index) : Own(at);
            own = own.Next;
            if (isWanted) return first;
        }
    }

    // Owns the branches that lead to the group, the last of which is given.
    private Branch OwnPath(ulong hash)
    {
        Branch? above = null;
        for (int level = 0; level < _path.Depth; level++)
        {
            var branch = _path[level];
            if (branch.Version != _version)
            {
                branch = branch.Copy(_version, _epoch);
                _path[level] = branch;
                if (above is null) Root = branch;
                else above[TreePath<TKey, TValue>.SlotOf(hash, level - 1)] = branch;
            }

            above = branch;
        }

        return above!;
    }

    private void PutGroup(ulong hash, Group<TKey, TValue> group)
    {
        if (_path.Depth == 0)
        {
            Root = group;
            return;
        }

        var (_, start, span) = _path.Place;
        OwnPath(hash).Fill(start, span, group);
    }

    // Divides a full group, which covers these slots of a branch, until there is room for one more entry.
    private readonly void Split(Branch branch, int level, int start, int span, Group<TKey, TValue> full, ulong hash, TKey key, TValue value)
    {
        if (MustChain(full, hash, level + 1))
        {
            branch.Fill(start, span, Chained(full, Group<TKey, TValue>.TagOf(hash), key, value));
            return;
        }

        if (span == 1)
        {
            var child = new Branch { Version = _version, Epoch = _epoch };
            child.Fill(0, Branch.Fan, full);
            Split(child, level + 1, 0, Branch.Fan, full, hash, key, value);
            branch[start] = child;
            return;
        }

        var low = new Group<TKey, TValue> { Version = _version, Epoch = _epoch, Bits = full.Bits + 1 };
        var high = new Group<TKey, TValue> { Version = _version, Epoch = _epoch, Bits = full.Bits + 1 };
        for (uint live = full.Live; live != 0; live &= live - 1)
        {
            int i = BitOperations.TrailingZeroCount(live);
            ref var entry = ref full[i];
            ulong itsHash = _ops.Hash(ref Unsafe.As<TKey, byte>(ref entry.Key));
            (((itsHash >> (63 - full.Bits)) & 1) == 0 ? low : high).Append(full.TagAt(i), entry.Key, entry.Value);
        }

        int half = span / 2;
        branch.Fill(start, half, low);
        branch.Fill(start + half, half, high);
        bool isHigh = ((hash >> (63 - full.Bits)) & 1) != 0;
        var side = isHigh ? high : low;
        if (side.Used < Group<TKey, TValue>.Capacity)
        {
            side.Append(Group<TKey, TValue>.TagOf(hash), key, value);
        }
        else
        {
            Split(branch, level, isHigh ? start + half : start, half, side, hash, key, value);
        }
    }

    private readonly Group<TKey, TValue> Chained(Group<TKey, TValue> rest, byte tag, TKey key, TValue value)
    {
        var head = new Group<TKey, TValue> { Version = _version, Epoch = _epoch, Bits = rest.Bits, Next = rest };
        head.Append(tag, key, value);
        int full = 0;
        for (var at = rest; at is not null; at = at.Next) full++;
        ChainWatch.NoteCollisions(full * Group<TKey, TValue>.Capacity);
        return head;
    }

    // Where all hashes are the same, or there is no further bit to tell them apart by.
    private readonly bool MustChain(Group<TKey, TValue> group, ulong hash, int depth)
    {
        if (group.Next is not null || (depth == TreePath<TKey, TValue>.MaxDepth && group.Bits == Branch.Bits * TreePath<TKey, TValue>.MaxDepth)) return true;
        for (uint live = group.Live; live != 0; live &= live - 1)
        {
            int i = BitOperations.TrailingZeroCount(live);
            if (group.TagAt(i) != Group<TKey, TValue>.TagOf(hash) || _ops.Hash(ref Unsafe.As<TKey, byte>(ref group[i].Key)) != hash) return false;
        }

        return true;
    }

    private readonly Group<TKey, TValue> Trimmed(Group<TKey, TValue> head)
    {
        if (head.Next is null) return head;
        if (head.Used == 0) return Own(head.Next);
        for (var at = head; at.Next is { } next; at = next)
        {
            if (next.Size != 0) continue;
            at.Next = next.Next;
            break;
        }

        return head;
    }

    // Joins a group with its other half, and a branch of one group with the branch above, as long as it is small enough.
    private void Merge(ulong hash, Group<TKey, TValue> group)
    {
        for (int depth = _path.Depth; depth > 0;)
        {
            var branch = _path[depth - 1];
            int span = TreePath<TKey, TValue>.SpanOf(group, depth);
            int start = TreePath<TKey, TValue>.SlotOf(hash, depth - 1) & ~(span - 1);
            if (span == Branch.Fan)
            {
                // It is all the branch has: it takes the branch's place.
                depth--;
                if (depth == 0) Root = group;
                else _path[depth - 1][TreePath<TKey, TValue>.SlotOf(hash, depth - 1)] = group;
                continue;
            }

            int buddyStart = start ^ span;
            if (branch[buddyStart] is not Group<TKey, TValue> { Next: null } buddy || buddy.Bits != group.Bits || buddy.Size + group.Size > TreeWriterLimits.MergeAt) return;
            var both = Own(group);
            for (uint live = buddy.Live; live != 0; live &= live - 1)
            {
                int i = BitOperations.TrailingZeroCount(live);
                ref var entry = ref buddy[i];
                both.Append(buddy.TagAt(i), entry.Key, entry.Value);
            }

            both.Bits--;
            branch.Fill(Math.Min(start, buddyStart), span * 2, both);
            group = both;
        }
    }
}
