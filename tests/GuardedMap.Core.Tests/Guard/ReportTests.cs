using System.Collections;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

/// <summary>OnViolation = Report: nothing is refused, nothing is lost, and what a guarded map would have refused is told with both sides.</summary>
public sealed class ReportTests
{
    private static GuardedMap<int, int> Map(IterationContract contract = IterationContract.Reject) =>
        new(new MapOptions<int> { Name = "reporting", OnViolation = ViolationResponse.Report, Contract = contract }) { [1] = 10, [2] = 20, [3] = 30 };

    [Fact]
    public void A_write_that_meets_a_write_waits_is_done_and_is_told_of()
    {
        var map = Map();
        using var waits = new ManualResetEventSlim();
        Thread other = null!;
        map.AddOrUpdate(1, 0, (_, present) =>
        {
            other = new Thread(() => map[4] = 40);
            other.Start();
            Until(() => other.ThreadState.HasFlag(ThreadState.WaitSleepJoin));
            return present + 1;
        });
        other.Join();
        Assert.Equal(40, map[4]);
        Assert.Equal(11, map[1]);
        var violation = Assert.Single(map.GetViolations());
        Assert.Equal(MapViolationKind.ConcurrentWrites, violation.Kind);
        Assert.Equal((4, MapOperation.Set, other.ManagedThreadId), (violation.Key, violation.Operation, violation.Offender.ThreadId));
        Assert.Equal((MapOperation.Update, Environment.CurrentManagedThreadId), (violation.Holder!.Operation, violation.Holder.ThreadId));
    }

    [Fact]
    public void A_lookup_and_a_copy_that_meet_a_write_wait_are_right_and_are_told_of()
    {
        var map = Map();
        Thread[] others = [];
        int found = 0;
        int copied = 0;
        map.AddOrUpdate(1, 0, (_, present) =>
        {
            others = [new Thread(() => found = map[1]), new Thread(() => copied = map.ToArray().Single(e => e.Key == 1).Value)];
            foreach (var other in others)
            {
                other.Start();
                Until(() => other.ThreadState.HasFlag(ThreadState.WaitSleepJoin));
            }

            return present + 1;
        });
        foreach (var other in others) other.Join();
        Assert.Equal((11, 11), (found, copied));
        Assert.Equal([MapOperation.Read, MapOperation.Copy], map.GetViolations().Select(v => v.Operation).Order());
        Assert.All(map.GetViolations(), v => Assert.Equal(MapViolationKind.ConcurrentReadAndWrite, v.Kind));
        Assert.All(map.GetViolations(), v => Assert.Equal(Environment.CurrentManagedThreadId, v.Holder!.ThreadId));
    }

    [Fact]
    public void A_write_in_a_loop_is_done_and_the_loop_sees_the_map_as_it_was()
    {
        var map = Map();
        var seen = new List<int>();
        foreach (var (key, value) in map)
        {
            seen.Add(value);
            if (seen.Count == 1) map[9] = 90;
            if (seen.Count == 2) map.Remove(key);
        }

        Assert.Equal([10, 20, 30], seen.Order());
        Assert.Equal(3, map.Count);
        Assert.Equal([MapOperation.Set, MapOperation.Remove], map.GetViolations().Select(v => v.Operation));
        Assert.All(map.GetViolations(), v => Assert.Equal((MapViolationKind.ConcurrentIterationAndWrite, IterationContract.Reject, MapOperation.Iterate), (v.Kind, v.Contract!.Value, v.Holder!.Operation)));
        map[10] = 100;
        Assert.Equal(2, map.ViolationCount);
    }

    [Theory]
    [InlineData(IterationContract.Reject, 2)]
    [InlineData(IterationContract.FailFast, 1)]
    [InlineData(IterationContract.Tolerate, 1)]
    [InlineData(IterationContract.Snapshot, 0)]
    [InlineData(IterationContract.Defer, 0)]
    public void What_is_told_is_what_the_contract_would_have_refused(IterationContract contract, int expected)
    {
        var map = Map(contract);
        Assert.Equal(contract, map.Contract);
        using (var it = map.Iterate())
        {
            Assert.Equal(contract, it.Contract);
            Assert.True(it.MoveNext());
            // Its own write, by the cursor, then one of its thread, then one of another.
            Assert.True(it.Entry.SetValue(5));
            map[7] = 70;
            Elsewhere.RunWell(() => map[8] = 80);
            int left = 0;
            while (it.MoveNext()) left++;
            Assert.Equal(2, left);
        }

        Assert.Equal(5, map.Count);
        Assert.Equal(expected, map.ViolationCount);
    }

