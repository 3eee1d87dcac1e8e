using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Maps;

/// <summary>DetectLostUpdates of a SnapshotMap: the one thing that such a map refuses.</summary>
public sealed class SnapshotLostUpdateTests
{
    private static SnapshotMap<string, int> Map() =>
        new(new SnapshotMapOptions<string> { Name = "counts", DetectLostUpdates = true }) { ["n"] = 5, ["other"] = 1 };

    [Fact]
    public void A_set_of_what_another_has_changed_since_it_was_read_is_refused_and_recorded()
    {
        var map = Map();
        var told = new List<MapViolation>();
        map.ViolationDetected += (_, violation) => told.Add(violation);
        int read = map["n"];
        int other = 0;
        Elsewhere.RunWell(() =>
        {
            other = Environment.CurrentManagedThreadId;
            map["n"]++;
        });
        long version = map.Version;
        var violation = Expect.Violation(MapViolationKind.StaleWrite, () => map["n"] = read + 1);
        Assert.Equal(("n", MapOperation.Set, "counts"), (violation.Key, violation.Operation, violation.MapName));
        Assert.Equal(Environment.CurrentManagedThreadId, violation.Offender.ThreadId);
        Assert.Equal((other, MapOperation.Set), (violation.Holder!.ThreadId, violation.Holder.Operation));
        Assert.Contains("Increment", violation.Remedy, StringComparison.Ordinal);
        Assert.Equal((version - 1, version), (violation.VersionExpected, violation.VersionFound));
        Assert.Equal((6, version), (map["n"], map.Version));
        Assert.Same(violation, Assert.Single(told));
        Assert.Same(violation, Assert.Single(map.GetViolations()));
        Assert.Same(violation, map.LastViolation);
        Assert.Equal(1, map.ViolationCount);
        map.CheckInvariants();
    }

    [Fact]
    public void What_was_refused_is_refused_again_until_the_key_is_read_anew()
    {
        var map = Map();
        int read = map["n"];
        Elsewhere.RunWell(() => map["n"] = 100);
        Expect.Violation(MapViolationKind.StaleWrite, () => map["n"] = read + 1);
        Expect.Violation(MapViolationKind.StaleWrite, () => map["n"] = read + 1);
        map["n"] = map["n"] + 1;
        Assert.Equal(101, map["n"]);
    }

    [Fact]
    public void Check_then_act_is_the_same_race()
    {
        var map = Map();
        Assert.False(map.ContainsKey("x"));
        Elsewhere.RunWell(() => map["x"] = 1);
        Expect.Violation(MapViolationKind.StaleWrite, () => map["x"] = 2);
        Assert.True(map.TryGetValue("n", out _));
        Elsewhere.RunWell(() => map.Remove("n"));
        var violation = Expect.Violation(MapViolationKind.StaleWrite, () => map["n"] = 2);
        Assert.Equal(MapOperation.Remove, violation.Holder!.Operation);
        Assert.False(map.ContainsKey("n"));
    }

    [Fact]
    public void Writes_of_other_keys_and_one_that_left_the_same_value_disturb_nobody()
    {
        var map = Map();
        int read = map["n"];
        Elsewhere.RunWell(() =>
        {
            for (int i = 0; i < 100; i++) map["k" + i] = i;
            map["n"] = 17;
            map["n"] = read;
        });
        map["n"] = read + 1;
        Assert.Equal((6, 0L), (map["n"], map.ViolationCount));
    }

