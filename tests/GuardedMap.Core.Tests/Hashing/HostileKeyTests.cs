using System.Globalization;

namespace GuardedMaps.Tests.Hashing;

/// <summary>Whoever has read the source cannot write down keys that slow a map down. Counted in buckets that are looked at, not in time.</summary>
public sealed class HostileKeyTests
{
    // What an attack may cost, in what random keys cost.
    private const double Bearable = 3;
    private const int Maps = 2;

    public static TheoryData<string> Attacks() => [.. HostileKeys.Texts().Select(static attack => attack.Name)];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Texts_made_against_the_hash_cost_no_more_than_random_ones(string attack)
    {
        string[] keys = HostileKeys.Texts().Single(a => a.Name == attack).Keys;
        Assert.Equal(keys.Length, keys.Distinct(StringComparer.Ordinal).Count());
        Assert.True(keys.Length >= HostileKeys.Count - 1, $"only {keys.Length} keys");
        string[] random = RandomTexts(keys.Length);
        foreach (StringComparer comparer in (StringComparer[])[StringComparer.Ordinal, StringComparer.OrdinalIgnoreCase])
        {
            AssertBearable(() => new GuardedMap<string, int>(comparer), [.. keys.Distinct(comparer)], random);
        }

        AssertBearable(static () => new GuardedMap<object, object?>(ShellKeyComparer.CaseInsensitive), [.. keys.Distinct(StringComparer.OrdinalIgnoreCase)], random);
        AssertBearable(static () => new GuardedMap<object, object?>(ShellKeyComparer.CaseSensitive), keys, random);
    }

    [Theory]
    [InlineData("longs that the product carries to nearly the same place")]
    [InlineData("longs whose halves fold to one hash code")]
    [InlineData("longs that differ in their high half alone")]
    [InlineData("dates that fold to one hash code")]
    [InlineData("guids that fold to one hash code")]
    [InlineData("doubles that fold to one hash code")]
    [InlineData("decimals that fold to one hash code")]
    public void Numbers_made_against_the_hash_cost_no_more_than_random_ones(string attack)
    {
        var random = new Random(1);
        int[] counted = [.. Enumerable.Range(0, HostileKeys.Count)];
        switch (attack)
        {
            case "longs that the product carries to nearly the same place":
                Both([.. HostileKeys.NearlyCancelling(bucketBits: 12).Distinct()], () => random.NextInt64());
                break;
            case "longs whose halves fold to one hash code":
                Both([.. counted.Select(static i => ((long)i << 32) | (uint)(i ^ 7))], () => random.NextInt64());
                break;
            case "longs that differ in their high half alone":
                Both([.. counted.Select(static i => (long)i << 32)], () => random.NextInt64());
                break;
            case "dates that fold to one hash code":
                Both([.. counted.Select(static i => new DateTime(((long)(i >> 1) << 32) | (uint)(i >> 1) ^ 5))], () => new DateTime(random.NextInt64(DateTime.MaxValue.Ticks)), distinct: true);
                break;
            case "guids that fold to one hash code":
                Both([.. counted.Select(static i => new Guid(i, (short)i, (short)(i >> 16), (byte)i, (byte)(i >> 8), 0, 0, 0, 0, 0, 0))], () => new Guid(Bytes(16)));
                break;
            case "doubles that fold to one hash code":
                Both([.. counted.Select(static i => BitConverter.Int64BitsToDouble((0x3FF0_0000L + i << 32) | (uint)(0x3FF0_0000 + i)))], () => random.NextDouble());
                break;
            default:
                Both([.. counted.Select(static i => new decimal(i, i, 0, isNegative: false, scale: 0))], () => new decimal(random.Next(), random.Next(), random.Next(), isNegative: false, scale: 3));
                break;
        }

        byte[] Bytes(int count)
        {
            byte[] bytes = new byte[count];
            random.NextBytes(bytes);
            return bytes;
        }

        void Both<T>(T[] keys, Func<T> draw, bool distinct = false)
            where T : notnull
        {
            if (distinct) keys = [.. keys.Distinct()];
            Assert.Equal(keys.Length, keys.Distinct().Count());
            T[] drawn = [.. Enumerable.Repeat(0, 2 * keys.Length).Select(_ => draw()).Distinct().Take(keys.Length)];
            AssertBearable(static () => new GuardedMap<T, int>(), keys, drawn);
            AssertBearable(static () => new GuardedMap<object, object?>(ShellKeyComparer.CaseInsensitive), [.. keys.Cast<object>()], [.. drawn.Cast<object>()]);
            AssertBearable(static () => new GuardedMap<object, object?>(ShellKeyComparer.CaseSensitive), [.. keys.Cast<object>()], [.. drawn.Cast<object>()]);
        }
    }

    [Fact]
    public void The_other_kinds_spread_hostile_texts_too()
    {
        foreach ((string name, string[] keys) in HostileKeys.Texts())
        {
            var snapshots = new SnapshotMap<string, int>(new SnapshotMapOptions<string>());
            foreach (string key in keys) snapshots[key] = 1;
            // Groups of equal hashes are chained where no bit is left to tell them apart by. Two of them in a map would be a miracle.
            int chained = snapshots.GetLayout() is SnapshotLayout layout ? layout.Nodes.Where(static n => !n.IsBranch).Max(static n => n.Entries.Count) : 0;
            Assert.True(chained is > 0 and <= 32, $"{name}: a group of {chained}");
        }
    }

