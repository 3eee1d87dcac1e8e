using System.Collections;
using System.Runtime.CompilerServices;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Iteration;

/// <summary>Iterations that nobody ends: what was dropped is found out, what cannot be is ended by name, and no map stays locked for ever.</summary>
public sealed class AbandonedIterationTests
{
    private static GuardedMap<int, int> Make(bool shared = false)
    {
        ActorThread.ForgetHandovers();
        var map = new GuardedMap<int, int>(new MapOptions<int> { Name = "m" });
        for (int i = 0; i < 100; i++) map[i] = i;
        if (shared) Elsewhere.RunWell(() => map.Iterate().Dispose());
        return map;
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(GuardedMap<int, int> map, IterationContract contract) => map.Iterate(contract).MoveNext();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DropLoop(GuardedMap<int, int> map)
    {
        GuardedMap<int, int>.Enumerator loop = map.GetEnumerator();
        Assert.True(loop.MoveNext());
    }

    // In another stack frame, and on another thread: nothing on this stack may hold on to it.
    private static void DropElsewhere(GuardedMap<int, int> map, IterationContract contract) => Elsewhere.RunWell(() => Drop(map, contract));

    [Theory]
    [InlineData(IterationContract.Reject, false)]
    [InlineData(IterationContract.Reject, true)]
    [InlineData(IterationContract.Tolerate, false)]
    [InlineData(IterationContract.Tolerate, true)]
    public void The_lease_of_an_iterator_that_was_dropped_ends_with_the_iterator(IterationContract contract, bool shared)
    {
        GuardedMap<int, int> map = Make(shared);
        DropElsewhere(map, contract);
        Collect();
        map[1] = -1;
        Assert.Equal(-1, map[1]);
        Elsewhere.RunWell(() => map[1] = -2);
        Assert.Null(map.LastViolation);
    }

    [Fact]
    public void What_was_deferred_for_an_iterator_that_was_dropped_is_applied_by_the_next_write_and_comes_before_it()
    {
        GuardedMap<int, int> map = Make();
        Elsewhere.RunWell(() =>
        {
            Drop(map, IterationContract.Defer);
            map[1] = -1;
            map.Remove(2);
            map[500] = 500;
        });
        Collect();
        map.Increment(1, -1);
        Assert.Equal((-2, false, 500, 100), (map[1], map.ContainsKey(2), map[500], map.Count));
        map.CheckInvariants();
    }

    [Fact]
    public void A_lease_that_is_held_while_others_are_dropped_goes_on_refusing()
    {
        GuardedMap<int, int> map = Make();
        using MapIterator<int, int> held = map.Iterate();
        Assert.True(held.MoveNext());
        for (int i = 0; i < 20; i++) DropElsewhere(map, IterationContract.Reject);
        Collect();
        Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map[1] = -1);
        held.Dispose();
        map[1] = -1;
        GC.KeepAlive(held);
    }

    [Fact]
    public void Whoever_only_iterates_and_drops_every_iterator_gathers_no_leases()
    {
        GuardedMap<int, int> map = Make();
        for (int round = 0; round < 20; round++)
        {
            Elsewhere.RunWell(() =>
            {
                for (int i = 0; i < 100; i++) Drop(map, IterationContract.Reject);
            });
            Collect();
        }

        // Were all kept, there would be 2000.
        Assert.InRange(map.EndIterations(), 0, 400);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_dropped_enumerator_of_foreach_is_ended_by_name(bool shared)
    {
        GuardedMap<int, int> map = Make(shared);
        DropLoop(map);
        if (shared) Elsewhere.RunWell(() => DropLoop(map));
        Collect();
        MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map[1] = -1);
        Assert.Equal("If that iteration is over, the iterator was never disposed: call EndIterations().", violation.WayOut);
        Assert.EndsWith($"{violation.Remedy} {violation.WayOut}", violation.Message, StringComparison.Ordinal);
        Assert.Equal(shared ? 2 : 1, map.EndIterations());
        map[1] = -1;
        Elsewhere.RunWell(() => map[1] = -2);
        Assert.Equal(0, map.EndIterations());
        // Later loops are loops like any other: they refuse, go over everything, and end.
        int seen = 0;
        foreach (KeyValuePair<int, int> _ in map)
        {
            if (seen++ == 0) Expect.ViolationElsewhere(MapViolationKind.ConcurrentIterationAndWrite, () => map[1] = -1);
        }

        Assert.Equal(100, seen);
        map[1] = -3;
        map.CheckInvariants();
    }

