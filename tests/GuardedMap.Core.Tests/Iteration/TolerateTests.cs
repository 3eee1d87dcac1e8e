using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Iteration;

public sealed class TolerateOfIntsTests() : TolerateTests<int>(new IntKeys());

public sealed class TolerateOfCustomKeysTests() : TolerateTests<int>(new CustomKeys());

public sealed class TolerateOfStringsTests() : TolerateTests<string>(new StringKeys());

/// <summary>Go's rule for writing while ranging, through growth of both kinds. Each is a property that Go's own tests check.</summary>
public abstract class TolerateTests<TKey>(KeyKind<TKey> keys)
    where TKey : notnull
{
    private const int Seeds = 40;

    private GuardedMap<TKey, int> Make(int count, ulong seed)
    {
        var map = new GuardedMap<TKey, int>(new MapOptions<TKey> { Comparer = keys.Comparer, HashSeed = seed, Contract = IterationContract.Tolerate });
        for (int i = 0; i < count; i++) map[keys.Key(i)] = i;
        return map;
    }

    /// <summary>Deletes one key and puts in another, so that the size stays and sooner or later the table repacks itself.</summary>
    private void Churn(GuardedMap<TKey, int> map, List<int> present, ref int next, Random random)
    {
        int index = random.Next(present.Count);
        Assert.True(map.Remove(keys.Key(present[index])));
        map[keys.Key(next)] = next;
        present[index] = next++;
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(81)]
    [InlineData(83)]
    [InlineData(160)]
    [InlineData(161)]
    public void A_key_present_throughout_is_visited_once_and_an_added_one_at_most_once_while_the_table_doubles(int count)
    {
        // 80 is about to double, 81 has just begun, 83 is in the middle.
        int growths = 0;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            GuardedMap<TKey, int> map = Make(count, seed);
            var seen = new Dictionary<TKey, int>(map.Comparer);
            int added = 0;
            int buckets = map.GetLayout().Buckets.Count;
            foreach (KeyValuePair<TKey, int> entry in map)
            {
                Assert.True(seen.TryAdd(entry.Key, entry.Value), $"{entry.Key} twice");
                Assert.Equal(map[entry.Key], entry.Value);
                for (int i = 0; i < 4 && added < 4 * count; i++) map[keys.Key(10_000 + added)] = 10_000 + added++;
            }

            for (int i = 0; i < count; i++) Assert.Equal(i, seen[keys.Key(i)]);
            Assert.All(seen, entry => Assert.True(entry.Value < count || entry.Value - 10_000 < added));
            if (map.GetLayout().Buckets.Count > buckets) growths++;
            map.CheckInvariants();
        }

        Assert.Equal(Seeds, growths);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_key_present_throughout_is_visited_once_while_the_table_repacks_itself(bool begunBefore)
    {
        const int Count = 155;
        int repacks = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            // The seed fixes everything, so a rehearsal tells when the table would begin to repack itself.
            int due = 0;
            (GuardedMap<TKey, int> map, Random random, List<int> present, int next) = Start();
            for (; !map.IsGrowing; due++) Churn(map, present, ref next, random);
            (map, random, present, next) = Start();
            int buckets = map.GetLayout().Buckets.Count;
            for (int i = 0; i < (begunBefore ? due : due - 1); i++) Churn(map, present, ref next, random);
            Assert.Equal(begunBefore, map.IsGrowing);

            (GuardedMap<TKey, int> Map, Random Random, List<int> Present, int Next) Start() =>
                (Make(Count, (ulong)seed), new Random(seed), [.. Enumerable.Range(0, Count)], Count);

            // In the loop the first half of the keys stays, the second is churned.
            List<int> staying = present[..(Count / 2)];
            List<int> churned = present[(Count / 2)..];
            var seen = new HashSet<TKey>(map.Comparer);
            bool wasGrowing = false;
            foreach (KeyValuePair<TKey, int> entry in map)
            {
                Assert.True(seen.Add(entry.Key), $"{entry.Key} twice");
                for (int i = 0; i < 3; i++)
                {
                    Churn(map, churned, ref next, random);
                    if (map.IsGrowing && !wasGrowing) repacks++;
                    wasGrowing = map.IsGrowing;
                }
            }

            Assert.All(staying, number => Assert.Contains(keys.Key(number), seen));
            Assert.Equal(buckets, map.GetLayout().Buckets.Count);
            map.CheckInvariants();
        }

        Assert.True(repacks >= Seeds, $"only {repacks} growths of the same size were seen");
    }

    [Theory]
    [InlineData(20)]
    [InlineData(80)]
    [InlineData(81)]
    public void A_key_deleted_before_it_is_reached_is_not_visited_also_when_growth_came_in_between(int count)
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            GuardedMap<TKey, int> map = Make(count, seed);
            var random = new Random((int)seed);
            var deleted = new HashSet<TKey>(map.Comparer);
            var seen = new HashSet<TKey>(map.Comparer);
            int added = 0;
            foreach (KeyValuePair<TKey, int> entry in map)
            {
                Assert.DoesNotContain(entry.Key, deleted);
                Assert.True(seen.Add(entry.Key));
                TKey victim = keys.Key(random.Next(count));
                if (map.Remove(victim)) deleted.Add(victim);
                for (int i = 0; i < 3; i++) map[keys.Key(10_000 + added)] = added++;
                if (added > 4 * count) break;
            }

            map.CheckInvariants();
        }
    }

    [Theory]
    [InlineData(20)]
    [InlineData(80)]
    [InlineData(81)]
    public void A_value_updated_in_mid_loop_is_visited_updated_also_after_growth(int count)
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            GuardedMap<TKey, int> map = Make(count, seed);
            int seen = 0;
            int added = 0;
            foreach (KeyValuePair<TKey, int> entry in map)
            {
                Assert.Equal(map[entry.Key], entry.Value);
                if (seen++ == 0)
                {
                    for (; added < count; added++) map[keys.Key(10_000 + added)] = -1;
                    for (int i = 0; i < count; i++) map[keys.Key(i)] = -1;
                    continue;
                }

                Assert.Equal(-1, entry.Value);
            }

            Assert.InRange(seen, count, 2 * count);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(80)]
    [InlineData(81)]
    public void Deleting_all_after_the_first_entry_leaves_one_visit(int count)
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            GuardedMap<TKey, int> map = Make(count, seed);
            int seen = 0;
            foreach (KeyValuePair<TKey, int> _ in map)
            {
                seen++;
                for (int i = 0; i < count; i++) Assert.True(map.Remove(keys.Key(i)));
            }

            Assert.Equal(1, seen);
            Assert.Empty(map);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(80)]
    [InlineData(81)]
    public void A_clear_in_mid_loop_ends_the_old_entries(int count)
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            GuardedMap<TKey, int> map = Make(count, seed);
            int seen = 0;
            foreach (KeyValuePair<TKey, int> _ in map)
            {
                seen++;
                map.Clear();
            }

            Assert.Equal(1, seen);
            Assert.Empty(map);
            map.CheckInvariants();
        }
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public void What_is_put_in_after_the_map_became_empty_is_not_visited(bool growing, bool fixedSeed)
    {
        int visited = 0;
        for (int seed = 0; seed < 4 * Seeds; seed++)
        {
            var random = new Random(seed);
            // Without a fixed seed the emptied map hashes its keys anew: everything lands elsewhere.
            var map = new GuardedMap<TKey, int>(new MapOptions<TKey> { Comparer = keys.Comparer, HashSeed = fixedSeed ? (ulong)seed : null, Contract = IterationContract.Tolerate });
            int count = growing ? 81 : 75;
            for (int i = 0; i < count; i++) map[keys.Key(i)] = i;
            Assert.Equal(growing, map.IsGrowing);
            var seen = new HashSet<TKey>(map.Comparer);
            int steps = 0;
            int emptyAt = random.Next(1, 60);
            int generation = 0;
            foreach (KeyValuePair<TKey, int> entry in map)
            {
                Assert.True(seen.Add(entry.Key), $"{entry.Key} twice");
                Assert.Equal(generation, entry.Value / 1000);
                if (++steps == emptyAt)
                {
                    if (seed % 2 == 0) map.Clear();
                    else for (int i = 0; i < count; i++) map.Remove(keys.Key(i));
                    Assert.Empty(Expect.Copy(map, keys.Keys));
                    seen.Clear();
                    generation++;
                }

                if (generation == 1 && map.Count < count)
                {
                    for (int i = 0; i < 25; i++) map[keys.Key(map.Count)] = 1000 + map.Count;
                }
            }

            // What was visited before is forgotten when the map is emptied.
            Assert.Equal(1, generation);
            visited += seen.Count;
            map.CheckInvariants();
        }

        Assert.Equal(0, visited);
    }

    [Fact]
    public void A_key_deleted_and_put_in_again_is_a_new_entry_and_not_visited()
    {
        int again = 0;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            GuardedMap<TKey, int> map = Make(100, seed);
            var seen = new HashSet<(TKey, int)>();
            int life = 0;
            foreach (KeyValuePair<TKey, int> entry in map)
            {
                Assert.True(seen.Add((entry.Key, entry.Value)), $"{entry.Key} twice in one life");
                if (entry.Value >= 1000) again++;
                if (life == 100) continue;
                TKey key = keys.Key(life);
                map.Remove(key);
                map[key] = 1000 + life++;
            }

            for (int i = life; i < 100; i++) Assert.Contains((keys.Key(i), i), seen);
        }

        Assert.Equal(0, again);
    }

    [Fact]
    public void A_resize_in_mid_loop_neither_loses_nor_repeats_a_key()
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            foreach (int count in (int[])[20, 80, 81])
            {
                GuardedMap<TKey, int> map = Make(count, seed);
                var seen = new HashSet<TKey>(map.Comparer);
                foreach (KeyValuePair<TKey, int> entry in map)
                {
                    Assert.True(seen.Add(entry.Key));
                    Assert.Equal(map[entry.Key], entry.Value);
                    if (seen.Count == 5) map.EnsureCapacity(2000);
                    if (seen.Count == 10) map.TrimExcess();
                    if (seen.Count == 15) map.EnsureCapacity(500);
                }

                Assert.Equal(count, seen.Count);
                map.CheckInvariants();
            }
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(15)]
    public void A_hundred_passes_go_in_one_order(int count)
    {
        var map = new GuardedMap<TKey, int>(keys.Comparer);
        for (int i = 0; i < count; i++) map[keys.Key(i)] = i;
        Assert.Equal(1, Orders(map, leased: true));
        Assert.Equal(1, Orders(map, leased: false));
    }

    [Fact]
    public void Passes_over_a_sparse_map_do_so_too()
    {
        var map = new GuardedMap<TKey, int>(keys.Comparer);
        for (int i = 0; i < 1000; i++) map[keys.Key(i)] = i;
        for (int i = 0; i < 980; i++) map.Remove(keys.Key(i));
        Assert.Equal(1, Orders(map, leased: true));
        Assert.Equal(1, Orders(map, leased: false));
    }

    private static int Orders(GuardedMap<TKey, int> map, bool leased)
    {
        var orders = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < 100; i++)
        {
            var order = new List<int>();
            if (leased)
            {
                using MapIterator<TKey, int> iterator = map.Iterate();
                while (iterator.MoveNext()) order.Add(iterator.Current.Value);
            }
            else
            {
                foreach (KeyValuePair<TKey, int> entry in (IEnumerable<KeyValuePair<TKey, int>>)map) order.Add(entry.Value);
            }

            Assert.Equal(map.Count, order.Count);
            orders.Add(string.Join(",", order));
        }

        return orders.Count;
    }
}
