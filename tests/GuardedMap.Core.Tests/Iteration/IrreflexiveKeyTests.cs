using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Iteration;

/// <summary>Keys that are not equal to themselves (NaN, under a comparer that compares as IEEE 754 does) and keys equal but not the same (-0 and +0).</summary>
public sealed class IrreflexiveKeyTests
{
    private static readonly double s_minusZero = double.NegativeZero;

    private static GuardedMap<double, int> Make(int nans, ulong? seed = null)
    {
        var map = new GuardedMap<double, int>(new MapOptions<double> { Comparer = new IeeeComparer(), HashSeed = seed, Contract = IterationContract.Tolerate });
        for (int i = 0; i < nans; i++) map[double.NaN] = i;
        return map;
    }

    [Fact]
    public void Each_insert_of_NaN_adds_an_entry_that_is_never_found_nor_removed_but_visited_and_cleared()
    {
        GuardedMap<double, int> map = Make(50);
        map[1.5] = 100;
        Assert.Equal(51, map.Count);
        Assert.False(map.ContainsKey(double.NaN));
        Assert.False(map.TryGetValue(double.NaN, out _));
        Assert.False(map.Remove(double.NaN));
        Assert.True(map.TryAdd(double.NaN, 50));
        Assert.Equal(52, map.Count);
        Assert.Equal([.. Enumerable.Range(0, 51), 100], map.Select(entry => entry.Value).Order());
        Assert.Equal(51, map.Keys.Count(double.IsNaN));
        map.CheckInvariants();
        map.Clear();
        Assert.Empty(map);
        map.CheckInvariants();
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(80)]
    [InlineData(81)]
    public void Every_NaN_is_visited_once_also_when_growth_began_before_or_during_the_loop(int nans)
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            GuardedMap<double, int> map = Make(nans, seed);
            var seen = new HashSet<int>();
            int added = 0;
            foreach (KeyValuePair<double, int> entry in map)
            {
                Assert.True(seen.Add(entry.Value), $"{entry.Value} twice");
                for (int i = 0; i < 3 && added < 300; i++) map[added] = 10_000 + added++;
            }

            Assert.True(seen.IsSupersetOf(Enumerable.Range(0, nans)));
            map.CheckInvariants();
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(80)]
    [InlineData(81)]
    public void A_clear_in_mid_loop_ends_NaN_too_also_in_mid_growth(int nans)
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            GuardedMap<double, int> map = Make(nans, seed);
            int steps = 0;
            foreach (KeyValuePair<double, int> entry in map)
            {
                Assert.True(entry.Value < nans || entry.Value >= 10_000);
                if (++steps == 1)
                {
                    // The entries move, and stay behind as ghosts in the old buckets, before all is cleared.
                    for (int i = 0; i < 200; i++) map[i] = 10_000;
                    map.Clear();
                }
            }

            Assert.Equal(1, steps);
            Assert.Empty(map);
        }
    }

    [Fact]
    public void A_cursor_writes_to_the_NaN_it_stands_on()
    {
        foreach (int nans in (int[])[5, 20, 81])
        {
            GuardedMap<double, int> map = Make(nans);
            using (MapIterator<double, int> iterator = map.Iterate(IterationContract.Reject))
            {
                while (iterator.MoveNext())
                {
                    if (iterator.Current.Value % 2 == 0) Assert.True(iterator.Entry.Remove());
                    else Assert.True(iterator.Entry.SetValue(iterator.Current.Value + 1000));
                }
            }

            Assert.Equal(Enumerable.Range(0, nans).Where(i => i % 2 == 1).Select(i => i + 1000), map.Select(entry => entry.Value).Order());
            map.CheckInvariants();
        }
    }

    [Fact]
    public void The_frameworks_own_comparer_holds_NaN_equal_to_itself()
    {
        var map = new GuardedMap<double, int> { [double.NaN] = 1 };
        map[double.NaN] = 2;
        Assert.Single(map);
        Assert.Equal(2, map[double.NaN]);
        var oracle = new Dictionary<double, int> { [double.NaN] = 1 };
        oracle[double.NaN] = 2;
        Assert.Single(oracle);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Minus_zero_and_zero_are_one_key_and_the_stored_one_is_kept_as_Dictionary_keeps_it(bool ieee)
    {
        // Go replaces the stored key where equal keys can differ. Dictionary's users expect that it stays.
        IEqualityComparer<double>? comparer = ieee ? new IeeeComparer() : null;
        var map = new GuardedMap<double, int>(comparer) { [s_minusZero] = 1 };
        var dictionary = new Dictionary<double, int>(comparer) { [s_minusZero] = 1 };
        map[0.0] = 2;
        dictionary[0.0] = 2;
        Assert.Equal(2, map[s_minusZero]);
        Assert.False(map.TryAdd(0.0, 3));
        Assert.True(double.IsNegative(Assert.Single(map).Key));
        Assert.True(double.IsNegative(Assert.Single(dictionary).Key));

        // Key and value stay together through growth in mid-loop.
        var tolerant = new GuardedMap<double, int>(new MapOptions<double> { Comparer = comparer, Contract = IterationContract.Tolerate }) { [s_minusZero] = 1 };
        int zeros = 0;
        int added = 0;
        foreach (KeyValuePair<double, int> entry in tolerant)
        {
            if (added == 0)
            {
                for (; added < 300; added++) tolerant[added + 1] = added;
                tolerant[0.0] = 2;
            }

            if (entry.Key != 0) continue;
            zeros++;
            Assert.True(double.IsNegative(entry.Key));
        }

        Assert.Equal(1, zeros);
        Assert.Equal(2, tolerant[s_minusZero]);
    }

    [Fact]
    public void A_key_whose_hash_changed_is_found_again_when_it_changes_back_and_the_map_stays_sound()
    {
        var map = new GuardedMap<Mutable, int>(new MapOptions<Mutable> { Contract = IterationContract.Tolerate });
        Mutable[] all = [.. Enumerable.Range(0, 200).Select(i => new Mutable { Hash = i })];
        foreach (Mutable key in all) map[key] = key.Hash;
        all[7].Hash = 5_000_000;
        Assert.False(map.ContainsKey(all[7]));
        // Growth and a walk do without its present hash: the stored one goes along.
        Assert.Equal(200, map.Keys.Distinct().Count());
        for (int i = 1000; i < 2000; i++) map[new Mutable { Hash = i }] = i;
        Assert.Equal(1200, map.Keys.Distinct().Count());
        Assert.Equal(1200, map.Count);
        all[7].Hash = 7;
        Assert.Equal(7, map[all[7]]);
        map.CheckInvariants();
    }

    private sealed class Mutable
    {
        public int Hash { get; set; }

        public override int GetHashCode() => Hash;

        public override bool Equals(object? obj) => ReferenceEquals(this, obj);
    }
}