    [Fact]
    public void A_dropped_loop_is_ended_from_another_thread_than_the_maps_owner()
    {
        GuardedMap<int, int> map = Make();
        DropLoop(map);
        Assert.Equal(1, Elsewhere.Get(map.EndIterations));
        map[1] = -1;
        Elsewhere.RunWell(() => map[1] = -2);
    }

    [Fact]
    public void A_lease_whose_thread_has_ended_is_told_of_and_ended_by_name()
    {
        GuardedMap<int, int> map = Make();
        MapIterator<int, int>? left = null;
        Elsewhere.RunWell(() =>
        {
            left = map.Iterate();
            left.MoveNext();
        });
        MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map[1] = -1);
        Assert.Equal("The thread that began the iteration has ended, and the iterator was never disposed: call EndIterations().", violation.WayOut);
        Assert.Equal(1, map.EndIterations());
        map[1] = -1;
        MapViolation told = Expect.Violation(MapViolationKind.IteratorDone, () => left!.MoveNext());
        Assert.Contains("EndIterations() has ended this iteration", told.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(IterationContract.Reject)]
    [InlineData(IterationContract.Tolerate)]
    [InlineData(IterationContract.Defer)]
    public void An_iteration_that_is_still_running_gets_an_error_from_its_next_step_and_disturbs_nobody(IterationContract contract)
    {
        GuardedMap<int, int> map = Make();
        using MapIterator<int, int> iterator = map.Iterate(contract);
        Assert.True(iterator.MoveNext());
        MapEntry<int, int> entry = iterator.Entry;
        if (contract == IterationContract.Defer) map[1] = -1;
        Assert.Equal(1, map.EndIterations());
        Assert.Equal(contract == IterationContract.Defer ? -1 : 1, map[1]);
        Expect.Violation(MapViolationKind.IteratorDone, () => entry.SetValue(-5));
        for (int i = 0; i < 2; i++) Expect.Violation(MapViolationKind.IteratorDone, () => iterator.MoveNext());
        Expect.Violation(MapViolationKind.IteratorDone, () => iterator.Step());
        using (MapIterator<int, int> other = map.Iterate())
        {
            // The one that was ended ends nobody else's lease.
            iterator.Dispose();
            Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map[1] = -2);
        }

