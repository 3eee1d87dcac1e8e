using System.Runtime.CompilerServices;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

/// <summary>
/// A map knows its owner by where that one's stack is. When the owner has ended, another thread may get the stack: it is let in alone, as the owner was, and is not called by the
/// owner's name.
/// </summary>
public sealed class HeirTests
{
    [Fact]
    public void Who_meets_a_write_on_the_stack_of_an_ended_owner_is_told_who_really_writes()
    {
        const int Maps = 3000;
        const int Enough = 3;
        GuardedMap<int, int>? offered = null;
        int done = 0;
        int named = 0;
        int refused = 0;
        bool stop = false;
        Inherit(Maps, heirWork: (maps, _) =>
        {
            foreach (GuardedMap<int, int> map in maps)
            {
                if (Volatile.Read(ref stop)) return;
                Volatile.Write(ref offered, map);
                // The other one looks for a write that is under way; after its one attempt the map is shared, and a writer signs with its own name anyway.
                while (Volatile.Read(ref done) == 0 && !Volatile.Read(ref stop))
                {
                    try
                    {
                        for (int i = 0; i < 50; i++) Write(map, i);
                    }
                    catch (MapViolationException)
                    {
                        // It was the other one's turn.
                        refused++;
                    }
                }

                Volatile.Write(ref offered, null);
                while (Volatile.Read(ref done) != 0 && !Volatile.Read(ref stop)) Thread.Yield();
            }
        },
        meanwhile: (heir, isOver) =>
        {
            try
            {
                for (int tried = 0; tried < Maps && named < Enough; tried++)
                {
                    GuardedMap<int, int>? map;
                    while ((map = Volatile.Read(ref offered)) is null)
                    {
                        if (isOver()) return;
                        Thread.Yield();
                    }

                    try
                    {
                        Thread.SpinWait(tried % 61 * 10);
                        map[2] = 1;
                    }
                    catch (MapViolationException e)
                    {
                        Assert.Equal(MapViolationKind.ConcurrentWrites, e.Kind);
                        Assert.Equal(heir, e.Violation.Holder?.ThreadId);
                        named++;
                    }

                    Volatile.Write(ref done, 1);
                    while (Volatile.Read(ref offered) is not null && !isOver()) Thread.Yield();
                    Volatile.Write(ref done, 0);
                }
            }
            finally
            {
                Volatile.Write(ref stop, true);
            }
        });
        Assert.True(named > 0, $"of {Maps} writes none met the heir's ({refused} of its were refused)");
    }

    [Fact]
    public void An_heir_on_a_careful_path_is_found_out_and_shares_the_map_from_then_on()
    {
        using var inside = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        MapViolation? violation = null;
        Inherit(1, heirWork: (maps, _) => maps[0].GetOrAdd(7, _ =>
        {
            inside.Set();
            Assert.True(release.Wait(HeldThread.Hang));
            return 1;
        }),
        meanwhile: (heir, _) =>
        {
            Assert.True(inside.Wait(HeldThread.Hang));
            violation = Expect.Violation(MapViolationKind.ConcurrentWrites, () => Current[0][1] = 1);
            Assert.Equal(heir, violation.Holder?.ThreadId);
            Assert.Equal(MapOperation.Update, violation.Holder?.Operation);
            release.Set();
        });
        Assert.NotNull(violation);
    }

