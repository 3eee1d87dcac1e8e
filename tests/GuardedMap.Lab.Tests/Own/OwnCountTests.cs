using System.Collections;
using static GuardedMaps.Lab.Tests.Own.OwnPrograms;

namespace GuardedMaps.Lab.Tests.Own;

/// <summary>How many schedules there are, and how many of them end how: figures that follow from the programs.</summary>
public sealed class OwnCountTests
{
    private static readonly Action<Hashtable> s_zero = static t => t["n"] = 0;

    /// <summary>What takes a lock and gives it back, by the lock's name.</summary>
    public static TheoryData<string> Locks => [.. s_locks.Keys];

    private static readonly Dictionary<string, (Func<object> Make, Action<object> Take, Action<object> Leave)> s_locks = new(StringComparer.Ordinal)
    {
        ["Monitor"] = (static () => new object(), static o => Locked(o, "Enter", () => Monitor.Enter(o)), static o => Locked(o, "Exit", () => Monitor.Exit(o))),
        ["Lock"] = (NewLock, static o => Locked(o, "Enter", ((Lock)o).Enter), static o => Locked(o, "Exit", ((Lock)o).Exit)),
        ["Mutex"] = (static () => new Mutex(), static o => Locked(o, "WaitOne", () => ((Mutex)o).WaitOne()), static o => Locked(o, "ReleaseMutex", ((Mutex)o).ReleaseMutex)),
        ["Semaphore"] = (static () => new Semaphore(1, 1), static o => Locked(o, "WaitOne", () => ((Semaphore)o).WaitOne()), static o => Locked(o, "Release", () => ((Semaphore)o).Release())),
        ["SemaphoreSlim"] = (static () => new SemaphoreSlim(1), static o => Locked(o, "Wait", ((SemaphoreSlim)o).Wait), static o => Locked(o, "Release", () => ((SemaphoreSlim)o).Release())),
        ["ReaderWriterLockSlim"] = (static () => new ReaderWriterLockSlim(), static o => Locked(o, "EnterWriteLock", ((ReaderWriterLockSlim)o).EnterWriteLock), static o => Locked(o, "ExitWriteLock", ((ReaderWriterLockSlim)o).ExitWriteLock)),
    };

    [Fact]
    public void Two_counters_have_6_schedules_and_lose_in_4()
    {
        var result = OwnExplorer.Run(Race(s_zero, BothCounted, t => Increment(t), t => Increment(t)));

        Assert.Equal((6, null, true), (result.Schedules, result.Doubt, result.Exhaustive));
        Assert.Equal(4, Wrong(result));
        Assert.Equal("all 6 schedules, each run once", result.Coverage);
        Assert.Equal([2, 2, 2], result.ByPreemptions);
    }

    // Six points each: to find the lock, to take it, to read, to write, to find the lock, to give it back. What lies behind the second is shut to the other: of the other's
    // points only the first can fall among them, at one of seven places, and either may be first.
    [Theory]
    [MemberData(nameof(Locks))]
    public void Counters_under_a_lock_have_14_schedules_and_are_clean(string kind)
    {
        var (make, take, leave) = s_locks[kind];
        var result = OwnExplorer.Run(Race(t => (t["n"], t["lock"]) = (0, make()), BothCounted, Counter, Counter));

        Assert.Equal((14, null, true), (result.Schedules, result.Doubt, result.Exhaustive));
        Assert.Equal(0, Wrong(result));

        void Counter(Hashtable table)
        {
            take(Get(table, "lock")!);
            Increment(table);
            leave(Get(table, "lock")!);
        }
    }

    [Fact]
    public void A_lock_to_read_used_for_a_write_has_924_schedules_and_loses_in_400()
    {
        var result = OwnExplorer.Run(Race(static t => (t["n"], t["lock"]) = (0, new ReaderWriterLockSlim()), BothCounted, Counter, Counter));

        Assert.Equal((924, 400, null, true), (result.Schedules, Wrong(result), result.Doubt, result.Exhaustive));

        static void Counter(Hashtable table)
        {
            var reading = (ReaderWriterLockSlim)Get(table, "lock")!;
            Locked(reading, "EnterReadLock", reading.EnterReadLock);
            Increment(table);
            Get(table, "lock");
            Locked(reading, "ExitReadLock", reading.ExitReadLock);
        }
    }

    // All twenty orders of the three points that each makes before it waits end there.
    [Fact]
    public void Two_locks_in_opposite_order_have_136_schedules_and_20_deadlocks()
    {
        var result = OwnExplorer.Run(Race(static t => (t["n"], t["x"], t["y"]) = (0, new object(), new object()), BothCounted, t => Counter(t, "x", "y"), t => Counter(t, "y", "x")));

        Assert.Equal((136, true), (result.Schedules, result.Exhaustive));
        var deadlock = Assert.Single(result.Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Deadlock);
        Assert.Equal(20, deadlock.Count);
        Assert.Equal("A has x and waits for y, which B has (Enter y); B has y and waits for x, which A has (Enter x)", deadlock.Outcome.Text);
        Assert.Equal(1, deadlock.FewestPreemptions);
        Assert.Equal("B3A3", deadlock.SimplestToken.Schedule.ToString());

        static void Counter(Hashtable table, string first, string second)
        {
            object one = Get(table, first)!;
            Gate(one, "Enter", first);
            Monitor.Enter(one);
            object two = Get(table, second)!;
            Gate(two, "Enter", second);
            Monitor.Enter(two);
            Increment(table);
            Get(table, second);
            Gate(two, "Exit", second);
            Monitor.Exit(two);
            Get(table, first);
            Gate(one, "Exit", first);
            Monitor.Exit(one);
        }
    }

