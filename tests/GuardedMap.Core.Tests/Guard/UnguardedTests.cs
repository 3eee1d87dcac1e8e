using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

/// <summary>Protection None: the same table, and nothing is refused.</summary>
public sealed class UnguardedTests
{
    [Theory]
    [InlineData(IterationContract.Reject)]
    [InlineData(IterationContract.FailFast)]
    [InlineData(IterationContract.Tolerate)]
    [InlineData(IterationContract.Snapshot)]
    [InlineData(IterationContract.Defer)]
    public void A_write_during_an_iteration_goes_through_at_once_and_nobody_gets_an_error(IterationContract contract)
    {
        Check(new IntKeys());
        Check(new CustomKeys());
        Check(new StringKeys());
        Check(new IgnoreCaseKeys());

        void Check<TKey>(KeyKind<TKey> keys)
            where TKey : notnull
        {
            foreach (bool growing in (bool[])[false, true])
            {
                foreach ((string name, Action<GuardedMap<TKey, int>> write) in keys.Writes)
                {
                    GuardedMap<TKey, int> map = keys.Make(growing, options => options with { Protection = MapProtection.None, Contract = contract });
                    int steps = 0;
                    foreach (KeyValuePair<TKey, int> _ in map)
                    {
                        if (steps++ == 3) write(map);
                    }

                    using (MapIterator<TKey, int> iterator = map.Iterate(contract))
                    {
                        iterator.MoveNext();
                        // Growth in the middle, twice: what the walk reads must not be pulled from under it.
                        for (int i = 300; i < 700; i++) map[keys.Key(i)] = i;
                        Elsewhere.RunWell(() => map.Remove(keys.Key(300)));
                        while (iterator.MoveNext()) steps++;
                    }

                    Assert.Null(map.LastViolation);
                    Assert.True(steps > 3, name);
                    map.CheckInvariants();
                }
            }
        }
    }

    [Fact]
    public void A_snapshot_is_one_all_the_same()
    {
        var map = new GuardedMap<string, int>(new MapOptions<string> { Protection = MapProtection.None });
        for (int i = 0; i < 81; i++) map[$"{i}"] = i;
        Assert.True(map.IsGrowing);
        using MapIterator<string, int> iterator = map.Iterate(IterationContract.Snapshot);
        for (int i = 0; i < 500; i++) map[$"{i}"] = -1;
        map.Remove("7");
        var seen = new List<int>();
        while (iterator.MoveNext()) seen.Add(iterator.Current.Value);
        Assert.Equal(Enumerable.Range(0, 81), seen.Order());
    }

    [Fact]
    public void Writes_from_inside_a_factory_go_through()
    {
        var map = new GuardedMap<int, int>(new MapOptions<int> { Protection = MapProtection.None });
        Assert.Equal(1, map.GetOrAdd(1, _ =>
        {
            map[2] = 2;
            return 1;
        }));
        Assert.Equal(2, map[2]);
        Assert.Null(map.LastViolation);
    }
}
