using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// The list under an OrderedMap: a skip list whose levels are unrolled. What is one key in the books is here a block of up to 32, and what is one link is
// a lane of up to 64.
//
//   level 2   ┌ (first) ─────────────────── pear ┐          hints: the lanes, and where each begins
//             ▼                             ▼
//   level 1   head fig lime                 pear quince     hints: the nodes, and where each begins
//              │    │    │                   │
//   level 0   apple ─▶ fig grape kiwi ─▶ lime mango ─▶ pear plum ─▶ quince ─▶ null      the truth: nodes, each with a block
//
// A block is never changed: a writer makes another one and publishes it, under its node's lock, in one store. A block says what keys are there, and what
// node comes next and where that begins. So the blocks, linked by those, divide all keys among them at every moment: the node's range goes from
// its lowest key to the next one's. Which node has a key is asked of the blocks alone. The levels above (OrderedLanes.cs) only bring a search
// near: a hint that is missing, late or leads to a node that is no more costs a few steps and never an answer.
//
// A search goes, on each level, as far right as it may, and down; then it looks at the block it has come to:
//
//   the key is in its range                      here it is, or is not: at the moment the block was read
//   the next node begins at or before the key    a node was split meanwhile, or a hint is missing: on to the right, by the block's own link
//   the node was merged into the one before      on to that one, and then to the right, if need be
//
// It takes no lock, and nobody can make it wait: each of these steps is due to a write that has been done.
//
//   value replaced   in its cell (ValueCell.cs)
//   key removed      its cell is gone from one moment to the next: that is the removal. The block still has the key, as a tombstone, until
//                    a quarter of the block are tombstones; then it is made anew without them. This is what is lazy about the deletion
//   key added        a block with one key more, or with a new cell in place of a tombstone
//   block full       split: a new node gets the upper half, and the store of the lower half publishes both
//   block near empty merged with the node behind it or before it: first the block with all of it is published, then the other node says where it has gone.
//                    Between the two both tell the same, and as both are locked, nothing is added to either
//
// Whoever adds has looked for the place in a block, and publishes only if the node still has that block, else looks again. Who locks two nodes locks
// the one before first, so no two wait for each other. The comparer is never called under a lock, nor after a block has been published: when it throws,
// nothing has changed. A cell that is not gone is always in its node's block, since only tombstones are left out of new blocks. So to find a
// live cell is to find the entry, whatever has become of the block in which it was found.
//
// Hints are set by whoever splits or merges nodes, unless another has changed them at the same place meanwhile. Then the next writer who has to take a step for the
// want of it does it, before its own work.
//
// Other languages must keep a node, a block and a cell from being freed while somebody may look at them, by hazard pointers or epochs.
// Here the garbage collector does: each lives as long as somebody can reach it, and what a reader holds is never changed under its eyes,
// except cells, which say themselves that they are gone. None of the three is ever used again for something else, so there is no ABA either.
//
// The method is that of the lazy skip list (Herlihy, Lev, Luchangco and Shavit, "A Simple Optimistic Skiplist Algorithm", 2007): search without locks, lock,
// look again, change, with removal in two steps. The links to the right that make up for splits are Lehman and Yao's ("Efficient Locking for Concurrent Operations
// on B-Trees", 1981), the levels as arrays Sprenger, Zeuch and Leser's ("Cache-Sensitive Skip List", 2016). One key per node, and links, as in the first paper,
// make a lookup wait for some twenty places in memory, one after the other; here it waits for five.

/// <summary>A concurrent skip list.</summary>
internal sealed class SkipList<TKey, TValue>
{
    private const int Roomy = OrderedBlock<TKey, TValue>.Capacity * 3 / 4;

    private readonly KeyOrder<TKey> _order;
    private readonly OrderedNode<TKey, TValue> _head = new();
    private readonly OrderedLanes<TKey, TValue> _lanes;
    private int _count;

    public SkipList(KeyOrder<TKey> order)
    {
        _order = order;
        _lanes = new OrderedLanes<TKey, TValue>(_head);
    }

    public int Count => Volatile.Read(ref _count);

    public OrderedNode<TKey, TValue> Head => _head;

    public ref readonly KeyOrder<TKey> Order => ref _order;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        // A key that is in the block is in its range: that needs to be asked only if it is not.
        var node = _lanes.Near(key, _order);
        var block = node.Block;
        int place = block.Search(key, _order);
        if (place < 0 && !block.Covers(key, _order))
        {
            block = Covering(node, key, out _);
            place = block.Search(key, _order);
        }

