using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>A node of a skip list: a key, its value, and the next node at each of its levels.</summary>
/// <remarks>
/// The links of the lower levels lie in the node itself, where a search finds them in the memory it has fetched for the key; only one node in 256 has
/// more levels, and an array for them.
/// </remarks>
internal sealed class OrderedNode<TKey, TValue>
{
    /// <summary>The most levels of a node. With one node in four on the next level, enough for any number of entries.</summary>
    public const int MaxLevels = 16;

    private const int LowerLevels = 4;

    private readonly OrderedNode<TKey, TValue>?[] _upper;
    private Lower _lower;
    private Box? _box;

    /// <summary>The head: before every key.</summary>
    public OrderedNode()
    {
        (Key, Levels) = (default!, MaxLevels);
        _upper = new OrderedNode<TKey, TValue>?[MaxLevels - LowerLevels];
        IsLinked = true;
    }

    public OrderedNode(TKey key, TValue value, int levels)
    {
        (Key, Levels, _box) = (key, levels, new Box(value));
        _upper = levels <= LowerLevels ? [] : new OrderedNode<TKey, TValue>?[levels - LowerLevels];
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public OrderedNode<TKey, TValue>? Next(int level) => Volatile.Read(ref Link(level));

    public void SetNext(int level, OrderedNode<TKey, TValue>? node) => Volatile.Write(ref Link(level), node);

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref OrderedNode<TKey, TValue>? Link(int level)
    {
        if ((uint)level < LowerLevels) return ref Unsafe.Add(ref Unsafe.As<Lower, OrderedNode<TKey, TValue>?>(ref _lower), level);
        return ref _upper[level - LowerLevels];
    }

    [InlineArray(LowerLevels)]
    private struct Lower
    {
        private OrderedNode<TKey, TValue>? _first;
    }

    private sealed class Box(TValue value)
    {
        public TValue Value => value;
    }
}