    [Fact]
    public void Any_other_write_is_never_stale_and_its_thread_has_had_its_say()
    {
        var map = Map();
        Action[] writes =
        [
            () => map.Increment("n"),
            () => map.AddOrUpdate("n", 1, (_, present) => present + 1),
            () => map.TryUpdate("n", 3, 2),
            () => map.TryAdd("n", 1),
            () => map.Remove("n"),
            () => map.Write(batch => batch["n"] = 7),
            map.Clear,
            () =>
            {
                using var iteration = map.Iterate();
                while (iteration.MoveNext()) iteration.Entry.SetValue(9);
            },
        ];
        foreach (Action write in writes)
        {
            map["n"] = 1;
            _ = map["n"];
            Elsewhere.RunWell(() => map["n"] = 2);
            write();
            Elsewhere.RunWell(() => map["n"] = 4);
            map["n"] = 5;
            Assert.Equal((5, 0L), (map["n"], map.ViolationCount));
            map.CheckInvariants();
        }
    }

    [Fact]
    public void GetOrAdd_of_a_key_that_is_there_is_a_lookup_and_of_one_that_is_missing_a_write()
    {
        var map = Map();
        Assert.Equal(5, map.GetOrAdd("n", 1));
        Assert.Equal(1, map.GetOrAdd("x", 1));
        Elsewhere.RunWell(() => map["n"] = map["x"] = 2);
        Expect.Violation(MapViolationKind.StaleWrite, () => map["n"] = 6);
        map["x"] = 3;
        Assert.Equal((2, 3), (map["n"], map["x"]));
    }

    [Fact]
    public void A_batch_and_a_clear_are_named_and_a_batch_that_wrote_nothing_is_not()
    {
        var map = Map();
        int read = map["n"];
        int other = 0;
        Elsewhere.RunWell(() =>
        {
            other = Environment.CurrentManagedThreadId;
            map.Write(batch => batch["n"] = 6);
        });
        Elsewhere.RunWell(() => map.Write(batch => batch.Remove("missing")));
        var violation = Expect.Violation(MapViolationKind.StaleWrite, () => map["n"] = read + 1);
        Assert.Equal((other, MapOperation.Update), (violation.Holder!.ThreadId, violation.Holder.Operation));
        Elsewhere.RunWell(map.Clear);
        violation = Expect.Violation(MapViolationKind.StaleWrite, () => map["n"] = read + 1);
        Assert.Equal(MapOperation.Clear, violation.Holder!.Operation);
        map["own"] = 1;
        violation = Expect.Violation(MapViolationKind.StaleWrite, () => map["n"] = read + 1);
        Assert.Null(violation.Holder);
    }

    [Fact]
    public void A_batch_whose_callback_throws_leaves_what_was_read_as_it_was()
    {
        var map = Map();
        int read = map["n"];
        Elsewhere.RunWell(() => map["n"] = 100);
        Assert.Throws<FormatException>(() => map.Write(_ => throw new FormatException()));
        Expect.Violation(MapViolationKind.StaleWrite, () => map["n"] = read + 1);
    }

    [Fact]
    public void Snapshots_that_are_taken_in_between_change_nothing()
    {
        var map = new SnapshotMap<int, int>(new SnapshotMapOptions<int> { DetectLostUpdates = true });
        for (int key = 0; key < 1000; key++) map[key] = key;
        for (int key = 0; key < 1000; key++)
        {
            int read = map[key];
            var snapshot = map.GetSnapshot();
            int refusals = key % 2;
            if (refusals > 0) Elsewhere.RunWell(() => map[key] = -1);
            if (refusals == 0) map[key] = read + 1;
            else Expect.Violation(MapViolationKind.StaleWrite, () => map[key] = read + 1);
            Assert.Equal((key, refusals > 0 ? -1 : key + 1), (snapshot[key], map.GetSnapshot()[key]));
        }

        Assert.Equal(500, map.ViolationCount);
        map.CheckInvariants();
    }

    [Fact]
    public void Counting_hot_keys_neither_begins_nor_ends_it()
    {
        var map = Map();
        map.StartHotKeys();
        map.StopHotKeys();
        int read = map["n"];
        Elsewhere.RunWell(() => map["n"] = 100);
        Expect.Violation(MapViolationKind.StaleWrite, () => map["n"] = read + 1);
        var plain = new SnapshotMap<string, int> { ["n"] = 5 };
        plain.StartHotKeys();
        read = plain["n"];
        Elsewhere.RunWell(() => plain["n"] = 100);
        plain["n"] = read + 1;
        Assert.Equal((6, 0L), (plain["n"], plain.ViolationCount));
    }

