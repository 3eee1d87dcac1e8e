using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GuardedMaps;

/// <summary>The upper levels of a skip list: which node to begin at. Hints, all of them; see <see cref="SkipList{TKey, TValue}"/>.</summary>
/// <remarks>
/// <para>
/// The lower level has every node, in lanes of up to 64; the upper one has every lane. Both are arrays of the keys at which nodes begin: a search in
/// such an array finds the next key to compare in memory that it has fetched already, where links from node to node make it wait anew each time.
/// </para>
/// <para>
/// Readers take no lock: lanes are replaced, never changed. Writers replace them under one lock, which a map's writers rarely meet at: for one new key in
/// sixteen or more. Nothing is compared under it; who holds it has looked for the place before, and if that has changed since, the hint is not set.
/// </para>
/// </remarks>
internal sealed class OrderedLanes<TKey, TValue>(OrderedNode<TKey, TValue> head)
{
    private Upper _upper = new([default!], [OrderedLane<TKey, TValue>.Nothing]);

    private Upper Now => Volatile.Read(ref _upper);

    /// <summary>The last node that the lanes know to begin at or before a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public OrderedNode<TKey, TValue> Near(TKey key, in KeyOrder<TKey> order)
    {
        var upper = Now;
        int at = upper.Find(key, order);
        var lane = Volatile.Read(ref upper.Lanes[at]);
        int place = lane.UpperBound(key, order);
        return place > 0 ? lane.Node(place - 1) : LastBefore(upper, at);
    }

    /// <summary>The last node that the lanes know to begin before a key.</summary>
    public OrderedNode<TKey, TValue> Before(TKey key, in KeyOrder<TKey> order)
    {
        var upper = Now;
        int at = upper.Find(key, order);
        var lane = Volatile.Read(ref upper.Lanes[at]);
        int place = lane.UpperBound(key, order);
        while (place > 0 && !order.IsLess(lane.Node(place - 1).Low, key)) place--;
        return place > 0 ? lane.Node(place - 1) : LastBefore(upper, at, key, order);
    }

    /// <summary>The last node that the lanes know.</summary>
    public OrderedNode<TKey, TValue> Last()
    {
        var upper = Now;
        return LastBefore(upper, upper.Lanes.Length);
    }

    /// <summary>Where a node that begins at a key belongs.</summary>
    public Place Find(TKey low, in KeyOrder<TKey> order)
    {
        var upper = Now;
        int at = upper.Find(low, order);
        var lane = Volatile.Read(ref upper.Lanes[at]);
        return new Place(upper, at, lane, lane.UpperBound(low, order));
    }

    /// <summary>Adds a node at its place, unless somebody else has changed the lane meanwhile.</summary>
    public void TryAdd(in Place place, OrderedNode<TKey, TValue> node)
    {
        using (Uninterrupted.Lock(this))
        {
            var (upper, at, lane, index) = place;
            if (!ReferenceEquals(upper, _upper) || !ReferenceEquals(upper.Lanes[at], lane) || node.MergedInto is not null) return;
            if (index > 0 && ReferenceEquals(lane.Node(index - 1), node)) return;
            if (lane.Count < OrderedLane<TKey, TValue>.Capacity) Volatile.Write(ref upper.Lanes[at], lane.Copy(0, lane.Count, index, node));
            else Split(upper, at, lane, index, node);
        }
    }

    /// <summary>Drops a node that was merged into one at or just before this place.</summary>
    public void Drop(in Place place, OrderedNode<TKey, TValue> node)
    {
        using (Uninterrupted.Lock(this))
        {
            for (int at = place.At; at <= place.At + 1 && at < _upper.Lanes.Length; at++)
            {
                var lane = _upper.Lanes[at];
                int index = lane.IndexOf(node);
                if (index < 0) continue;
                if (lane.Count > 1 || at == 0) Volatile.Write(ref _upper.Lanes[at], lane.Without(index));
                else Volatile.Write(ref _upper, _upper.Replace(at));
                return;
            }
        }
    }

