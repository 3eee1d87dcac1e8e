namespace GuardedMaps.Lab;

/// <summary>What must hold before an actor can go on from a gate.</summary>
/// <param name="Open">Whether a thread that owns nothing would not have to wait now; asked on whichever thread decides, and leaves everything as it was. Null when the actor need not wait.</param>
/// <param name="Subject">What it waits for.</param>
/// <param name="IsTimed">Whether the wait ends by itself after a time.</param>
internal sealed record OwnGuard(Func<bool>? Open, object? Subject, bool IsTimed)
{
    /// <summary>What the actor has taken when it has gone on, where it is something that has an owner.</summary>
    public OwnLockKind? Holds { get; init; }

    /// <summary>Whether it can come to hold by what a thread does that is no actor's: a task, another thread's end.</summary>
    public bool IsOutside { get; init; }

    /// <summary>Whether the actor can go on.</summary>
    public bool IsOpen()
    {
        try
        {
            return Open is null || Open();
        }
        catch (ObjectDisposedException)
        {
            return true; // The call itself will say so to whoever makes it.
        }
    }
}

/// <summary>What owns a thread.</summary>
internal enum OwnLockKind
{
    /// <summary>Any object, by <see cref="System.Threading.Monitor"/>.</summary>
    Monitor,

    /// <summary>A <c>System.Threading.Lock</c>.</summary>
    Lock,

    /// <summary>A reader-writer lock, to read.</summary>
    Read,

    /// <summary>A reader-writer lock, to write.</summary>
    Write,

    /// <summary>A reader-writer lock, to read and perhaps to write.</summary>
    UpgradeableRead,

    /// <summary>A mutex.</summary>
    Mutex,

    /// <summary>One of a semaphore's places, which any thread may give back.</summary>
    Semaphore,
}

/// <summary>A lock that an actor has taken.</summary>
/// <param name="Subject">The lock.</param>
/// <param name="Kind">Which kind.</param>
/// <param name="Site">Where it was taken.</param>
internal readonly record struct OwnHold(object? Subject, OwnLockKind Kind, int Site)
{
    /// <summary>How it is called for people: as it was written where it was taken, or by its type.</summary>
    public string Name => SiteList.Of(Site).Subject ?? Subject?.GetType().Name ?? "?";

    /// <summary>Whether this thread still has it; true where it cannot be asked.</summary>
    public bool IsStillHeld => (Kind, Subject) switch
    {
        (OwnLockKind.Monitor, { } o) => Monitor.IsEntered(o),
        (OwnLockKind.Lock, { } o) => LockCalls.IsHeld(o),
        (OwnLockKind.Read, ReaderWriterLockSlim l) => l.IsReadLockHeld,
        (OwnLockKind.Write, ReaderWriterLockSlim l) => l.IsWriteLockHeld,
        (OwnLockKind.UpgradeableRead, ReaderWriterLockSlim l) => l.IsUpgradeableReadLockHeld,
        _ => true,
    };

    /// <summary>Lets go of it, on the thread that has it. A run that was ended in the middle must not keep locks that outlive it.</summary>
    public void Release()
    {
        switch (Kind, Subject)
        {
            case (OwnLockKind.Monitor, { } o):
                while (Monitor.IsEntered(o)) Monitor.Exit(o);
                break;
            case (OwnLockKind.Lock, { } o):
                while (LockCalls.IsHeld(o)) LockCalls.Exit(o);
                break;
            case (OwnLockKind.Read, ReaderWriterLockSlim l):
                while (l.IsReadLockHeld) l.ExitReadLock();
                break;
            case (OwnLockKind.Write, ReaderWriterLockSlim l):
                while (l.IsWriteLockHeld) l.ExitWriteLock();
                break;
            case (OwnLockKind.UpgradeableRead, ReaderWriterLockSlim l):
                while (l.IsUpgradeableReadLockHeld) l.ExitUpgradeableReadLock();
                break;
            case (OwnLockKind.Mutex, Mutex m):
                ReleaseAll(m);
                break;
        }
    }

    // A mutex does not say whether it is held.
    private static void ReleaseAll(Mutex mutex)
    {
        try
        {
            while (true) mutex.ReleaseMutex();
        }
        catch (Exception e) when (e is ApplicationException or ObjectDisposedException)
        {
            // Released as often as it was taken.
        }
    }
}
