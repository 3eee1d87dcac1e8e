using System.Runtime.InteropServices;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Table;

/// <summary>What Go's tests check of the table itself, as properties.</summary>
public sealed class TablePropertyTests
{
    [Fact]
    public void The_table_doubles_with_entry_9_and_then_whenever_5_per_bucket_would_be_passed()
    {
        var map = new GuardedMap<int, int>();
        var doubledAt = new List<int>();
        int buckets = 1;
        for (int i = 1; i <= 2000; i++)
        {
            map[i] = i;
            int now = map.GetLayout().Buckets.Count;
            if (now == buckets) continue;
            Assert.Equal(2 * buckets, now);
            buckets = now;
            doubledAt.Add(i);
        }

        Assert.Equal([9, 11, 21, 41, 81, 161, 321, 641, 1281], doubledAt);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(8, 1)]
    [InlineData(9, 2)]
    [InlineData(10, 2)]
    [InlineData(11, 4)]
    [InlineData(20, 4)]
    [InlineData(21, 8)]
    [InlineData(40, 8)]
    [InlineData(41, 16)]
    [InlineData(1000, 256)]
    public void A_capacity_asked_for_makes_as_many_buckets_as_inserting_that_many_would(int entries, int buckets)
    {
        Assert.Equal(buckets, new GuardedMap<int, int>(entries).GetLayout().Buckets.Count);
        var filled = new GuardedMap<int, int>();
        for (int i = 0; i < entries; i++) filled[i] = i;
        Assert.Equal(buckets, filled.GetLayout().Buckets.Count);

        // And that many fit without growth.
        var map = new GuardedMap<int, int>(entries);
        for (int i = 0; i < entries; i++) map[i] = i;
        Assert.Equal(buckets, map.GetLayout().Buckets.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_capacity_that_no_memory_can_hold_fails_and_a_negative_one_is_refused(bool growing)
    {
        Assert.Throws<OutOfMemoryException>(() => new GuardedMap<int, Big>(1 << 26));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GuardedMap<int, int>(-5));
        var map = new GuardedMap<int, int>();
        for (int i = 0; i < (growing ? 21 : 20); i++) map[i] = i;
        Assert.Throws<ArgumentOutOfRangeException>(() => map.EnsureCapacity(-1));
        Assert.Equal(growing ? 21 : 20, map.Count);
        map.CheckInvariants();
    }

    [Fact]
    public void Count_is_new_keys_minus_deletes_and_all_keys_are_found_after_growth()
    {
        var map = new GuardedMap<long, long>();
        for (long i = 0; i < 5000; i++) map[i << 32] = i;
        for (long i = 0; i < 5000; i += 3) Assert.True(map.Remove(i << 32));
        for (long i = 0; i < 5000; i += 3) Assert.False(map.Remove(i << 32));
        Assert.Equal(5000 - 1667, map.Count);
        for (long i = 0; i < 5000; i++) Assert.Equal(i % 3 != 0, map.TryGetValue(i << 32, out long value) && value == i);
        map.CheckInvariants();
    }

    [Theory]
    [InlineData(20)]
    [InlineData(80)]
    [InlineData(640)]
    public void Churn_at_constant_size_keeps_the_buckets_and_at_most_as_many_overflow_buckets(int live)
    {
        // Squares: numbers in a row lie so evenly that no bucket of four overflows before 20 entries are passed.
        CheckChurn<int>(null, i => i * i);
        CheckChurn(StringComparer.OrdinalIgnoreCase, i => $"Key {i}");

        void CheckChurn<TKey>(IEqualityComparer<TKey>? comparer, Func<int, TKey> key)
            where TKey : notnull
        {
            var map = new GuardedMap<TKey, int>(comparer);
            for (int i = 0; i < live; i++) map[key(i)] = i;
            int buckets = map.GetLayout().Buckets.Count;
            int repacks = 0;
            bool wasGrowing = map.IsGrowing;
            for (int i = 0; i < 60_000; i++)
            {
                Assert.True(map.Remove(key(i)));
                map[key(i + live)] = i;
                if (map.IsGrowing && !wasGrowing) repacks++;
                wasGrowing = map.IsGrowing;
                if (i % 997 != 0) continue;
                MapLayout layout = map.GetLayout();
                Assert.Equal(buckets, layout.Buckets.Count);
                // One write may take the last one allowed, and while a repacking runs none of its own stands in its way.
                Assert.InRange(layout.OverflowBuckets, 0, buckets + 1);
                if (layout.IsGrowing) Assert.Equal(buckets, layout.OldBuckets.Count);
                map.CheckInvariants();
            }

            Assert.Equal(live, map.Count);
            Assert.True(repacks > 0 || live > 20, "no growth of the same size was seen");
        }
    }

    [Fact]
    public void A_put_after_a_delete_in_a_full_bucket_takes_the_freed_slot()
    {
        // One bucket, eight slots, all taken.
        var map = new GuardedMap<int, int>();
        for (int i = 0; i < 8; i++) map[i] = i;
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(map.Remove(i));
            map[i + 8] = i;
            MapLayout layout = map.GetLayout();
            Assert.Equal((1, 0, 8), (layout.Buckets.Count, layout.OverflowBuckets, layout.Buckets[0].Live));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Fill_half_delete_refill_and_delete_all_keep_the_markers_right_along_every_chain(int hashes)
    {
        IEqualityComparer<int>? comparer = hashes == 0 ? null : new FewHashesComparer(hashes);
        var map = new GuardedMap<int, int>(comparer);
        for (int i = 0; i < 200; i++) map[i] = i;
        map.CheckInvariants();
        for (int i = 0; i < 200; i += 2)
        {
            Assert.True(map.Remove(i));
            map.CheckInvariants();
        }

        for (int i = 0; i < 200; i += 2)
        {
            map[i] = -i;
            map.CheckInvariants();
        }

        for (int i = 199; i >= 0; i--)
        {
            Assert.True(map.Remove(i));
            map.CheckInvariants();
        }

        Assert.Empty(map);
        Assert.All(map.GetLayout().Buckets.SelectMany(bucket => bucket.Chain).SelectMany(part => part), slot => Assert.Contains(slot.State, (string[])["emptyRest", "evacuatedEmpty"], StringComparer.Ordinal));
    }

    [Fact]
    public void Seeds_differ_between_maps_and_change_when_a_map_becomes_empty()
    {
        var map = new GuardedMap<string, int>(StringComparer.Ordinal) { ["a"] = 1, ["b"] = 2 };
        Assert.NotEqual(new GuardedMap<string, int>(StringComparer.Ordinal).HashSeed, map.HashSeed);
        ulong seed = map.HashSeed;
        map.Remove("a");
        Assert.Equal(seed, map.HashSeed);
        map.Remove("b");
        Assert.NotEqual(seed, map.HashSeed);

        map["a"] = 1;
        seed = map.HashSeed;
        map.Clear();
        Assert.NotEqual(seed, map.HashSeed);
        seed = map.HashSeed;
        // Clearing, or removing from, an empty map changes nothing.
        map.Clear();
        map.Remove("a");
        Assert.Equal(seed, map.HashSeed);

        var emptiedByCursor = new GuardedMap<string, int>(StringComparer.Ordinal) { ["a"] = 1 };
        seed = emptiedByCursor.HashSeed;
        using (MapIterator<string, int> iterator = emptiedByCursor.Iterate())
        {
            Assert.True(iterator.MoveNext());
            Assert.True(iterator.Entry.Remove());
        }

        Assert.NotEqual(seed, emptiedByCursor.HashSeed);
    }

    [Fact]
    public void A_fixed_seed_stays_and_makes_layouts_and_orders_repeatable()
    {
        string Run()
        {
            var map = new GuardedMap<string, int>(new MapOptions<string> { HashSeed = 42, Comparer = StringComparer.Ordinal });
            for (int i = 0; i < 50; i++) map[$"{i}"] = i;
            map.Clear();
            Assert.Equal(42UL, map.HashSeed);
            for (int i = 0; i < 50; i++) map[$"{i}"] = i;
            return string.Join(",", map.Values) + ";" + string.Join(",", map.Select(entry => entry.Key));
        }

        Assert.Equal(Run(), Run());
    }

    [Fact]
    public void Keys_and_values_without_size_work()
    {
        var map = new GuardedMap<Nothing, Nothing>();
        Assert.True(map.TryAdd(default, default));
        Assert.False(map.TryAdd(default, default));
        Assert.Single(map);
        Assert.True(map.ContainsKey(default));
        Assert.True(map.Remove(default));
        Assert.Empty(map);
        var set = new GuardedMap<int, Nothing>();
        for (int i = 0; i < 500; i++) set[i] = default;
        Assert.Equal(Enumerable.Range(0, 500), set.Keys.Order());
        set.CheckInvariants();
    }

    [Fact]
    public void Keys_and_values_of_many_words_work_and_a_missing_one_reads_as_the_default()
    {
        var map = new GuardedMap<Big, Big>();
        for (int i = 0; i < 40; i++) map[new Big { First = i, Last = -i }] = new Big { First = 2 * i };
        map.CheckInvariants();
        for (int i = 0; i < 40; i++) Assert.Equal(2 * i, map[new Big { First = i, Last = -i }].First);
        Assert.False(map.TryGetValue(new Big { First = 1, Last = 1 }, out Big missing));
        Assert.Equal(default, missing);
        for (int i = 0; i < 40; i += 2) Assert.True(map.Remove(new Big { First = i, Last = -i }));
        Assert.Equal(20, map.Keys.Select(key => key.First).Distinct().Count());
        map.CheckInvariants();
    }

    [Fact]
    public void Two_variables_are_one_map_and_a_range_takes_the_map_once()
    {
        var map = new GuardedMap<int, int> { [1] = 1 };
        GuardedMap<int, int> alias = map;
        alias[2] = 2;
        Assert.Equal(2, map[2]);
        int seen = 0;
        foreach (KeyValuePair<int, int> _ in map)
        {
            map = [];
            seen++;
        }

        Assert.Equal(2, seen);
        alias[3] = 3;
    }

    [Fact]
    public void An_unhashable_key_throws_also_on_an_empty_map()
    {
        var map = new GuardedMap<int, int>(new CallbackComparer { OnHash = () => throw new ComparerException() });
        Assert.Throws<ComparerException>(() => map.ContainsKey(1));
        Assert.Throws<ComparerException>(() => map.Remove(1));
        Assert.Throws<ComparerException>(() => map[1] = 1);
        Assert.Empty(map);
    }

    private readonly record struct Nothing;

    [StructLayout(LayoutKind.Explicit, Size = 1 << 14)]
    private record struct Big
    {
        [FieldOffset(0)]
        public int First;

        [FieldOffset((1 << 14) - 4)]
        public int Last;
    }
}
