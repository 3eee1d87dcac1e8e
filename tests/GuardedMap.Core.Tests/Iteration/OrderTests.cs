namespace GuardedMaps.Tests.Iteration;

/// <summary>The order of iteration, as promised: that of insertion while nothing was removed, and one that stays while the map does not change.</summary>
public sealed class OrderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public void While_nothing_is_removed_every_way_to_iterate_goes_in_the_order_of_insertion(int count)
    {
        string[] keys = [.. Enumerable.Range(0, count).Select(static i => "key " + (i * 7919))];
        var map = new GuardedMap<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++) map[keys[i]] = i;
        // Overwriting changes nothing.
        map[keys[0]] = -1;
        AssertOrder(map, keys);
        map.TrimExcess();
        AssertOrder(map, keys);
        map.EnsureCapacity(count * 3);
        AssertOrder(map, keys);
        map.Clear();
        Array.Reverse(keys);
        foreach (string key in keys) map[key] = 0;
        AssertOrder(map, keys);
    }

    [Fact]
    public void After_removals_the_order_stays_while_the_map_does_and_every_way_to_iterate_has_the_same()
    {
        var random = new Random(5);
        var map = new GuardedMap<int, int>();
        for (int i = 0; i < 3000; i++) map[i] = i;
        for (int round = 0; round < 20; round++)
        {
            for (int i = 0; i < 200; i++) map.Remove(random.Next(3000));
            for (int i = 0; i < 150; i++) map[random.Next(3000)] = i;
            AssertOrder(map, [.. map.Keys]);
        }
    }

    [Fact]
    public void Closing_the_holes_keeps_the_order()
    {
        var map = new GuardedMap<int, int>();
        for (int i = 0; i < 1000; i++) map[i] = i;
        for (int i = 0; i < 1000; i += 3) map.Remove(i);
        int[] order = [.. map.Keys];
        Assert.Equal(order.Order(), order);
        map.TrimExcess();
        AssertOrder(map, order);
        map[-1] = 1;
        AssertOrder(map, [.. order, -1]);
    }

    [Fact]
    public void A_seed_begins_elsewhere_and_goes_round()
    {
        var map = new GuardedMap<int, int>();
        for (int i = 0; i < 100; i++) map[i] = i;
        var starts = new HashSet<int>();
        for (ulong seed = 0; seed < 40; seed++)
        {
            using MapIterator<int, int> iterator = map.Iterate(seed: seed);
            var seen = new List<int>();
            while (iterator.MoveNext()) seen.Add(iterator.Current.Key);
            int start = seen[0];
            starts.Add(start);
            Assert.Equal(Enumerable.Range(0, 100).Select(i => (start + i) % 100), seen);
        }

        Assert.True(starts.Count > 20);
    }

    [Fact]
    public void No_key_comes_twice_though_its_number_is_given_out_again_ahead_of_the_cursor_or_behind_it()
    {
        for (int removedAt = 0; removedAt < 64; removedAt += 7)
        {
            var map = new GuardedMap<int, int>();
            for (int i = 0; i < 64; i++) map[i] = i;
            // Holes all over, and inserts that take them.
            for (int i = 1; i < 64; i += 2) map.Remove(i);
            foreach (KeyValuePair<int, int> _ in map) break;
            using MapIterator<int, int> iterator = map.Iterate(IterationContract.Tolerate);
            var seen = new List<int>();
            for (int step = 0; iterator.MoveNext(); step++)
            {
                seen.Add(iterator.Current.Key);
                if (step != removedAt / 2) continue;
                // What was visited goes and comes back, in whatever hole; what is ahead goes and comes back, too.
                foreach (int key in seen) map.Remove(key);
                for (int i = 100; i < 120; i++) map[i] = i;
                foreach (int key in seen.AsEnumerable().Reverse()) map[key] = -1;
                map.Remove(62);
                map[62] = -1;
            }

            Assert.Equal(seen.Count, seen.Distinct().Count());
            // What was there throughout is seen once.
            foreach (int key in Enumerable.Range(0, 32).Select(static i => 2 * i).Where(key => map[key] != -1)) Assert.Contains(key, seen);
            map.CheckInvariants();
        }
    }

    [Fact]
    public void A_cursors_write_does_not_hit_the_key_that_came_into_its_place()
    {
        var map = new GuardedMap<int, int>();
        for (int i = 0; i < 16; i++) map[i] = i;
        map.Remove(3);
        foreach (KeyValuePair<int, int> _ in map) break;
        using MapIterator<int, int> iterator = map.Iterate(IterationContract.Tolerate);
        Assert.True(iterator.MoveNext());
        MapEntry<int, int> entry = iterator.Entry;
        map.Remove(entry.Key);
        // Two holes, and two keys that take them.
        map[100] = 100;
        map[101] = 101;
        Assert.False(entry.SetValue(-1));
        Assert.False(entry.Remove());
        Assert.Equal((100, 101), (map[100], map[101]));
        map.CheckInvariants();
    }

    private static void AssertOrder<TKey>(GuardedMap<TKey, int> map, TKey[] keys)
        where TKey : notnull
    {
        Assert.Equal(keys, map.Keys);
        Assert.Equal(keys, map.Keys.ToArray());
        Assert.Equal(keys.Select(key => map[key]), map.Values);
        Assert.Equal(keys, map.ToArray().Select(static entry => entry.Key));
        Assert.Equal(keys, Walk());
        Assert.Equal(keys, ((IEnumerable<KeyValuePair<TKey, int>>)map).Select(static entry => entry.Key));
        foreach (IterationContract contract in Enum.GetValues<IterationContract>().Where(static contract => contract != IterationContract.WeaklyConsistent))
        {
            using MapIterator<TKey, int> iterator = map.Iterate(contract);
            foreach (TKey key in keys)
            {
                Assert.True(iterator.MoveNext());
                Assert.Equal(key, iterator.Current.Key);
            }

            Assert.False(iterator.MoveNext());
        }

        IEnumerable<TKey> Walk()
        {
            var seen = new List<TKey>();
            foreach (KeyValuePair<TKey, int> entry in map) seen.Add(entry.Key);
            return seen;
        }
    }
}