    [Fact]
    public void An_heirs_foreach_keeps_writers_out_and_no_thread_is_named_that_has_ended()
    {
        using var inside = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        Inherit(1, heirWork: (maps, _) => Loop(maps[0], () =>
        {
            inside.Set();
            Assert.True(release.Wait(HeldThread.Hang));
        }),
        meanwhile: (_, _) =>
        {
            Assert.True(inside.Wait(HeldThread.Hang));
            MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => Current[0][1] = 1);
            Assert.Equal(0, violation.Holder?.ThreadId);
            Assert.Contains($"thread {Owner}, which has ended, or one that got its stack", violation.Message, StringComparison.Ordinal);
            release.Set();
        });
        // Its end lets writers in.
        Current[0][1] = 2;
    }

    [Fact]
    public void A_write_that_was_over_before_anybody_came_is_the_ended_owners_or_its_heirs()
    {
        ActorThread.ForgetHandovers();
        GuardedMap<int, int> map = null!;
        using var made = new ManualResetEventSlim();
        using var looked = new ManualResetEventSlim();
        var owner = new Thread(() =>
        {
            map = new GuardedMap<int, int> { [1] = 1 };
            made.Set();
            looked.Wait(HeldThread.Hang);
            map[1] = 2;
        })
        {
            IsBackground = true,
        };
        owner.Start();
        Assert.True(made.Wait(HeldThread.Hang));
        using IEnumerator<KeyValuePair<int, int>> enumerator = ((IEnumerable<KeyValuePair<int, int>>)map).GetEnumerator();
        looked.Set();
        Assert.True(owner.Join(HeldThread.Hang));
        MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => enumerator.MoveNext());
        Assert.Equal((0, MapOperation.Set), (violation.Holder!.ThreadId, violation.Holder.Operation));
        Assert.Contains($"thread {owner.ManagedThreadId}, which has ended", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thread_stands_on_a_page_of_its_own()
    {
        nuint here = StackPage.Here;
        Assert.NotEqual((nuint)0, here);
        using var elsewhere = new HeldThread(hold =>
        {
            Assert.NotEqual(here, StackPage.Here);
            hold();
        });
        Assert.InRange(here > StackPage.Here ? here - StackPage.Here : StackPage.Here - here, (nuint)0, (nuint)16);
    }

    private GuardedMap<int, int>[] Current { get; set; } = [];

    private int Owner { get; set; }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nuint Write(GuardedMap<int, int> map, int value)
    {
        map[1] = value;
        return StackPage.Here;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Loop(GuardedMap<int, int> map, Action body)
    {
        foreach (KeyValuePair<int, int> _ in map) body();
    }

    /// <summary>Has a thread make maps and end, and finds another that runs on its stack.</summary>
    private void Inherit(int count, Action<GuardedMap<int, int>[], nuint> heirWork, Action<int, Func<bool>> meanwhile)
    {
        nuint page = 0;
        var maps = new GuardedMap<int, int>[count];
        var owner = new Thread(() => page = Body(() =>
        {
            ActorThread.ForgetHandovers();
            nuint at = 0;
            for (int i = 0; i < count; i++) at = Write(maps[i] = new GuardedMap<int, int>(), 0);
            return at;
        }))
        {
            IsBackground = true,
        };
        owner.Start();
        Assert.True(owner.Join(HeldThread.Hang));
        Current = maps;
        Owner = owner.ManagedThreadId;

        // The operating system gives a stack away again soon. Who got another one waits, so that the next must get yet another.
        using var over = new ManualResetEventSlim();
        var others = new List<Thread>();
        Exception? thrown = null;
        Thread? heir = null;
        while (heir is null && others.Count < 200)
        {
            using var asked = new ManualResetEventSlim();
            bool isHeir = false;
            var thread = new Thread(() => Body(() =>
            {
                nuint mine = Write(new GuardedMap<int, int>(), 0);
                isHeir = mine == page;
                asked.Set();
                if (!isHeir)
                {
                    over.Wait(HeldThread.Hang);
                    return mine;
                }

                try
                {
                    heirWork(maps, mine);
                }
                catch (Exception e)
                {
                    thrown = e;
                }

                return mine;
            }))
            {
                IsBackground = true,
            };
            thread.Start();
            Assert.True(asked.Wait(HeldThread.Hang));
            if (isHeir) heir = thread;
            else others.Add(thread);
        }

        Assert.True(heir is not null, "no thread got the stack of the one that has ended");
        int number = heir.ManagedThreadId;
        meanwhile(number, () => !heir.IsAlive);
        Assert.True(heir.Join(HeldThread.Hang));
        over.Set();
        foreach (Thread other in others) Assert.True(other.Join(HeldThread.Hang));
        Assert.Null(thrown);
    }

    // Both begin the same way, so that both stand at the same place of the stack.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nuint Body(Func<nuint> body) => body();
}
