using System.Collections;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Iteration;

/// <summary>The iterator's states, and its own violations: IteratorDone, IteratorInUse, ForeignIterator.</summary>
public sealed class IteratorStateTests
{
    private static GuardedMap<int, int> Make(int count = 100, IEqualityComparer<int>? comparer = null)
    {
        var map = new GuardedMap<int, int>(comparer);
        for (int i = 0; i < count; i++) map[i] = i;
        return map;
    }

    [Fact]
    public void It_goes_from_Nil_over_Init_through_the_buckets_to_Done()
    {
        GuardedMap<int, int> map = Make();
        using MapIterator<int, int> iterator = map.CreateIterator();
        Assert.Equal(IteratorState.Nil, iterator.State);
        Assert.Equal(IteratorState.Init, iterator.Step());
        Assert.Equal(map.Version, iterator.VersionAtInit);
        var seen = new List<int>();
        int buckets = 0;
        IteratorState state;
        IteratorState previous = IteratorState.Init;
        while ((state = iterator.Step()) != IteratorState.Done)
        {
            Assert.Equal(state, iterator.State);
            if (state == IteratorState.Bucket)
            {
                seen.Add(iterator.Current.Key);
                Assert.InRange(iterator.Slot, 0, 7);
            }
            else
            {
                Assert.Equal(IteratorState.NextBucket, state);
                Assert.Equal(-1, iterator.Slot);
                buckets++;
            }

            Assert.InRange(iterator.Bucket, 0, 12);
            previous = state;
        }

        Assert.Equal(IteratorState.NextBucket, previous);
        // Eight entries are a bucket for an iterator.
        Assert.Equal(13, buckets);
        Assert.Equal(Enumerable.Range(0, 100), seen);
        Assert.Equal(IteratorState.Done, iterator.State);
    }

    [Fact]
    public void Over_an_empty_map_it_goes_from_Init_straight_to_Done()
    {
        using MapIterator<int, int> iterator = new GuardedMap<int, int>().CreateIterator();
        Assert.Equal(IteratorState.Init, iterator.Step());
        Assert.Equal(IteratorState.Done, iterator.Step());
        Assert.False(iterator.MoveNext());
    }

