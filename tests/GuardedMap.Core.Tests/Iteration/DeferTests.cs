using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Iteration;

public sealed class DeferOfIntsTests() : DeferTests<int>(new IntKeys());

public sealed class DeferOfCustomKeysTests() : DeferTests<int>(new CustomKeys());

public sealed class DeferOfStringsTests() : DeferTests<string>(new StringKeys());

public sealed class DeferOfIgnoreCaseStringsTests() : DeferTests<string>(new IgnoreCaseKeys());

/// <summary>Deferred writes: answered as if the queue had been applied, applied in order when the last lease ends.</summary>
public abstract class DeferTests<TKey>(KeyKind<TKey> keys)
    where TKey : notnull
{
    private GuardedMap<TKey, int> Map { get; } = keys.Make(growing: true);

    [Fact]
    public void Answers_are_those_of_a_map_with_the_queue_applied()
    {
        // Random writes to a handful of keys; the oracle does them at once.
        for (int seed = 0; seed < 20; seed++)
        {
            GuardedMap<TKey, int> map = keys.Make(growing: seed % 2 == 0);
            Dictionary<TKey, int> before = keys.Copy(map);
            var oracle = new Dictionary<TKey, int>(before, before.Comparer);
            var random = new Random(seed);
            using (MapIterator<TKey, int> iterator = map.Iterate(IterationContract.Defer))
            {
                iterator.MoveNext();
                for (int i = 0; i < 200; i++)
                {
                    TKey key = keys.Key(random.Next(98, 112));
                    bool exists = oracle.TryGetValue(key, out int present);
                    switch (random.Next(random.Next(12) == 0 ? 10 : 9))
                    {
                        case 0:
                            map[key] = i;
                            oracle[key] = i;
                            break;
                        case 1:
                            Assert.Equal(oracle.TryAdd(key, i), map.TryAdd(key, i));
                            break;
                        case 2:
                            Assert.Equal(oracle.Remove(key, out int was), map.Remove(key, out int got));
                            Assert.Equal(was, got);
                            break;
                        case 3:
                            int value = i;
                            Assert.Equal(exists ? present : i, map.GetOrAdd(key, _ => value));
                            oracle.TryAdd(key, i);
                            break;
                        case 4:
                            oracle[key] = exists ? present + 1 : i;
                            Assert.Equal(oracle[key], map.AddOrUpdate(key, i, (_, old) => old + 1));
                            break;
                        case 5:
                            Assert.Equal(exists, map.Update(key, (_, old) => old * 2));
                            if (exists) oracle[key] = present * 2;
                            break;
                        case 6:
                            oracle[key] = exists ? present + 7 : 7;
                            Assert.Equal(oracle[key], map.Increment(key, 7));
                            break;
                        case 7:
                            Assert.Equal(exists && present == i - 1, ((ICollection<KeyValuePair<TKey, int>>)map).Remove(new(key, i - 1)));
                            if (exists && present == i - 1) oracle.Remove(key);
                            break;
                        case 8:
                            if (exists) Assert.Throws<ArgumentException>(() => map.Add(key, i));
                            else map.Add(key, i);
                            oracle.TryAdd(key, i);
                            break;
                        default:
                            map.Clear();
                            oracle.Clear();
                            break;
                    }

                    // Reads see the map without the queue.
                    if (i % 50 == 0) Expect.Holds(before, map);
                }
            }

            Expect.HoldsAndIsFree(oracle, map, keys.Absent);
        }
    }

    [Fact]
    public void A_cursors_write_is_done_at_once_while_nothing_waits()
    {
        int count = Map.Count;
        using MapIterator<TKey, int> iterator = Map.Iterate(IterationContract.Defer);
        Assert.True(iterator.MoveNext());
        TKey first = iterator.Current.Key;
        Assert.True(iterator.Entry.SetValue(-1));
        Assert.Equal(-1, Map[first]);
        Assert.True(iterator.MoveNext());
        Assert.True(iterator.Entry.Remove());
        Assert.Equal(count - 1, Map.Count);
    }

    [Fact]
    public void A_cursors_write_neither_sets_off_the_queue_nor_overtakes_it()
    {
        Dictionary<TKey, int> before = keys.Copy(Map);
        int count = Map.Count;
        using (MapIterator<TKey, int> iterator = Map.Iterate(IterationContract.Defer))
        {
            Assert.True(iterator.MoveNext());
            Map.Clear();
            // Answered as everything is that comes after the Clear.
            Assert.False(iterator.Entry.SetValue(-1));
            Assert.Equal(count, Map.Count);
            int seen = 1;
            while (iterator.MoveNext())
            {
                Assert.Equal(before[iterator.Current.Key], iterator.Current.Value);
                if (seen++ == 1) Assert.False(iterator.Entry.Remove());
            }

            Assert.Equal(count, seen);
        }

        Assert.Empty(Map);
        Map.CheckInvariants();
    }

    [Theory]
    [InlineData(IterationContract.Defer)]
    [InlineData(IterationContract.Reject)]
    public void What_a_cursor_removes_after_a_queued_write_does_not_come_back(IterationContract contract)
    {
        MapIterator<TKey, int> iterator = Map.Iterate(contract);
        Assert.True(iterator.MoveNext());
        TKey key = iterator.Current.Key;
        if (contract == IterationContract.Defer)
        {
            Map[key] = -1;
        }
        else
        {
            // Queued for an iteration that has ended, and waiting for this one.
            iterator.Dispose();
            using MapIterator<TKey, int> deferring = Map.Iterate(IterationContract.Defer);
            Map[key] = -1;
            iterator = Map.Iterate(contract);
            while (iterator.MoveNext() && !Map.Comparer.Equals(iterator.Current.Key, key))
            {
            }
        }

        Assert.True(iterator.Entry.SetValue(-2));
        Assert.True(iterator.Entry.Remove());
        Assert.NotEqual(-2, Map[key]);
        iterator.Dispose();
        Assert.False(Map.ContainsKey(key));
        Map.CheckInvariants();
    }

    [Fact]
    public void The_queue_waits_for_the_last_lease_of_any_contract()
    {
        MapIterator<TKey, int> defer = Map.Iterate(IterationContract.Defer);
        MapIterator<TKey, int> second = Map.Iterate(IterationContract.Defer);
        MapIterator<TKey, int> tolerate = Map.Iterate(IterationContract.Tolerate);
        GuardedMap<TKey, int>.Enumerator loop = default;
        Map[keys.Absent] = 1;
        Assert.False(Map.ContainsKey(keys.Absent));
        defer.Dispose();
        Assert.False(Map.ContainsKey(keys.Absent));
        loop = Map.GetEnumerator();
        second.Dispose();
        Assert.False(Map.ContainsKey(keys.Absent));
        tolerate.Dispose();
        Assert.False(Map.ContainsKey(keys.Absent));
        loop.Dispose();
        Assert.Equal(1, Map[keys.Absent]);
        Map.CheckInvariants();
    }

    [Fact]
    public void The_queue_is_applied_when_the_last_lease_is_a_plain_loop()
    {
        GuardedMap<TKey, int>.Enumerator loop = Map.GetEnumerator();
        using (Map.Iterate(IterationContract.Defer))
        {
            // The loop's contract is Reject: it does not let a write be queued either.
            Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => Map[keys.Absent] = 1);
            loop.Dispose();
            Map[keys.Absent] = 1;
            loop = Map.GetEnumerator();
        }

        Assert.False(Map.ContainsKey(keys.Absent));
        loop.Dispose();
        Assert.Equal(1, Map[keys.Absent]);
    }

    [Fact]
    public void Under_a_Defer_and_a_Reject_lease_together_the_write_is_refused()
    {
        foreach (bool deferFirst in (bool[])[false, true])
        {
            using MapIterator<TKey, int> first = Map.Iterate(deferFirst ? IterationContract.Defer : IterationContract.Reject);
            using MapIterator<TKey, int> second = Map.Iterate(deferFirst ? IterationContract.Reject : IterationContract.Defer);
            MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => Map[keys.Key(5)] = -5);
            Assert.Equal(IterationContract.Reject, violation.Contract);
        }

        Assert.Equal(5, Map[keys.Key(5)]);
    }

    [Fact]
    public void Under_a_Defer_and_a_Tolerate_lease_together_the_write_is_queued_and_kept_in_order()
    {
        using (MapIterator<TKey, int> tolerate = Map.Iterate(IterationContract.Tolerate))
        {
            Assert.True(tolerate.MoveNext());
            using (Map.Iterate(IterationContract.Defer)) Map[keys.Key(5)] = -5;
            Assert.Equal(5, Map[keys.Key(5)]);
            // The tolerated write comes later than the queued one, so that one is due now.
            Assert.Equal(-4, Map.Increment(keys.Key(5)));
            Assert.Equal(-4, Map[keys.Key(5)]);
        }

        Assert.Equal(-4, Map[keys.Key(5)]);
    }

    [Fact]
    public void A_lease_ended_by_another_thread_applies_the_queue_there()
    {
        MapIterator<TKey, int> iterator = Map.Iterate(IterationContract.Defer);
        Assert.True(iterator.MoveNext());
        Map[keys.Absent] = 1;
        Elsewhere.RunWell(iterator.Dispose);
        Assert.Equal(1, Map[keys.Absent]);
        Map.CheckInvariants();
    }

    [Fact]
    public void A_queue_long_enough_to_grow_the_table_several_times_is_applied_as_a_whole()
    {
        Dictionary<TKey, int> expected = keys.Copy(Map);
        using (MapIterator<TKey, int> iterator = Map.Iterate(IterationContract.Defer))
        {
            for (int i = 1000; i < 3000; i++)
            {
                Map.Add(keys.Key(i), i);
                expected.Add(keys.Key(i), i);
            }

            Assert.Equal(81, Map.Count);
        }

        Expect.HoldsAndIsFree(expected, Map, keys.Absent);
    }

    [Fact]
    public void Queueing_a_write_spends_no_version_and_applying_spends_one()
    {
        long version = Map.Version;
        using IEnumerator<TKey> unleased = Map.Keys.GetEnumerator();
        Assert.True(unleased.MoveNext());
        using (Map.Iterate(IterationContract.Defer))
        {
            Map[keys.Key(5)] = -5;
            Map[keys.Key(6)] = -6;
            Assert.Equal(version, Map.Version);
            Assert.True(unleased.MoveNext());
        }

        Assert.Equal(version + 1, Map.Version);
        MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => unleased.MoveNext());
        Assert.Equal(MapOperation.ApplyDeferred, violation.Holder?.Operation);
    }

    [Fact]
    public void A_write_that_changes_nothing_but_finds_a_queue_left_over_is_a_change_all_the_same()
    {
        GuardedMap<TKey, int> map = keys.Make(growing: false);
        using MapIterator<TKey, int> tolerate = map.Iterate(IterationContract.Tolerate);
        Assert.True(tolerate.MoveNext());
        using (map.Iterate(IterationContract.Defer)) map[keys.Key(5)] = -5;
        using MapIterator<TKey, int> failFast = map.Iterate(IterationContract.FailFast);
        Assert.True(failFast.MoveNext());
        Assert.False(map.TryAdd(keys.Key(6), -6));
        Assert.Equal(-5, map[keys.Key(5)]);
        Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => failFast.MoveNext());
    }

    [Fact]
    public void A_factory_of_a_deferred_write_runs_once_and_sees_the_value_the_queue_will_have_made()
    {
        int calls = 0;
        using (Map.Iterate(IterationContract.Defer))
        {
            Map[keys.Key(5)] = 50;
            Assert.Equal(51, Map.AddOrUpdate(keys.Key(5), 0, (_, value) =>
            {
                calls++;
                Assert.Equal(5, Map[keys.Key(5)]);
                return value + 1;
            }));
        }

        Assert.Equal(51, Map[keys.Key(5)]);
        Assert.Equal(1, calls);
    }

    [Fact]
    public void A_write_from_inside_a_deferred_writes_factory_gets_ReentrantWrite()
    {
        using (MapIterator<TKey, int> iterator = Map.Iterate(IterationContract.Defer))
        {
            Assert.True(iterator.MoveNext());
            Assert.Equal(6, Map.AddOrUpdate(keys.Key(5), 0, (_, value) =>
            {
                MapViolation violation = Expect.Violation(MapViolationKind.ReentrantWrite, () => Map[keys.Key(5)] = 100);
                Assert.Equal(MapOperation.Update, violation.Holder?.Operation);
                Expect.Violation(MapViolationKind.ReentrantWrite, () => Map.Clear());
                Expect.Violation(MapViolationKind.ReentrantWrite, () => iterator.Entry.Remove());
                return value + 1;
            }));
            Map[keys.Key(6)] = 7;
        }

        Assert.Equal(6, Map[keys.Key(5)]);
        Assert.Equal(7, Map[keys.Key(6)]);
        Assert.Equal(81, Map.Count);
    }

    [Fact]
    public void A_factory_of_a_deferred_write_that_throws_queues_nothing()
    {
        Dictionary<TKey, int> before = keys.Copy(Map);
        using (Map.Iterate(IterationContract.Defer))
        {
            Assert.Throws<ComparerException>(() => Map.GetOrAdd(keys.Absent, _ => throw new ComparerException()));
            Assert.Throws<ComparerException>(() => Map.Update(keys.Key(5), (_, _) => throw new ComparerException()));
            // And the door is open again.
            Map[keys.Key(6)] = 7;
        }

        before[keys.Key(6)] = 7;
        Expect.HoldsAndIsFree(before, Map, keys.Absent);
    }

    [Fact]
    public void While_one_thread_makes_up_a_deferred_write_another_threads_write_is_refused_and_reads_and_loops_go_on()
    {
        using (MapIterator<TKey, int> iterator = Map.Iterate(IterationContract.Defer))
        {
            Assert.True(iterator.MoveNext());
            using (HeldThread holder = keys.HoldWrite(Map))
            {
                MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentWrites, () => Map[keys.Key(5)] = -5);
                Assert.Equal(holder.ThreadId, violation.Holder?.ThreadId);
                Assert.Equal(MapOperation.Update, violation.Holder?.Operation);
                Expect.Violation(MapViolationKind.ConcurrentWrites, () => iterator.Entry.SetValue(-1));
                Assert.Equal(5, Map[keys.Key(5)]);
                Assert.True(iterator.MoveNext());
                using MapIterator<TKey, int> other = Map.Iterate(IterationContract.Reject);
                Assert.True(other.MoveNext());
            }
        }

        Assert.Equal(200, Map[keys.Key(200)]);
        Assert.Equal(5, Map[keys.Key(5)]);
    }

    [Fact]
    public void A_lease_that_ends_while_a_deferred_write_is_made_up_leaves_the_queue_to_that_write()
    {
        MapIterator<TKey, int> iterator = Map.Iterate(IterationContract.Defer);
        Map[keys.Key(5)] = -5;
        using (HeldThread holder = keys.HoldWrite(Map))
        {
            iterator.Dispose();
            Assert.Equal(5, Map[keys.Key(5)]);
            // No lease any more, but a write under way: it is met like any other.
            MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentWrites, () => Map[keys.Key(6)] = -6);
            Assert.Equal(holder.ThreadId, violation.Holder?.ThreadId);
            Expect.Violation(MapViolationKind.ConcurrentWrites, () => Map.TrimExcess());
        }

        Assert.Equal(-5, Map[keys.Key(5)]);
        Assert.Equal(200, Map[keys.Key(200)]);
        Map[keys.Key(6)] = -6;
        Assert.Equal(-6, Map[keys.Key(6)]);
        Map.CheckInvariants();
    }

    [Fact]
    public void GetOrAdd_of_a_key_whose_removal_is_queued_adds_it()
    {
        using (Map.Iterate(IterationContract.Defer))
        {
            Assert.True(Map.Remove(keys.Key(5)));
            Assert.Equal(-5, Map.GetOrAdd(keys.Key(5), -5));
            Assert.False(Map.TryAdd(keys.Key(5), 0));
            Map.Clear();
            Assert.Equal(-6, Map.GetOrAdd(keys.Key(6), _ => -6));
        }

        Assert.Single(Map);
        Assert.Equal(-6, Map[keys.Key(6)]);
    }
}