    [Fact]
    public void A_shells_map_compares_numbers_by_what_they_are_and_objects_by_which_they_are_and_so_does_its_clone()
    {
        var map = new SnapshotMap(new SnapshotMapOptions<object> { DetectLostUpdates = true, Name = "shell" }).Clone();
        var list = new List<int>();
        map["n"] = 5;
        map["list"] = list;
        object? n = map["n"];
        _ = map["list"];
        Elsewhere.RunWell(() =>
        {
            map["n"] = 7;
            map["N"] = 5;
        });
        map["n"] = (int)n! + 1;
        Elsewhere.RunWell(() => map["list"] = new List<int>());
        var violation = Expect.Violation(MapViolationKind.StaleWrite, () => ((System.Collections.IDictionary)map)["LIST"] = list);
        Assert.Equal(("shell", 6, 1L), (violation.MapName, map["n"], map.ViolationCount));
    }

    [Fact]
    public void A_traced_map_records_the_violation_and_not_the_set()
    {
        var map = new SnapshotMap<string, int>(new SnapshotMapOptions<string> { DetectLostUpdates = true, Trace = true }) { ["n"] = 5 };
        int read = map["n"];
        Elsewhere.RunWell(() => map["n"] = 6);
        Expect.Violation(MapViolationKind.StaleWrite, () => map["n"] = read + 1);
        Assert.Equal([ProbePoint.EntryInserted, ProbePoint.EntryUpdated, ProbePoint.ViolationDetected], map.GetEvents().Select(e => e.Point));
    }

    [Fact]
    public void What_is_remembered_does_not_keep_the_map()
    {
        var dropped = Dropped();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(dropped.IsAlive);

        static WeakReference Dropped()
        {
            var map = Map();
            _ = map["n"];
            return new WeakReference(map);
        }
    }

    [Fact]
    public void A_comparer_that_throws_lets_no_write_be_done()
    {
        var comparer = new CallbackComparer();
        var map = new SnapshotMap<int, int>(new SnapshotMapOptions<int> { DetectLostUpdates = true, Comparer = comparer }) { [1] = 10 };
        for (int call = 0; ; call++)
        {
            _ = map[1];
            int left = call;
            comparer.OnEquals = () =>
            {
                if (left-- == 0) throw new ComparerException();
            };
            try
            {
                map[1] = 20;
                break;
            }
            catch (ComparerException)
            {
                comparer.OnEquals = null;
                Assert.Equal(10, map[1]);
                map.CheckInvariants();
            }
        }

        comparer.OnEquals = null;
        Assert.Equal((20, 0L), (map[1], map.ViolationCount));
    }

    [Fact]
    public void Threads_that_count_by_hand_lose_nothing_that_is_not_refused()
    {
        var map = Map();
        map["n"] = 0;
        int done = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(number => new Thread(() =>
        {
            for (int i = 0; i < 3000; i++)
            {
                if (number == 0 && i % 100 == 0) _ = map.GetSnapshot().Count;
                try
                {
                    map["n"] = map["n"] + 1;
                    Interlocked.Increment(ref done);
                }
                catch (MapViolationException)
                {
                    // Not counted.
                }
            }
        }))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.Equal(done, map["n"]);
        map.CheckInvariants();
    }

    [Fact]
    public void Without_the_option_nothing_is_detected()
    {
        var map = new SnapshotMap<string, int> { ["n"] = 5 };
        Assert.False(map.DetectsLostUpdates);
        int read = map["n"];
        Elsewhere.RunWell(() => map["n"] = 100);
        map["n"] = read + 1;
        Assert.Equal((6, 0L, 0), (map["n"], map.ViolationCount, map.GetViolations().Count));
        Assert.Null(map.LastViolation);
    }
}