        Assert.False(iterator.MoveNext());
        map[1] = -3;
        map.CheckInvariants();
    }

    [Theory]
    [InlineData(false, 20)]
    [InlineData(true, 20)]
    [InlineData(false, 5000)]
    [InlineData(true, 5000)]
    public void A_foreach_that_is_still_running_sees_what_was_at_hand_as_it_was_and_then_gets_an_error(bool shared, int entries)
    {
        ActorThread.ForgetHandovers();
        var map = new GuardedMap<int, long>();
        for (int i = 0; i < entries; i++) map[i] = i;
        if (shared) Elsewhere.RunWell(() => map.Iterate().Dispose());
        GuardedMap<int, long>.Enumerator loop = map.GetEnumerator();
        Assert.True(loop.MoveNext());
        Assert.Equal(1, map.EndIterations());
        for (int i = 0; i < entries; i++) map[i] = -1;
        map.Clear();
        int further = 0;
        MapViolation violation = Expect.Violation(MapViolationKind.IteratorDone, () =>
        {
            while (loop.MoveNext())
            {
                Assert.Equal(loop.Current.Key, loop.Current.Value);
                further++;
            }
        });
        Assert.InRange(further, 0, 1023);
        Assert.Contains("EndIterations() has ended this loop's iteration", violation.Remedy, StringComparison.Ordinal);
        using (map.Iterate())
        {
            loop.Dispose();
            Expect.ViolationElsewhere(MapViolationKind.ConcurrentIterationAndWrite, () => map[1] = 1);
        }

        map[1] = 1;
        map.CheckInvariants();
    }

    [Fact]
    public void Ending_iterations_from_inside_a_writes_own_callback_is_refused_only_if_it_would_let_the_write_in()
    {
        GuardedMap<int, int> map = Make();
        map.AddOrUpdate(1, 0, (_, _) =>
        {
            Assert.Equal(0, map.EndIterations());
            return -1;
        });
        Assert.Equal(-1, map[1]);
    }

    [Theory]
    [InlineData(MapProtection.Synchronized)]
    [InlineData(MapProtection.None)]
    public void Where_nobody_is_kept_out_there_is_nothing_to_end(MapProtection protection)
    {
        var map = new GuardedMap<int, int>(new MapOptions<int> { Protection = protection }) { [1] = 1 };
        using MapIterator<int, int> iterator = map.Iterate();
        Assert.Equal(0, map.EndIterations());
        Assert.True(iterator.MoveNext());
    }

    [Fact]
    public void Threads_that_loop_write_drop_and_end_at_once_leave_the_map_free()
    {
        GuardedMap<int, int> map = Make();
        long until = Environment.TickCount64 + 500;
        GuardedMaps.Tests.Maps.MapThreads.Together(4, me =>
        {
            for (int i = 0; Environment.TickCount64 < until; i++)
            {
                try
                {
                    switch ((i + me) % 5)
                    {
                        case 0:
                            foreach (KeyValuePair<int, int> entry in map) Assert.Equal(entry.Key, Math.Abs(entry.Value));
                            break;
                        case 1:
                            DropLoop(map);
                            break;
                        case 2:
                            map.EndIterations();
                            break;
                        default:
                            map[i % 100] = -(i % 100);
                            break;
                    }
                }
                catch (MapViolationException)
                {
                    // Refused, or ended: both are right, and which it is depends on who comes first.
                }
            }
        });
        map.EndIterations();
        for (int i = 0; i < 100; i++) map[i] = i;
        map.CheckInvariants();
        Assert.Equal(100, map.Count);
    }

    [Fact]
    public void The_iterator_is_named_by_the_line_that_opened_it()
    {
        var opener = new MapActor { ThreadId = 3, Position = "line 7: $it = $m.Iterate()" };
        Assert.Equal("If that iteration is over, the iterator opened at line 7 was never disposed: call EndIterations().", Lease.WayOut(opener, threadHasEnded: false));
        Assert.Contains("the iterator opened at leak.ps1:7 was never disposed", Lease.WayOut(opener with { Position = "leak.ps1:7" }, threadHasEnded: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Enumerators_of_the_interfaces_begin_anew_wherever_they_stand()
    {
        GuardedMap<int, int> map = Make();
        IEnumerator[] all =
        [
            ((IEnumerable)map).GetEnumerator(),
            ((IDictionary)map).GetEnumerator(),
            ((IEnumerable<KeyValuePair<int, int>>)map).GetEnumerator(),
            map.Keys.GetEnumerator(),
            map.Values.GetEnumerator(),
            map.GetEnumerator(),
            ((IDictionary)new GuardedMap(new Hashtable { ["a"] = 1, ["b"] = 2 })).GetEnumerator(),
            new GuardedMap(new Hashtable { ["a"] = 1, ["b"] = 2 }).GetEnumerator(),
        ];
        foreach (IEnumerator enumerator in all)
        {
            int count = 0;
            while (enumerator.MoveNext()) count++;
            Assert.True(count is 100 or 2);
            enumerator.Reset();
            Assert.True(enumerator.MoveNext());
            enumerator.Reset();
            int again = 0;
            while (enumerator.MoveNext()) again++;
            Assert.Equal(count, again);
            (enumerator as IDisposable)?.Dispose();
        }

        Assert.Equal(0, map.ViolationCount);
        map[1] = -1;
    }
}