/// <summary>A comparer that throws while the queue is made or applied.</summary>
public sealed class DeferredComparerTests
{
    [Fact]
    public void A_comparer_that_throws_while_a_write_is_queued_queues_nothing_and_while_it_is_applied_drops_that_write_and_reports_it()
    {
        int refused = 0;
        int dropped = 0;
        for (int call = 0; call < 400; call++)
        {
            var comparer = new ThrowingComparer();
            var map = new GuardedMap<int, int>(comparer);
            for (int i = 0; i < 30; i++) map[i] = i;
            (int Key, Action<IDictionary<int, int>> Do)[] writes = [(3, m => m[3] = -3), (4, m => m.Remove(4)), (50, m => m[50] = 50), (3, m => m[3] = -33), (60, m => m[60] = 60)];
            var queued = new List<(int Key, Action<IDictionary<int, int>> Do)>();
            comparer.Restart(throwAt: call);
            MapIterator<int, int> iterator = map.Iterate(IterationContract.Defer);
            foreach (var write in writes)
            {
                try
                {
                    write.Do(map);
                    queued.Add(write);
                }
                catch (ComparerException)
                {
                    refused++;
                }
            }

            MapViolation? reported = null;
            try
            {
                iterator.Dispose();
            }
            catch (MapViolationException e)
            {
                dropped++;
                reported = e.Violation;
                Assert.Equal(MapViolationKind.DeferredWriteFailed, e.Kind);
                Assert.IsType<ComparerException>(e.InnerException);
                Assert.Same(e.InnerException, reported.Cause);
                Assert.Equal(Environment.CurrentManagedThreadId, e.Offender.ThreadId);
                Assert.Same(reported, map.LastViolation);
            }

            comparer.Restart(throwAt: -1);
            map.CheckInvariants();
            Dictionary<int, int> holds = Expect.Copy(map, Enumerable.Range(0, 100));
            // Exactly one write is missing, and its key is the one named; the others were applied in their order.
            var candidates = reported is null ? [queued] : Enumerable.Range(0, queued.Count).Where(at => queued[at].Key == (int)reported.Key!).Select(at => queued.Where((_, i) => i != at).ToList());
            Assert.Contains(candidates, rest => Holds(rest, holds));
            Expect.HoldsAndIsFree(holds, map, 99);
        }

        Assert.True(refused > 20, "no call while queueing was hit");
        Assert.True(dropped > 20, "no call while applying was hit");

        static bool Holds(IEnumerable<(int Key, Action<IDictionary<int, int>> Do)> applied, Dictionary<int, int> holds)
        {
            var oracle = Enumerable.Range(0, 30).ToDictionary(i => i);
            foreach (var write in applied) write.Do(oracle);
            return oracle.Count == holds.Count && oracle.All(e => holds.TryGetValue(e.Key, out int value) && value == e.Value);
        }
    }