    /// <summary>The node before one that is at or just before this place; null if it is not there any more. No key is compared.</summary>
    public OrderedNode<TKey, TValue>? Preceding(in Place place, OrderedNode<TKey, TValue> node)
    {
        int index = place.Lane?.IndexOf(node) ?? -1;
        if (index < 0) return null;
        return index > 0 ? place.Lane!.Node(index - 1) : LastBefore(place.Upper, place.At);
    }

    /// <summary>All nodes that the lanes know, in their order.</summary>
    public IEnumerable<OrderedNode<TKey, TValue>> All()
    {
        foreach (var lane in Now.Lanes)
        {
            for (int i = 0; i < lane.Count; i++) yield return lane.Node(i);
        }
    }

    /// <summary>The nodes with which lanes begin: the head, and the first of each other lane.</summary>
    public HashSet<OrderedNode<TKey, TValue>> Beginnings() => [head, .. Now.Lanes.Skip(1).Where(lane => lane.Count > 0).Select(lane => lane.Node(0))];

    private void Split(Upper upper, int at, OrderedLane<TKey, TValue> lane, int index, OrderedNode<TKey, TValue> node)
    {
        // Nodes that come in their order fill one lane after the other, as keys do blocks.
        bool comesLast = index == lane.Count && at == upper.Lanes.Length - 1;
        int cut = comesLast ? lane.Count : lane.Count / 2;
        bool goesUp = comesLast || index > cut;
        var lower = lane.Copy(0, cut, index, goesUp ? null : node);
        var rest = lane.Copy(cut, lane.Count, index, goesUp ? node : null);
        Volatile.Write(ref _upper, upper.Replace(at, lower, rest));
    }

    // Where the first nodes of a lane were dropped, the one before them is in a lane before.
    private OrderedNode<TKey, TValue> LastBefore(Upper upper, int at)
    {
        while (--at >= 0)
        {
            var lane = Volatile.Read(ref upper.Lanes[at]);
            if (lane.Count > 0) return lane.Node(lane.Count - 1);
        }

        return head;
    }

    private OrderedNode<TKey, TValue> LastBefore(Upper upper, int at, TKey key, in KeyOrder<TKey> order)
    {
        while (--at >= 0)
        {
            var lane = Volatile.Read(ref upper.Lanes[at]);
            for (int i = lane.Count - 1; i >= 0; i--)
            {
                if (order.IsLess(lane.Node(i).Low, key)) return lane.Node(i);
            }
        }

        return head;
    }

    /// <summary>A place in the lanes as they were when it was looked for.</summary>
    internal readonly record struct Place(Upper Upper, int At, OrderedLane<TKey, TValue> Lane, int Index);

    /// <summary>The upper level: each lane, and where it begins. The first lane begins before every key.</summary>
    internal sealed class Upper(TKey[] lows, OrderedLane<TKey, TValue>[] lanes)
    {
        /// <summary>The lanes. One may be replaced by another that begins where it began.</summary>
        public OrderedLane<TKey, TValue>[] Lanes => lanes;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Find(TKey key, in KeyOrder<TKey> order) => order.UpperBound(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(lows), 1), lows.Length - 1, room: 0, key);

        /// <summary>The same with other lanes in the place of one.</summary>
        public Upper Replace(int at, params ReadOnlySpan<OrderedLane<TKey, TValue>> by)
        {
            var newLows = new TKey[lows.Length - 1 + by.Length];
            var newLanes = new OrderedLane<TKey, TValue>[newLows.Length];
            lows.AsSpan(0, at).CopyTo(newLows);
            lanes.AsSpan(0, at).CopyTo(newLanes);
            for (int i = 0; i < by.Length; i++) (newLows[at + i], newLanes[at + i]) = (i == 0 ? lows[at] : by[i].First, by[i]);
            lows.AsSpan(at + 1).CopyTo(newLows.AsSpan(at + by.Length));
            lanes.AsSpan(at + 1).CopyTo(newLanes.AsSpan(at + by.Length));
            return new Upper(newLows, newLanes);
        }
    }
}
