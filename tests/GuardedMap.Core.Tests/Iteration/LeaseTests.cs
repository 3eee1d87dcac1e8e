using System.Collections;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Iteration;

/// <summary>When a lease begins and ends; and that whoever holds none never locks the map.</summary>
public sealed class LeaseTests
{
    private static GuardedMap<int, int> Make(IterationContract contract = IterationContract.Reject, IterationContract unleased = IterationContract.FailFast, bool growing = true)
    {
        ActorThread.ForgetHandovers();
        var map = new GuardedMap<int, int>(new MapOptions<int> { Contract = contract, UnleasedContract = unleased });
        for (int i = 0; i < (growing ? 81 : 75); i++) map[i] = i;
        Assert.Equal(growing, map.IsGrowing);
        return map;
    }

    private static void AssertLocked(GuardedMap<int, int> map) => Expect.ViolationElsewhere(MapViolationKind.ConcurrentIterationAndWrite, () => map[1] = -1);

    private static void AssertFree(GuardedMap<int, int> map)
    {
        Elsewhere.RunWell(() => map[1] = -1);
        Assert.Equal(-1, map[1]);
    }

    [Theory]
    [InlineData(IterationContract.Reject, false)]
    [InlineData(IterationContract.Reject, true)]
    [InlineData(IterationContract.Tolerate, false)]
    [InlineData(IterationContract.Tolerate, true)]
    public void The_lease_of_a_foreach_ends_however_the_loop_does(IterationContract contract, bool growing)
    {
        GuardedMap<int, int> map = Make(contract, growing: growing);
        foreach (KeyValuePair<int, int> _ in map) AssertLocked(map);
        AssertFree(map);
        foreach (KeyValuePair<int, int> _ in map) break;
        AssertFree(map);
        Assert.Throws<ComparerException>(() =>
        {
            foreach (KeyValuePair<int, int> _ in map) throw new ComparerException();
        });
        AssertFree(map);
        Assert.True(Returns());
        AssertFree(map);

        bool Returns()
        {
            foreach (KeyValuePair<int, int> _ in map) return true;
            return false;
        }
    }

    [Theory]
    [InlineData(IterationContract.Reject)]
    [InlineData(IterationContract.Tolerate)]
    public void The_lease_of_an_iterator_begins_with_Iterate_and_ends_with_Dispose_or_the_last_step(IterationContract contract)
    {
        GuardedMap<int, int> map = Make();
        using (MapIterator<int, int> iterator = map.Iterate(contract))
        {
            AssertLocked(map);
            Assert.True(iterator.MoveNext());
            AssertLocked(map);
        }

        AssertFree(map);
        MapIterator<int, int> whole = map.Iterate(contract);
        while (whole.MoveNext()) AssertLocked(map);
        AssertFree(map);
    }

