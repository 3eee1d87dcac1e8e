using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps.Lab;

// What code of a C# race says to the lab. Everything here is also what it says it is outside of a race: a lock is a lock, a wait is a wait, a shared container is that container. So
// code that was written to be explored may be shipped, at the price of a look at a thread-static field.
//
// The lab lets others in at these places only. Between two of them an actor's code runs as a whole.

/// <summary>The places in C# code at which the race lab may let another actor in: see <see cref="MapRace.Explore{T}(Func{T}, Func{T, bool}, Action{T}[])"/>.</summary>
/// <remarks>All members may be called from any thread. On a thread that is no actor's they do what they stand for and nothing else.</remarks>
public static class Race
{
    /// <summary>Lets others in here, before what follows: an access to a field, a call of anything that is shared.</summary>
    /// <param name="what">What follows, for the lanes; null for the place in the source.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static void Yield(string? what = null, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => RacePoint.At(RacePoint.Site(At(what ?? "go on", file, line)));

    /// <summary>Lets others in, and then makes a call as a whole. What it answers belongs to what must be the same when the schedule is run again, and is shown in the lanes.</summary>
    /// <param name="call">The call: <c>() => cache.GetOrAdd(key, Make)</c>. Points within it are passed.</param>
    /// <param name="text">Filled in by the compiler: the call as it is written.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <returns>What the call answers.</returns>
    public static TAnswer Step<TAnswer>(Func<TAnswer> call, [CallerArgumentExpression(nameof(call))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(call);
        RacePoint.At(RacePoint.Site(At(WithoutArrow(text), file, line)));
        TAnswer answer;
        using (RacePoint.Quiet()) answer = call();
        RacePoint.Saw(answer);
        return answer;
    }

    /// <summary>Lets others in, and then makes a call as a whole.</summary>
    /// <inheritdoc cref="Step{TAnswer}(Func{TAnswer}, string, string, int)"/>
    public static void Step(Action call, [CallerArgumentExpression(nameof(call))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(call);
        RacePoint.At(RacePoint.Site(At(WithoutArrow(text), file, line)));
        using (RacePoint.Quiet()) call();
    }

    /// <summary>The dictionary with a point before each call; an iteration has one before each step.</summary>
    /// <param name="dictionary">Any dictionary. What it has beyond the interface is reached by <see cref="Step{TAnswer}(Func{TAnswer}, string, string, int)"/>.</param>
    public static IDictionary<TKey, TValue> Share<TKey, TValue>(IDictionary<TKey, TValue> dictionary)
        where TKey : notnull => new SharedDictionary<TKey, TValue>(dictionary ?? throw new ArgumentNullException(nameof(dictionary)));

    /// <summary>The list with a point before each call; an iteration has one before each step.</summary>
    public static IList<T> Share<T>(IList<T> list) => new SharedList<T>(list ?? throw new ArgumentNullException(nameof(list)));

    /// <summary>The table with a point before each call; an iteration has one before each step.</summary>
    public static IDictionary Share(Hashtable table) => SharedMap.Of(table ?? throw new ArgumentNullException(nameof(table)), OwnMapGate.For(table));

    /// <summary>A map of this library, of any kind, with a point before each call: increments, iterations, snapshots and all.</summary>
    public static IMap ShareMap(IMap map) => (IMap)SharedMap.Of(map ?? throw new ArgumentNullException(nameof(map)), OwnMapGate.For(map));

    /// <summary>Takes a lock, and gives it back when what is returned is disposed of: <c>using (Race.Lock(gate)) ...</c>. Any object, or a <c>System.Threading.Lock</c>.</summary>
    /// <param name="gate">The lock.</param>
    /// <param name="text">Filled in by the compiler: the lock as it is written, which names it in deadlocks.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static RaceLock Lock(object gate, [CallerArgumentExpression(nameof(gate))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(gate);
        bool isLock = LockCalls.IsLock(gate);
        Gate(gate, "Enter", "lock", text, file, line);
        if (isLock) LockCalls.Enter(gate);
        else Monitor.Enter(gate);
        return new RaceLock(gate, isLock ? RaceLock.What.Lock : RaceLock.What.Monitor, text, file, line);
    }

    /// <summary>Takes a reader-writer lock to read, and gives it back when what is returned is disposed of.</summary>
    /// <inheritdoc cref="Lock"/>
    public static RaceLock ReadLock(ReaderWriterLockSlim gate, [CallerArgumentExpression(nameof(gate))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(gate);
        Gate(gate, nameof(gate.EnterReadLock), "read lock", text, file, line);
        gate.EnterReadLock();
        return new RaceLock(gate, RaceLock.What.Read, text, file, line);
    }

    /// <summary>Takes a reader-writer lock to write, and gives it back when what is returned is disposed of.</summary>
    /// <inheritdoc cref="Lock"/>
    public static RaceLock WriteLock(ReaderWriterLockSlim gate, [CallerArgumentExpression(nameof(gate))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(gate);
        Gate(gate, nameof(gate.EnterWriteLock), "write lock", text, file, line);
        gate.EnterWriteLock();
        return new RaceLock(gate, RaceLock.What.Write, text, file, line);
    }

    /// <summary>Takes a reader-writer lock to read and perhaps to write, and gives it back when what is returned is disposed of.</summary>
    /// <inheritdoc cref="Lock"/>
    public static RaceLock UpgradeableReadLock(ReaderWriterLockSlim gate, [CallerArgumentExpression(nameof(gate))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(gate);
        Gate(gate, nameof(gate.EnterUpgradeableReadLock), "upgradeable read lock", text, file, line);
        gate.EnterUpgradeableReadLock();
        return new RaceLock(gate, RaceLock.What.UpgradeableRead, text, file, line);
    }

    /// <summary>Waits: for a mutex, a semaphore, an event, a timer's handle.</summary>
    /// <param name="handle">What to wait for.</param>
    /// <param name="milliseconds">For how long; -1 without end. In a race a time runs out when nobody else can go on, and only then.</param>
    /// <param name="text">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <returns>False when the time ran out.</returns>
    public static bool Wait(WaitHandle handle, int milliseconds = Timeout.Infinite, [CallerArgumentExpression(nameof(handle))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return handle.WaitOne(Gate(handle, nameof(handle.WaitOne), "wait for", text, file, line, milliseconds) ? milliseconds : 0);
    }

    /// <summary>Waits for a place of a semaphore.</summary>
    /// <inheritdoc cref="Wait(WaitHandle, int, string, string, int)"/>
    public static bool Wait(SemaphoreSlim handle, int milliseconds = Timeout.Infinite, [CallerArgumentExpression(nameof(handle))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return handle.Wait(Gate(handle, nameof(handle.Wait), "wait for", text, file, line, milliseconds) ? milliseconds : 0);
    }

    /// <summary>Waits until an event is set.</summary>
    /// <inheritdoc cref="Wait(WaitHandle, int, string, string, int)"/>
    public static bool Wait(ManualResetEventSlim handle, int milliseconds = Timeout.Infinite, [CallerArgumentExpression(nameof(handle))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return handle.Wait(Gate(handle, nameof(handle.Wait), "wait for", text, file, line, milliseconds) ? milliseconds : 0);
    }

    /// <summary>Waits until an event has been signalled as often as it wants.</summary>
    /// <inheritdoc cref="Wait(WaitHandle, int, string, string, int)"/>
    public static bool Wait(CountdownEvent handle, int milliseconds = Timeout.Infinite, [CallerArgumentExpression(nameof(handle))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return handle.Wait(Gate(handle, nameof(handle.Wait), "wait for", text, file, line, milliseconds) ? milliseconds : 0);
    }

    /// <summary>Gives back a place of a semaphore.</summary>
    /// <inheritdoc cref="Wait(WaitHandle, int, string, string, int)"/>
    public static void Release(SemaphoreSlim handle, [CallerArgumentExpression(nameof(handle))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(handle);
        Gate(handle, nameof(handle.Release), "release", text, file, line);
        handle.Release();
    }

    /// <summary>Gives back a mutex, or a place of a semaphore; sets an event.</summary>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    /// <inheritdoc cref="Wait(WaitHandle, int, string, string, int)"/>
    public static void Release(WaitHandle handle, [CallerArgumentExpression(nameof(handle))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(handle);
        Gate(handle, "Release", "release", text, file, line);
        switch (handle)
        {
            case Mutex mutex:
                mutex.ReleaseMutex();
                break;
            case Semaphore semaphore:
                semaphore.Release();
                break;
            case EventWaitHandle happened:
                happened.Set();
                break;
            default:
                throw new ArgumentException($"A {handle.GetType().Name} cannot be given back. Give a mutex, a semaphore or an event.", nameof(handle));
        }
    }

    /// <summary>Waits on a monitor, as <see cref="Monitor.Wait(object, int)"/> does: gives the lock back until somebody pulses it by <see cref="Pulse"/>.</summary>
    /// <inheritdoc cref="Wait(WaitHandle, int, string, string, int)"/>
    public static bool WaitForPulse(object gate, int milliseconds = Timeout.Infinite, [CallerArgumentExpression(nameof(gate))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        RacePoint.MonitorWait(RacePoint.Site(At($"wait for a pulse of {text}", file, line) with { Subject = text }), gate, milliseconds);

    /// <summary>Wakes one of those that wait for a pulse of a monitor, or all of them.</summary>
    /// <param name="gate">The monitor, which the caller must hold.</param>
    /// <param name="all">Whether to wake all.</param>
    /// <param name="text">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static void Pulse(object gate, bool all = false, [CallerArgumentExpression(nameof(gate))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        RacePoint.MonitorPulse(RacePoint.Site(At($"pulse {text}", file, line) with { Subject = text }), gate, all);

    /// <summary>A pause. In a race it takes no time: others may come before what follows, or not.</summary>
    public static void Sleep(TimeSpan time, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (RacePoint.IsActor) RacePoint.At(RacePoint.Site(At("sleep", file, line)));
        else Thread.Sleep(time);
    }

    internal static SiteText At(string text, string file, int line) => new(text, line, File: Path.GetFileName(file.Replace('\\', '/')));

    internal static bool Gate(object target, string method, string verb, string text, string file, int line, int milliseconds = Timeout.Infinite) =>
        RacePoint.Gate(RacePoint.Site(At($"{verb} {text}", file, line) with { Subject = text }), target, method, [milliseconds]);

    private static string WithoutArrow(string text) => text.StartsWith("() => ", StringComparison.Ordinal) ? text[6..] : text;
}

/// <summary>A lock that was taken by <see cref="Race"/>; disposing of it gives it back.</summary>
[SuppressMessage("Usage", "CA2231:Overload operator equals on overriding value type Equals", Justification = "Nobody compares them.")]
public readonly struct RaceLock : IDisposable
{
    private readonly object _gate;
    private readonly What _what;
    private readonly (string Text, string File, int Line) _at;

    internal RaceLock(object gate, What what, string text, string file, int line) => (_gate, _what, _at) = (gate, what, (text, file, line));

    internal enum What
    {
        Monitor,
        Lock,
        Read,
        Write,
        UpgradeableRead,
    }

    /// <summary>Gives the lock back. Once, on the thread that took it.</summary>
    /// <exception cref="SynchronizationLockException">The thread does not have it.</exception>
    public void Dispose()
    {
        Race.Gate(_gate, "Exit", "give back", _at.Text, _at.File, _at.Line);
        switch (_what)
        {
            case What.Monitor:
                Monitor.Exit(_gate);
                break;
            case What.Lock:
                LockCalls.Exit(_gate);
                break;
            case What.Read:
                ((ReaderWriterLockSlim)_gate).ExitReadLock();
                break;
            case What.Write:
                ((ReaderWriterLockSlim)_gate).ExitWriteLock();
                break;
            default:
                ((ReaderWriterLockSlim)_gate).ExitUpgradeableReadLock();
                break;
        }
    }
}
