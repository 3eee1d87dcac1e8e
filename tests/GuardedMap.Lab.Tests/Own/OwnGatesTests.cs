namespace GuardedMaps.Lab.Tests.Own;

/// <summary>A guard says what a thread that owns nothing would get, on whichever thread it is asked, and leaves the lock as it was.</summary>
public sealed class OwnGatesTests
{
    private static readonly Dictionary<string, (Func<object> Make, string Method, Action<object> Take, Action<object> Leave)> s_locks = new(StringComparer.Ordinal)
    {
        ["Monitor"] = (static () => new object(), "Enter", Monitor.Enter, Monitor.Exit),
        ["Lock"] = (NewLock, "Enter", static o => ((Lock)o).Enter(), static o => ((Lock)o).Exit()),
        ["Mutex"] = (static () => new Mutex(), "WaitOne", static o => ((Mutex)o).WaitOne(), static o => ((Mutex)o).ReleaseMutex()),
        ["Semaphore"] = (static () => new Semaphore(1, 1), "WaitOne", static o => ((Semaphore)o).WaitOne(), static o => ((Semaphore)o).Release()),
        ["SemaphoreSlim"] = (static () => new SemaphoreSlim(1), "Wait", static o => ((SemaphoreSlim)o).Wait(), static o => ((SemaphoreSlim)o).Release()),
        ["write"] = (static () => new ReaderWriterLockSlim(), "EnterWriteLock", static o => ((ReaderWriterLockSlim)o).EnterWriteLock(), static o => ((ReaderWriterLockSlim)o).ExitWriteLock()),
        ["upgradeable"] = (static () => new ReaderWriterLockSlim(), "EnterUpgradeableReadLock", static o => ((ReaderWriterLockSlim)o).EnterUpgradeableReadLock(), static o => ((ReaderWriterLockSlim)o).ExitUpgradeableReadLock()),
    };

    public static TheoryData<string> Locks => [.. s_locks.Keys];

    [Theory]
    [MemberData(nameof(Locks))]
    public void A_lock_is_open_when_nobody_has_it_and_shut_when_anybody_has(string kind)
    {
        var (make, method, take, leave) = s_locks[kind];
        object target = make();
        var guard = On(() => OwnGates.For(target, method, [])!);

        Assert.True(guard.IsOpen());
        Assert.True(guard.IsOpen());
        take(target);
        Assert.False(guard.IsOpen()); // Though this thread itself would get most of them.
        Assert.False(On(guard.IsOpen));
        leave(target);
        Assert.True(On(guard.IsOpen));
    }

    [Theory]
    [InlineData("Monitor")]
    [InlineData("Lock")]
    [InlineData("Mutex")]
    public void Whoever_has_a_lock_need_not_wait_for_it(string kind)
    {
        var (make, method, take, leave) = s_locks[kind];
        object target = make();
        take(target);

        Assert.Null(OwnGates.For(target, method, [])!.Open);
        leave(target);
    }

    [Fact]
    public void Readers_share_and_a_writer_does_not()
    {
        var both = new ReaderWriterLockSlim();
        var (read, write, upgrade) = On(() => (OwnGates.For(both, "EnterReadLock", [])!, OwnGates.For(both, "EnterWriteLock", [])!, OwnGates.For(both, "EnterUpgradeableReadLock", [])!));

        both.EnterReadLock();
        Assert.Equal((true, false, true), (read.IsOpen(), write.IsOpen(), upgrade.IsOpen()));
        both.ExitReadLock();
        both.EnterUpgradeableReadLock();
        Assert.Equal((true, false, false), (read.IsOpen(), write.IsOpen(), upgrade.IsOpen()));
        both.ExitUpgradeableReadLock();
        both.EnterWriteLock();
        Assert.Equal((false, false, false), (read.IsOpen(), write.IsOpen(), upgrade.IsOpen()));
        both.ExitWriteLock();
        Assert.Equal((true, true, true), (read.IsOpen(), write.IsOpen(), upgrade.IsOpen()));
    }

    [Fact]
    public void Events_and_counts_stay_as_they_were()
    {
        using var once = new AutoResetEvent(true);
        using var never = new ManualResetEvent(false);
        using var two = new CountdownEvent(2);
        var guard = OwnGates.For(once, "WaitOne", [])!;

        Assert.True(guard.IsOpen());
        Assert.True(once.WaitOne(0)); // Still set.
        Assert.False(guard.IsOpen());
        once.Set();
        Assert.True(OwnGates.For(new object[] { once, never }, "WaitAny", [])!.IsOpen());
        Assert.False(OwnGates.For(new object[] { once, never }, "WaitAll", [])!.IsOpen());
        Assert.False(OwnGates.For(two, "Wait", [])!.IsOpen());
        two.Signal(2);
        Assert.True(OwnGates.For(two, "Wait", [])!.IsOpen());
    }

    [Fact]
    public void A_call_that_never_waits_has_no_guard_and_one_with_a_limit_says_so()
    {
        var places = new SemaphoreSlim(0);

        Assert.Null(OwnGates.For(places, "Wait", [0]));
        Assert.Null(OwnGates.For(new object(), "TryEnter", [])!.Open);
        Assert.True(OwnGates.For(places, "Wait", [TimeSpan.FromSeconds(1)])!.IsTimed);
        Assert.False(OwnGates.For(places, "Wait", [])!.IsTimed);
        Assert.Null(OwnGates.For("text", "Substring", [1]));
        places.Dispose();
        Assert.True(OwnGates.For(new Mutex(), "WaitOne", [])!.IsOpen());
    }

    private static T On<T>(Func<T> ask)
    {
        T answer = default!; // Set by the thread, which is waited for.
        var thread = new Thread(() => answer = ask());
        thread.Start();
        thread.Join();
        return answer;
    }

    // As an object, which the compiler warns of: whoever locks it as one takes its monitor.
    private static object NewLock()
    {
        var type = typeof(Lock);
        return Activator.CreateInstance(type)!;
    }
}