    [Theory]
    [InlineData("apple", 7, "74a17ddc2bb348be")]
    [InlineData("pear", 7, "0976a5353f12e1d7")]
    [InlineData("fig", 7, "2ae4cbcf222014b9")]
    [InlineData("apple", 42, "2ca933df2edeed3f")]
    [InlineData("key1040", 7, "e68823dd9d910bc2")]
    public void Under_a_seed_that_was_named_the_hash_is_the_same_in_every_process_and_version(string text, int seed, string expected)
    {
        // Lessons and saved outputs rest on it.
        Assert.Equal(expected, HashMix.Ordinal(text, HashMix.SeedOf((ulong)seed)).ToString("x16", CultureInfo.InvariantCulture));
        Assert.Equal(expected, HashMix.OrdinalIgnoreCase(text.ToUpperInvariant(), HashMix.SeedOf((ulong)seed)).ToString("x16", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_named_seed_is_told_from_a_drawn_one_whatever_the_number()
    {
        foreach (ulong seed in (ulong[])[0, 1, 7, 1UL << 63, ulong.MaxValue, 0x9E37_79B9_7F4A_7C15])
        {
            Assert.Equal(0UL, HashMix.SeedOf(seed) >> 63);
            var map = new GuardedMap<string, int>(new MapOptions<string> { HashSeed = seed });
            map["a"] = 1;
            map.Clear();
            Assert.Equal(seed, map.HashSeed);
        }

        Assert.Equal(1UL, HashMix.SeedOf(null) >> 63);
        Assert.Equal(1UL, HashMix.NextSeed(HashMix.NewSeed()) >> 63);
    }

    [Fact]
    public void Equal_numbers_have_equal_hashes_however_they_are_written()
    {
        ulong seed = HashMix.NewSeed();
        Assert.Equal(KeyBits.Hash((object)0.0, seed), KeyBits.Hash((object)-0.0, seed));
        Assert.Equal(KeyBits.Hash((object)double.NaN, seed), KeyBits.Hash((object)BitConverter.Int64BitsToDouble(unchecked((long)0xFFF8_0000_0000_0001)), seed));
        Assert.Equal(KeyBits.Hash((object)0m, seed), KeyBits.Hash((object)-0.00m, seed));
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            decimal number = new(random.Next(), i % 2 == 0 ? 0 : random.Next(), i % 3 == 0 ? random.Next() : 0, i % 5 == 0, (byte)random.Next(0, 20));
            decimal same;
            try
            {
                same = number * 1.000m;
            }
            catch (OverflowException)
            {
                continue;
            }

            if (same != number) continue;
            Assert.Equal(KeyBits.Hash((object)number, seed), KeyBits.Hash((object)same, seed));
        }

        DateTime now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        Assert.Equal(KeyBits.Hash((object)now, seed), KeyBits.Hash((object)DateTime.SpecifyKind(now, DateTimeKind.Local), seed));
        Assert.Equal(KeyBits.Hash((object)new DateTimeOffset(now), seed), KeyBits.Hash((object)new DateTimeOffset(now).ToOffset(TimeSpan.FromHours(3)), seed));
    }

    [Fact]
    public void A_hostile_hash_is_warned_of_long_before_it_hurts()
    {
        var map = new GuardedMap<int, int>(new MapOptions<int> { Comparer = new OneHash(), Trace = true, TraceCapacity = 1 << 16 });
        for (int i = 0; i < 400 && !map.GetEvents().Any(static e => e.Point == ProbePoint.ChainTooLong); i++) map[i] = i;
        Assert.InRange(map.Count, 1, 8 * 6);
    }

    private static void AssertBearable<TKey, TValue>(Func<GuardedMapBase<TKey, TValue>> make, TKey[] hostile, TKey[] random)
        where TKey : notnull
    {
        double attacked = Cost(make, hostile), usual = Cost(make, random);
        Assert.True(attacked <= Bearable * usual, string.Create(CultureInfo.InvariantCulture, $"{attacked:0.00} buckets per lookup, where random keys cost {usual:0.00}"));
    }

    // How many buckets a lookup that hits looks at, over several maps, each with a seed of its own.
    private static double Cost<TKey, TValue>(Func<GuardedMapBase<TKey, TValue>> make, TKey[] keys)
        where TKey : notnull
    {
        double sum = 0;
        for (int m = 0; m < Maps; m++)
        {
            GuardedMapBase<TKey, TValue> map = make();
            foreach (TKey key in keys) map[key] = default!;
            Assert.Equal(keys.Length, map.Count);
            MapLayout layout = map.GetLayout();
            sum += layout.Buckets.Concat(layout.OldBuckets.Where(static b => !b.IsEvacuated))
                .Sum(static bucket => bucket.Chain.Select(static (part, link) => (link + 1.0) * part.Count(static slot => slot.IsLive)).Sum()) / keys.Length;
        }

        return sum / Maps;
    }

    private static string[] RandomTexts(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, 2 * count).Select(_ => string.Concat(Enumerable.Range(0, 12).Select(_ => (char)random.Next('a', 'z' + 1)))).Distinct(StringComparer.Ordinal).Take(count)];
    }

    private sealed class OneHash : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => x == y;

        public int GetHashCode(int obj) => 1;
    }
}