        if (place >= 0) return block.Cell(place).TryGet(out value);
        value = default;
        return false;
    }

    public (TValue Value, bool Stored) Change<TChange>(TKey key, ref TChange change)
        where TChange : struct, IValueChange<TValue>
    {
        while (true)
        {
            var seen = CoveringForWriter(key, out var node);
            int place = seen.Search(key, _order);
            bool isTombstone = place >= 0;
            if (isTombstone && seen.Cell(place).TryChange(ref change, out _, out var result)) return result;
            if (!change.Decide(exists: false, default, out var value)) return (value, false);
            if (!isTombstone) place = ~place;
            var block = isTombstone || node.Gone > 0 ? seen.WithoutGone(ref place) : seen;
            if (!TryAdd(node, seen, block, place, key, new OrderedCell<TValue>(value))) continue;
            Interlocked.Increment(ref _count);
            return (value, true);
        }
    }

    public bool Remove(TKey key, bool hasComparison, TValue? comparison, [MaybeNullWhen(false)] out TValue value)
    {
        var block = CoveringForWriter(key, out var node);
        int place = block.Search(key, _order);
        value = default;
        if (place < 0) return false;
        // Where to drop the hint of a node, should one have to go: the comparer is asked before anything has changed.
        var hint = node.Gone * 4 + 4 >= block.Count ? _lanes.Find(key, _order) : default;
        if (!block.Cell(place).Remove(hasComparison, comparison, out value)) return false;
        Interlocked.Decrement(ref _count);
        while (node.MergedInto is { } other) node = other;
        if (node.CountGone() * 4 >= node.Block.Count) Sweep(node, hint);
        return true;
    }

    /// <summary>The blocks one after the other, each as it is when the enumeration comes to it, and the place at which it goes on where the one before has ended.</summary>
    public IEnumerable<(OrderedNode<TKey, TValue> Node, OrderedBlock<TKey, TValue> Block, int Start)> Blocks()
    {
        var node = _head;
        int start = 0;
        // The head is never merged.
        for (var block = node.Block; ;)
        {
            yield return (node, block, start);
            if (block.Next is not { } next) yield break;
            var low = block.High;
            block = Covering(next, low, out node);
            start = Place(block.Search(low, _order));
        }
    }

    /// <summary>The nodes with which the upper level's lanes begin.</summary>
    public IReadOnlySet<OrderedNode<TKey, TValue>> LaneBeginnings() => _lanes.Beginnings();

    /// <summary>The block that has a key, or would have it, at the moment it is read.</summary>
    public OrderedBlock<TKey, TValue> Find(TKey key) => Covering(_lanes.Near(key, _order), key, out _);

    /// <summary>The same, for a walk that has come to a node which began at this key when it was read.</summary>
    public OrderedBlock<TKey, TValue> FindFrom(OrderedNode<TKey, TValue> node, TKey low) => Covering(node, low, out _);

    /// <summary>The entry with the greatest key that is not greater; the last one if there is no key to compare with.</summary>
    public bool TryGetFloor(bool hasKey, TKey key, out KeyValuePair<TKey, TValue> entry)
    {
        var block = hasKey ? Covering(_lanes.Near(key, _order), key, out var node) : Last(out node);
        int place = hasKey ? block.Search(key, _order) : block.Count;
        place = hasKey && place >= 0 ? place + 1 : Place(place);
        while (true)
        {
            while (--place >= 0)
            {
                if (!block.Cell(place).TryGet(out var value)) continue;
                entry = new KeyValuePair<TKey, TValue>(block.Key(place), value);
                return true;
            }

            if (ReferenceEquals(node, _head)) break;
            var low = node.Low;
            block = Before(low, out node);
            place = Place(block.Search(low, _order));
        }

        entry = default;
        return false;
    }

    /// <summary>Checks that the list is whole. While nobody writes.</summary>
    /// <exception cref="InvalidOperationException">It is not; the message says where.</exception>
    public void CheckInvariants()
    {
        int live = 0;
        var nodes = new HashSet<OrderedNode<TKey, TValue>>();
        var block = _head.Block;
        for (var node = _head; node is not null; node = block.Next)
        {
            block = node.Block;
            Require(nodes.Add(node) && !block.IsMerged && node.MergedInto is null, "a node is there twice, or was merged");
            for (int i = 0; i < block.Count; i++)
            {
                var key = block.Key(i);
                bool isInRange = (ReferenceEquals(node, _head) || _order.Compare(node.Low, key) <= 0) && (block.Next is null || _order.Compare(key, block.High) < 0);
                Require(isInRange && (i == 0 || _order.Compare(block.Key(i - 1), key) < 0), $"the key '{key}' is not in its order or not in its node");
                Require(ReferenceEquals(Find(key), block), $"a search for the key '{key}' comes to another node");
                if (block.Cell(i).TryGet(out _)) live++;
            }

            Require(block.Next is null || _order.Compare(block.High, block.Next.Low) == 0, "a block says of the next node that it begins elsewhere");
        }

        Require(live == _count, string.Create(CultureInfo.InvariantCulture, $"there are {live} entries, and Count is {_count}"));
        var hinted = _lanes.All().ToList();
        Require(hinted.Distinct().Count() == hinted.Count, "a hint is there twice");
        Require(hinted.Zip(hinted.Skip(1)).All(pair => _order.Compare(pair.First.Low, pair.Second.Low) <= 0), "the hints are not in order");

        static void Require(bool holds, string otherwise)
        {
            if (!holds) throw new InvalidOperationException(SafeText.Message($"Invariant broken: {otherwise}."));
        }
    }

    /// <summary>How many nodes there are, to how many of them no hint leads, and how many hints lead to one that is no more. For tests, while nobody writes.</summary>
    public (int Nodes, int Missing, int Late) CountNodes()
    {
        var hinted = _lanes.All().ToHashSet();
        int late = hinted.Count(n => n.MergedInto is not null);
        var (nodes, missing) = (1, 0);
        for (var node = _head.Block.Next; node is not null; node = node.Block.Next)
        {
            nodes++;
            if (!hinted.Contains(node)) missing++;
        }

        return (nodes, missing, late);
    }

    /// <summary>The place that a search has given: of the key, or of the first that comes after it.</summary>
    public static int Place(int found) => found < 0 ? ~found : found;

    private OrderedBlock<TKey, TValue> CoveringForWriter(TKey key, out OrderedNode<TKey, TValue> node)
    {
        var near = _lanes.Near(key, _order);
        var block = Covering(near, key, out node);
        if (ReferenceEquals(near, node)) return block;
        if (near.MergedInto is not null) _lanes.Drop(_lanes.Find(near.Low, _order), near);
        else _lanes.TryAdd(_lanes.Find(node.Low, _order), node);
        return block;
    }

    // From a node that begins, or began, at or before a key to the one whose range has it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private OrderedBlock<TKey, TValue> Covering(OrderedNode<TKey, TValue> near, TKey key, out OrderedNode<TKey, TValue> node)
    {
        node = near;
        while (true)
        {
            var block = node.Block;
            if (block.IsMerged) node = node.MergedInto!;
            else if (block.Next is { } next && !_order.IsLess(key, block.High)) node = next;
            else return block;
        }
    }

    // The last node that begins before a key. Unlike above, one that begins at the key itself is too far.
    private OrderedBlock<TKey, TValue> Before(TKey key, out OrderedNode<TKey, TValue> node)
    {
        node = _lanes.Before(key, _order);
        while (true)
        {
            var block = node.Block;
            if (block.IsMerged) node = node.MergedInto!;
            else if (block.Next is { } next && _order.IsLess(block.High, key)) node = next;
            else return block;
        }
    }

    private OrderedBlock<TKey, TValue> Last(out OrderedNode<TKey, TValue> node)
    {
        node = _lanes.Last();
        while (true)
        {
            var block = node.Block;
            if (block.IsMerged) node = node.MergedInto!;
            else if (block.Next is { } next) node = next;
            else return block;
        }
    }

    private bool TryAdd(OrderedNode<TKey, TValue> node, OrderedBlock<TKey, TValue> seen, OrderedBlock<TKey, TValue> block, int place, TKey key, OrderedCell<TValue> cell)
    {
        bool isSwept = !ReferenceEquals(seen, block);
        if (block.Count < OrderedBlock<TKey, TValue>.Capacity) return TryPublish(node, seen, block.With(place, key, cell), isSwept);
        var (lower, upper) = block.Split(place, key, cell);
        // The comparer is asked before anything has changed: it may throw.
        var hint = _lanes.Find(upper.Low, _order);
        if (!TryPublish(node, seen, lower, isSwept)) return false;
        _lanes.TryAdd(hint, upper);
        return true;
    }

    private static bool TryPublish(OrderedNode<TKey, TValue> node, OrderedBlock<TKey, TValue> seen, OrderedBlock<TKey, TValue> block, bool isSwept)
    {
        using (Uninterrupted.Lock(node))
        {
            if (!ReferenceEquals(node.Block, seen)) return false;
            if (isSwept) node.ForgetGone();
            node.Block = block;
            return true;
        }
    }

    private void Sweep(OrderedNode<TKey, TValue> node, in OrderedLanes<TKey, TValue>.Place hint)
    {
        OrderedNode<TKey, TValue>? merged = null;
        bool isSmall;
        using (Uninterrupted.Lock(node))
        {
            if (node.Block.IsMerged) return;
            int place = 0;
            node.ForgetGone();
            var block = node.Block.WithoutGone(ref place);
            isSmall = block.Count <= OrderedBlock<TKey, TValue>.Capacity / 4;
            if (isSmall && block.Next is { } next && TryMerge(node, block, next)) merged = next;
            else node.Block = block;
        }

        if (merged is null && isSmall && _lanes.Preceding(hint, node) is { } before)
        {
            using (Uninterrupted.Lock(before))
            {
                int place = 0;
                if (ReferenceEquals(before.Block.Next, node) && TryMerge(before, before.Block.WithoutGone(ref place), node)) merged = node;
            }
        }

        if (merged is not null) _lanes.Drop(hint, merged);
    }

    // The node behind one whose lock is held cannot be merged into another meanwhile.
    private static bool TryMerge(OrderedNode<TKey, TValue> node, OrderedBlock<TKey, TValue> block, OrderedNode<TKey, TValue> next)
    {
        using (Uninterrupted.Lock(next))
        {
            int place = 0;
            var behind = next.Block.WithoutGone(ref place);
            if (block.Count > 0 && block.Count + behind.Count > Roomy) return false;
            node.ForgetGone();
            node.Block = block.Joined(behind);
            next.MergeInto(node);
            return true;
        }
    }
}
