using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

/// <summary>Protection Synchronized: who conflicts waits, readers and iterations never fail, waiting for oneself is still refused.</summary>
public sealed class SynchronizedTests
{
    public static TheoryData<bool, bool> Tables => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    private static GuardedMap<int, int> Make(bool custom, bool growing) =>
        (custom ? (KeyKind<int>)new CustomKeys() : new IntKeys()).Make(growing, options => options with { Protection = MapProtection.Synchronized });

    private static HeldThread HoldWrite(GuardedMap<int, int> map) => new(hold => map.GetOrAdd(200, _ =>
    {
        hold();
        return 200;
    }));

    /// <summary>Starts something that must wait for the held write, sees it wait, and lets both end.</summary>
    private static void WaitsFor(HeldThread holder, Action action)
    {
        var waiter = new Thread(() => action()) { IsBackground = true };
        waiter.Start();
        // Blocked on the lock: only then may the holder go on. (Were it not to wait, it would end, and never be in this state.)
        Assert.True(SpinWait.SpinUntil(() => waiter.ThreadState.HasFlag(ThreadState.WaitSleepJoin) || !waiter.IsAlive, HeldThread.Hang));
        Assert.True(waiter.IsAlive, "it did not wait");
        Assert.Null(holder.Release());
        Assert.True(waiter.Join(HeldThread.Hang), "it waits for ever");
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_write_waits_for_another_threads_write(bool custom, bool growing)
    {
        GuardedMap<int, int> map = Make(custom, growing);
        using HeldThread holder = HoldWrite(map);
        int incremented = 0;
        WaitsFor(holder, () => incremented = map.Increment(200));
        Assert.Equal(201, incremented);
        Assert.Equal(201, map[200]);
        Assert.Null(map.LastViolation);
        map.CheckInvariants();
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_read_waits_for_another_threads_write(bool custom, bool growing)
    {
        GuardedMap<int, int> map = Make(custom, growing);
        using HeldThread holder = HoldWrite(map);
        int value = 0;
        WaitsFor(holder, () => value = map[200]);
        Assert.Equal(200, value);
        Assert.Null(map.LastViolation);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void An_iteration_waits_to_begin_and_then_sees_what_was_written(bool custom, bool growing)
    {
        GuardedMap<int, int> map = Make(custom, growing);
        using HeldThread holder = HoldWrite(map);
        var seen = new List<int>();
        WaitsFor(holder, () =>
        {
            foreach (KeyValuePair<int, int> entry in map) seen.Add(entry.Key);
        });
        Assert.Contains(200, seen);
        Assert.Equal(map.Count, seen.Count);
        Assert.Null(map.LastViolation);
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Another_contract_than_Snapshot_is_refused_and_the_one_in_force_is_named(bool custom, bool growing)
    {
        GuardedMap<int, int> map = Make(custom, growing);
        foreach (IterationContract contract in ContractRule.Guarded.Where(c => c != IterationContract.Snapshot))
        {
            foreach (Action begin in (Action[])[() => map.Iterate(contract), () => map.CreateIterator(contract), () => ((IMap)map).Iterate(contract)])
            {
                ArgumentException refused = Assert.ThrowsAny<ArgumentException>(begin);
                Assert.Contains($"has protection Synchronized, under which every iteration has the contract Snapshot, and {contract} was asked for", refused.Message, StringComparison.Ordinal);
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => map.Iterate((IterationContract)99));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Every_iteration_is_a_snapshot_and_the_map_says_so(bool custom, bool growing)
    {
        foreach (IterationContract? contract in (IterationContract?[])[null, IterationContract.Snapshot])
        {
            GuardedMap<int, int> map = Make(custom, growing);
            Assert.Equal((IterationContract.Snapshot, IterationContract.Snapshot), (map.Contract, map.UnleasedContract));
            int count = map.Count;
            using MapIterator<int, int> iterator = map.Iterate(contract);
            Assert.Equal(IterationContract.Snapshot, iterator.Contract);
            using IEnumerator<int> keys = map.Keys.GetEnumerator();
            Assert.True(iterator.MoveNext() && keys.MoveNext());
            map[5] = -5;
            map.Remove(6);
            for (int i = 300; i < 400; i++) map[i] = i;
            var seen = new Dictionary<int, int> { [iterator.Current.Key] = iterator.Current.Value };
            while (iterator.MoveNext()) seen.Add(iterator.Current.Key, iterator.Current.Value);
            var seenKeys = new HashSet<int> { keys.Current };
            while (keys.MoveNext()) Assert.True(seenKeys.Add(keys.Current));
            Assert.Equal(Enumerable.Range(0, count), seen.Keys.Order());
            Assert.Equal(Enumerable.Range(0, count), seenKeys.Order());
            Assert.All(seen, entry => Assert.Equal(entry.Key, entry.Value));
            Assert.Equal(-5, map[5]);
            Assert.Equal(count + 99, map.Count);
            map.CheckInvariants();
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_write_or_an_iteration_from_inside_a_factory_is_still_refused(bool custom, bool growing)
    {
        GuardedMap<int, int> map = Make(custom, growing);
        int count = map.Count;
        map.AddOrUpdate(5, 0, (_, value) =>
        {
            Assert.Equal(6, map[6]);
            Expect.Violation(MapViolationKind.ReentrantWrite, () => map[6] = -6);
            Expect.Violation(MapViolationKind.ReentrantWrite, () => map.Clear());
            Expect.Violation(MapViolationKind.ReentrantWrite, () => map.Iterate().Dispose());
            Expect.Violation(MapViolationKind.ReentrantWrite, () => map.GetEnumerator().Dispose());
            return -value;
        });
        Assert.Equal(-5, map[5]);
        Assert.Equal(6, map[6]);
        Assert.Equal(count, map.Count);
        // The lock is free again: another thread gets it.
        Elsewhere.RunWell(() => map[6] = -6);
        Assert.Equal(-6, map[6]);
    }

    [Fact]
    public void A_factory_that_throws_gives_the_lock_back()
    {
        GuardedMap<int, int> map = Make(custom: false, growing: false);
        Assert.Throws<ComparerException>(() => map.GetOrAdd(200, _ => throw new ComparerException()));
        Elsewhere.RunWell(() => map[200] = 1);
        Assert.Equal(1, map[200]);
    }

    [Fact]
    public void A_lookup_whose_own_comparer_writes_is_still_refused()
    {
        var comparer = new CallbackComparer();
        var map = new GuardedMap<int, int>(new MapOptions<int> { Comparer = comparer, Protection = MapProtection.Synchronized });
        for (int i = 0; i < 10; i++) map[i] = i;
        int writes = 0;
        comparer.OnEquals = () =>
        {
            Action callback = comparer.OnEquals!;
            comparer.OnEquals = null;
            map[100 + writes++] = 0;
            comparer.OnEquals = callback;
        };
        Expect.Violation(MapViolationKind.ReentrantRead, () => map.ContainsKey(3));
        comparer.OnEquals = null;
        Elsewhere.RunWell(() => map[3] = -3);
        Assert.Equal(-3, map[3]);
        Assert.Equal(10 + writes, map.Count);
        map.CheckInvariants();
    }

    [Fact]
    public void Increments_by_several_threads_lose_nothing_and_readers_and_loops_never_fail()
    {
        GuardedMap<int, int> map = Make(custom: false, growing: false);
        map.Clear();
        const int Threads = 4;
        const int Increments = 3000;
        using var start = new Barrier(Threads + 1);
        int writing = Threads;
        int total = 0;
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            for (int i = 0; i < Increments; i++) map.Increment(i % 50);
            Interlocked.Decrement(ref writing);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        start.SignalAndWait();
        do
        {
            int sum = 0;
            int last = -1;
            foreach (KeyValuePair<int, int> entry in map) sum += entry.Value;
            map.TryGetValue(7, out last);
            Assert.InRange(sum, total, Threads * Increments);
            Assert.InRange(last, 0, Threads * Increments / 50);
            total = sum;
        }
        while (Volatile.Read(ref writing) > 0);
        threads.ForEach(thread => Assert.True(thread.Join(HeldThread.Hang)));
        Assert.All(map, entry => Assert.Equal(Threads * Increments / 50, entry.Value));
        Assert.Null(map.LastViolation);
        map.CheckInvariants();
    }
}
