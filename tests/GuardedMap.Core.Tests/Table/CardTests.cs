namespace GuardedMaps.Tests.Table;

/// <summary>Every operation on a bucket of cards exists as a vector and card by card; both do the same.</summary>
public sealed class CardTests
{
    [Fact]
    public void The_vector_and_the_scalar_operations_agree_on_random_buckets()
    {
        var random = new Random(11);
        for (int round = 0; round < 20_000; round++)
        {
            int log = random.Next(0, 20);
            uint numbers = (8u << log) - 1;
            int used = random.Next(0, 9);
            ulong hash = (ulong)random.NextInt64();
            uint[] bucket = new uint[8];
            for (int i = 0; i < used; i++)
            {
                // A tag that is the same now and then.
                ulong other = random.Next(3) == 0 ? hash : (ulong)random.NextInt64();
                bucket[i] = Card.Of(other, numbers) | ((uint)random.Next() & numbers);
            }

            uint card = Card.Of(hash, numbers);
            Assert.Equal(Card.Scalar.Match(ref bucket[0], card, numbers), Card.Match(ref bucket[0], card, numbers));
            Assert.Equal(Card.Scalar.LiveOnes(ref bucket[0]), Card.LiveOnes(ref bucket[0]));
            Assert.Equal((1u << used) - 1, Card.LiveOnes(ref bucket[0]));

            if (used > 0)
            {
                int place = random.Next(used);
                uint[] a = [.. bucket];
                uint[] b = [.. bucket];
                Card.Take(ref a[0], place, used - 1);
                Card.Scalar.Take(ref b[0], place, used - 1);
                Assert.Equal(b, a);
            }

            if (used < 8)
            {
                uint[] a = [.. bucket];
                Card.Put(ref a[0], used, card | 3);
                uint[] b = [.. bucket];
                b[used] = card | 3;
                Assert.Equal(b, a);
            }

            foreach (uint bit in new[] { numbers + 1, 0u })
            {
                uint[] a = [.. bucket];
                uint[] b = [.. bucket];
                uint[] aX = new uint[8];
                uint[] aY = new uint[8];
                uint[] bX = new uint[8];
                uint[] bY = new uint[8];
                Assert.Equal(Card.Scalar.Deal(ref b[0], ref bX[0], ref bY[0], bit), Card.Deal(ref a[0], ref aX[0], ref aY[0], bit));
                Assert.Equal([.. b, .. bX, .. bY], (uint[])[.. a, .. aX, .. aY]);
                Assert.True(Card.IsEvacuated(a[0]));
            }
        }
    }

    [Fact]
    public void A_card_and_its_bucket_give_back_what_the_table_uses_of_the_hash_at_every_size()
    {
        var random = new Random(12);
        for (int log = 0; log <= 27; log++)
        {
            uint numbers = (8u << log) - 1;
            for (int i = 0; i < 100; i++)
            {
                ulong hash = (ulong)random.NextInt64();
                uint card = Card.Of(hash, numbers) | ((uint)random.Next() & numbers);
                int bucket = Card.FirstOf(hash, numbers) / Card.PerBucket;
                Assert.Equal((int)hash & ((1 << log) - 1), bucket);
                Assert.Equal((uint)hash & Card.HashBits, Card.HashOf(card, bucket, numbers));
            }
        }
    }
}