    [Fact]
    public void An_enumerator_of_an_interface_is_told_of_once_where_it_would_have_failed()
    {
        var map = Map();
        int seen = 0;
        foreach (object? _ in (IEnumerable)map)
        {
            map[100 + seen++] = 1;
        }

        Assert.Equal(3, seen);
        var violation = Assert.Single(map.GetViolations());
        Assert.Equal((MapViolationKind.ConcurrentIterationAndWrite, IterationContract.FailFast), (violation.Kind, violation.Contract!.Value));
    }

    [Fact]
    public void A_copy_whose_Count_is_no_longer_true_is_of_the_moment_of_the_Count_and_is_told_of()
    {
        var map = Map();
        ICollection<KeyValuePair<int, int>> collection = map;
        var copy = new KeyValuePair<int, int>[collection.Count];
        Elsewhere.RunWell(() => map.Remove(2));
        collection.CopyTo(copy, 0);
        Assert.Equal([1, 2, 3], copy.Select(e => e.Key).Order());
        Assert.Equal(MapViolationKind.StaleCount, Assert.Single(map.GetViolations()).Kind);
    }

    [Fact]
    public void Without_an_overlap_nothing_is_told()
    {
        var map = Map();
        for (int i = 0; i < 1000; i++) map[i] = i;
        foreach (var (_, _) in map)
        {
        }

        Elsewhere.RunWell(() => map[5] = 6);
        Assert.Equal(1000, map.ToList().Count);
        Assert.Equal(0, map.ViolationCount);
        map.CheckInvariants();
    }

    [Fact]
    public void A_write_from_inside_of_a_write_is_refused_since_it_would_wait_for_itself()
    {
        var map = Map();
        var violation = Expect.Violation(MapViolationKind.ReentrantWrite, () => map.GetOrAdd(9, _ => map[8] = 1));
        Assert.Equal(8, violation.Key);
        Assert.False(map.ContainsKey(9));
        map[9] = 9;
        Assert.Equal(9, map[9]);
    }

    [Fact]
    public void A_pair_of_places_is_warned_of_once()
    {
        var warned = new List<MapViolation>();
        var before = MapHost.Warning;
        MapHost.Warning = violation =>
        {
            if (string.Equals(violation.MapName, "reporting", StringComparison.Ordinal))
            {
                lock (warned) warned.Add(violation);
            }
        };
        try
        {
            var map = Map();
            foreach (var (key, _) in map)
            {
                for (int i = 0; i < 5; i++) map[key] = i;
                map.Remove(key);
            }

            Assert.Equal(18, map.ViolationCount);
            Assert.Equal([MapOperation.Set, MapOperation.Remove], warned.Select(v => v.Operation));
        }
        finally
        {
            MapHost.Warning = before;
        }
    }

    [Fact]
    public void A_handler_may_write_to_the_map_and_what_it_hears_of_is_over()
    {
        var map = Map();
        int heard = 0;
        map.ViolationDetected += (_, violation) =>
        {
            heard++;
            map[99] = violation.Key is int key ? key : 0;
        };
        foreach (var (_, _) in map) map[50] = 1;
        Assert.True(heard > 0);
        Assert.Equal(50, map[99]);
        Assert.Equal(1, map[50]);
    }

    [Fact]
    public void Iterations_can_be_ended_by_name_and_a_dropped_one_is_not_told_of_for_ever()
    {
        var map = Map();
        var it = map.Iterate();
        it.MoveNext();
        map[4] = 4;
        Assert.Equal(1, map.ViolationCount);
        Assert.Equal(1, map.EndIterations());
        map[5] = 5;
        Assert.Equal(1, map.ViolationCount);
        Expect.Violation(MapViolationKind.IteratorDone, () => it.MoveNext());
    }

    [Fact]
    public void Four_threads_that_do_everything_lose_nothing_and_are_refused_nothing()
    {
        var map = Map();
        map.Clear();
        const int Each = 3000;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(me => new Thread(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                map[(i * 4) + me] = me;
                map.Increment(-1);
                if (i % 100 == 0)
                {
                    foreach (var (_, _) in map) map.TryGetValue(i, out _);
                }
            }
        }))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.Equal((4 * Each) + 1, map.Count);
        Assert.Equal(4 * Each, map[-1]);
        Assert.True(map.ViolationCount > 0);
        map.CheckInvariants();
    }

    [Theory]
    [InlineData(MapProtection.Synchronized)]
    [InlineData(MapProtection.None)]
    public void Only_a_guarded_map_has_something_to_report(MapProtection protection)
    {
        var error = Assert.Throws<ArgumentException>(() => new GuardedMap<int, int>(new MapOptions<int> { Protection = protection, OnViolation = ViolationResponse.Report }));
        Assert.Contains("refuses nothing that could be reported", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GuardedMap<int, int>(new MapOptions<int> { OnViolation = (ViolationResponse)7 }));
    }

    private static void Until(Func<bool> isSo)
    {
        while (!isSo()) Thread.Sleep(1);
    }
}