    [Theory]
    [InlineData("set")]
    [InlineData("Clear")]
    [InlineData("Remove")]
    public void A_write_that_finds_a_queue_whose_comparer_throws_is_told_of_it_and_goes_through_the_next_time(string operation)
    {
        var comparer = new CallbackComparer();
        var map = new GuardedMap<int, int>(comparer) { [1] = 1, [2] = 2 };
        Action write = operation switch
        {
            "set" => () => map[5] = 5,
            "Clear" => map.Clear,
            _ => () => map.Remove(1),
        };
        // The iterator is dropped and collected, so it is the next write that finds the queue.
        Elsewhere.RunWell(() => QueueAndDrop(map));
        GC.Collect();
        comparer.OnHash = () => throw new ComparerException();
        MapViolation violation = Expect.Violation(MapViolationKind.DeferredWriteFailed, write);
        comparer.OnHash = null;
        Assert.Equal(7, violation.Key);
        Assert.Equal(2, map.ViolationCount);
        Assert.Equal([7, 8], map.GetViolations().Select(v => (int)v.Key!));
        Assert.Contains("was dropped", violation.Remedy, StringComparison.Ordinal);
        // Refused: it has left no trace.
        Assert.Equal(2, map.Count);
        write();
        Assert.Equal(operation switch { "set" => 3, "Clear" => 0, _ => 1 }, map.Count);
        map.CheckInvariants();
    }

