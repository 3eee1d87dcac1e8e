namespace GuardedMaps.Tests.Hashing;

/// <summary>
/// Keys that differ only in some of their bits must not end up in the same buckets, wherever those bits are: the table takes the bucket from
/// one end of the hash and the tophash from the other.
/// </summary>
public sealed class KeySpreadTests
{
    private const int Count = 2000;

    public static TheoryData<int> Shifts() => [0, 1, 7, 8, 16, 24, 31, 32, 40, 48, 52];

    [Theory]
    [MemberData(nameof(Shifts))]
    public void Long_keys_spread_whichever_bits_they_differ_in(int shift) => AssertSpread(i => (long)i << shift);

    [Theory]
    [MemberData(nameof(Shifts))]
    public void Unsigned_long_keys_spread_whichever_bits_they_differ_in(int shift) => AssertSpread(i => (ulong)i << shift);

    [Fact]
    public void Long_keys_whose_halves_are_equal_spread() => AssertSpread(static i => ((long)i << 32) | (uint)i);

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(20)]
    public void Int_keys_spread_whichever_bits_they_differ_in(int shift) => AssertSpread(i => i << shift);

    private static void AssertSpread<TKey>(Func<int, TKey> keyOf)
        where TKey : notnull
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            var map = new GuardedMap<TKey, int>(new MapOptions<TKey> { HashSeed = seed });
            for (int i = 0; i < Count; i++) map[keyOf(i)] = i;
            MapLayout layout = map.GetLayout();
            // 2,000 entries in 512 buckets, dealt by chance: a bucket with 20 of them comes once in many thousand maps.
            Assert.Equal(512, layout.Buckets.Count);
            Assert.True(layout.Buckets.Max(static bucket => bucket.Live) < 20);
            // And of 251 tophashes none is shared by more than a few in a hundred.
            int commonest = layout.Buckets
                .SelectMany(static bucket => bucket.Chain.SelectMany(static part => part))
                .Where(static slot => slot.IsLive)
                .GroupBy(static slot => slot.Tophash)
                .Max(static group => group.Count());
            Assert.True(commonest < Count / 20, $"{commonest} keys share a tophash");
        }
    }
}
