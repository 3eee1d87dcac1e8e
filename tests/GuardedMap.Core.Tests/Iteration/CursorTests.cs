using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Iteration;

public sealed class CursorOfIntsTests() : CursorTests<int>(new IntKeys());

public sealed class CursorOfCustomKeysTests() : CursorTests<int>(new CustomKeys());

public sealed class CursorOfStringsTests() : CursorTests<string>(new StringKeys());

public sealed class CursorOfIgnoreCaseStringsTests() : CursorTests<string>(new IgnoreCaseKeys());

/// <summary>Writing through the cursor: legal under every contract, before, during and after growth.</summary>
public abstract class CursorTests<TKey>(KeyKind<TKey> keys)
    where TKey : notnull
{
    [Theory]
    [MemberData(nameof(ContractCases.All), MemberType = typeof(ContractCases))]
    public void Every_other_entry_is_removed_and_the_rest_set_in_one_pass(IterationContract contract, bool growing)
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            GuardedMap<TKey, int> map = keys.Make(growing, options => options with { HashSeed = seed });
            Dictionary<TKey, int> expected = keys.Copy(map);
            int seen = 0;
            using (MapIterator<TKey, int> iterator = map.Iterate(contract, seed))
            {
                while (iterator.MoveNext())
                {
                    (TKey key, int value) = iterator.Current;
                    Assert.Equal(value, iterator.Entry.Value);
                    if (seen++ % 2 == 0)
                    {
                        MapEntry<TKey, int> entry = iterator.Entry;
                        Assert.True(entry.Remove());
                        expected.Remove(key);
                        Assert.False(map.ContainsKey(key));
                        // It is gone: there is nothing to write to any more.
                        Assert.False(entry.Remove());
                        Assert.False(entry.SetValue(0));
                    }
                    else
                    {
                        iterator.Entry.Value = -value;
                        expected[key] = -value;
                        Assert.Equal(-value, map[key]);
                        Assert.Equal(-value, iterator.Current.Value);
                    }

                    map.CheckInvariants();
                }
            }

            Assert.Equal(growing ? KeyKind<TKey>.Growing : KeyKind<TKey>.Settled, seen);
            Expect.HoldsAndIsFree(expected, map, keys.Absent);
        }
    }

    [Theory]
    [MemberData(nameof(ContractCases.All), MemberType = typeof(ContractCases))]
    public void Removing_all_through_the_cursor_empties_the_map(IterationContract contract, bool growing)
    {
        GuardedMap<TKey, int> map = keys.Make(growing);
        using (MapIterator<TKey, int> iterator = map.Iterate(contract))
        {
            while (iterator.MoveNext()) Assert.True(iterator.Entry.Remove());
        }

        Expect.HoldsAndIsFree(new Dictionary<TKey, int>(), map, keys.Absent);
    }

    [Fact]
    public void An_entry_whose_card_still_lies_in_the_old_buckets_is_written_there()
    {
        int old = 0;
        for (ulong seed = 0; seed < 10; seed++)
        {
            GuardedMap<TKey, int> map = keys.Make(growing: true, options => options with { HashSeed = seed });
            Dictionary<TKey, int> expected = keys.Copy(map);
            int mark = map.GetLayout().EvacuationMark;
            using MapIterator<TKey, int> iterator = map.Iterate(IterationContract.Reject, seed);
            while (iterator.MoveNext())
            {
                old++;
                TKey key = iterator.Current.Key;
                if (old % 2 == 0)
                {
                    Assert.True(iterator.Entry.SetValue(-1));
                    expected[key] = -1;
                }
                else
                {
                    Assert.True(iterator.Entry.Remove());
                    expected.Remove(key);
                }
            }

            // A cursor's write moves nothing.
            Assert.True(map.IsGrowing);
            Assert.Equal(mark, map.GetLayout().EvacuationMark);
            iterator.Dispose();
            Expect.HoldsAndIsFree(expected, map, keys.Absent);
        }

        Assert.True(old > 100);
    }

    [Fact]
    public void An_entry_that_moved_since_the_iteration_came_to_it_is_found_again()
    {
        int moved = 0;
        for (ulong seed = 0; seed < 30; seed++)
        {
            GuardedMap<TKey, int> map = keys.Make(growing: false, options => options with { HashSeed = seed });
            Dictionary<TKey, int> expected = keys.Copy(map);
            using MapIterator<TKey, int> iterator = map.Iterate(IterationContract.Tolerate, seed);
            int seen = 0;
            while (iterator.MoveNext())
            {
                seen++;
                TKey key = iterator.Current.Key;
                if (!expected.ContainsKey(key) || map[key] >= 200) continue;
                // Growth begins and goes on while the cursor stands on its entry.
                for (int i = 0; i < 3 && seen < 100; i++)
                {
                    int number = 300 + (seen * 3) + i;
                    map[keys.Key(number)] = number;
                    expected[keys.Key(number)] = number;
                }

                if (map.IsGrowing) moved++;
                if (seen % 2 == 0)
                {
                    Assert.True(iterator.Entry.SetValue(-1));
                    expected[key] = -1;
                }
                else
                {
                    Assert.True(iterator.Entry.Remove());
                    expected.Remove(key);
                }
            }

            iterator.Dispose();
            Expect.HoldsAndIsFree(expected, map, keys.Absent);
        }

        Assert.True(moved > 100);
    }

    [Fact]
    public void An_entry_deleted_since_cannot_be_written_and_comes_not_back()
    {
        foreach (IterationContract contract in (IterationContract[])[IterationContract.Tolerate, IterationContract.Snapshot])
        {
            foreach (bool growing in (bool[])[false, true])
            {
                GuardedMap<TKey, int> map = keys.Make(growing);
                using MapIterator<TKey, int> iterator = map.Iterate(contract);
                Assert.True(iterator.MoveNext());
                TKey key = iterator.Current.Key;
                Assert.True(map.Remove(key));
                Assert.False(iterator.Entry.SetValue(-1));
                Assert.False(iterator.Entry.Remove());
                Assert.False(map.ContainsKey(key));
                // Its slot taken by another key: the cursor knows its own.
                for (int i = 300; i < 400; i++) map[keys.Key(i)] = i;
                Assert.False(iterator.Entry.SetValue(-1));
                for (int i = 300; i < 400; i++) Assert.Equal(i, map[keys.Key(i)]);
                // The same key again is there again.
                map[key] = 7;
                Assert.True(iterator.Entry.SetValue(8));
                Assert.Equal(8, map[key]);
                map.CheckInvariants();
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_snapshots_cursor_writes_to_the_map_and_the_snapshot_stays_as_it_was(bool growing)
    {
        GuardedMap<TKey, int> map = keys.Make(growing);
        Dictionary<TKey, int> expected = keys.Copy(map);
        using MapIterator<TKey, int> writing = map.Iterate(IterationContract.Snapshot);
        using MapIterator<TKey, int> reading = map.Iterate(IterationContract.Snapshot);
        while (writing.MoveNext())
        {
            Assert.True(writing.Current.Value % 2 == 0 ? writing.Entry.SetValue(-writing.Current.Value) : writing.Entry.Remove());
        }

        int seen = 0;
        while (reading.MoveNext())
        {
            Assert.Equal(expected[reading.Current.Key], reading.Current.Value);
            seen++;
        }

        Assert.Equal(expected.Count, seen);
        var after = expected.Where(entry => entry.Value % 2 == 0).ToDictionary(entry => entry.Key, entry => -entry.Value, expected.Comparer);
        Expect.HoldsAndIsFree(after, map, keys.Absent);
    }

    [Theory]
    [InlineData(IterationContract.Reject, false)]
    [InlineData(IterationContract.Reject, true)]
    [InlineData(IterationContract.Tolerate, false)]
    [InlineData(IterationContract.Tolerate, true)]
    [InlineData(IterationContract.Defer, false)]
    [InlineData(IterationContract.Defer, true)]
    public void A_snapshot_taken_in_mid_iteration_makes_the_cursor_write_to_the_copy(IterationContract contract, bool growing)
    {
        GuardedMap<TKey, int> map = keys.Make(growing);
        Dictionary<TKey, int> before = keys.Copy(map);
        var expected = new Dictionary<TKey, int>(before, before.Comparer);
        var snapshots = new List<(MapIterator<TKey, int> Iterator, Dictionary<TKey, int> Expected)>();
        int seen = 0;
        using (MapIterator<TKey, int> iterator = map.Iterate(contract))
        {
            while (iterator.MoveNext())
            {
                if (seen++ % 10 == 3) snapshots.Add((map.Iterate(IterationContract.Snapshot), new Dictionary<TKey, int>(expected, expected.Comparer)));
                TKey key = iterator.Current.Key;
                Assert.Equal(before[key], iterator.Current.Value);
                if (seen % 3 == 0)
                {
                    Assert.True(iterator.Entry.Remove());
                    expected.Remove(key);
                }
                else
                {
                    Assert.True(iterator.Entry.SetValue(1000 + seen));
                    expected[key] = 1000 + seen;
                }

                Assert.Equal(expected.TryGetValue(key, out int value), map.TryGetValue(key, out int got));
                Assert.Equal(value, got);
            }
        }

        Assert.Equal(before.Count, seen);
        Expect.HoldsAndIsFree(expected, map, keys.Absent);
        foreach ((MapIterator<TKey, int> iterator, Dictionary<TKey, int> then) in snapshots)
        {
            var found = new Dictionary<TKey, int>(then.Comparer);
            while (iterator.MoveNext()) found.Add(iterator.Current.Key, iterator.Current.Value);
            Assert.Equal(then.Count, found.Count);
            Assert.All(then, entry => Assert.Equal(entry.Value, found[entry.Key]));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Another_lease_judges_a_cursors_write_like_any_other(bool growing)
    {
        // Arrives: a cursor's write. Under way: another lease.
        foreach (IterationContract own in ContractRule.Guarded)
        {
            foreach (IterationContract others in ContractRule.Guarded)
            {
                GuardedMap<TKey, int> map = keys.Make(growing);
                MapIterator<TKey, int> other = map.Iterate(others);
                using MapIterator<TKey, int> iterator = map.Iterate(own);
                Assert.True(iterator.MoveNext());
                TKey key = iterator.Current.Key;
                int value = iterator.Current.Value;
                switch (others)
                {
                    case IterationContract.Reject:
                        MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => iterator.Entry.SetValue(-1));
                        Assert.Equal(MapOperation.CursorWrite, violation.Operation);
                        Assert.Equal(key, violation.Key);
                        Assert.Equal(value, map[key]);
                        other.Dispose();
                        break;
                    case IterationContract.Defer:
                        Assert.True(iterator.Entry.SetValue(-1));
                        Assert.Equal(value, map[key]);
                        Assert.Equal(-1, iterator.Current.Value);
                        Assert.True(iterator.Entry.Remove());
                        Assert.False(iterator.Entry.Remove());
                        Assert.False(iterator.Entry.SetValue(-2));
                        Assert.True(map.ContainsKey(key));
                        other.Dispose();
                        // Queued until the last lease ends.
                        iterator.Dispose();
                        Assert.False(map.ContainsKey(key));
                        continue;
                    default:
                        Assert.True(iterator.Entry.SetValue(-1));
                        Assert.Equal(-1, map[key]);
                        other.Dispose();
                        break;
                }

                Assert.True(iterator.Entry.SetValue(-3));
                Assert.Equal(-3, map[key]);
            }
        }
    }

    [Fact]
    public void A_plain_loop_judges_a_cursors_write_like_any_other()
    {
        GuardedMap<TKey, int> map = keys.Make(growing: false);
        using MapIterator<TKey, int> iterator = map.Iterate(IterationContract.Reject);
        Assert.True(iterator.MoveNext());
        GuardedMap<TKey, int>.Enumerator loop = map.GetEnumerator();
        Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => iterator.Entry.SetValue(-1));
        loop.Dispose();
        Assert.True(iterator.Entry.SetValue(-1));
    }

    [Fact]
    public void Another_threads_tolerant_lease_refuses_a_cursors_write()
    {
        GuardedMap<TKey, int> map = keys.Make(growing: false);
        MapIterator<TKey, int> other = Elsewhere.Get(() => map.Iterate(IterationContract.Tolerate));
        using MapIterator<TKey, int> iterator = map.Iterate(IterationContract.Tolerate);
        Assert.True(iterator.MoveNext());
        Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => iterator.Entry.Remove());
        other.Dispose();
        Assert.True(iterator.Entry.Remove());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_failfast_cursor_forgives_itself_only(bool growing)
    {
        GuardedMap<TKey, int> map = keys.Make(growing);
        using MapIterator<TKey, int> a = map.Iterate(IterationContract.FailFast);
        using MapIterator<TKey, int> b = map.Iterate(IterationContract.FailFast);
        Assert.True(a.MoveNext() && a.MoveNext() && b.MoveNext());
        Assert.True(a.Entry.SetValue(-1));
        Assert.True(a.MoveNext());
        Assert.True(a.Entry.Remove());
        Assert.True(a.MoveNext());
        Dictionary<TKey, int> before = keys.Copy(map);
        // The other one was overtaken, and so is its cursor.
        Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => b.Entry.SetValue(-2));
        Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => b.Entry.Remove());
        Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => b.MoveNext());
        // And a write from outside overtakes the first.
        map[keys.Key(5)] = -5;
        before[keys.Key(5)] = -5;
        Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => a.Entry.SetValue(-2));
        Expect.HoldsAndIsFree(before, map, keys.Absent);
    }

    [Fact]
    public void An_unleased_enumerators_cursor_writes_too()
    {
        GuardedMap<TKey, int> map = keys.Make(growing: true);
        using var iterator = (MapIterator<TKey, int>)((IEnumerable<KeyValuePair<TKey, int>>)map).GetEnumerator();
        Assert.False(iterator.IsLeased);
        int removed = 0;
        while (iterator.MoveNext())
        {
            if (iterator.Current.Value % 2 == 0) continue;
            Assert.True(iterator.Entry.Remove());
            removed++;
        }

        Assert.Equal(40, removed);
        Assert.Equal(41, map.Count);
        map.CheckInvariants();
    }

    [Fact]
    public void An_untyped_cursor_casts_its_value()
    {
        GuardedMap<TKey, int> map = keys.Make(growing: false);
        using IMapIterator iterator = ((IGuardedMap)map).Iterate();
        Assert.True(iterator.MoveNext());
        IMapEntry entry = iterator.Entry;
        entry.Value = -1;
        Assert.Equal(-1, map[(TKey)entry.Key!]);
        Assert.Equal(-1, entry.Value);
        Assert.Throws<ArgumentException>(() => entry.Value = "text");
        Assert.Throws<ArgumentNullException>(() => entry.Value = null);
        Assert.Equal(-1, map[(TKey)entry.Key!]);
        Assert.True(entry.Remove());
        Assert.False(map.ContainsKey((TKey)entry.Key!));
        Assert.Equal($"[{entry.Key}, -1]", entry.ToString());
    }
}

/// <summary>Every contract, over a table at rest and over one in the middle of its growth.</summary>
public static class ContractCases
{
    public static TheoryData<IterationContract, bool> All
    {
        get
        {
            var data = new TheoryData<IterationContract, bool>();
            foreach (IterationContract contract in ContractRule.Guarded)
            {
                data.Add(contract, false);
                data.Add(contract, true);
            }

            return data;
        }
    }
}
