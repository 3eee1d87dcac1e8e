namespace GuardedMaps.Tests.Table;

/// <summary>What maps allocate: the one thing about speed that is the same on every machine, so that a test may hold to it.</summary>
public sealed class AllocationTests
{
    private const int Keys = 1_000;
    private static readonly string[] s_texts = [.. Enumerable.Range(0, Keys).Select(i => $"key {i}")];

    [Theory]
    [InlineData(MapKind.Guarded, 272)]
    [InlineData(MapKind.Snapshot, 300)]
    [InlineData(MapKind.Sync, 300)]
    [InlineData(MapKind.Ordered, 500)]
    public void An_empty_map_shares_what_it_begins_with(MapKind kind, long most)
    {
        long bytes = AtLeast(() => GC.KeepAlive(Made(kind)));
        Assert.True(bytes <= most, $"{kind}: {bytes} bytes, and {most} were enough");
    }

    [Fact]
    public void Nothing_is_allocated_where_no_entry_comes()
    {
        var map = new GuardedMap<string, int>(StringComparer.Ordinal);
        foreach (string key in s_texts) map[key] = 1;
        long sum = 0;

        AssertFree("hit", () => sum += map[s_texts[7]]);
        AssertFree("miss", () => sum += map.TryGetValue("no key", out _) ? 1 : 0);
        AssertFree("update", () => map[s_texts[7]] = 2);
        AssertFree("increment", () => map.Increment(s_texts[7]));
        AssertFree("foreach", () =>
        {
            foreach (var entry in map) sum += entry.Value;
        });
        // The entry's place is used again.
        AssertFree("remove and add", () =>
        {
            map.Remove(s_texts[7]);
            map[s_texts[7]] = 3;
        });
        Assert.NotEqual(0, sum);
        map.CheckInvariants();
    }

    // Doubling: all arrays that were outgrown come to as much as the last ones again. An entry of a text and a number takes 16 bytes, and its card 4 at a load of 5 in 8 at most and 5 in 16 at least.
    [Fact]
    public void Filling_a_map_allocates_at_most_a_quarter_more_than_filling_a_Dictionary()
    {
        var sizes = new[] { 16, 100, 1_000, 30_000, 200_000 };
        var texts = Enumerable.Range(0, sizes[^1]).Select(i => $"key {i}").ToArray();
        foreach (int size in sizes)
        {
            long guarded = AtLeast(() =>
            {
                var map = new GuardedMap<string, int>(StringComparer.Ordinal);
                for (int i = 0; i < size; i++) map[texts[i]] = i;
            });
            long plain = AtLeast(() =>
            {
                var map = new Dictionary<string, int>(StringComparer.Ordinal);
                for (int i = 0; i < size; i++) map[texts[i]] = i;
            });
            Assert.True(guarded <= plain * 1.25, $"{size} entries: {guarded} bytes beside {plain}");
        }
    }

    [Fact]
    public void Removing_and_adding_other_keys_for_ever_allocates_nothing_in_the_end()
    {
        var map = new GuardedMap<int, int>();
        for (int i = 0; i < Keys; i++) map[i] = i;
        int next = Keys;
        void Churn()
        {
            for (int i = 0; i < 20 * Keys; i++)
            {
                map.Remove(next - Keys);
                map[next] = next;
                next++;
            }
        }

        for (int i = 0; i < 5; i++) Churn();
        long bytes = AtLeast(Churn);
        // The index is made anew from time to time, at the same size.
        Assert.True(bytes <= 20 * Keys * 4, $"{bytes} bytes for {20 * Keys} removals and inserts");
        Assert.Equal(Keys, map.Count);
        map.CheckInvariants();
    }

    private static object Made(MapKind kind) => kind switch
    {
        MapKind.Guarded => new GuardedMap<int, int>(),
        MapKind.Snapshot => new SnapshotMap<string, int>(StringComparer.Ordinal),
        MapKind.Sync => new SyncMap<string, int>(StringComparer.Ordinal),
        _ => new OrderedMap<string, int>(StringComparer.Ordinal),
    };

    private static void AssertFree(string what, Action act)
    {
        long bytes = AtLeast(act);
        Assert.True(bytes == 0, $"{what}: {bytes} bytes");
    }

    // The least of several times: the first ones make what a type or a thread makes once, and code that is compiled meanwhile may allocate as well.
    private static long AtLeast(Action act)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 10 && least > 0; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            act();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
