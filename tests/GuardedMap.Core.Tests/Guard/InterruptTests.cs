using System.Reflection;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

/// <summary>An interrupt comes before an operation or after it, and never in between: each test holds the lock that the operation needs to finish, interrupts it there, and lets it go on.</summary>
public sealed class InterruptTests
{
    private const BindingFlags Hidden = BindingFlags.NonPublic | BindingFlags.Instance;

    public static TheoryData<IterationContract> Leased => [.. ContractRule.Guarded.Where(c => c != IterationContract.FailFast)];

    /// <summary>Runs something that has to wait for a lock, interrupts it while it waits, and lets it come to its end.</summary>
    /// <returns>What it threw; a <see cref="ThreadInterruptedException"/> of the thread's next wait after it is no part of that.</returns>
    private static Exception? Interrupted(object held, Action act, out bool interruptCame)
    {
        Exception? thrown = null;
        bool came = false;
        var thread = new Thread(() =>
        {
            try
            {
                act();
            }
            catch (Exception e)
            {
                thrown = e;
            }

            try
            {
                Thread.Sleep(0);
                Thread.Sleep(1);
            }
            catch (ThreadInterruptedException)
            {
                came = true;
            }
        })
        { IsBackground = true };
        lock (held)
        {
            thread.Start();
            // It waits: that is a state, and it stays in it as long as the lock is held.
            Assert.True(SpinWait.SpinUntil(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), HeldThread.Hang), "the operation does not come to the lock");
            thread.Interrupt();
            // Given the time to fail, had it been woken up; if it is still there when the lock is free, it goes on.
            thread.Join(20);
        }

