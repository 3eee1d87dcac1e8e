namespace GuardedMaps;

// The most frequent keys of a stream, in memory that does not grow: Space-Saving (Metwally, Agrawal, El Abbadi, "Efficient computation of
// frequent and top-k elements in data streams", 2005).
//
// There are m counters. A key that has one is counted. A key that has none takes over the smallest, with its count plus one: it may have come
// that often without being noticed, and that much its count may be too high. So for every key and after n keys:
//
//     count - error <= how often it came <= count          error <= n / m          whoever came more often than n / m has a counter
//
// The counters are a heap, smallest first.

/// <summary>Counts the most frequent keys of a stream with a fixed number of counters. Not thread-safe.</summary>
internal sealed class SpaceSaving<TKey>(int capacity, IEqualityComparer<TKey> comparer)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Counter> _byKey = new(comparer);
    private readonly List<Counter> _heap = [];

    /// <summary>How many keys were counted.</summary>
    public long Total { get; private set; }

    /// <summary>Counts a key. O(log m).</summary>
    public void Add(TKey key)
    {
        // Whatever the comparer throws it throws before anything is changed.
        if (!_byKey.TryGetValue(key, out var counter))
        {
            if (_heap.Count < capacity)
            {
                counter = new Counter { Key = key, Place = _heap.Count };
                _byKey.Add(key, counter);
                _heap.Add(counter);
                Rise(counter);
            }
            else
            {
                counter = _heap[0];
                var taken = new Counter { Key = key, Count = counter.Count, Error = counter.Count };
                _byKey.Add(key, taken);
                _byKey.Remove(counter.Key);
                _heap[0] = counter = taken;
            }
        }

        counter.Count++;
        Total++;
        Sink(counter);
    }

    /// <summary>The keys that were counted most often, most first.</summary>
    public IReadOnlyList<(TKey Key, long Count, long Error)> Top(int count) =>
        [.. _heap.OrderByDescending(c => c.Count).ThenBy(c => c.Error).Take(count).Select(c => (c.Key, c.Count, c.Error))];

    // A new counter stands at 0, so below none.
    private void Rise(Counter counter)
    {
        for (int place = counter.Place; place > 0;)
        {
            int above = (place - 1) / 2;
            if (_heap[above].Count <= counter.Count) return;
            Swap(place, above);
            place = above;
        }
    }

    private void Sink(Counter counter)
    {
        for (int place = counter.Place; ;)
        {
            int least = (place * 2) + 1;
            if (least >= _heap.Count) return;
            if (least + 1 < _heap.Count && _heap[least + 1].Count < _heap[least].Count) least++;
            if (_heap[least].Count >= counter.Count) return;
            Swap(place, least);
            place = least;
        }
    }

    private void Swap(int a, int b)
    {
        (_heap[a], _heap[b]) = (_heap[b], _heap[a]);
        (_heap[a].Place, _heap[b].Place) = (a, b);
    }

    private sealed class Counter
    {
        public required TKey Key { get; init; }

        public long Count { get; set; }

        public long Error { get; init; }

        public int Place { get; set; }
    }
}
