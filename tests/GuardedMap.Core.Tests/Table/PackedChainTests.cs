namespace GuardedMaps.Tests.Table;

/// <summary>A removal closes the gap in its chain by the chain's last card: a search may end at the first bucket that is not full.</summary>
public sealed class PackedChainTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_is_removed_in_whatever_order_live_cards_lie_at_the_front_of_their_chain(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 40; round++)
        {
            // Three hashes, so that chains are up to four buckets long.
            var map = new GuardedMap<int, int>(new MapOptions<int> { Comparer = new FewHashesComparer(3), HashSeed = (ulong)round });
            var expected = new Dictionary<int, int>();
            int count = random.Next(1, 80);
            for (int i = 0; i < count; i++) map[i] = expected[i] = i;
            int[] order = [.. Enumerable.Range(0, count)];
            random.Shuffle(order);
            foreach (int key in order)
            {
                Assert.Equal(expected.Remove(key), map.Remove(key));
                if (random.Next(4) == 0) map[random.Next(count)] = 0;
                foreach (KeyValuePair<int, int> entry in map) expected[entry.Key] = entry.Value;
                map.CheckInvariants();
                MapLayout layout = map.GetLayout();
                foreach (BucketLayout bucket in layout.Buckets.Concat(layout.OldBuckets))
                {
                    bool[] live = [.. bucket.Chain.SelectMany(static part => part).Select(static slot => slot.IsLive)];
                    Assert.DoesNotContain(true, live.SkipWhile(static isLive => isLive));
                }

                foreach (int left in expected.Keys) Assert.True(map.ContainsKey(left));
            }
        }
    }

    [Fact]
    public void The_last_card_of_a_chain_takes_the_place_of_one_that_is_removed_in_its_first_bucket()
    {
        // One chain of 17: eight, eight and one.
        var map = new GuardedMap<int, int>(new DegenerateComparer(0));
        for (int i = 0; i < 17; i++) map[i] = i;
        BucketLayout chain = map.GetLayout().Buckets.Single(static bucket => bucket.Live > 0);
        Assert.Equal(3, chain.Chain.Count);
        object first = chain.Chain[0][0].Key!;
        object last = chain.Chain[2][0].Key!;
        map.Remove((int)first);
        chain = map.GetLayout().Buckets[chain.Number];
        Assert.Equal(last, chain.Chain[0][0].Key);
        Assert.Equal("emptyRest", chain.Chain[2][0].State);
        map.CheckInvariants();
    }
}