    [Fact]
    public void A_write_that_is_queued_is_done_whatever_becomes_of_the_others_and_who_asked_for_those_is_told()
    {
        var comparer = new CallbackComparer();
        var map = new GuardedMap<int, int>(comparer) { [1] = 1, [2] = 2 };
        MapIterator<int, int> iterator = map.Iterate(IterationContract.Defer);
        map[7] = 7;
        bool fails = false;
        comparer.OnHash = () =>
        {
            if (fails && new System.Diagnostics.StackTrace().ToString().Contains("ApplyDeferred", StringComparison.Ordinal))
            {
                fails = false;
                throw new ComparerException();
            }
        };
        Elsewhere.RunWell(() =>
        {
            // The last lease ends while this write is made up, so it is this thread that applies the queue.
            map.AddOrUpdate(2, _ => 0, (_, present) =>
            {
                Elsewhere.RunWell(iterator.Dispose);
                fails = true;
                return present + 10;
            });
        });
        comparer.OnHash = null;
        MapViolation violation = Expect.Violation(MapViolationKind.DeferredWriteFailed, () => map[3] = 3);
        Assert.Equal(7, violation.Key);
        Assert.False(map.ContainsKey(3));
        Assert.False(map.ContainsKey(7));
        Assert.Equal(12, map[2]);
        Assert.Equal(1, map.ViolationCount);
        map.CheckInvariants();
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void QueueAndDrop(GuardedMap<int, int> map)
    {
        MapIterator<int, int> dropped = map.Iterate(IterationContract.Defer);
        map[7] = 7;
        map[8] = 8;
        GC.KeepAlive(dropped);
    }
}