    [Fact]
    public void A_pair_that_needs_3_preemptions_is_found_with_3_and_not_before()
    {
        var race = Race(
            static t => t["t"] = 0,
            static t => new(t["bug"] is null, t["bug"] is null ? "fine" : "bug"),
            static t =>
            {
                if (Is(t, 0)) Set(t, "t", 1);
                if (Is(t, 2)) Set(t, "t", 3);
                if (Is(t, 4)) Set(t, "bug", true);
            },
            static t =>
            {
                if (Is(t, 1)) Set(t, "t", 2);
                if (Is(t, 3)) Set(t, "t", 4);
            });

        var within = OwnExplorer.Run(race, new ExploreOptions { Mode = ExploreMode.Bounded, MaxPreemptions = 2, MaxSteps = 100 });
        Assert.Equal((14, 0, 2, ShareMeaning.AllWithinBound), (within.Schedules, Wrong(within), within.PreemptionsCovered, within.Shares));

        var all = OwnExplorer.Run(race);
        Assert.Equal((21, 1, true), (all.Schedules, Wrong(all), all.Exhaustive));
        var bug = Assert.Single(all.Outcomes, o => o.Outcome.Kind != ScheduleOutcomeKind.Clean);
        Assert.Equal((3, "A2B2A2B2A2"), (bug.FewestPreemptions, bug.SimplestToken.Schedule.ToString()));

        static bool Is(Hashtable table, int value) => (int)Get(table, "t")! == value;
    }

    [Fact]
    public void An_event_that_nobody_sets_is_a_deadlock()
    {
        var result = OwnExplorer.Run(Race(
            static t => (t["n"], t["e"]) = (0, new ManualResetEvent(false)),
            check: null,
            static t =>
            {
                var happened = (ManualResetEvent)Get(t, "e")!;
                Gate(happened, "WaitOne", "e");
                happened.WaitOne();
                Get(t, "n");
            },
            static t => Set(t, "n", 7)));

        var deadlock = Assert.Single(result.Outcomes);
        Assert.Equal((2, ScheduleOutcomeKind.Deadlock, "A waits for e (WaitOne e)", null), (result.Schedules, deadlock.Outcome.Kind, deadlock.Outcome.Text, result.Doubt));
    }

    // Six points of the walk, to begin it, to step three times, to look twice, and the addition at one of seven places: before, after, and five in between.
    [Fact]
    public void Adding_while_another_enumerates_throws_at_5_of_7_places()
    {
        var result = OwnExplorer.Run(Race(
            static t => (t["a"], t["b"]) = (1, 2),
            check: null,
            static t =>
            {
                RacePoint.At(RacePoint.Site(new SiteText("enumerate")));
                var walk = t.GetEnumerator();
                while (Next(walk)) Get(t, "a");
            },
            static t => Set(t, "c", 3)));

        Assert.Equal((7, true), (result.Schedules, result.Exhaustive));
        var thrown = Assert.Single(result.Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Failed);
        Assert.Equal(5, thrown.Count);
        Assert.StartsWith("A got InvalidOperationException", thrown.Outcome.Text, StringComparison.Ordinal);

        static bool Next(IEnumerator walk)
        {
            RacePoint.At(RacePoint.Site(new SiteText("next")));
            return walk.MoveNext();
        }
    }

    // (3 + 3 + 3)! / (3! 3! 3!), whether the levels fit into the memory there is or not.
    [Theory]
    [InlineData(32 << 20)]
    [InlineData(10_000)]
    [InlineData(0)]
    public void Three_actors_of_3_points_have_as_many_schedules_as_the_formula_says(long memory)
    {
        using var crew = new OwnCrew(Race(static t => (t["n"], t["m"]) = (0, 0), static _ => new(true, "any"), Thrice, Thrice, Thrice)) { MostFrontier = memory };
        var result = OwnExplorer.Run(crew);

        Assert.Equal((1_680, null, true), (result.Schedules, result.Doubt, result.Exhaustive));
        Assert.Equal(1_680, result.ByPreemptions.Sum());
        Assert.InRange(crew.LargestFrontier, 1, memory + 20_000); // A way through the tree is always kept.
    }

    // Nothing may depend on how long anything takes: the same figures with every processor taken by somebody else.
    [Fact]
    public void Ten_explorations_on_a_loaded_machine_find_the_same()
    {
        bool isOver = false;
        var load = Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => new Thread(Spin) { IsBackground = true }).ToList();
        load.ForEach(t => t.Start());
        try
        {
            for (int i = 0; i < 10; i++) A_lock_to_read_used_for_a_write_has_924_schedules_and_loses_in_400();
        }
        finally
        {
            Volatile.Write(ref isOver, true);
        }

        void Spin()
        {
            while (!Volatile.Read(ref isOver)) Thread.SpinWait(1_000);
        }
    }

    private static void Thrice(Hashtable table)
    {
        Increment(table);
        Get(table, "m");
    }

    private static CheckAnswer BothCounted(Hashtable table) => new((int)table["n"]! == 2, $"n={table["n"]}");

    private static void Locked(object target, string method, Action call)
    {
        Gate(target, method, "lock");
        call();
    }

    private static long Wrong(ExploreResult result) => result.Outcomes.Where(o => o.Outcome.Kind != ScheduleOutcomeKind.Clean).Sum(o => o.Count);

    // As an object, which the compiler warns of: whoever locks it as one takes its monitor.
    private static object NewLock()
    {
        var type = typeof(Lock);
        return Activator.CreateInstance(type)!;
    }
}
