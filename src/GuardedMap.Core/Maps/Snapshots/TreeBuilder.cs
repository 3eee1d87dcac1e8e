using System.Runtime.CompilerServices;

namespace GuardedMaps;

// A tree of many entries at once, with its groups side by side in memory in the order in which an iteration comes to them. Entries that are added one
// after the other split groups here and there, and an iteration over a million of them spends most of its time on waiting for pages.
//
//     entries sorted by hash   |-- group --|- group -|--- group ---|-- group --| ...

/// <summary>Builds the tree of a map that begins with many entries. O(n log n).</summary>
internal ref struct TreeBuilder<TKey, TValue, TOps>(TOps ops, long version)
    where TOps : struct, IKeyOps
{
    private ulong[] _hashes = [];
    private KeyValuePair<TKey, TValue>[] _entries = [];

    /// <summary>Builds a tree.</summary>
    /// <returns>Its root; null and a key that is there twice if there is one.</returns>
    public TreeNode? Build(KeyValuePair<TKey, TValue>[] entries, out TKey? duplicate)
    {
        _entries = entries;
        _hashes = new ulong[entries.Length];
        for (int i = 0; i < entries.Length; i++)
        {
            var key = entries[i].Key;
            _hashes[i] = ops.Hash(ref Unsafe.As<TKey, byte>(ref key));
        }

        Array.Sort(_hashes, _entries);
        return HasDuplicate(out duplicate) ? null : Node(0, entries.Length, bits: 0);
    }

    // Equal keys have equal hashes, and equal hashes are neighbours now.
    private readonly bool HasDuplicate(out TKey? duplicate)
    {
        for (int i = 1, start = 0; i < _entries.Length; i++)
        {
            if (_hashes[i] != _hashes[start]) start = i;
            var key = _entries[i].Key;
            for (int other = start; other < i; other++)
            {
                var before = _entries[other].Key;
                if (!ops.Equals(ref Unsafe.As<TKey, byte>(ref before), ref Unsafe.As<TKey, byte>(ref key))) continue;
                duplicate = key;
                return true;
            }
        }

        duplicate = default;
        return false;
    }

    // What the slot of a branch leads to, or the root.
    private readonly TreeNode Node(int from, int to, int bits)
    {
        if (IsGroup(from, to, bits)) return Group(from, to, bits);
        var branch = new Branch { Version = version };
        Slots(branch, 0, Branch.Fan, from, to, bits);
        return branch;
    }

    // The slots of a branch for all hashes that begin with the same bits.
    private readonly void Slots(Branch branch, int start, int span, int from, int to, int bits)
    {
        // Not the whole branch: a group that has one to itself takes its place.
        if (span < Branch.Fan && IsGroup(from, to, bits))
        {
            branch.Fill(start, span, Group(from, to, bits));
        }
        else if (span == 1)
        {
            branch[start] = Node(from, to, bits);
        }
        else
        {
            int middle = Middle(from, to, bits);
            Slots(branch, start, span / 2, from, middle, bits + 1);
            Slots(branch, start + (span / 2), span / 2, middle, to, bits + 1);
        }
    }

    // Where the next bit becomes 1.
    private readonly int Middle(int from, int to, int bits)
    {
        while (from < to)
        {
            int half = from + ((to - from) / 2);
            if ((_hashes[half] >> (63 - bits) & 1) == 0) from = half + 1;
            else to = half;
        }

        return from;
    }

    private readonly bool IsGroup(int from, int to, int bits) =>
        to - from <= Group<TKey, TValue>.Capacity || bits == Branch.Bits * TreePath<TKey, TValue>.MaxDepth || _hashes[from] == _hashes[to - 1];

    private readonly Group<TKey, TValue> Group(int from, int to, int bits)
    {
        Group<TKey, TValue>? chain = null;
        do
        {
            var group = new Group<TKey, TValue> { Version = version, Bits = bits, Next = chain };
            for (; from < to && group.Used < Group<TKey, TValue>.Capacity; from++)
                group.Append(Group<TKey, TValue>.TagOf(_hashes[from]), _entries[from].Key, _entries[from].Value);
            chain = group;
        }
        while (from < to);
        return chain;
    }
}
