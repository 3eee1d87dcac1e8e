using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>What a node holds: up to <see cref="Capacity"/> keys in their order, their cells, and where the next node begins. Never changed once it is published.</summary>
/// <remarks>
/// Keys and cells lie in the block itself, so a search in it waits for one place in memory. A key is added by a new block, which costs copying one; a
/// value is replaced in its cell, which costs nothing of the kind.
/// </remarks>
internal sealed class OrderedBlock<TKey, TValue>
{
    /// <summary>How many keys a block has room for.</summary>
    public const int Capacity = 32;

    private readonly TKey _high;
    private Keys _keys;
    private Cells _cells;

    /// <summary>A block without keys.</summary>
    /// <param name="next">The next node; null where there is none.</param>
    public OrderedBlock(OrderedNode<TKey, TValue>? next)
    {
        Next = next;
        _high = next is null ? default! : next.Low;
    }

    /// <summary>The next node: what is not smaller than its lowest key is not here.</summary>
    public OrderedNode<TKey, TValue>? Next { get; }

    /// <summary>Where the next node begins, if there is one. It stands there too; from here it can be asked without going there.</summary>
    public TKey High => _high;

    /// <summary>How many keys there are.</summary>
    public int Count { get; private set; }

    /// <summary>True for the block of a node that was merged into another. It has no keys.</summary>
    public bool IsMerged { get; private init; }

    /// <summary>What every map begins with.</summary>
    public static OrderedBlock<TKey, TValue> Nothing { get; } = new(null);

    /// <summary>The block of a node that was merged into another.</summary>
    public static OrderedBlock<TKey, TValue> Merged { get; } = new(null) { IsMerged = true };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TKey Key(int index) => Unsafe.Add(ref Unsafe.As<Keys, TKey>(ref _keys), index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public OrderedCell<TValue> Cell(int index) => Unsafe.Add(ref Unsafe.As<Cells, OrderedCell<TValue>>(ref _cells), index);

    /// <summary>The place of a key; if it is not here, the complement of the place of the first that comes after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Search(TKey key, in KeyOrder<TKey> order) => order.Search(ref Unsafe.As<Keys, TKey>(ref _keys), Count, Capacity, key);

    /// <summary>Whether a key that is not before this node's lowest is in its range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Covers(TKey key, in KeyOrder<TKey> order) => !IsMerged && (Next is null || order.IsLess(key, _high));

    /// <summary>This block without the entries that are gone.</summary>
    /// <param name="place">A place in this block, which becomes the one in that.</param>
    public OrderedBlock<TKey, TValue> WithoutGone(ref int place)
    {
        var block = new OrderedBlock<TKey, TValue>(Next);
        int before = place;
        for (int i = 0; i < Count; i++)
        {
            if (!Cell(i).IsGone) block.Append(this, i, 1);
            else if (i < before) place--;
        }

        return block;
    }

    /// <summary>This block with one more key. There must be room.</summary>
    public OrderedBlock<TKey, TValue> With(int place, TKey key, OrderedCell<TValue> cell)
    {
        var block = new OrderedBlock<TKey, TValue>(Next);
        block.Append(this, 0, place);
        block.Append(key, cell);
        block.Append(this, place, Count - place);
        return block;
    }

    /// <summary>This full block with one more key, as two: what stays, and a new node with the rest, which is behind it.</summary>
    public (OrderedBlock<TKey, TValue> Lower, OrderedNode<TKey, TValue> Upper) Split(int place, TKey key, OrderedCell<TValue> cell)
    {
        // Keys that come in their order fill one block after the other; with others both halves have room for more.
        bool comesLast = place == Count && Next is null;
        int cut = comesLast ? Count : Count / 2;
        bool goesUp = comesLast || place > cut;
        var rest = new OrderedBlock<TKey, TValue>(Next);
        rest.Append(this, cut, Count - cut);
        if (goesUp) rest = rest.With(place - cut, key, cell);
        var upper = new OrderedNode<TKey, TValue>(rest.Key(0), rest);
        var lower = new OrderedBlock<TKey, TValue>(upper);
        lower.Append(this, 0, cut);
        return (goesUp ? lower : lower.With(place, key, cell), upper);
    }

    /// <summary>The entries of this block and of the one behind it, in one. There must be room.</summary>
    public OrderedBlock<TKey, TValue> Joined(OrderedBlock<TKey, TValue> behind)
    {
        var block = new OrderedBlock<TKey, TValue>(behind.Next);
        block.Append(this, 0, Count);
        block.Append(behind, 0, behind.Count);
        return block;
    }

    private void Append(TKey key, OrderedCell<TValue> cell)
    {
        _keys[Count] = key;
        _cells[Count] = cell;
        Count++;
    }

    private void Append(OrderedBlock<TKey, TValue> from, int start, int count)
    {
        ((ReadOnlySpan<TKey>)from._keys).Slice(start, count).CopyTo(((Span<TKey>)_keys)[Count..]);
        ((ReadOnlySpan<OrderedCell<TValue>>)from._cells).Slice(start, count).CopyTo(((Span<OrderedCell<TValue>>)_cells)[Count..]);
        Count += count;
    }

    [InlineArray(Capacity)]
    private struct Keys
    {
        private TKey _first;
    }

    [InlineArray(Capacity)]
    private struct Cells
    {
        private OrderedCell<TValue> _first;
    }
}
