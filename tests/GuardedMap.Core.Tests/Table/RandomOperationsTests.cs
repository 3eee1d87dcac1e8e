namespace GuardedMaps.Tests.Table;

/// <summary>Random operations against Dictionary as the oracle, with the invariants checked after every step.</summary>
public sealed class RandomOperationsTests
{
    public static TheoryData<string, int> Comparers()
    {
        var data = new TheoryData<string, int>();
        foreach (string name in (string[])["default", "all-zero", "all-ones", "few"])
        {
            for (int seed = 1; seed <= 4; seed++) data.Add(name, seed);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Comparers))]
    public void Ints_behave_like_Dictionary_under_any_hash(string comparerName, int seed)
    {
        IEqualityComparer<int>? comparer = comparerName switch
        {
            "all-zero" => new DegenerateComparer(0),
            "all-ones" => new DegenerateComparer(-1),
            "few" => new FewHashesComparer(7),
            _ => null,
        };
        Run(seed, comparer, random => random.Next(comparer is null ? 400 : 60), operations: comparer is null ? 6000 : 2500);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void Strings_behave_like_Dictionary(int seed, bool ignoreCase)
    {
        StringComparer comparer = ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        string[] letters = ["a", "A", "b", "é", "É", "key", "KEY", "ß"];
        Run(seed, comparer, random => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => letters[random.Next(letters.Length)])), operations: 6000);
    }

    [Fact]
    public void Growth_is_crossed_many_times()
    {
        var map = new GuardedMap<long, long>();
        int growths = 0;
        bool growing = false;
        for (long i = 0; i < 20_000; i++)
        {
            map[i * 0x1_0000_0001] = i;
            if (map.IsGrowing && !growing) growths++;
            growing = map.IsGrowing;
        }

        map.CheckInvariants();
        // 20,000 entries need 4,096 buckets, which is 12 doublings; those of 1 and 2 buckets end within the write that begins them.
        Assert.Equal(4096, map.GetLayout().Buckets.Count);
        Assert.Equal(10, growths);
        for (long i = 0; i < 20_000; i++) Assert.Equal(i, map[i * 0x1_0000_0001]);
    }

    private static void Run<TKey>(int seed, IEqualityComparer<TKey>? comparer, Func<Random, TKey> nextKey, int operations)
        where TKey : notnull
    {
        var random = new Random(seed);
        var map = new GuardedMap<TKey, int>(new MapOptions<TKey> { Comparer = comparer, HashSeed = (ulong)seed });
        var oracle = new Dictionary<TKey, int>(comparer);
        for (int i = 0; i < operations; i++)
        {
            TKey key = nextKey(random);
            // Phases of mostly inserting and mostly removing, so that the table grows, repacks and empties.
            int removing = i / 500 % 3 == 2 ? 60 : 20;
            int choice = random.Next(100);
            if (choice < removing)
            {
                bool expected = oracle.Remove(key, out int was);
                Assert.Equal(expected, map.Remove(key, out int got));
                Assert.Equal(was, got);
            }
            else if (choice < 80)
            {
                map[key] = i;
                oracle[key] = i;
            }
            else if (choice < 88)
            {
                Assert.Equal(oracle.TryAdd(key, i), map.TryAdd(key, i));
            }
            else if (choice < 98)
            {
                Assert.Equal(oracle.TryGetValue(key, out int want), map.TryGetValue(key, out int got));
                Assert.Equal(want, got);
            }
            else if (choice < 99)
            {
                map.EnsureCapacity(random.Next(200));
                if (random.Next(2) == 0) map.TrimExcess();
            }
            else if (random.Next(20) == 0)
            {
                map.Clear();
                oracle.Clear();
            }

            Assert.Equal(oracle.Count, map.Count);
            map.CheckInvariants();
            if (i % 50 == 0) AssertSameEntries(oracle, map);
        }

        AssertSameEntries(oracle, map);
    }

    private static void AssertSameEntries<TKey>(Dictionary<TKey, int> oracle, GuardedMap<TKey, int> map)
        where TKey : notnull
    {
        var seen = new Dictionary<TKey, int>(oracle.Comparer);
        foreach (KeyValuePair<TKey, int> entry in map) Assert.True(seen.TryAdd(entry.Key, entry.Value), $"foreach gave {entry.Key} twice");
        Assert.Equal(oracle.Count, seen.Count);
        foreach (KeyValuePair<TKey, int> entry in oracle) Assert.Equal(entry.Value, seen[entry.Key]);

        seen.Clear();
        using MapIterator<TKey, int> iterator = map.Iterate();
        while (iterator.MoveNext()) Assert.True(seen.TryAdd(iterator.Current.Key, iterator.Current.Value), $"the iterator gave {iterator.Current.Key} twice");
        Assert.Equal(oracle.Count, seen.Count);
    }
}
