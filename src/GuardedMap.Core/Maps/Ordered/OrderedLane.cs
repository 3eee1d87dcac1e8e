using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>A part of a skip list's lower lane: up to <see cref="Capacity"/> nodes in the order in which they begin. Never changed once it is published.</summary>
internal sealed class OrderedLane<TKey, TValue>
{
    /// <summary>How many nodes a lane has room for.</summary>
    public const int Capacity = 64;

    /// <summary>What every map begins with.</summary>
    public static OrderedLane<TKey, TValue> Nothing { get; } = new();

    private Lows _lows;
    private Nodes _nodes;

    public int Count { get; private set; }

    public TKey First => _lows[0];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public OrderedNode<TKey, TValue> Node(int index) => Unsafe.Add(ref Unsafe.As<Nodes, OrderedNode<TKey, TValue>>(ref _nodes), index);

    /// <summary>How many nodes begin at or before a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int UpperBound(TKey key, in KeyOrder<TKey> order) => order.UpperBound(ref Unsafe.As<Lows, TKey>(ref _lows), Count, Capacity, key);

    /// <summary>The place of a node; -1 if it is not here. No key is compared.</summary>
    public int IndexOf(OrderedNode<TKey, TValue> node)
    {
        int place = Count - 1;
        while (place >= 0 && !ReferenceEquals(Node(place), node)) place--;
        return place;
    }

    /// <summary>A part of this lane, and between its entries perhaps one more.</summary>
    public OrderedLane<TKey, TValue> Copy(int start, int end, int place, OrderedNode<TKey, TValue>? more)
    {
        var lane = new OrderedLane<TKey, TValue>();
        if (more is null)
        {
            lane.Append(this, start, end);
            return lane;
        }

        lane.Append(this, start, place);
        lane._lows[lane.Count] = more.Low;
        lane._nodes[lane.Count++] = more;
        lane.Append(this, place, end);
        return lane;
    }

    public OrderedLane<TKey, TValue> Without(int place)
    {
        var lane = new OrderedLane<TKey, TValue>();
        lane.Append(this, 0, place);
        lane.Append(this, place + 1, Count);
        return lane;
    }

    private void Append(OrderedLane<TKey, TValue> from, int start, int end)
    {
        ((ReadOnlySpan<TKey>)from._lows)[start..end].CopyTo(((Span<TKey>)_lows)[Count..]);
        ((ReadOnlySpan<OrderedNode<TKey, TValue>>)from._nodes)[start..end].CopyTo(((Span<OrderedNode<TKey, TValue>>)_nodes)[Count..]);
        Count += end - start;
    }

    [InlineArray(Capacity)]
    private struct Lows
    {
        private TKey _first;
    }

    [InlineArray(Capacity)]
    private struct Nodes
    {
        private OrderedNode<TKey, TValue> _first;
    }
}
