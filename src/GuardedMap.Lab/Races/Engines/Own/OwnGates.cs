namespace GuardedMaps.Lab;

// The lab does not replace locks, it asks them. Before a call that may wait the actor yields with a guard: would a thread that owns nothing get it now? The lock itself is
// asked, so that whoever holds it counts, known to the lab or not. While the guard does not hold the actor is not offered; when it has been chosen, the real call
// is made and finds what it wants.
//
// A guard is asked on the thread of whoever decides, which may own the lock itself and would then be let in again. So each guard first asks whether this
// thread owns it; where a lock does not tell that, a thread that owns nothing is asked (Stranger).

/// <summary>Guards for what threads of .NET wait for.</summary>
internal static class OwnGates
{
    private const double Forever = -1;

    /// <summary>Whether a method lets others go on, and never waits itself.</summary>
    public static bool IsRelease(string method) => method is "Exit" or "Release" or "ReleaseMutex" or "Set" or "Reset" or "Signal" or "ExitReadLock" or "ExitWriteLock" or "ExitUpgradeableReadLock" or "Dispose";

    /// <summary>The guard of a call; null for a call that never waits.</summary>
    /// <param name="target">What the method is called on; the lock for the monitor's methods, an array for those of several handles.</param>
    /// <param name="method">The method's name.</param>
    /// <param name="arguments">Its other arguments, among which there may be a timeout.</param>
    public static OwnGuard? For(object? target, string method, object?[] arguments)
    {
        double limit = LimitOf(arguments);
        if (method.StartsWith("Try", StringComparison.Ordinal) && !HasLimit(arguments)) limit = 0;
        var guard = Waiting(target, method);
        return guard switch
        {
            null => null,
            _ when limit == 0 => guard.Holds is OwnLockKind.Mutex or OwnLockKind.Semaphore ? null : guard with { Open = null }, // What comes of it, the lock tells later.
            _ => guard with { IsTimed = limit > 0 },
        };
    }

    /// <summary>Whether a thread that owns nothing could enter a monitor.</summary>
    public static bool IsFree(object monitor)
    {
        if (Monitor.IsEntered(monitor) || !Monitor.TryEnter(monitor)) return false;
        Monitor.Exit(monitor);
        return true;
    }

    private static OwnGuard? Waiting(object? target, string method) => (target, method) switch
    {
        (null, _) => null,
        (SemaphoreSlim s, "Wait") => Guard(() => s.CurrentCount > 0, s, OwnLockKind.Semaphore),
        (ManualResetEventSlim e, "Wait") => Guard(() => e.IsSet, e),
        (CountdownEvent e, "Wait") => Guard(() => e.IsSet, e),
        (Task t, "Wait" or "Result" or "GetResult") => Guard(() => t.IsCompleted, t) with { IsOutside = true },
        (Thread t, "Join") => Guard(() => !t.IsAlive, t) with { IsOutside = true },
        (WaitHandle h, "WaitOne") => ForHandle(h),
        (object?[] several, "WaitAny") => ForHandles(several, any: true),
        (object?[] several, "WaitAll") => ForHandles(several, any: false),
        (ReaderWriterLockSlim l, "EnterReadLock" or "TryEnterReadLock") => Guard(HoldsAny(l) ? null : () => CanRead(l), l, OwnLockKind.Read),
        (ReaderWriterLockSlim l, "EnterUpgradeableReadLock" or "TryEnterUpgradeableReadLock") => Guard(HoldsAny(l) ? null : () => CanUpgrade(l), l, OwnLockKind.UpgradeableRead),
        (ReaderWriterLockSlim l, "EnterWriteLock" or "TryEnterWriteLock") => Guard(l.IsWriteLockHeld || l.IsReadLockHeld ? null : l.IsUpgradeableReadLockHeld ? () => l.CurrentReadCount == 0 : () => CanWrite(l), l, OwnLockKind.Write),
        ({ } l, "Enter" or "TryEnter" or "EnterScope") when LockCalls.IsLock(l) => Guard(LockCalls.IsHeld(l) ? null : () => LockCalls.IsFree(l), l, OwnLockKind.Lock),
        ({ } o, "Enter" or "TryEnter") when !o.GetType().IsValueType => Guard(Monitor.IsEntered(o) ? null : () => IsFree(o), o, OwnLockKind.Monitor),
        _ => null,
    };

    private static OwnGuard Guard(Func<bool>? open, object subject, OwnLockKind? holds = null) => new(open, subject, IsTimed: false) { Holds = holds };

    private static OwnGuard ForHandle(WaitHandle handle) => handle switch
    {
        Mutex mutex => Guard(IsOwn(mutex) ? null : () => Stranger.Ask(() => Take(mutex)), mutex, OwnLockKind.Mutex),
        Semaphore semaphore => Guard(() => Take(semaphore), semaphore, OwnLockKind.Semaphore),
        _ => Guard(() => Take(handle), handle),
    };

    private static OwnGuard? ForHandles(object?[] several, bool any)
    {
        var guards = several.OfType<WaitHandle>().Select(ForHandle).ToArray();
        if (guards.Length == 0) return null;
        return Guard(any ? () => Array.Exists(guards, g => g.IsOpen()) : () => Array.TrueForAll(guards, g => g.IsOpen()), several);
    }

    // Taken and given back: the only way to ask.
    private static bool Take(WaitHandle handle)
    {
        try
        {
            if (!handle.WaitOne(0)) return false;
        }
        catch (AbandonedMutexException)
        {
            // Its owner has ended without releasing it; it was got all the same, and whoever waits for it is told.
        }

        switch (handle)
        {
            case Mutex mutex:
                mutex.ReleaseMutex();
                break;
            case Semaphore semaphore:
                semaphore.Release();
                break;
            case EventWaitHandle and not ManualResetEvent:
                ((EventWaitHandle)handle).Set();
                break;
        }

        return true;
    }

    // I get it, and one who owns nothing does not: then it is mine.
    private static bool IsOwn(Mutex mutex) => Take(mutex) && !Stranger.Ask(() => Take(mutex));

    private static bool HoldsAny(ReaderWriterLockSlim l) => l.IsReadLockHeld || l.IsUpgradeableReadLockHeld || l.IsWriteLockHeld;

    private static bool CanRead(ReaderWriterLockSlim l)
    {
        if (l.IsWriteLockHeld) return false;
        if (l.IsReadLockHeld || l.IsUpgradeableReadLockHeld) return true;
        if (!l.TryEnterReadLock(0)) return false;
        l.ExitReadLock();
        return true;
    }

    private static bool CanUpgrade(ReaderWriterLockSlim l)
    {
        if (l.IsWriteLockHeld || l.IsUpgradeableReadLockHeld) return false;
        if (l.IsReadLockHeld) return Stranger.Ask(() => CanUpgrade(l));
        if (!l.TryEnterUpgradeableReadLock(0)) return false;
        l.ExitUpgradeableReadLock();
        return true;
    }

    private static bool CanWrite(ReaderWriterLockSlim l)
    {
        if (HoldsAny(l) || !l.TryEnterWriteLock(0)) return false;
        l.ExitWriteLock();
        return true;
    }

    private static bool HasLimit(object?[] arguments) => Array.Exists(arguments, a => a is TimeSpan or int or long or double);

    private static double LimitOf(object?[] arguments)
    {
        foreach (object? argument in arguments)
        {
            switch (argument)
            {
                case TimeSpan span:
                    return span.TotalMilliseconds;
                case int or long or double:
                    return Convert.ToDouble(argument, System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        return Forever;
    }
}
