using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

public sealed class GuardTableOfIntsTests() : GuardTableTests<int>(new IntKeys());

public sealed class GuardTableOfSharedIntsTests() : GuardTableTests<int>(new IntKeys { Shared = true });

public sealed class GuardTableOfSharedStringsTests() : GuardTableTests<string>(new StringKeys { Shared = true });

public sealed class GuardTableOfCustomKeysTests() : GuardTableTests<int>(new CustomKeys());

public sealed class GuardTableOfStringsTests() : GuardTableTests<string>(new StringKeys());

public sealed class GuardTableOfIgnoreCaseStringsTests() : GuardTableTests<string>(new IgnoreCaseKeys());

/// <summary>
/// What arrives, by what is under way: every cell of the guard's table, on real threads and from inside callbacks, for a table at rest
/// and for one in the middle of its growth.
/// </summary>
public abstract class GuardTableTests<TKey>(KeyKind<TKey> keys)
    where TKey : notnull
{
    private static void Done(GuardedMap<TKey, int> map, MapViolation violation)
    {
        Assert.Same(violation, map.LastViolation);
        Assert.Equal(map.Name, violation.MapName);
    }

    // Arrives: a write.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_write_that_meets_another_threads_write_gets_ConcurrentWrites(bool growing)
    {
        foreach ((string name, Action<GuardedMap<TKey, int>> write) in keys.Writes)
        {
            GuardedMap<TKey, int> map = keys.Make(growing);
            Dictionary<TKey, int> expected = keys.Copy(map);
            using (HeldThread holder = keys.HoldWrite(map))
            {
                MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentWrites, () => write(map));
                Done(map, violation);
                Assert.Equal(holder.ThreadId, violation.Holder?.ThreadId);
                Assert.Equal(MapOperation.Update, violation.Holder?.Operation);
                Assert.Equal(Environment.CurrentManagedThreadId, violation.Offender.ThreadId);
            }

            // The write that was there first went through; the refused one left no trace.
            expected.Add(keys.Key(200), 200);
            Expect.HoldsAndIsFree(expected, map, keys.Absent);
            Assert.True(name.Length > 0);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_meets_the_write_of_the_thread_that_made_the_map_gets_the_same_errors(bool growing)
    {
        GuardedMap<TKey, int>? map = null;
        Dictionary<TKey, int>? expected = null;
        using (HeldThread maker = new(hold =>
        {
            map = keys.Make(growing);
            expected = keys.Copy(map);
            map.GetOrAdd(keys.Key(200), _ =>
            {
                hold();
                return 200;
            });
        }))
        {
            foreach ((string name, Action<GuardedMap<TKey, int>> write) in keys.Writes)
            {
                MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentWrites, () => write(map!));
                Assert.True(maker.ThreadId == violation.Holder?.ThreadId, name);
            }

            foreach ((string name, Func<GuardedMap<TKey, int>, int> read) in keys.Lookups)
            {
                MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentReadAndWrite, () => read(map!));
                Assert.True(maker.ThreadId == violation.Holder?.ThreadId, name);
            }

            foreach ((string name, Action<GuardedMap<TKey, int>> start) in keys.Starts)
            {
                MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => start(map!));
                Assert.True(maker.ThreadId == violation.Holder?.ThreadId, name);
            }
        }

        expected!.Add(keys.Key(200), 200);
        Expect.HoldsAndIsFree(expected, map!, keys.Absent);
        Elsewhere.RunWell(() => Expect.HoldsAndIsFree(expected, map!, keys.Absent));
    }

    [Theory]
    [InlineData(false, "GetOrAdd")]
    [InlineData(true, "GetOrAdd")]
    [InlineData(false, "AddOrUpdate")]
    [InlineData(true, "AddOrUpdate")]
    [InlineData(false, "Update")]
    [InlineData(true, "Update")]
    public void A_write_from_inside_a_factory_gets_ReentrantWrite(bool growing, string operation)
    {
        foreach ((string name, Action<GuardedMap<TKey, int>> write) in keys.Writes)
        {
            GuardedMap<TKey, int> map = keys.Make(growing);
            Dictionary<TKey, int> expected = keys.Copy(map);
            MapViolation? violation = null;
            InFactory(map, operation, () => violation = Expect.Violation(MapViolationKind.ReentrantWrite, () => write(map)));
            Assert.True(violation is not null, name);
            Done(map, violation);
            Assert.Equal(Environment.CurrentManagedThreadId, violation.Holder?.ThreadId);
            Assert.Equal(MapOperation.Update, violation.Holder?.Operation);
            AfterFactory(expected, operation);
            Expect.HoldsAndIsFree(expected, map, keys.Absent);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_write_that_meets_a_foreach_gets_ConcurrentIterationAndWrite_and_the_loop_goes_on(bool growing)
    {
        foreach ((string name, Action<GuardedMap<TKey, int>> write) in keys.Writes)
        {
            GuardedMap<TKey, int> map = keys.Make(growing);
            Dictionary<TKey, int> expected = keys.Copy(map);
            var seen = new Dictionary<TKey, int>(map.Comparer);
            foreach (KeyValuePair<TKey, int> entry in map)
            {
                if (seen.Count == 3) CheckRejected(map, write);
                Assert.True(seen.TryAdd(entry.Key, entry.Value), name);
            }

            Assert.Equal(expected.Count, seen.Count);
            Expect.HoldsAndIsFree(expected, map, keys.Absent);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_write_that_meets_a_lease_under_Reject_gets_ConcurrentIterationAndWrite_and_the_iteration_goes_on(bool growing)
    {
        foreach ((string name, Action<GuardedMap<TKey, int>> write) in keys.Writes)
        {
            GuardedMap<TKey, int> map = keys.Make(growing);
            Dictionary<TKey, int> expected = keys.Copy(map);
            var seen = new Dictionary<TKey, int>(map.Comparer);
            using (MapIterator<TKey, int> iterator = map.Iterate(IterationContract.Reject))
            {
                CheckRejected(map, write);
                while (iterator.MoveNext())
                {
                    if (seen.Count == 3) CheckRejected(map, write);
                    Assert.True(seen.TryAdd(iterator.Current.Key, iterator.Current.Value), name);
                }
            }

            Assert.Equal(expected.Count, seen.Count);
            Expect.HoldsAndIsFree(expected, map, keys.Absent);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_write_by_the_stepping_thread_goes_ahead_under_Tolerate(bool growing)
    {
        foreach ((string name, Action<GuardedMap<TKey, int>> write) in keys.Writes)
        {
            GuardedMap<TKey, int> map = keys.Make(growing);
            GuardedMap<TKey, int> twin = keys.Make(growing);
            using (MapIterator<TKey, int> iterator = map.Iterate(IterationContract.Tolerate))
            {
                Assert.True(iterator.MoveNext());
                write(map);
                while (iterator.MoveNext()) Assert.True(iterator.Current.Value >= -5, name);
            }

            write(twin);
            Dictionary<TKey, int> expected = Expect.Copy(twin, keys.Keys.Append(keys.Absent));
            Expect.Holds(expected, map);
            map.Remove(keys.Absent);
            expected.Remove(keys.Absent);
            Expect.HoldsAndIsFree(expected, map, keys.Absent);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_write_by_another_thread_is_refused_under_Tolerate(bool growing)
    {
        foreach ((string name, Action<GuardedMap<TKey, int>> write) in keys.Writes)
        {
            GuardedMap<TKey, int> map = keys.Make(growing);
            Dictionary<TKey, int> expected = keys.Copy(map);
            using (MapIterator<TKey, int> iterator = map.Iterate(IterationContract.Tolerate))
            {
                Assert.True(iterator.MoveNext());
                MapViolation violation = Expect.ViolationElsewhere(MapViolationKind.ConcurrentIterationAndWrite, () => write(map));
                Done(map, violation);
                Assert.Equal(IterationContract.Tolerate, violation.Contract);
                Assert.Equal(Environment.CurrentManagedThreadId, violation.Holder?.ThreadId);
                int seen = 1;
                while (iterator.MoveNext()) seen++;
                Assert.True(seen == expected.Count, name);
            }

            Expect.HoldsAndIsFree(expected, map, keys.Absent);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Under_Tolerate_the_same_thread_is_the_one_that_stepped_last(bool growing)
    {
        GuardedMap<TKey, int> map = keys.Make(growing);
        using MapIterator<TKey, int> iterator = map.Iterate(IterationContract.Tolerate);
        Assert.True(iterator.MoveNext());
        Elsewhere.RunWell(() =>
        {
            Assert.True(iterator.MoveNext());
            map[keys.Key(5)] = -5;
        });
        Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map[keys.Key(6)] = -6);
        Assert.True(iterator.MoveNext());
        map[keys.Key(6)] = -6;
        Assert.Equal(-5, map[keys.Key(5)]);
        Assert.Equal(-6, map[keys.Key(6)]);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_write_that_meets_a_lease_under_Defer_is_queued_until_the_lease_ends(bool growing, bool elsewhere)
    {
        foreach ((string name, Action<GuardedMap<TKey, int>> write) in keys.Writes)
        {
            GuardedMap<TKey, int> map = keys.Make(growing);
            GuardedMap<TKey, int> twin = keys.Make(growing);
            Dictionary<TKey, int> before = keys.Copy(map);
            long version = map.Version;
            using (MapIterator<TKey, int> iterator = map.Iterate(IterationContract.Defer))
            {
                Assert.True(iterator.MoveNext());
                if (name is "EnsureCapacity" or "TrimExcess")
                {
                    // Nothing to answer from, and nothing anybody would wait for.
                    MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => write(map));
                    Assert.Equal(IterationContract.Defer, violation.Contract);
                }
                else if (elsewhere)
                {
                    Elsewhere.RunWell(() => write(map));
                }
                else
                {
                    write(map);
                }

                Assert.Equal(version, map.Version);
                Expect.Holds(before, map);
                int seen = 1;
                while (iterator.MoveNext())
                {
                    Assert.Equal(before[iterator.Current.Key], iterator.Current.Value);
                    seen++;
                    Expect.Holds(before, map);
                }

                Assert.Equal(before.Count, seen);
            }

            write(twin);
            Dictionary<TKey, int> expected = Expect.Copy(twin, keys.Keys.Append(keys.Absent));
            Expect.Holds(expected, map);
            map.Remove(keys.Absent);
            expected.Remove(keys.Absent);
            Expect.HoldsAndIsFree(expected, map, keys.Absent);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_write_that_meets_an_unleased_enumerator_goes_ahead_and_the_enumerators_next_step_throws(bool growing)
    {
        foreach ((string name, Action<GuardedMap<TKey, int>> write) in keys.Writes)
        {
            // While the table grows, a write that changes no entry still moves some.
            bool changes = growing || name is not ("TryAdd present" or "Remove absent");
            GuardedMap<TKey, int> map = keys.Make(growing);
            using IEnumerator<KeyValuePair<TKey, int>> enumerator = ((IEnumerable<KeyValuePair<TKey, int>>)map).GetEnumerator();
            Assert.True(enumerator.MoveNext());
            write(map);
            if (changes)
            {
                MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => enumerator.MoveNext());
                Done(map, violation);
                Assert.Equal(IterationContract.FailFast, violation.Contract);
                Assert.Equal(MapOperation.Iterate, violation.Operation);
                Assert.True(violation.VersionFound > violation.VersionExpected, name);
                Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => enumerator.MoveNext());
            }
            else
            {
                Assert.True(enumerator.MoveNext(), name);
            }

            map.CheckInvariants();
        }
    }

    // Arrives: a read.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_read_that_meets_another_threads_write_gets_ConcurrentReadAndWrite(bool growing)
    {
        GuardedMap<TKey, int> map = keys.Make(growing);
        Dictionary<TKey, int> expected = keys.Copy(map);
        using (HeldThread holder = keys.HoldWrite(map))
        {
            foreach ((string name, Func<GuardedMap<TKey, int>, int> read) in keys.Lookups)
            {
                MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentReadAndWrite, () => read(map));
                Done(map, violation);
                Assert.True(holder.ThreadId == violation.Holder?.ThreadId, name);
                Assert.Equal(MapOperation.Read, violation.Operation);
            }

            Expect.Violation(MapViolationKind.ConcurrentReadAndWrite, () => map.GetLayout());
            Expect.Violation(MapViolationKind.ConcurrentReadAndWrite, () => map.CheckInvariants());
            Assert.Equal(expected.Count, map.Count);
        }

        expected.Add(keys.Key(200), 200);
        Expect.HoldsAndIsFree(expected, map, keys.Absent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_read_of_the_whole_map_that_meets_another_threads_write_gets_ConcurrentIterationAndWrite(bool growing)
    {
        GuardedMap<TKey, int> map = keys.Make(growing);
        using HeldThread holder = keys.HoldWrite(map);
        Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map.ContainsValue(5));
        Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => Expect.View(map.Values).Contains(5));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_copy_that_meets_another_threads_write_gets_ConcurrentReadAndWrite(bool growing)
    {
        GuardedMap<TKey, int> map = keys.Make(growing);
        using HeldThread holder = keys.HoldWrite(map);
        Action[] copies =
        [
            () => map.CopyTo(new KeyValuePair<TKey, int>[200], 0), () => map.ToArray(), () => map.ToList(),
            () => map.Keys.CopyTo(new TKey[200], 0), () => map.Keys.ToArray(), () => map.Keys.ToList(),
            () => map.Values.CopyTo(new int[200], 0), () => map.Values.ToArray(), () => map.Values.ToList(),
        ];
        foreach (Action copy in copies)
        {
            MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentReadAndWrite, copy);
            Assert.Equal(MapOperation.Copy, violation.Operation);
            Assert.Equal(holder.ThreadId, violation.Holder?.ThreadId);
        }
    }

    [Theory]
    [InlineData(false, "GetOrAdd")]
    [InlineData(true, "GetOrAdd")]
    [InlineData(false, "AddOrUpdate")]
    [InlineData(true, "AddOrUpdate")]
    [InlineData(false, "Update")]
    [InlineData(true, "Update")]
    public void A_read_from_inside_a_factory_sees_the_map_as_it_was_before_the_write(bool growing, string operation)
    {
        GuardedMap<TKey, int> map = keys.Make(growing);
        Dictionary<TKey, int> expected = keys.Copy(map);
        bool ran = false;
        InFactory(map, operation, () =>
        {
            Expect.Holds(expected, map);
            Assert.False(map.ContainsKey(keys.Key(200)));
            foreach ((string name, Func<GuardedMap<TKey, int>, int> read) in keys.Lookups) Assert.True(read(map) == 5, name);
            Assert.Equal(expected.Count, map.GetLayout().Count);
            ran = true;
        });
        Assert.True(ran);
        AfterFactory(expected, operation);
        Expect.HoldsAndIsFree(expected, map, keys.Absent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_and_iterations_do_not_disturb_one_another_under_any_contract(bool growing)
    {
        foreach (IterationContract contract in ContractRule.Guarded)
        {
            GuardedMap<TKey, int> map = keys.Make(growing);
            Dictionary<TKey, int> expected = keys.Copy(map);
            using (MapIterator<TKey, int> iterator = map.Iterate(contract))
            {
                int seen = 0;
                while (iterator.MoveNext())
                {
                    if (seen++ > 3) continue;
                    // GetOrAdd could write, so a lease judges it as a write: OneRuleTests.
                    foreach ((string name, Func<GuardedMap<TKey, int>, int> read) in keys.Lookups.Where(l => l.Name != "GetOrAdd present"))
                    {
                        Assert.True(read(map) == 5, name);
                        Assert.True(Elsewhere.Get(() => read(map)) == 5, name);
                    }
                }

                Assert.Equal(expected.Count, seen);
            }

            Assert.Null(map.LastViolation);
            Expect.HoldsAndIsFree(expected, map, keys.Absent);
        }
    }

    // Arrives: an iteration's start or step.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_iteration_cannot_start_during_another_threads_write(bool growing)
    {
        GuardedMap<TKey, int> map = keys.Make(growing);
        Dictionary<TKey, int> expected = keys.Copy(map);
        using (HeldThread holder = keys.HoldWrite(map))
        {
            foreach ((string name, Action<GuardedMap<TKey, int>> start) in keys.Starts)
            {
                MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => start(map));
                Done(map, violation);
                Assert.True(holder.ThreadId == violation.Holder?.ThreadId, name);
                Assert.Equal(MapOperation.Iterate, violation.Operation);
                Assert.Equal(IteratorState.Nil, violation.IteratorState);
            }
        }

        // None of the refused starts left a lease behind.
        expected.Add(keys.Key(200), 200);
        Expect.HoldsAndIsFree(expected, map, keys.Absent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_iterator_whose_start_was_refused_can_start_later(bool growing)
    {
        GuardedMap<TKey, int> map = keys.Make(growing);
        using MapIterator<TKey, int> iterator = map.CreateIterator(IterationContract.Reject);
        using (keys.HoldWrite(map)) Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => iterator.MoveNext());
        int seen = 0;
        while (iterator.MoveNext()) seen++;
        Assert.Equal(map.Count, seen);
        map[keys.Absent] = 1;
    }

    [Theory]
    [InlineData(false, IterationContract.FailFast, true)]
    [InlineData(true, IterationContract.FailFast, true)]
    [InlineData(false, IterationContract.FailFast, false)]
    [InlineData(true, IterationContract.FailFast, false)]
    [InlineData(false, IterationContract.Tolerate, false)]
    [InlineData(true, IterationContract.Tolerate, false)]
    public void An_iteration_cannot_step_during_another_threads_write(bool growing, IterationContract contract, bool leased)
    {
        // An unleased Tolerate asks nothing of writers; a leased one would refuse this write.
        GuardedMap<TKey, int> map = keys.Make(growing, options => options with { UnleasedContract = contract });
        using IEnumerator<KeyValuePair<TKey, int>> iterator = leased ? map.Iterate(contract) : ((IEnumerable<KeyValuePair<TKey, int>>)map).GetEnumerator();
        Assert.True(iterator.MoveNext());
        using HeldThread holder = keys.HoldWrite(map);
        MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => iterator.MoveNext());
        Done(map, violation);
        Assert.Equal(holder.ThreadId, violation.Holder?.ThreadId);
        Assert.Equal(contract, violation.Contract);
        Assert.Equal(IteratorState.Bucket, violation.IteratorState);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_snapshot_steps_on_during_another_threads_write(bool growing)
    {
        GuardedMap<TKey, int> map = keys.Make(growing);
        Dictionary<TKey, int> expected = keys.Copy(map);
        using MapIterator<TKey, int> iterator = map.Iterate(IterationContract.Snapshot);
        Assert.True(iterator.MoveNext());
        using HeldThread holder = keys.HoldWrite(map);
        int seen = 1;
        while (iterator.MoveNext())
        {
            Assert.Equal(expected[iterator.Current.Key], iterator.Current.Value);
            seen++;
        }

        Assert.Equal(expected.Count, seen);
        Assert.Null(map.LastViolation);
    }

    [Theory]
    [InlineData(false, "GetOrAdd")]
    [InlineData(true, "GetOrAdd")]
    [InlineData(false, "AddOrUpdate")]
    [InlineData(true, "AddOrUpdate")]
    [InlineData(false, "Update")]
    [InlineData(true, "Update")]
    public void An_iteration_started_from_inside_a_factory_gets_ReentrantWrite(bool growing, string operation)
    {
        GuardedMap<TKey, int> map = keys.Make(growing);
        Dictionary<TKey, int> expected = keys.Copy(map);
        int tried = 0;
        InFactory(map, operation, () =>
        {
            foreach ((string name, Action<GuardedMap<TKey, int>> start) in keys.Starts)
            {
                MapViolation violation = Expect.Violation(MapViolationKind.ReentrantWrite, () => start(map));
                Assert.True(violation.Holder?.ThreadId == Environment.CurrentManagedThreadId, name);
                Assert.Equal(MapOperation.Iterate, violation.Operation);
                tried++;
            }
        });
        Assert.Equal(keys.Starts.Count(), tried);
        AfterFactory(expected, operation);
        Expect.HoldsAndIsFree(expected, map, keys.Absent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_iteration_stepped_from_inside_a_factory_gets_ReentrantWrite(bool growing)
    {
        GuardedMap<TKey, int> map = keys.Make(growing);
        using MapIterator<TKey, int> failFast = map.Iterate(IterationContract.FailFast);
        using MapIterator<TKey, int> tolerant = map.Iterate(IterationContract.Tolerate);
        using IEnumerator<TKey> unleased = map.Keys.GetEnumerator();
        Assert.True(failFast.MoveNext() && tolerant.MoveNext() && unleased.MoveNext());
        int tried = 0;
        map.AddOrUpdate(keys.Key(5), 0, (_, _) =>
        {
            Expect.Violation(MapViolationKind.ReentrantWrite, () => failFast.MoveNext());
            Expect.Violation(MapViolationKind.ReentrantWrite, () => tolerant.MoveNext());
            Expect.Violation(MapViolationKind.ReentrantWrite, () => unleased.MoveNext());
            tried++;
            return -5;
        });
        Assert.Equal(1, tried);
        Assert.Equal(-5, map[keys.Key(5)]);
        // The tolerant one was not overtaken by anything: it can go on.
        while (tolerant.MoveNext()) tried++;
        Assert.Equal(map.Count, tried);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Iterations_do_not_disturb_one_another_whatever_their_contracts(bool growing)
    {
        foreach (IterationContract first in ContractRule.Guarded)
        {
            foreach (IterationContract second in ContractRule.Guarded)
            {
                GuardedMap<TKey, int> map = keys.Make(growing);
                using MapIterator<TKey, int> a = map.Iterate(first);
                Assert.True(a.MoveNext());
                using MapIterator<TKey, int> b = map.Iterate(second);
                int seenA = 1;
                int seenB = 0;
                int seenC = 0;
                Elsewhere.RunWell(() =>
                {
                    foreach (KeyValuePair<TKey, int> _ in map) seenC++;
                    while (b.MoveNext()) seenB++;
                });
                while (a.MoveNext()) seenA++;
                Assert.Equal((map.Count, map.Count, map.Count), (seenA, seenB, seenC));
                Assert.Null(map.LastViolation);
            }
        }
    }

    private void CheckRejected(GuardedMap<TKey, int> map, Action<GuardedMap<TKey, int>> write)
    {
        long version = map.Version;
        MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => write(map));
        Done(map, violation);
        Assert.Equal(IterationContract.Reject, violation.Contract);
        Assert.Equal(Environment.CurrentManagedThreadId, violation.Holder?.ThreadId);
        Assert.Equal(MapOperation.Iterate, violation.Holder?.Operation);
        violation = Expect.ViolationElsewhere(MapViolationKind.ConcurrentIterationAndWrite, () => write(map));
        Assert.Equal(Environment.CurrentManagedThreadId, violation.Holder?.ThreadId);
        Assert.NotEqual(Environment.CurrentManagedThreadId, violation.Offender.ThreadId);
        Assert.Equal(version, map.Version);
    }

    /// <summary>Runs <paramref name="body"/> inside the factory of an operation; see <see cref="AfterFactory"/>.</summary>
    private void InFactory(GuardedMap<TKey, int> map, string operation, Action body)
    {
        switch (operation)
        {
            case "GetOrAdd":
                Assert.Equal(200, map.GetOrAdd(keys.Key(200), _ =>
                {
                    body();
                    return 200;
                }));
                break;
            case "AddOrUpdate":
                Assert.Equal(-6, map.AddOrUpdate(keys.Key(6), 0, (_, _) =>
                {
                    body();
                    return -6;
                }));
                break;
            default:
                Assert.True(map.Update(keys.Key(6), (_, _) =>
                {
                    body();
                    return -6;
                }));
                break;
        }
    }

    private void AfterFactory(Dictionary<TKey, int> expected, string operation)
    {
        if (operation == "GetOrAdd") expected.Add(keys.Key(200), 200);
        else expected[keys.Key(6)] = -6;
    }
}
