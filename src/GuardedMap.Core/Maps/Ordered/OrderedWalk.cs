using System.Collections;

namespace GuardedMaps;

/// <summary>A walk through an <see cref="OrderedMap{TKey, TValue}"/>, from its beginning or from a key, to its end or to a key.</summary>
/// <remarks>
/// <para>
/// It reads one block after the other, each when it comes to it, and of a block's entries those that are live when it comes to them. The blocks
/// divide all keys among them at every moment, and each begins where the one before has said that it ends. So no key comes twice, and one that is
/// there all the time comes.
/// </para>
/// <para>It is what it enumerates and the first one who enumerates it, as an iterator that the compiler makes.</para>
/// </remarks>
internal sealed class OrderedWalk<TKey, TValue>(OrderedMapBase<TKey, TValue> map, bool hasFrom, TKey from, bool hasTo, TKey to)
    : IEnumerable<KeyValuePair<TKey, TValue>>, IEnumerator<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    private SkipList<TKey, TValue> _list = null!; // The map's, when the walk begins.
    private OrderedBlock<TKey, TValue>? _block;
    private int _place;
    private int _end;
    private int _taken;
    private KeyValuePair<TKey, TValue> _current;

    public KeyValuePair<TKey, TValue> Current => _current;

    object IEnumerator.Current => _current;

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() =>
        Interlocked.Exchange(ref _taken, 1) == 0 ? this : new OrderedWalk<TKey, TValue>(map, hasFrom, from, hasTo, to) { _taken = 1 };

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool MoveNext()
    {
        while (true)
        {
            while (_place < _end)
            {
                int place = _place++;
                if (!_block!.Cell(place).TryGet(out var value)) continue;
                // After the value: so the entry was there at this moment. Where the map was cleared all that was to come is removed.
                if (!ReferenceEquals(_list, map.List)) return false;
                _current = new KeyValuePair<TKey, TValue>(_block.Key(place), value);
                return true;
            }

            if (!MoveToNextBlock()) return false;
        }
    }

    public void Reset() => (_block, _place, _end) = (null, 0, 0);

    public void Dispose()
    {
    }

    private bool MoveToNextBlock()
    {
        if (_block is null)
        {
            _list = map.List;
            var first = hasFrom ? _list.Find(from) : _list.Head.Block;
            Enter(first, hasFrom ? SkipList<TKey, TValue>.Place(first.Search(from, _list.Order)) : 0);
            return true;
        }

        // Where the range has ended in this block it is not at its own end.
        if (_end < _block.Count || _block.Next is not { } node) return false;
        var low = _block.High;
        if (hasTo && _list.Order.IsLess(to, low)) return false;
        var next = _list.FindFrom(node, low);
        // Where the node was merged meanwhile the block begins earlier.
        Enter(next, SkipList<TKey, TValue>.Place(next.Search(low, _list.Order)));
        return true;
    }

    private void Enter(OrderedBlock<TKey, TValue> block, int place)
    {
        int end = block.Count;
        if (hasTo && (block.Next is null || _list.Order.IsLess(to, block.High)))
        {
            end = block.Search(to, _list.Order);
            end = end < 0 ? ~end : end + 1;
        }

        (_block, _place, _end) = (block, place, end);
    }
}
