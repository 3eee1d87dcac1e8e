using System.Collections;
using System.ComponentModel;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Runtime.CompilerServices;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

// What a script with yields calls. Each function stands in the tree around a value of the user's and hands on exactly that value, in whatever wrapper it
// came: so values come in an array of one element, in which PowerShell changes nothing, and go out as an object. (A parameter of type object would take
// a PSObject's notes away, one of type PSObject would put a wrapper around everything.)
//
// On a thread that is no actor everything passes: that is how a test compares a script with its rewritten twin without any scheduler.

/// <summary>The points of a script of an actor. Scripts that are explored call it; nobody else has a reason to.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ScriptPoint
{
    // By runtime type: values of it cannot change under anybody, so what touches them touches nothing shared.
    private static readonly ConditionalWeakTable<Type, object> s_kinds = [];

    [ThreadStatic]
    private static object?[]? s_arguments;

    [ThreadStatic]
    private static int s_site;

    [ThreadStatic]
    private static long s_passed;

    /// <summary>How many points the calling thread has passed; for tests.</summary>
    public static long Passed => s_passed;

    /// <summary>A point of its own.</summary>
    /// <returns>True, so that it can stand in a condition.</returns>
    public static bool Pass(int site)
    {
        s_passed++;
        RacePoint.At(site);
        return true;
    }

    /// <summary>The point before a member of a target is used.</summary>
    public static object? Touch(int site, object?[] target)
    {
        object? value = target[^1];
        if (IsShareable(value)) Yield(site, value, null);
        return value;
    }

    /// <summary>The point behind the last operand, whatever it is.</summary>
    public static object? Go(int site, object?[] value)
    {
        s_passed++;
        RacePoint.At(site);
        return value[^1];
    }

    /// <summary>The point behind the last operand of an access to a target.</summary>
    public static object? Go(int site, object?[] value, object?[] target)
    {
        if (IsShareable(target[^1])) Yield(site, target[^1], value[^1]);
        return value[^1];
    }

    /// <summary>The point before a method of a target without arguments, or with such as are read in no time, is called.</summary>
    public static object? Call(int site, object?[] target)
    {
        Target(target);
        return Touch(site, target);
    }

    /// <summary>The point behind the last argument of a call.</summary>
    public static object? Call(int site, object?[] value, object?[] target)
    {
        Target(target);
        return Go(site, value, target);
    }

    /// <summary>What a method is about to be called on: one that is written in PowerShell has no points.</summary>
    public static object? Target(object?[] target)
    {
        if (RacePoint.IsActor && Bare(target[^1])?.GetType() is { } type && YieldRewriter.IsClass(type))
        {
            RacePoint.Doubt($"a method of the class {type.Name} was called, and what classes of PowerShell do has no yield points");
            throw new NotSupportedException($"The class {type.Name} is written in PowerShell: its method would wait for the session that is busy with the race. Write a function.");
        }

        return target[^1];
    }

    /// <summary>What was read.</summary>
    public static object? Saw(object?[] value)
    {
        object? seen = value[^1];
        if (RacePoint.IsActor && seen != AutomationNull.Value) RacePoint.Saw(Bare(seen));
        return seen;
    }

    /// <summary>The point before a value is written into a target.</summary>
    public static object? Put(int site, object?[] value, object?[] target, object?[] key)
    {
        if (!IsShareable(target[^1])) return value[^1];
        Yield(site, target[^1], key.Length == 0 ? null : key[^1]);
        if (RacePoint.IsActor) RacePoint.Saw(Bare(value[^1]));
        return value[^1];
    }

    /// <summary>The point before a collection is read as a whole; none when the value is no collection.</summary>
    public static object? Whole(int site, object?[] value)
    {
        object? all = value[^1];
        if (Bare(all) is IEnumerable and not string) Yield(site, all, null);
        return all;
    }

    /// <summary>What a loop goes over: a point before each step. What is not enumerated by PowerShell is handed on.</summary>
    public static object? Each(int site, object?[] value)
    {
        object? all = value[^1];
        return LanguagePrimitives.GetEnumerator(all) is { } steps ? new Steps(site, all, steps) : all;
    }

    /// <summary>The gate before a call that may wait. The call itself follows, and takes its arguments from <see cref="Arg"/>.</summary>
    public static object? Gate(int site, string method, object?[] target, object?[] arguments)
    {
        s_passed++;
        (s_arguments, s_site) = (arguments, site);
        if (RacePoint.IsActor) RacePoint.Gate(site, Bare(target[^1]), method, [.. arguments.Select(Bare)]);
        return target[^1];
    }

    /// <summary>The gate before a static call that may wait for its first argument.</summary>
    /// <returns>The first argument.</returns>
    public static object? GateOf(int site, string method, object?[] arguments)
    {
        s_passed++;
        (s_arguments, s_site) = (arguments, site);
        if (RacePoint.IsActor) RacePoint.Gate(site, Bare(arguments[0]), method, [.. arguments.Skip(1).Select(Bare)]);
        return arguments[0];
    }

    /// <summary>An argument of the call behind the gate; of a timeout, what is left.</summary>
    public static object? Arg(int index)
    {
        object? argument = s_arguments![index];
        return RacePoint.IsActor ? RacePoint.Left(argument) : argument;
    }

    /// <summary>Ends a run that was asked to stop. No point: nobody else is let in.</summary>
    /// <returns>True, so that it can stand in a condition.</returns>
    public static bool Alive()
    {
        ActorSpace.ThrowIfInterrupted();
        return true;
    }

    /// <summary>Instead of a pause: whoever pauses lets the others go first.</summary>
    public static void Sleep(string what) => RacePoint.Sleep(RacePoint.Site(new SiteText(what)));

    /// <summary>Instead of a wait for an event of the runspace.</summary>
    /// <returns>The event; null when the time to wait for it ran out.</returns>
    public static PSEventArgs? WaitEvent(PSEventManager events, string? source, int seconds)
    {
        RacePoint.WaitUntil(RacePoint.Site(new SiteText(string.IsNullOrEmpty(source) ? "Wait-Event" : $"Wait-Event {source}")), () => Received() is not null, timed: seconds >= 0);
        return Received();

        PSEventArgs? Received()
        {
            lock (events.ReceivedEvents.SyncRoot)
                return events.ReceivedEvents.FirstOrDefault(e => string.IsNullOrEmpty(source) || string.Equals(e.SourceIdentifier, source, StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>The site of the gate just passed.</summary>
    internal static int Site => s_site;

    /// <summary>Whether a value can change under somebody else's hands.</summary>
    internal static bool IsShareable(object? value) => Bare(value) switch
    {
        null or string => false,
        PSObject => true,
        { } bare => s_kinds.GetValue(bare.GetType(), static type => IsImmutable(type) ? s_kinds : new object()) != (object)s_kinds,
    };

    private static void Yield(int site, object? target, object? key)
    {
        s_passed++;
        if (!RacePoint.IsActor) return;
        object? bare = Bare(target);
        AccessKind kind = SiteList.Of(site).Kind;
        if (bare is ICollection { IsSynchronized: true } locked && TakesItsLock(locked, kind)) RacePoint.WaitUntil(site, IsFree(locked.SyncRoot), timed: false);
        else RacePoint.At(site, bare, Bare(key), kind);
    }

    // .NET's synchronized wrappers take the lock that scripts take too, SyncRoot, inside of their calls; a table does so for writes only.
    private static bool TakesItsLock(ICollection locked, AccessKind kind) => locked switch
    {
        Hashtable => kind == AccessKind.Write,
        ArrayList or Queue or Stack or SortedList => true,
        _ => false,
    };

    // Asked on the thread of whoever decides who goes on. What that one holds it gets again, and the one who asks would not.
    private static Func<bool> IsFree(object monitor)
    {
        int asking = Environment.CurrentManagedThreadId;
        if (Monitor.IsEntered(monitor)) return static () => true;
        return () =>
        {
            if (Monitor.IsEntered(monitor)) return Environment.CurrentManagedThreadId == asking;
            if (!Monitor.TryEnter(monitor)) return false;
            Monitor.Exit(monitor);
            return true;
        };
    }

    // A struct that comes out of a collection is a copy, and so are its fields; one that is held in a table has to be written back there as a whole.
    private static bool IsImmutable(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(decimal) || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(TimeSpan) || type == typeof(Guid) ||
        type == typeof(DictionaryEntry) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>)) ||
        typeof(Type).IsAssignableFrom(type) || typeof(Exception).IsAssignableFrom(type) || type == typeof(ErrorRecord) || type == typeof(ScriptBlock) ||
        type == typeof(Version) || type == typeof(Uri) || type == typeof(InvocationInfo) || typeof(System.Text.RegularExpressions.Capture).IsAssignableFrom(type);

    // What PowerShell has wrapped, if there is anything in the wrapper.
    private static object? Bare(object? value) => value is PSObject { BaseObject: not PSCustomObject and var inner } ? inner : value;

    private sealed class Steps(int site, object? all, IEnumerator steps) : IEnumerator, IDisposable
    {
        public object? Current => steps.Current;

        public bool MoveNext()
        {
            Yield(site, all, null);
            return steps.MoveNext();
        }

        public void Reset() => steps.Reset();

        public void Dispose() => (steps as IDisposable)?.Dispose();
    }
}

/// <summary>Stands for <see cref="Monitor"/> where an actor gives up its lock to wait for a pulse: nobody else could run while its thread really waits.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ScriptMonitor
{
    /// <summary>Gives the lock up and waits for a pulse.</summary>
    public static bool Wait(object obj) => RacePoint.IsActor ? RacePoint.MonitorWait(ScriptPoint.Site, obj) : Monitor.Wait(obj);

    /// <summary>The same, for so long at most.</summary>
    public static bool Wait(object obj, int millisecondsTimeout) => RacePoint.IsActor ? RacePoint.MonitorWait(ScriptPoint.Site, obj, millisecondsTimeout) : Monitor.Wait(obj, millisecondsTimeout);

    /// <summary>The same, for so long at most.</summary>
    public static bool Wait(object obj, TimeSpan timeout) => RacePoint.IsActor ? RacePoint.MonitorWait(ScriptPoint.Site, obj, (int)timeout.TotalMilliseconds) : Monitor.Wait(obj, timeout);

    /// <summary>Wakes one who waits.</summary>
    public static void Pulse(object obj)
    {
        if (RacePoint.IsActor) RacePoint.MonitorPulse(ScriptPoint.Site, obj, all: false);
        else Monitor.Pulse(obj);
    }

    /// <summary>Wakes all who wait.</summary>
    public static void PulseAll(object obj)
    {
        if (RacePoint.IsActor) RacePoint.MonitorPulse(ScriptPoint.Site, obj, all: true);
        else Monitor.PulseAll(obj);
    }
}
