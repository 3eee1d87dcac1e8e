namespace GuardedMaps.Tests.Maps;

/// <summary>OrderedMap: what a sorted dictionary has, in its order, with ranges and neighbours, and under threads.</summary>
public sealed class OrderedMapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_mixture_of_operations_leaves_what_a_sorted_dictionary_has(int seed)
    {
        var map = new OrderedMap<int, int>();
        var model = new SortedDictionary<int, int>();
        var random = new Random(seed);
        for (int step = 0; step < 8_000; step++)
        {
            int key = random.Next(300);
            switch (random.Next(8))
            {
                case < 3:
                    map[key] = step;
                    model[key] = step;
                    break;
                case < 5:
                    Assert.Equal(model.Remove(key), map.Remove(key));
                    break;
                case 5:
                    Assert.Equal(model.TryGetValue(key, out int there), map.TryGetValue(key, out int found));
                    Assert.Equal(there, found);
                    break;
                case 6:
                    Assert.Equal(Entry(model.LastOrDefault(e => e.Key <= key, None)), Entry(map.TryGetFloor(key, out var floor) ? floor : None));
                    Assert.Equal(Entry(model.FirstOrDefault(e => e.Key >= key, None)), Entry(map.TryGetCeiling(key, out var ceiling) ? ceiling : None));
                    break;
                default:
                    int to = key + random.Next(50);
                    Assert.Equal(model.Where(e => e.Key >= key && e.Key <= to), map.Range(key, to));
                    Assert.Equal(Entry(model.FirstOrDefault(_ => true, None)), Entry(map.TryGetFirst(out var first) ? first : None));
                    Assert.Equal(Entry(model.LastOrDefault(_ => true, None)), Entry(map.TryGetLast(out var last) ? last : None));
                    break;
            }

            Assert.Equal(model.Count, map.Count);
            if (step % 10 == 0) map.CheckInvariants();
        }

        Assert.Equal(model, map);
        map.Clear();
        Assert.Empty(map);
        Assert.False(map.TryGetFirst(out _) || map.TryGetLast(out _) || map.TryGetFloor(5, out _) || map.TryGetCeiling(5, out _));

        static (int Key, int Value) Entry(KeyValuePair<int, int> entry) => (entry.Key, entry.Value);
    }

    // Enough keys for many nodes, filled and emptied in turns, in several orders: nodes are split, merged, and left with nothing but tombstones.
    [Theory]
    [InlineData("random", 1)]
    [InlineData("random", 2)]
    [InlineData("ascending", 3)]
    [InlineData("descending", 4)]
    public void A_map_that_grows_and_shrinks_stays_what_a_sorted_dictionary_is(string order, int seed)
    {
        CheckKeys(i => i, order, seed, null);
        CheckKeys(i => (long)i << 33, order, seed, null);
        CheckKeys(i => i - 2_000, order, seed, null);
        CheckKeys(i => (uint)i, order, seed, null);
        CheckKeys(i => $"key {i:d5}", order, seed, StringComparer.Ordinal);
        CheckKeys(i => $"key {i:d5}", order, seed, null);
        CheckKeys(i => i / 3.0, order, seed, Comparer<double>.Create((a, b) => b.CompareTo(a)));
    }

    private static void CheckKeys<TKey>(Func<int, TKey> make, string order, int seed, IComparer<TKey>? comparer)
        where TKey : notnull
    {
        const int Keys = 4_000;
        var random = new Random(seed);
        var map = new OrderedMap<TKey, long>(comparer);
        var model = new SortedDictionary<TKey, long>(comparer);
        for (int turn = 0; turn < 6; turn++)
        {
            int[] numbers = [.. Enumerable.Range(0, Keys)];
            if (order == "random") random.Shuffle(numbers);
            if (order == "descending") Array.Reverse(numbers);
            foreach (int number in numbers)
            {
                var key = make(number);
                if (turn % 2 == 0)
                {
                    map[key] = model[key] = number + turn;
                }
                else if (number % 50 != turn)
                {
                    Assert.Equal(model.Remove(key, out long was), map.Remove(key, out long removed));
                    Assert.Equal(was, removed);
                }

                if (number % 500 != 7) continue;
                map.CheckInvariants();
                var to = make(Math.Min(Keys, number + random.Next(200)));
                var (from, end) = map.Comparer.Compare(key, to) <= 0 ? (key, to) : (to, key);
                Assert.Equal(model.Where(e => map.Comparer.Compare(e.Key, from) >= 0 && map.Comparer.Compare(e.Key, end) <= 0), map.Range(from, end));
                Assert.Equal(model.LastOrDefault(e => map.Comparer.Compare(e.Key, key) <= 0), map.TryGetFloor(key, out var floor) ? floor : default);
                Assert.Equal(model.FirstOrDefault(e => map.Comparer.Compare(e.Key, key) >= 0), map.TryGetCeiling(key, out var ceiling) ? ceiling : default);
                Assert.Equal(model.LastOrDefault(), map.TryGetLast(out var last) ? last : default);
            }

            map.CheckInvariants();
            Assert.Equal(model, map);
            var (nodes, missing, late) = map.List.CountNodes();
            Assert.Equal((0, 0), (missing, late));
            // Half full, or nearly: what stays of a map is in proportion to what is in it.
            Assert.InRange(nodes, 1, 2 + (model.Count / (OrderedBlock<int, int>.Capacity / 4)));
        }
    }

    [Fact]
    public void After_Clear_a_walk_is_at_its_end_and_a_range_begins_in_what_is_there_now()
    {
        var map = new OrderedMap<int, int>(Enumerable.Range(0, 100).Select(i => KeyValuePair.Create(i, i)));
        var range = map.Range(10, 20);
        using var walk = map.GetEnumerator();
        Assert.True(walk.MoveNext());
        map.Clear();
        map[15] = -15;
        Assert.False(walk.MoveNext());
        Assert.Equal([-15], range.Select(e => e.Value));
        Assert.Equal([-15], range.Select(e => e.Value));
        Assert.Equal([15], map.Keys);
    }

    [Fact]
    public void Keys_come_in_the_order_of_the_comparer_and_an_iteration_survives_what_is_written()
    {
        var map = new OrderedMap<string, int>(StringComparer.OrdinalIgnoreCase) { ["pear"] = 1, ["Apple"] = 2, ["fig"] = 3 };
        Assert.Equal(["Apple", "fig", "pear"], map.Select(e => e.Key), StringComparer.Ordinal);
        Assert.Equal(2, map["APPLE"]);
        var seen = new List<string>();
        foreach (var (key, _) in map)
        {
            seen.Add(key);
            map.Remove(key);
            map.Remove("fig");
            map["zebra"] = 9;
            map["aardvark"] = 0;
        }

        // One that is added meanwhile may come or not.
        Assert.Equal(["Apple", "pear"], seen.Except(["zebra"], StringComparer.Ordinal), StringComparer.Ordinal);
        map.CheckInvariants();
        Assert.Contains("'a' is smaller than 'z'", Assert.Throws<ArgumentException>(() => map.Range("z", "a")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_comparer_that_throws_at_any_call_leaves_a_map_that_goes_on()
    {
        int calls = 0;
        int throwAt = 0;
        var map = new OrderedMap<int, int>(Comparer<int>.Create((a, b) => ++calls == throwAt ? throw new InvalidOperationException("in a bad mood") : a.CompareTo(b)));
        for (int i = 0; i < 40; i++) map[i * 2] = i;
        for (int at = 1; at < 60; at++)
        {
            var before = map.ToList();
            foreach (var work in (Action[])[() => map[33] = 1, () => map.Remove(33), () => map.Remove(20), () => map[20] = 10])
            {
                (calls, throwAt) = (0, at);
                try
                {
                    work();
                }
                catch (InvalidOperationException)
                {
                    // The entry is gone or not, and whatever it was, the next one gets through.
                }

                throwAt = 0;
            }

            map[20] = 10;
            map.Remove(33);
            map[33] = 2;
            Assert.True(map.Remove(33));
            Assert.Equal(before, map);
            Assert.Equal(before.Count, map.Count);
        }
    }

    [Fact]
    public void Under_threads_nothing_is_lost_and_every_walk_is_in_order_and_has_what_is_always_there()
    {
        const int Writers = 4;
        const int Each = 15_000;
        var map = new OrderedMap<int, int>();
        for (int i = 0; i < 100; i++) map[i * 1_000_000] = -1;
        MapThreads.Together(Writers + 1, w =>
        {
            if (w == Writers)
            {
                for (int i = 0; i < 60; i++)
                {
                    var keys = map.Select(e => e.Key).ToList();
                    Assert.Equal(keys.Order(), keys);
                    Assert.Equal(keys.Count, keys.Distinct().Count());
                    Assert.Equal(100, keys.Count(k => k % 1_000_000 == 0 && k >= 0));
                    Assert.True(map.TryGetFloor(50_000_000, out var floor) && floor.Key <= 50_000_000);
                }

                return;
            }

            var random = new Random(w);
            for (int i = 0; i < Each; i++)
            {
                map.Increment(-1 - (i % 5));
                int key = 1 + (i * Writers) + w + ((i % 90) * 1_000_000);
                map[key] = i;
                int contended = 500_001 + random.Next(8);
                if (i % 2 == 0) map.TryAdd(contended, w);
                else map.Remove(contended);
                if (i % 3 == 0) Assert.True(map.Remove(key));
            }
        });

        map.CheckInvariants();
        Assert.Equal(Writers * Each, map.Where(e => e.Key < 0).Sum(e => e.Value));
        Assert.Equal(map.Select(e => e.Key).Count(), map.Count);
        Assert.Equal(Writers * (Each - ((Each + 2) / 3)), map.Count(e => e.Key >= 0 && e.Key % 1_000_000 != 0 && e.Key is < 500_001 or > 500_008));
    }

    [Fact]
    public void While_nodes_are_split_and_merged_all_the_time_what_is_there_is_found_and_what_was_removed_is_not()
    {
        const int Every = 64;
        const int Keys = 8_192;
        var map = new OrderedMap<int, long>();
        for (int i = 0; i < Keys; i += Every) map[i] = -1;
        using var ended = new CancellationTokenSource();
        MapThreads.Together(4, thread =>
        {
            var random = new Random(thread);
            if (thread >= 2)
            {
                while (!ended.IsCancellationRequested)
                {
                    int stays = random.Next(Keys / Every) * Every;
                    Assert.True(map.TryGetValue(stays, out long value) && value == -1);
                    Assert.True(map.TryGetFloor(stays + random.Next(Every), out var floor) && floor.Key >= stays);
                    Assert.Equal(5, map.Range(stays, stays + (Every * 4)).Count(e => e.Key % Every == 0) + Math.Max(0, ((stays + (Every * 4)) - (Keys - Every)) / Every));
                }

                return;
            }

            // Each has half of the other keys to itself, so it knows what is there.
            for (int turn = 0; turn < 12; turn++)
            {
                for (int i = thread; i < Keys; i += 2)
                {
                    int key = turn % 4 == 2 ? Keys - 2 - i + (2 * thread) : i;
                    if (key % Every == 0) continue;
                    if (turn % 2 == 0) Assert.True(map.TryAdd(key, turn));
                    else Assert.True(map.Remove(key, out long was) && was == turn - 1);
                    Assert.Equal(turn % 2 == 0, map.ContainsKey(key));
                }
            }

            if (thread == 0) Thread.Sleep(50);
            ended.Cancel();
        });
        map.CheckInvariants();
        Assert.Equal(Keys / Every, map.Count);
    }

    private static KeyValuePair<int, int> None { get; } = new(-1, -1);
}