        Assert.True(thread.Join(HeldThread.Hang), "the operation does not end");
        interruptCame = came;
        return thrown;
    }

    private static object GateLock(GuardedMap<int, int> map)
    {
        object gate = typeof(GuardedMapBase<int, int>).GetProperty("Gate", Hidden)!.GetValue(map)!;
        return gate.GetType().GetProperty("Lock")!.GetValue(gate)!;
    }

    [Theory]
    [MemberData(nameof(Leased))]
    public void A_lease_ends_although_its_thread_is_interrupted_and_the_interrupt_comes_afterwards(IterationContract contract)
    {
        var map = new GuardedMap<int, int>(new PlainComparer());
        for (int i = 0; i < 20; i++) map[i] = i;
        MapIterator<int, int> iterator = map.Iterate(contract);
        Assert.True(iterator.MoveNext());
        if (contract == IterationContract.Defer) map[50] = 50;
        Assert.Null(Interrupted(GateLock(map), iterator.Dispose, out bool came));
        Assert.True(came, "the interrupt was swallowed");
        map[5] = -5;
        Assert.Equal(-5, map[5]);
        Assert.Equal(contract == IterationContract.Defer, map.ContainsKey(50));
        Assert.Null(map.LastViolation);
        map.CheckInvariants();
    }

    [Fact]
    public void An_iteration_that_comes_to_its_end_gives_its_lease_back_although_its_thread_is_interrupted()
    {
        var map = new GuardedMap<int, int>(new MapOptions<int> { Contract = IterationContract.Defer }) { [1] = 1 };
        MapIterator<int, int> iterator = map.Iterate();
        Assert.True(iterator.MoveNext());
        map[2] = 2;
        bool more = true;
        Assert.Null(Interrupted(GateLock(map), () => more = iterator.MoveNext(), out bool came));
        Assert.True(came && !more);
        Assert.Equal(2, map[2]);
    }

    [Fact]
    public void Ending_iterations_by_name_is_not_interrupted_half_way()
    {
        var map = new GuardedMap<int, int> { [1] = 1 };
        MapIterator<int, int> iterator = map.Iterate(IterationContract.Defer);
        map[2] = 2;
        Assert.Null(Interrupted(GateLock(map), () => map.EndIterations(), out bool came));
        Assert.True(came);
        Assert.Equal(2, map[2]);
        GC.KeepAlive(iterator);
    }

    [Fact]
    public void A_write_that_waits_for_its_turn_under_Synchronized_is_interrupted_before_it_has_begun()
    {
        var map = new GuardedMap<int, int>(new MapOptions<int> { Protection = MapProtection.Synchronized }) { [1] = 1 };
        using (HeldThread writer = new(hold => map.GetOrAdd(2, _ =>
        {
            hold();
            return 2;
        })))
        {
            object writeLock = ((System.Collections.ICollection)map).SyncRoot;
            Exception? thrown = null;
            var thread = new Thread(() =>
            {
                try
                {
                    map[1] = -1;
                }
                catch (ThreadInterruptedException e)
                {
                    thrown = e;
                }
            })
            { IsBackground = true };
            thread.Start();
            Assert.True(SpinWait.SpinUntil(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), HeldThread.Hang));
            thread.Interrupt();
            Assert.True(thread.Join(HeldThread.Hang));
            Assert.NotNull(thrown);
            Assert.False(Monitor.IsEntered(writeLock));
        }

        Assert.Equal((1, 2), (map[1], map[2]));
        map[1] = -1;
    }

    [Theory]
    [InlineData("Remove")]
    [InlineData("Clear")]
    public void A_SyncMap_counts_right_although_the_thread_is_interrupted_at_an_entrys_own_lock(string operation)
    {
        var map = new SyncMap<int, long>();
        for (int i = 0; i < 10; i++) map[i] = i;
        // Half of them are known to the read part, the other half to the dirty one alone.
        foreach (KeyValuePair<int, long> _ in (IEnumerable<KeyValuePair<int, long>>)map) break;
        for (int i = 10; i < 20; i++) map[i] = i;
        foreach (int key in (int[])[5, 15])
        {
            object entry = EntryOf(map, key);
            Action act = operation == "Clear" ? map.Clear : () => Assert.True(map.Remove(key));
            Assert.Null(Interrupted(entry, act, out bool came));
            Assert.True(came, "the interrupt was swallowed");
            map.CheckInvariants();
            Assert.Equal(map.Count, ((IEnumerable<KeyValuePair<int, long>>)map).Select(static e => e.Key).Count());
            Assert.False(map.ContainsKey(key));
            if (operation == "Clear") break;
        }
    }

    private static object EntryOf(SyncMap<int, long> map, int key)
    {
        Type of = typeof(SyncMapBase<int, long>);
        object read = of.GetField("_read", Hidden)!.GetValue(map)!;
        object? dirty = of.GetField("_dirty", Hidden)!.GetValue(map);
        object[] slots = [read.GetType().GetField("Slots")!.GetValue(read)!, .. dirty is null ? Array.Empty<object>() : [dirty.GetType().GetField("_slots", Hidden)!.GetValue(dirty)!]];
        return slots.SelectMany(s => ((SyncSlots<int, long>)s).Entries).First(e => e is not null && e.Key == key)!;
    }

    [Fact]
    public void An_uninterrupted_lock_is_had_and_let_go_and_gives_the_interrupt_back()
    {
        object on = new();
        bool had = false;
        Assert.Null(Interrupted(on, () =>
        {
            using (Uninterrupted.Lock(on)) had = Monitor.IsEntered(on);
            Assert.False(Monitor.IsEntered(on));
        }, out bool came));
        Assert.True(had && came);
        Elsewhere.RunWell(() =>
        {
            Thread.CurrentThread.Interrupt();
            var spin = default(SpinWait);
            for (int i = 0; i < 100; i++) Uninterrupted.SpinOnce(ref spin);
            Assert.Throws<ThreadInterruptedException>(() => Thread.Sleep(1));
        });
    }

    /// <summary>Whoever adds a lock or a wait to the core has to say what an interrupt there would leave behind: nothing, or it is uninterrupted.</summary>
    [Fact]
    public void Every_wait_in_the_core_is_uninterrupted_or_on_the_way_in()
    {
        // On the way in: nothing has been done when the wait ends with an interrupt.
        string[] onTheWayIn =
        [
            "Guard/Uninterrupted.cs",
            "GuardedMap.Deferral.cs: lock (Gate.Lock)", // TryDefer: before the mark is set.
            "GuardedMap.Guard.cs: lock (Gate.Lock)", // TryEnter, ThrowIfLatched: before the map is taken, before a latched violation is.
            "GuardedMap.Guard.cs: lock (Gate.WriteLock)", // Lookups.
            "GuardedMap.Guard.cs: spin.SpinOnce();", // A lookup that waits for a writer.
            "GuardedMap.Iteration.cs: lock (Gate.Lock)", // Register, Freeze: before the lease, before the arrays are frozen.
            "GuardedMap.Reporting.cs: Monitor.Enter(Gate.WriteLock, ref locked);", // Whoever takes a turn.
            "Maps/SyncMap.cs: Monitor.Enter(_lock);",
            "Maps/Snapshots/SnapshotTree.cs: lock (_writers)",
            "Observation/HotKeySampler.cs: lock (_lock)", // A report.
        ];
        string core = Path.Combine(Repository(), "src", "GuardedMap.Core");
        string[] waits = ["lock (", "Monitor.Enter(", "Monitor.Wait(", ".SpinOnce(", "Thread.Sleep(", ".Join()", ".Wait("];
        var found = Directory.EnumerateFiles(core, "*.cs", SearchOption.AllDirectories)
            .Select(f => (Name: Path.GetRelativePath(core, f).Replace('\\', '/'), Path: f))
            .Where(f => !f.Name.StartsWith("obj/", StringComparison.Ordinal) && !f.Name.StartsWith("bin/", StringComparison.Ordinal) && !onTheWayIn.Contains(f.Name))
            .SelectMany(f => File.ReadLines(f.Path).Select(line => line.Trim()).Where(line => !line.StartsWith("//", StringComparison.Ordinal)).Select(line => (f.Name, Line: line)))
            .Where(f => waits.Any(w => f.Line.Contains(w, StringComparison.Ordinal)) && !f.Line.Contains("Uninterrupted.", StringComparison.Ordinal))
            .Select(f => $"{f.Name}: {f.Line}")
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        Assert.Equal(onTheWayIn.Skip(1).Order(StringComparer.Ordinal), found);
    }

    private static string Repository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "GuardedMap.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository: no GuardedMap.slnx above " + AppContext.BaseDirectory);
    }
}
