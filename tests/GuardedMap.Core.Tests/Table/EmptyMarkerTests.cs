namespace GuardedMaps.Tests.Table;

/// <summary>
/// The two kinds of empty slot. That an emptyRest has nothing live behind it is an invariant, checked everywhere; here is the other half,
/// without which searches would be right but long: an emptyOne has something live behind it, over the whole chain.
/// </summary>
public sealed class EmptyMarkerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_is_removed_in_whatever_order_an_emptyOne_has_something_live_behind_it(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 40; round++)
        {
            // Three hashes, so that chains are up to four buckets long.
            var map = new GuardedMap<int, int>(new MapOptions<int> { Comparer = new FewHashesComparer(3), HashSeed = (ulong)round });
            int count = random.Next(1, 80);
            for (int i = 0; i < count; i++) map[i] = i;
            int[] order = [.. Enumerable.Range(0, count)];
            random.Shuffle(order);
            foreach (int key in order)
            {
                map.Remove(key);
                if (random.Next(4) == 0) map[random.Next(count)] = 0;
                AssertMarkers(map);
            }
        }
    }

    [Fact]
    public void Removing_the_only_entry_of_an_overflow_bucket_frees_the_end_of_the_bucket_before_it()
    {
        // One chain of 17: eight, eight and one.
        var map = new GuardedMap<int, int>(new DegenerateComparer(0));
        for (int i = 0; i < 17; i++) map[i] = i;
        BucketLayout chain = map.GetLayout().Buckets.Single(static bucket => bucket.Live > 0);
        Assert.Equal(3, chain.Chain.Count);
        int lastOfSecond = (int)chain.Chain[1][7].Key!;
        int onlyOfThird = (int)chain.Chain[2][0].Key!;

        map.Remove(lastOfSecond);
        Assert.Equal("emptyOne", Slot(1, 7));
        map.Remove(onlyOfThird);
        Assert.Equal("emptyRest", Slot(2, 0));
        Assert.Equal("emptyRest", Slot(1, 7));

        string Slot(int part, int slot) => map.GetLayout().Buckets[chain.Number].Chain[part][slot].State;
    }

    private static void AssertMarkers(GuardedMap<int, int> map)
    {
        MapLayout layout = map.GetLayout();
        foreach (BucketLayout bucket in layout.Buckets.Concat(layout.OldBuckets))
        {
            bool liveBehind = false;
            foreach (SlotLayout slot in bucket.Chain.SelectMany(static part => part).Reverse())
            {
                Assert.True(liveBehind || slot.Tophash != Tophash.EmptyOne, $"bucket {bucket.Number} has an emptyOne with nothing live behind it");
                liveBehind |= slot.IsLive;
            }
        }
    }
}
