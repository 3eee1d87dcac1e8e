using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// The list under an OrderedMap: a lazy skip list (Herlihy, Lev, Luchangco and Shavit, "A Simple Optimistic Skiplist Algorithm", 2007).
//
//   level 2   head ───────────────────────▶ fig ───────────────────────▶ null
//   level 1   head ─────────▶ date ───────▶ fig ─────────▶ pear ───────▶ null
//   level 0   head ─▶ apple ─▶ date ─▶ elm ─▶ fig ─▶ lime ─▶ pear ─▶ plum ─▶ null      all entries, in order
//
// Searching takes no lock at all: it goes right as long as the keys are smaller, and down. A writer searches the same way, then locks the
// nodes before its place, looks again whether they still lead there, and links or unlinks. It locks from larger keys to smaller ones, as all do, so
// no two wait for each other.
//
// A removed entry is gone at the moment its value is taken away, by one swap. After that it is marked and unlinked, by whoever removed it, or
// by whoever wants to add the key anew and finds it in the way. Its own links stay as they are, so that a walk that stands on it goes on.
//
// Other languages must keep such a node from being freed while somebody may stand on it, by hazard pointers or epochs. Here the garbage
// collector does: a node lives as long as somebody can reach it, and the marks see to it that nothing is ever linked behind one that is
// going. No node is ever used again for another key, so there is no ABA either.
//
// The comparer is never called while a lock is held. When it throws, nothing has changed, or a removed node stays linked. So whoever finds
// a marked node in the way does not wait for it to go: it unlinks it.

/// <summary>A concurrent skip list.</summary>
internal sealed class SkipList<TKey, TValue>(IComparer<TKey>? comparer)
{
    private readonly OrderedNode<TKey, TValue> _head = new();
    private int _count;
    private int _levels = 1; // The most levels of a node so far: a search has nothing to look for above.

    public int Count => Volatile.Read(ref _count);

    /// <summary>The first node; it may be one that is removed or not yet linked.</summary>
    public OrderedNode<TKey, TValue>? First => _head.Next(0);

    public static bool IsEntry(OrderedNode<TKey, TValue> node) => node.IsLinked && !node.IsRemoved;

    /// <summary>The node of a key, if it is there.</summary>
    public OrderedNode<TKey, TValue>? Find(TKey key)
    {
        var node = Ceiling(key);
        return node is not null && Compare(node.Key, key) == 0 && node.IsLinked ? node : null;
    }

    /// <summary>The first node whose key is not smaller; it may be one that is removed.</summary>
    public OrderedNode<TKey, TValue>? Ceiling(TKey key)
    {
        var before = _head;
        OrderedNode<TKey, TValue>? node = null;
        for (int level = Volatile.Read(ref _levels) - 1; level >= 0; level--)
        {
            node = before.Next(level);
            while (node is not null && Compare(node.Key, key) < 0)
            {
                before = node;
                node = before.Next(level);
            }
        }

        return node;
    }

    /// <summary>The last entry whose key is smaller, or not greater; null if there is none.</summary>
    public OrderedNode<TKey, TValue>? Floor(TKey key, bool orEqual)
    {
        while (true)
        {
            var found = LastWhere(node => Compare(node.Key, key) is < 0 || (orEqual && Compare(node.Key, key) == 0));
            if (found is null || IsEntry(found)) return found;
            // It is going or coming: what is before it counts.
            (key, orEqual) = (found.Key, false);
        }
    }

    /// <summary>The last entry; null if there is none.</summary>
    public OrderedNode<TKey, TValue>? Last()
    {
        var found = LastWhere(static _ => true);
        return found is null || IsEntry(found) ? found : Floor(found.Key, orEqual: false);
    }

    public (TValue Value, bool Stored) Change<TChange>(TKey key, ref TChange change)
        where TChange : struct, IValueChange<TValue>
    {
        var path = default(Path);
        while (true)
        {
            if (Search(key, ref path) is { } found)
            {
                AwaitLinked(found);
                if (found.TryChange(ref change, out var result)) return result;
                Unlink(found);
                continue;
            }

            if (!change.Decide(exists: false, default, out var value)) return (value, false);
            var node = new OrderedNode<TKey, TValue>(key, value, OrderedNode<TKey, TValue>.DrawLevels());
            Raise(node.Levels);
            if (TryLink(node, ref path, out var going)) return (value, true);
            if (going is not null) Unlink(going);
        }
    }

    public bool Remove(TKey key, bool hasComparison, TValue? comparison, [MaybeNullWhen(false)] out TValue value)
    {
        var path = default(Path);
        value = default;
        if (Search(key, ref path) is not { } found) return false;
        AwaitLinked(found);
        if (!found.Remove(hasComparison, comparison, out value)) return false;
        Interlocked.Decrement(ref _count);
        Unlink(found);
        return true;
    }

