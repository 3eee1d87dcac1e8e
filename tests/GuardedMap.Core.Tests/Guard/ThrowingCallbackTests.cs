using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

/// <summary>An exception from a comparer or factory, at each call in turn: the map is as before, and its guard is free.</summary>
public sealed class ThrowingCallbackTests
{
    private const int Absent = 500;

    public static TheoryData<string, bool> Operations
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (string name in Doing.Keys)
            {
                data.Add(name, false);
                data.Add(name, true);
            }

            return data;
        }
    }

    private static Dictionary<string, Action<GuardedMap<int, int>>> Doing { get; } = new(StringComparer.Ordinal)
    {
        ["set present"] = map => map[5] = -5,
        ["set absent"] = map => map[Absent] = -5,
        ["Add"] = map => map.Add(Absent, -5),
        ["TryAdd present"] = map => map.TryAdd(5, -5),
        ["Remove present"] = map => map.Remove(5),
        ["Remove absent"] = map => map.Remove(Absent),
        ["Remove pair"] = map => ((ICollection<KeyValuePair<int, int>>)map).Remove(new(5, 5)),
        ["GetOrAdd absent"] = map => map.GetOrAdd(Absent, -5),
        ["GetOrAdd present"] = map => map.GetOrAdd(5, -5),
        ["AddOrUpdate present"] = map => map.AddOrUpdate(5, 0, (_, _) => -5),
        ["AddOrUpdate absent"] = map => map.AddOrUpdate(Absent, -5, (_, _) => 0),
        ["Update"] = map => map.Update(5, (_, _) => -5),
        ["Increment"] = map => map.Increment(5),
        ["TryGetValue"] = map => map.TryGetValue(5, out _),
        ["ContainsKey absent"] = map => map.ContainsKey(Absent),
        ["Clear"] = map => map.Clear(),
        ["EnsureCapacity"] = map => map.EnsureCapacity(1000),
        ["TrimExcess"] = map => map.TrimExcess(),
        ["cursor SetValue"] = map =>
        {
            using MapIterator<int, int> iterator = map.Iterate(seed: 1);
            Assert.True(iterator.MoveNext());
            Assert.True(iterator.Entry.SetValue(-5));
        },
        ["cursor Remove"] = map =>
        {
            using MapIterator<int, int> iterator = map.Iterate(seed: 1);
            Assert.True(iterator.MoveNext());
            Assert.True(iterator.Entry.Remove());
        },
        ["cursor Remove of a moved entry"] = map =>
        {
            using MapIterator<int, int> iterator = map.Iterate(IterationContract.Snapshot, seed: 1);
            Assert.True(iterator.MoveNext());
            Assert.True(iterator.Entry.Remove());
        },
    };

    private static GuardedMap<int, int> Make(ThrowingComparer comparer, bool growing, int? seed = 7)
    {
        var map = new GuardedMap<int, int>(new MapOptions<int> { Comparer = comparer, HashSeed = (ulong?)seed });
        for (int i = 0; i < 400 && (i < 70 || map.IsGrowing != growing); i++) map[i] = i;
        Assert.Equal(growing, map.IsGrowing);
        return map;
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void A_comparer_that_throws_at_any_call_leaves_the_map_as_it_was(string operation, bool growing)
    {
        Action<GuardedMap<int, int>> act = Doing[operation];
        int thrown = 0;
        for (int call = 0; ; call++)
        {
            var comparer = new ThrowingComparer();
            GuardedMap<int, int> map = Make(comparer, growing);
            Dictionary<int, int> before = Expect.Copy(map, Enumerable.Range(0, 400));
            comparer.Restart(throwAt: call);
            bool threw = false;
            try
            {
                act(map);
            }
            catch (ComparerException)
            {
                threw = true;
            }

            int calls = comparer.Calls;
            comparer.Restart(throwAt: -1);
            if (!threw)
            {
                // Past the last call: the operation ran through.
                Assert.True(calls <= call);
                map.CheckInvariants();
                break;
            }

            thrown++;
            Expect.HoldsAndIsFree(before, map, Absent);
            // The same operation goes through when tried again.
            act(map);
            map.CheckInvariants();
        }

        bool asksComparer = operation is not ("Clear" or "EnsureCapacity" or "TrimExcess");
        Assert.Equal(asksComparer, thrown > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_comparer_that_throws_at_any_call_of_a_tolerant_walk_leaves_the_walk_where_it_was(bool growing)
    {
        // Only a walk under which something was removed asks the comparer: for the hash of each key that is left.
        int thrown = 0;
        for (int call = 0; ; call++)
        {
            var comparer = new ThrowingComparer();
            GuardedMap<int, int> map = Make(comparer, growing);
            int count = map.Count;
            map[-1] = -1;
            using MapIterator<int, int> iterator = map.Iterate(IterationContract.Tolerate);
            var seen = new List<int>();
            for (int i = 0; i < 10; i++)
            {
                Assert.True(iterator.MoveNext());
                seen.Add(iterator.Current.Key);
            }

            map.Remove(-1);
            comparer.Restart(throwAt: call);
            bool threw = false;
            while (true)
            {
                try
                {
                    if (!iterator.MoveNext()) break;
                    seen.Add(iterator.Current.Key);
                }
                catch (ComparerException)
                {
                    threw = true;
                }
            }

            Assert.Equal(Enumerable.Range(0, count), seen);
            if (!threw)
            {
                // One question for each entry that was still ahead, the removed one among them.
                Assert.Equal(count + 1 - 10, thrown);
                break;
            }

            thrown++;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_factory_that_throws_leaves_the_map_as_it_was(bool growing)
    {
        Check(new IntKeys());
        Check(new CustomKeys());
        Check(new StringKeys());
        Check(new IgnoreCaseKeys());

        void Check<TKey>(KeyKind<TKey> keys)
            where TKey : notnull
        {
            Action<GuardedMap<TKey, int>>[] operations =
            [
                map => map.GetOrAdd(keys.Absent, _ => throw new ComparerException()),
                map => map.AddOrUpdate(keys.Key(5), 0, (_, _) => throw new ComparerException()),
                map => map.Update(keys.Key(5), (_, _) => throw new ComparerException()),
            ];
            foreach (Action<GuardedMap<TKey, int>> operation in operations)
            {
                GuardedMap<TKey, int> map = keys.Make(growing);
                Dictionary<TKey, int> before = keys.Copy(map);
                Assert.Throws<ComparerException>(() => operation(map));
                Expect.HoldsAndIsFree(before, map, keys.Absent);
            }
        }
    }

    [Fact]
    public void An_increment_that_cannot_be_done_leaves_the_map_as_it_was()
    {
        var map = new GuardedMap<string, object>(StringComparer.Ordinal) { ["n"] = int.MaxValue, ["s"] = "text", ["l"] = long.MaxValue };
        Assert.Equal((long)int.MaxValue + 1, map.Increment("n"));
        Assert.Throws<InvalidOperationException>(() => map.Increment("s"));
        Assert.Throws<OverflowException>(() => map.Increment("l"));
        var bytes = new GuardedMap<string, byte>(StringComparer.Ordinal) { ["b"] = 255 };
        Assert.Throws<OverflowException>(() => bytes.Increment("b"));
        Assert.Equal("text", map["s"]);
        Assert.Equal(long.MaxValue, map["l"]);
        Assert.Equal(255, bytes["b"]);
        map["new"] = 1;
        bytes["new"] = 1;
        map.CheckInvariants();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_allocation_that_fails_leaves_the_map_as_it_was(bool growing)
    {
        // 2^26 slots of 32 kB: two terabytes.
        var map = new GuardedMap<int, Huge>();
        for (int i = 0; i < (growing ? 21 : 20); i++) map[i] = new Huge { First = i };
        Assert.Equal(growing, map.IsGrowing);
        Assert.Throws<OutOfMemoryException>(() => map.EnsureCapacity(1 << 25));
        Assert.Equal(growing ? 21 : 20, map.Count);
        for (int i = 0; i < map.Count; i++) Assert.Equal(i, map[i].First);
        map.CheckInvariants();
        map[1000] = default;
        Assert.True(map.Remove(1000));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_refused_constructor_argument_names_what_is_wrong(bool viaOptions)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => viaOptions ? new GuardedMap<int, int>(new MapOptions<int> { Capacity = -1 }) : new GuardedMap<int, int>(-1));
        ArgumentOutOfRangeException contract = Assert.Throws<ArgumentOutOfRangeException>(() => new GuardedMap<int, int>(new MapOptions<int> { Contract = (IterationContract)99 }));
        Assert.Contains("Snapshot", contract.Message, StringComparison.Ordinal);
        ArgumentOutOfRangeException unleased = Assert.Throws<ArgumentOutOfRangeException>(() => new GuardedMap<int, int>(new MapOptions<int> { UnleasedContract = IterationContract.Reject }));
        Assert.Contains("lease", unleased.Message, StringComparison.Ordinal);
        ArgumentOutOfRangeException protection = Assert.Throws<ArgumentOutOfRangeException>(() => new GuardedMap<int, int>(new MapOptions<int> { Protection = (MapProtection)99 }));
        Assert.Contains("Synchronized", protection.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GuardedMap<int, int>().Iterate((IterationContract)99));
    }

    /// <summary>32 kB.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Size = 1 << 15)]
    private struct Huge
    {
        public int First;
    }
}
