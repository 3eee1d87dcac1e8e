namespace GuardedMaps.Tests.Iteration;

/// <summary>
/// Several snapshots read the same arrays: the first write after them copies the arrays, once, as long as one of them is still being read
/// or may be.
/// </summary>
public sealed class SharedSnapshotTests
{
    public static TheoryData<string> Comparers() => ["built-in", "few hashes"];

    [Theory]
    [MemberData(nameof(Comparers))]
    public void One_of_two_snapshots_ends_and_the_other_goes_on_seeing_what_was(string comparer)
    {
        GuardedMap<int, int> map = Make(comparer);
        using MapIterator<int, int> first = map.Iterate(IterationContract.Snapshot);
        using MapIterator<int, int> second = map.Iterate(IterationContract.Snapshot);
        Assert.True(second.MoveNext());
        var seen = new Dictionary<int, int> { [second.Current.Key] = second.Current.Value };
        first.Dispose();

        for (int i = 0; i < 40; i += 2) map.Remove(i);
        for (int i = 1; i < 40; i += 2) map[i] = -1;
        for (int i = 40; i < 60; i++) map[i] = i;

        while (second.MoveNext()) seen.Add(second.Current.Key, second.Current.Value);
        Assert.Equal(Enumerable.Range(0, 40), seen.Keys.Order());
        Assert.All(seen, static entry => Assert.Equal(entry.Key, entry.Value));
        Assert.Equal(1, Copies(map));
    }

    [Theory]
    [MemberData(nameof(Comparers))]
    public void Snapshots_that_have_all_ended_cost_the_next_write_nothing(string comparer)
    {
        GuardedMap<int, int> map = Make(comparer);
        MapIterator<int, int> first = map.Iterate(IterationContract.Snapshot);
        MapIterator<int, int> second = map.Iterate(IterationContract.Snapshot);
        first.Dispose();
        while (second.MoveNext())
        {
        }

        map[0] = 1;
        Assert.Equal(0, Copies(map));
    }

    [Fact]
    public void A_snapshot_whose_end_is_not_known_is_never_taken_for_ended()
    {
        var map = new GuardedMap<int, int>(new MapOptions<int> { UnleasedContract = IterationContract.Snapshot, Trace = true });
        for (int i = 0; i < 40; i++) map[i] = i;
        using IEnumerator<KeyValuePair<int, int>> unleased = ((IEnumerable<KeyValuePair<int, int>>)map).GetEnumerator();
        map.Iterate(IterationContract.Snapshot).Dispose();
        for (int i = 0; i < 40; i++) map[i] = -1;
        int sum = 0;
        while (unleased.MoveNext()) sum += unleased.Current.Value;
        Assert.Equal(39 * 40 / 2, sum);
        Assert.Equal(1, Copies(map));
    }

    private static GuardedMap<int, int> Make(string comparer)
    {
        var map = new GuardedMap<int, int>(new MapOptions<int> { Comparer = comparer is "few hashes" ? new FewHashesComparer(3) : null, Trace = true });
        for (int i = 0; i < 40; i++) map[i] = i;
        return map;
    }

    private static int Copies(GuardedMap<int, int> map) => map.GetEvents().Count(static e => e.Point == ProbePoint.TableCopied);
}
