namespace GuardedMaps.Lab;

// What code calls that takes part in a race: rewritten scripts, wrapped containers, Race. A point is a place before an access to what is shared; there the actor
// may have to wait until others have made steps. On a thread that is no actor's (setup, check, any other program) everything passes, and gates are only what they stand before.

/// <summary>The points of actors.</summary>
internal static class RacePoint
{
    /// <summary>Whether this thread is an actor's.</summary>
    public static bool IsActor => OwnActor.Current is not null;

    /// <summary>The actor whose thread this is, or null.</summary>
    public static OwnActor? Me => OwnActor.Current;

    /// <summary>Names a place. Equal ones have the same number.</summary>
    public static int Site(in SiteText site) => SiteList.Number(site);

    /// <summary>A point: others may go on here before the actor does.</summary>
    public static void At(int site) => At(site, null, null, AccessKind.None);

    /// <summary>A point, and what is touched after it.</summary>
    public static void At(int site, object? target, object? key, AccessKind kind)
    {
        var me = OwnActor.Current;
        if (me is null) OwnCrew.NoteStranger(site);
        else if (me.Quiet == 0) me.Crew.Yield(me, site, target, key, kind, guard: null);
    }

    /// <summary>A value that was read: it belongs to what must be the same when the schedule is run again.</summary>
    public static void Saw(object? value)
    {
        var me = OwnActor.Current;
        if (me is { Quiet: 0 }) me.Crew.Saw(me, value);
    }

    /// <summary>
    /// Stands before a call that may have to wait, or that lets others go on. The actor goes on when a thread that owns nothing would not have to wait, so the call itself never blocks.
    /// </summary>
    /// <returns>False when the call's timeout ran out, which it does when nobody else can go on: then the call is to be made with no time to wait.</returns>
    public static bool Gate(int site, object? target, string method, object?[]? arguments = null)
    {
        var me = OwnActor.Current;
        if (me is null)
        {
            OwnCrew.NoteStranger(site);
            return true;
        }

        if (me.Quiet > 0) return true;
        if (OwnGates.IsRelease(method))
        {
            me.Crew.YieldBeforeRelease(me, site, target);
            return true;
        }

        me.IsAsking = true;
        OwnGuard? guard;
        try
        {
            guard = OwnGates.For(target, method, arguments ?? []);
        }
        finally
        {
            me.IsAsking = false;
        }

        me.Crew.Yield(me, site, target, null, AccessKind.Write, guard);
        if (guard is { Holds: { } lockKind } && !me.TimedOut) me.Held.Add(new OwnHold(guard.Subject, lockKind, site));
        return !me.TimedOut;
    }

    /// <summary>What is left of the timeout given to the gate that was just passed: nothing if it ran out.</summary>
    public static object? Left(object? timeout) => OwnActor.Current is not { TimedOut: true } ? timeout : timeout is TimeSpan ? TimeSpan.Zero : 0;

    /// <summary>Waits until the guard holds. It is asked on whichever thread decides who goes on.</summary>
    /// <returns>False when nobody else could go on and the wait has a timeout, which ran out.</returns>
    public static bool WaitUntil(int site, Func<bool> guard, bool timed)
    {
        if (OwnActor.Current is not { Quiet: 0 } me) return true;
        me.Crew.Yield(me, site, null, null, AccessKind.Read, new OwnGuard(guard, null, timed));
        return !me.TimedOut;
    }

    /// <summary>A pause: how long it takes plays no part, since others may take longer or less long.</summary>
    public static void Sleep(int site) => At(site);

    /// <summary>Waits on a monitor, in place of the call.</summary>
    /// <returns>False when the timeout ran out.</returns>
    public static bool MonitorWait(int site, object monitor, int milliseconds = Timeout.Infinite)
    {
        ArgumentNullException.ThrowIfNull(monitor);
        return OwnActor.Current is { Quiet: 0 } me ? me.Crew.MonitorWait(me, site, monitor, milliseconds) : Monitor.Wait(monitor, milliseconds);
    }

    /// <summary>Wakes who waits on a monitor, in place of the call.</summary>
    public static void MonitorPulse(int site, object monitor, bool all)
    {
        ArgumentNullException.ThrowIfNull(monitor);
        if (OwnActor.Current is { Quiet: 0 } me) me.Crew.MonitorPulse(me, site, monitor, all);
        else if (all) Monitor.PulseAll(monitor);
        else Monitor.Pulse(monitor);
    }

    /// <summary>Notes that this actor has done what the lab cannot cover: the search goes on, and its result claims nothing beyond what was run.</summary>
    /// <param name="why">What it was, as the rest of a sentence that begins with what was run.</param>
    public static void Doubt(string why)
    {
        if (OwnActor.Current is { } me) me.Crew.NoteDoubt(why);
    }

    /// <summary>Until it is disposed of, points of this actor pass without a choice: what lies between is part of the step.</summary>
    public static QuietScope Quiet() => new(OwnActor.Current);

    /// <summary>A stretch of code without points.</summary>
    internal readonly struct QuietScope : IDisposable
    {
        private readonly OwnActor? _actor;

        public QuietScope(OwnActor? actor)
        {
            _actor = actor;
            if (actor is not null) actor.Quiet++;
        }

        public void Dispose()
        {
            if (_actor is not null) _actor.Quiet--;
        }
    }
}
