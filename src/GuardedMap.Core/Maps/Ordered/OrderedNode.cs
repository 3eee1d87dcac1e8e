using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace GuardedMaps;

/// <summary>A node of a skip list: a key, its value, and the next node at each of its levels.</summary>
/// <remarks>
/// The level 0 link is a field of its own: three of four nodes have no other, and a walk in order follows no other.
/// </remarks>
internal sealed class OrderedNode<TKey, TValue>
{
    /// <summary>The most levels of a node. With one node in four on the next level, enough for any number of entries.</summary>
    public const int MaxLevels = 16;

    private readonly OrderedNode<TKey, TValue>?[] _upper;
    private OrderedNode<TKey, TValue>? _next;
    private Box? _box;

    /// <summary>The head: before every key.</summary>
    public OrderedNode()
    {
        (Key, Levels) = (default!, MaxLevels);
        _upper = new OrderedNode<TKey, TValue>?[MaxLevels - 1];
        IsLinked = true;
    }

    public OrderedNode(TKey key, TValue value, int levels)
    {
        (Key, Levels, _box) = (key, levels, new Box(value));
        _upper = levels == 1 ? [] : new OrderedNode<TKey, TValue>?[levels - 1];
    }

    public TKey Key { get; }

    public int Levels { get; }

    /// <summary>True once it is linked at all its levels. Set once, under the locks of the nodes before it.</summary>
    public volatile bool IsLinked;

    /// <summary>True once it is about to be unlinked: nothing is linked behind it any more. Set once, under its lock.</summary>
    public volatile bool IsMarked;

    /// <summary>True when its value was removed: the entry is gone, whether it is still linked or not.</summary>
    public bool IsRemoved => Volatile.Read(ref _box) is null;

    public static int DrawLevels()
    {
        // Two bits a level: a level more with a chance of a quarter.
        uint bits = (uint)Random.Shared.NextInt64();
        return 1 + Math.Min(BitOperations.TrailingZeroCount(bits | 0x8000_0000) / 2, MaxLevels - 1);
    }

    public OrderedNode<TKey, TValue>? Next(int level) => level == 0 ? Volatile.Read(ref _next) : Volatile.Read(ref _upper[level - 1]);

    public void SetNext(int level, OrderedNode<TKey, TValue>? node)
    {
        if (level == 0) Volatile.Write(ref _next, node);
        else Volatile.Write(ref _upper[level - 1], node);
    }

    public bool TryGet([MaybeNullWhen(false)] out TValue value)
    {
        var box = Volatile.Read(ref _box);
        value = box is null ? default : box.Value;
        return box is not null;
    }

    /// <summary>Makes a change. False if the entry was removed: the key is to be added anew.</summary>
    public bool TryChange<TChange>(ref TChange change, out (TValue Value, bool Stored) result)
        where TChange : struct, IValueChange<TValue>
    {
        while (true)
        {
            var box = Volatile.Read(ref _box);
            if (box is null)
            {
                result = default;
                return false;
            }

            bool stores = change.Decide(exists: true, box.Value, out var value);
            result = (value, stores);
            if (!stores || ReferenceEquals(Interlocked.CompareExchange(ref _box, new Box(value), box), box)) return true;
        }
    }

    /// <summary>Removes the entry, if asked only while it has a certain value. Of several that try one succeeds: that is the moment it is gone.</summary>
    public bool Remove(bool hasComparison, TValue? comparison, [MaybeNullWhen(false)] out TValue value)
    {
        while (true)
        {
            var box = Volatile.Read(ref _box);
            if (box is null || (hasComparison && !EqualityComparer<TValue>.Default.Equals(box.Value, comparison)))
            {
                value = default;
                return false;
            }

            if (!ReferenceEquals(Interlocked.CompareExchange(ref _box, null, box), box)) continue;
            value = box.Value;
            return true;
        }
    }

    private sealed class Box(TValue value)
    {
        public TValue Value => value;
    }
}