    /// <summary>Checks that the list is whole. While nobody writes.</summary>
    /// <exception cref="InvalidOperationException">It is not; the message says where.</exception>
    public void CheckInvariants()
    {
        var below = new HashSet<OrderedNode<TKey, TValue>>();
        for (int level = 0; level < OrderedNode<TKey, TValue>.MaxLevels; level++)
        {
            var here = new HashSet<OrderedNode<TKey, TValue>>();
            OrderedNode<TKey, TValue>? before = null;
            for (var node = _head.Next(level); node is not null; node = node.Next(level))
            {
                Require(node.IsLinked && !node.IsMarked, level, "has a node that is not linked, or marked");
                Require(before is null || Compare(before.Key, node.Key) < 0, level, "is not in order");
                Require(level == 0 || below.Contains(node), level, "has a node that the level below has not");
                Require(node.Levels > level, level, "has a node of fewer levels");
                here.Add(node);
                before = node;
            }

            Require(level == 0 || here.Count == below.Count(n => n.Levels > level), level, "lacks a node of the level below");
            if (level == 0) Require(here.Count(n => !n.IsRemoved) == _count, level, string.Create(CultureInfo.InvariantCulture, $"has {here.Count(n => !n.IsRemoved)} entries, and Count is {_count}"));
            below = here;
        }

        static void Require(bool holds, int level, string otherwise)
        {
            if (!holds) throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Invariant broken: level {level} {otherwise}."));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Compare(TKey a, TKey b) => typeof(TKey).IsValueType && comparer is null ? Comparer<TKey>.Default.Compare(a, b) : CompareBy(a, b);

    private int CompareBy(TKey a, TKey b) => (comparer ?? Comparer<TKey>.Default).Compare(a, b);

    private OrderedNode<TKey, TValue>? LastWhere(Func<OrderedNode<TKey, TValue>, bool> goesOn)
    {
        var before = _head;
        for (int level = Volatile.Read(ref _levels) - 1; level >= 0; level--)
        {
            for (var node = before.Next(level); node is not null && goesOn(node); node = before.Next(level)) before = node;
        }

        return ReferenceEquals(before, _head) ? null : before;
    }

    // The node of a key, and at each level the nodes before and behind its place.
    private OrderedNode<TKey, TValue>? Search(TKey key, ref Path path)
    {
        OrderedNode<TKey, TValue>? found = null;
        var before = _head;
        int levels = Volatile.Read(ref _levels);
        for (int level = OrderedNode<TKey, TValue>.MaxLevels - 1; level >= levels; level--) path[level] = (_head, null);
        for (int level = levels - 1; level >= 0; level--)
        {
            var node = before.Next(level);
            int order = -1;
            while (node is not null && (order = Compare(node.Key, key)) < 0)
            {
                before = node;
                node = before.Next(level);
            }

            if (found is null && node is not null && order == 0) found = node;
            path[level] = (before, node);
        }

        return found;
    }

    private void Raise(int levels)
    {
        for (int now = Volatile.Read(ref _levels); now < levels; now = Volatile.Read(ref _levels)) Interlocked.CompareExchange(ref _levels, levels, now);
    }

    private bool TryLink(OrderedNode<TKey, TValue> node, ref Path path, out OrderedNode<TKey, TValue>? going)
    {
        going = null;
        int locked = Lock(ref path, node.Levels);
        try
        {
            for (int level = 0; level < node.Levels; level++)
            {
                var (before, behind) = path[level];
                going = before.IsMarked ? before : behind is { IsMarked: true } ? behind : null;
                if (going is not null || !ReferenceEquals(before.Next(level), behind)) return false;
            }

            for (int level = 0; level < node.Levels; level++) node.SetNext(level, path[level].Behind);
            for (int level = 0; level < node.Levels; level++) path[level].Before.SetNext(level, node);
            Interlocked.Increment(ref _count);
            node.IsLinked = true;
            return true;
        }
        finally
        {
            Unlock(ref path, locked);
        }
    }

    private void Unlink(OrderedNode<TKey, TValue> node)
    {
        lock (node) node.IsMarked = true;
        var path = default(Path);
        while (true)
        {
            // Some other node of the same key may have taken its place already.
            Search(node.Key, ref path);
            if (!Leads(ref path, node)) return;
            if (TryUnlink(node, ref path, out var going)) return;
            if (going is not null) Unlink(going);
        }
    }

    private static bool TryUnlink(OrderedNode<TKey, TValue> node, ref Path path, out OrderedNode<TKey, TValue>? going)
    {
        going = null;
        lock (node)
        {
            int locked = Lock(ref path, node.Levels);
            try
            {
                for (int level = 0; level < node.Levels; level++)
                {
                    var (before, behind) = path[level];
                    if (before.IsMarked) going = before;
                    if (going is not null || !ReferenceEquals(before.Next(level), behind)) return false;
                }

                for (int level = node.Levels - 1; level >= 0; level--)
                {
                    if (ReferenceEquals(path[level].Behind, node)) path[level].Before.SetNext(level, node.Next(level));
                }

                return true;
            }
            finally
            {
                Unlock(ref path, locked);
            }
        }
    }

    private static bool Leads(ref Path path, OrderedNode<TKey, TValue> node)
    {
        for (int level = 0; level < node.Levels; level++)
        {
            if (ReferenceEquals(path[level].Behind, node)) return true;
        }

        return false;
    }

    // The nodes before a place, from the lowest level up: from larger keys to smaller ones. One that is before several levels is locked once.
    private static int Lock(ref Path path, int levels)
    {
        for (int level = 0; level < levels; level++)
        {
            if (level == 0 || !ReferenceEquals(path[level].Before, path[level - 1].Before)) Monitor.Enter(path[level].Before);
        }

        return levels;
    }

    private static void Unlock(ref Path path, int levels)
    {
        for (int level = levels - 1; level >= 0; level--)
        {
            if (level == 0 || !ReferenceEquals(path[level].Before, path[level - 1].Before)) Monitor.Exit(path[level].Before);
        }
    }

    private static void AwaitLinked(OrderedNode<TKey, TValue> node)
    {
        var spin = default(SpinWait);
        while (!node.IsLinked) spin.SpinOnce();
    }

    [InlineArray(OrderedNode<TKey, TValue>.MaxLevels)]
    private struct Path
    {
        private (OrderedNode<TKey, TValue> Before, OrderedNode<TKey, TValue>? Behind) _first;
    }
}