    [Fact]
    public void It_starts_at_its_start_bucket_with_its_offset_and_wraps_once()
    {
        GuardedMap<int, int> map = Make(14 * 6);
        for (ulong seed = 0; seed < 40; seed++)
        {
            using MapIterator<int, int> iterator = map.Iterate(seed: seed);
            var buckets = new List<int>();
            int? firstSlot = null;
            while (iterator.MoveNext())
            {
                if (buckets.Count == 0 || buckets[^1] != iterator.Bucket)
                {
                    buckets.Add(iterator.Bucket);
                    if (iterator.Bucket < iterator.StartBucket) Assert.True(iterator.Wrapped);
                }

                firstSlot ??= iterator.Slot;
            }

            // From the start up and round: 84 entries are ten stretches of eight and one of four. What lies before the start in its stretch comes last.
            IEnumerable<int> round = Enumerable.Range(0, 11).Select(i => (iterator.StartBucket + i) % 11);
            Assert.Equal(iterator.Offset == 0 ? round : [.. round, iterator.StartBucket], buckets);
            Assert.Equal(iterator.Offset, firstSlot);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_order_and_others_give_others()
    {
        GuardedMap<int, int> map = Make();
        string Order(ulong seed) => string.Join(",", map.Iterate(seed: seed).Select(entry => entry.Key));
        Assert.Equal(Order(1), Order(1));
        Assert.True(Enumerable.Range(0, 20).Select(seed => Order((ulong)seed)).Distinct(StringComparer.Ordinal).Count() > 10);
    }

    [Fact]
    public void Nothing_leaves_Done()
    {
        GuardedMap<int, int> map = Make();
        using MapIterator<int, int> iterator = map.Iterate();
        Assert.True(iterator.MoveNext());
        MapEntry<int, int> entry = iterator.Entry;
        while (iterator.MoveNext())
        {
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.False(iterator.MoveNext());
            Assert.Equal(IteratorState.Done, iterator.State);
        }

        Check();
        iterator.Dispose();
        Check();
        Expect.HoldsAndIsFree(Expect.Copy(map, Enumerable.Range(0, 100)), map, -1);

        void Check()
        {
            Action[] uses =
            [
                () => iterator.Step(), () => iterator.Reset(), () => _ = iterator.Current, () => _ = iterator.Entry,
                () => _ = ((IEnumerator)iterator).Current, () => _ = ((IDictionaryEnumerator)iterator).Key, () => _ = ((IMapIterator)iterator).Entry,
                () => entry.SetValue(-1), () => entry.Remove(), () => entry.Value = -1,
            ];
            foreach (Action use in uses)
            {
                MapViolation violation = Expect.Violation(MapViolationKind.IteratorDone, use);
                Assert.Equal(IteratorState.Done, violation.IteratorState);
                Assert.Equal(IterationContract.Reject, violation.Contract);
                Assert.StartsWith("map iterator used after it was done", violation.Message, StringComparison.Ordinal);
            }

            Assert.Equal(-1, iterator.Slot);
        }
    }

    [Fact]
    public void An_iterator_ended_early_is_done()
    {
        GuardedMap<int, int> map = Make();
        MapIterator<int, int> iterator = map.Iterate();
        Assert.True(iterator.MoveNext());
        iterator.Dispose();
        Assert.Equal(IteratorState.Done, iterator.State);
        Assert.False(iterator.MoveNext());
        Expect.Violation(MapViolationKind.IteratorDone, () => iterator.Step());
        map[1] = -1;
        iterator.Dispose();
        Assert.Equal(-1, map[1]);
    }

    [Fact]
    public void An_iterator_ended_before_it_began_is_done_and_takes_no_lease()
    {
        GuardedMap<int, int> map = Make();
        MapIterator<int, int> iterator = map.CreateIterator();
        map[1] = -1;
        iterator.Dispose();
        Assert.False(iterator.MoveNext());
        Expect.Violation(MapViolationKind.IteratorDone, () => iterator.Step());
        map[1] = -2;
        Assert.Equal(-2, map[1]);
    }

    [Fact]
    public void An_entry_is_valid_until_the_iteration_goes_on()
    {
        GuardedMap<int, int> map = Make();
        using MapIterator<int, int> iterator = map.Iterate();
        Assert.True(iterator.MoveNext());
        MapEntry<int, int> entry = iterator.Entry;
        Assert.True(entry.SetValue(-1));
        Assert.True(iterator.MoveNext());
        MapViolation violation = Expect.Violation(MapViolationKind.IteratorDone, () => entry.SetValue(-2));
        Assert.Equal(IteratorState.Bucket, violation.IteratorState);
        Expect.Violation(MapViolationKind.IteratorDone, () => entry.Remove());
        Assert.Equal(-1, map[entry.Key]);
        Assert.Equal(-1, entry.Value);
    }

    [Fact]
    public void Before_the_first_step_there_is_no_entry_and_an_iterator_is_never_reset()
    {
        GuardedMap<int, int> map = Make();
        using MapIterator<int, int> iterator = map.CreateIterator();
        for (int i = 0; i < 2; i++)
        {
            Assert.IsNotType<MapViolationException>(Assert.ThrowsAny<InvalidOperationException>(() => iterator.Current));
            Assert.IsNotType<MapViolationException>(Assert.ThrowsAny<InvalidOperationException>(() => iterator.Entry));
            Assert.Throws<NotSupportedException>(() => iterator.Reset());
            if (i == 0) Assert.Equal(IteratorState.Init, iterator.Step());
        }

        GuardedMap<int, int>.Enumerator enumerator = map.GetEnumerator();
        Assert.Throws<InvalidOperationException>(() => enumerator.Current);
        while (enumerator.MoveNext())
        {
        }

        Assert.Throws<InvalidOperationException>(() => enumerator.Current);
        Assert.False(enumerator.MoveNext());
        enumerator.Dispose();
    }

    [Fact]
    public void A_bound_iterator_refuses_every_thread_but_its_own()
    {
        GuardedMap<int, int> map = Make();
        using MapIterator<int, int> iterator = map.CreateIterator(bound: true);
        Assert.True(iterator.MoveNext());
        int key = iterator.Current.Key;
        MapViolation violation = Expect.ViolationElsewhere(MapViolationKind.ForeignIterator, () => iterator.MoveNext());
        Assert.Equal(Environment.CurrentManagedThreadId, violation.Holder?.ThreadId);
        Assert.NotEqual(Environment.CurrentManagedThreadId, violation.Offender.ThreadId);
        Assert.StartsWith("map iterator used by a thread it is not bound to", violation.Message, StringComparison.Ordinal);
        Expect.ViolationElsewhere(MapViolationKind.ForeignIterator, () => iterator.Step());
        Expect.ViolationElsewhere(MapViolationKind.ForeignIterator, () => iterator.Entry.SetValue(-1));
        Assert.Equal(key, iterator.Current.Key);
        Assert.Equal(key, map[key]);
        int seen = 1;
        while (iterator.MoveNext()) seen++;
        Assert.Equal(100, seen);
    }

    [Fact]
    public void An_iterator_that_is_not_bound_may_hop_threads()
    {
        GuardedMap<int, int> map = Make();
        using MapIterator<int, int> iterator = map.Iterate();
        var seen = new HashSet<int>();
        while (Elsewhere.Get(iterator.MoveNext)) Assert.True(seen.Add(iterator.Current.Key));
        Assert.Equal(100, seen.Count);
    }

    /// <summary>An iterator whose next step asks the comparer, which holds the stepping thread there.</summary>
    private static (GuardedMap<int, int> Map, MapIterator<int, int> Iterator, CallbackComparer Comparer) MakeAsking()
    {
        var comparer = new CallbackComparer();
        GuardedMap<int, int> map = Make(60, comparer);
        map[1000] = 1000;
        MapIterator<int, int> iterator = map.Iterate(IterationContract.Tolerate);
        Assert.True(iterator.MoveNext());
        // Something is removed: the walk asks from now on whether an entry is still there.
        map.Remove(1000);
        return (map, iterator, comparer);
    }

    [Fact]
    public void Two_threads_inside_one_iterator_are_always_detected()
    {
        (GuardedMap<int, int> map, MapIterator<int, int> iterator, CallbackComparer comparer) = MakeAsking();
        MapEntry<int, int> entry = iterator.Entry;
        using (HeldThread stepping = new(hold =>
        {
            comparer.OnHash = hold;
            Assert.True(iterator.MoveNext());
        }))
        {
            foreach (Action use in (Action[])[() => iterator.MoveNext(), () => iterator.Step(), () => entry.SetValue(1), () => entry.Remove(), () => _ = iterator.Current, () => _ = iterator.Entry])
            {
                MapViolation violation = Expect.Violation(MapViolationKind.IteratorInUse, use);
                Assert.Equal(stepping.ThreadId, violation.Holder?.ThreadId);
                Assert.Equal(IterationContract.Tolerate, violation.Contract);
                Assert.StartsWith("map iterator used by two threads at once", violation.Message, StringComparison.Ordinal);
            }
        }

        comparer.OnHash = null;
        int seen = 2;
        while (iterator.MoveNext()) seen++;
        Assert.Equal(60, seen);
        map.CheckInvariants();
    }

    [Fact]
    public void A_step_from_inside_the_same_iterators_step_is_detected_too()
    {
        (GuardedMap<int, int> _, MapIterator<int, int> iterator, CallbackComparer comparer) = MakeAsking();
        int tried = 0;
        comparer.OnHash = () =>
        {
            comparer.OnHash = null;
            Expect.Violation(MapViolationKind.IteratorInUse, () => iterator.MoveNext());
            tried++;
        };
        Assert.True(iterator.MoveNext());
        Assert.Equal(1, tried);
        int seen = 2;
        while (iterator.MoveNext()) seen++;
        Assert.Equal(60, seen);
    }

    [Fact]
    public void Ended_while_another_thread_is_inside_it_ends_with_that_threads_step()
    {
        (GuardedMap<int, int> map, MapIterator<int, int> iterator, CallbackComparer comparer) = MakeAsking();
        using (HeldThread stepping = new(hold =>
        {
            comparer.OnHash = hold;
            iterator.MoveNext();
        }))
        {
            iterator.Dispose();
            // Still inside: the lease holds.
            Assert.NotEqual(IteratorState.Done, iterator.State);
            Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map[1] = -1);
        }

        comparer.OnHash = null;
        Assert.Equal(IteratorState.Done, iterator.State);
        Assert.False(iterator.MoveNext());
        map[1] = -1;
        Assert.Equal(-1, map[1]);
    }

    [Fact]
    public void Ended_from_inside_its_own_step_it_ends_with_that_step()
    {
        (GuardedMap<int, int> map, MapIterator<int, int> iterator, CallbackComparer comparer) = MakeAsking();
        comparer.OnHash = iterator.Dispose;
        iterator.MoveNext();
        comparer.OnHash = null;
        Assert.Equal(IteratorState.Done, iterator.State);
        Assert.False(iterator.MoveNext());
        map[1] = -1;
        Assert.Equal(-1, map[1]);
    }

    [Fact]
    public void A_write_from_inside_a_step_of_a_tolerant_iteration_fails_the_step_and_the_walk_goes_on_from_there()
    {
        (GuardedMap<int, int> map, MapIterator<int, int> iterator, CallbackComparer comparer) = MakeAsking();
        comparer.OnHash = () =>
        {
            comparer.OnHash = null;
            map[1] = -1;
        };
        Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => iterator.MoveNext());
        int seen = 1;
        while (iterator.MoveNext()) seen++;
        Assert.Equal(60, seen);
        Assert.Equal(-1, map[1]);
    }
}