    [Fact]
    public void The_lease_of_an_iterator_stepped_by_hand_begins_with_its_first_step()
    {
        GuardedMap<int, int> map = Make();
        using MapIterator<int, int> iterator = map.CreateIterator();
        AssertFree(map);
        Assert.Equal(IteratorState.Init, iterator.Step());
        AssertLocked(map);
        while (iterator.Step() != IteratorState.Done) AssertLocked(map);
        AssertFree(map);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Several_leases_hold_until_the_last_one_ends(bool growing)
    {
        GuardedMap<int, int> map = Make(growing: growing);
        MapIterator<int, int> a = map.Iterate();
        MapIterator<int, int> b = map.Iterate(IterationContract.Tolerate);
        GuardedMap<int, int>.Enumerator c = map.GetEnumerator();
        GuardedMap<int, int>.Enumerator d = map.GetEnumerator();
        AssertLocked(map);
        c.Dispose();
        AssertLocked(map);
        a.Dispose();
        a.Dispose();
        AssertLocked(map);
        b.Dispose();
        AssertLocked(map);
        d.Dispose();
        d.Dispose();
        AssertFree(map);
    }

    [Fact]
    public void A_lease_may_be_ended_by_another_thread()
    {
        GuardedMap<int, int> map = Make();
        MapIterator<int, int> iterator = map.Iterate();
        Assert.True(iterator.MoveNext());
        Elsewhere.RunWell(iterator.Dispose);
        AssertFree(map);
        Assert.False(iterator.MoveNext());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void More_loops_than_the_state_word_can_count_still_lock_the_map_until_the_last_one_ends(bool shared)
    {
        GuardedMap<int, int> map = Make(growing: false);
        if (shared) Elsewhere.RunWell(() => map.GetEnumerator().Dispose());
        const int Loops = (1 << 14) + 10;
        var loops = new GuardedMap<int, int>.Enumerator[Loops];
        for (int i = 0; i < Loops; i++) loops[i] = map.GetEnumerator();
        Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map[1] = -1);
        AssertLocked(map);
        for (int i = 0; i < Loops - 1; i++) loops[i].Dispose();
        AssertLocked(map);
        Assert.True(loops[Loops - 1].MoveNext());
        loops[Loops - 1].Dispose();
        AssertFree(map);
        map[1] = -2;
        Assert.Equal(75, map.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_copy_of_an_enumerator_disposed_once_more_leaves_the_map_usable(bool shared)
    {
        GuardedMap<int, int> map = Make(growing: false);
        if (shared) Elsewhere.RunWell(() => map.GetEnumerator().Dispose());
        GuardedMap<int, int>.Enumerator loop = map.GetEnumerator();
        GuardedMap<int, int>.Enumerator copy = loop;
        loop.Dispose();
        copy.Dispose();
        map[1] = -2;
        foreach (KeyValuePair<int, int> _ in map) Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map[1] = -3);
        map[2] = -2;
        AssertFree(map);
        foreach (KeyValuePair<int, int> _ in map) AssertLocked(map);
        AssertFree(map);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_foreach_begun_by_one_thread_may_be_gone_on_with_and_ended_by_another(bool shared)
    {
        // An async method, or a shell's runspace, may hop threads in the middle of a loop.
        GuardedMap<int, int> map = Make(growing: false);
        if (shared) Elsewhere.RunWell(() => map.GetEnumerator().Dispose());
        IEnumerator<KeyValuePair<int, int>> loop = map.GetEnumerator();
        Assert.True(loop.MoveNext());
        Elsewhere.RunWell(() =>
        {
            Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map[1] = -1);
            Assert.True(loop.MoveNext());
            loop.Dispose();
            map[1] = -1;
        });
        Assert.Equal(-1, map[1]);
        map[1] = -2;
        AssertFree(map);
    }

    [Theory]
    [InlineData(IterationContract.FailFast)]
    [InlineData(IterationContract.Tolerate)]
    [InlineData(IterationContract.Snapshot)]
    public void An_abandoned_enumerator_never_locks_the_map(IterationContract unleased)
    {
        GuardedMap<int, int> map = Make(unleased: unleased);
        IEnumerator[] abandoned =
        [
            ((IEnumerable<KeyValuePair<int, int>>)map).GetEnumerator(),
            ((IEnumerable)map).GetEnumerator(),
            ((IDictionary)map).GetEnumerator(),
            map.Keys.GetEnumerator(),
            map.Values.GetEnumerator(),
            ((IEnumerable)map.Keys).GetEnumerator(),
        ];
        foreach (IEnumerator enumerator in abandoned) Assert.True(enumerator.MoveNext());
        AssertFree(map);
        map.Remove(2);
        for (int i = 200; i < 400; i++) map[i] = i;
        map.CheckInvariants();
        foreach (IEnumerator enumerator in abandoned)
        {
            if (unleased == IterationContract.FailFast)
            {
                Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => enumerator.MoveNext());
                continue;
            }

            int seen = 1;
            while (enumerator.MoveNext()) seen++;
            // A snapshot shows all that was there; a tolerant walk may come by what was added, and no longer by what was removed.
            if (unleased == IterationContract.Snapshot) Assert.Equal(81, seen);
            else Assert.InRange(seen, 80, 281);
        }

        AssertFree(map);
    }

    [Fact]
    public void An_abandoned_iterator_without_a_lease_of_its_own_never_locks_the_map()
    {
        GuardedMap<int, int> map = Make();
        Assert.True(map.Iterate(IterationContract.FailFast).MoveNext());
        Assert.True(map.Iterate(IterationContract.Snapshot).MoveNext());
        Assert.Equal(IteratorState.Nil, map.CreateIterator().State);
        AssertFree(map);
    }

    [Fact]
    public void A_map_takes_its_own_contract_where_none_is_named()
    {
        foreach (IterationContract contract in ContractRule.Guarded)
        {
            GuardedMap<int, int> map = Make(contract);
            Assert.Equal(contract, map.Contract);
            using MapIterator<int, int> iterator = map.Iterate();
            Assert.Equal(contract, iterator.Contract);
            Assert.True(iterator.IsLeased);
            using MapIterator<int, int> other = map.Iterate(IterationContract.Snapshot);
            Assert.Equal(IterationContract.Snapshot, other.Contract);
        }
    }

    [Fact]
    public void A_foreach_over_a_map_follows_the_maps_contract()
    {
        // FailFast: the loop fails at its next step.
        GuardedMap<int, int> failFast = Make(IterationContract.FailFast);
        int steps = 0;
        Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () =>
        {
            foreach (KeyValuePair<int, int> entry in failFast)
            {
                steps++;
                failFast[entry.Key] = -1;
            }
        });
        Assert.Equal(1, steps);

        // Tolerate and Snapshot: it goes on. Defer: it goes on, and the writes come afterwards.
        foreach (IterationContract contract in (IterationContract[])[IterationContract.Tolerate, IterationContract.Snapshot, IterationContract.Defer])
        {
            GuardedMap<int, int> map = Make(contract);
            steps = 0;
            foreach (KeyValuePair<int, int> entry in map)
            {
                Assert.Equal(entry.Key, entry.Value);
                steps++;
                map[entry.Key] = -1;
                Assert.Equal(contract == IterationContract.Defer ? entry.Key : -1, map[entry.Key]);
            }

            Assert.Equal(81, steps);
            Assert.All(map, entry => Assert.Equal(-1, entry.Value));
        }
    }
}
