namespace GuardedMaps;

/// <summary>Tells those who asked for it of a violation: the process's listeners, and the map's own handlers.</summary>
/// <remarks>
/// All of them are foreign code that runs in the middle of somebody's refused operation. So whatever they do, the offender sees its violation and nothing else:
/// what a handler throws is told to the event source and goes no further, and a violation that is raised by a handler, as by one that writes to the map which
/// refuses writes just now, is not told to handlers again. Otherwise that one would call itself until the stack ends, and the process with it.
/// </remarks>
internal static class ViolationNotice
{
    [ThreadStatic]
    private static bool t_isTelling;

    public static void Tell(object map, EventHandler<MapViolation>? handlers, MapViolation violation)
    {
        if (t_isTelling) return;
        t_isTelling = true;
        try
        {
            Guarded(violation, static (_, _, v) => MapTelemetry.Log.Report(v), map, null);
            foreach (Delegate handler in handlers?.GetInvocationList() ?? [])
                Guarded(violation, static (sender, h, v) => h!(sender, v), map, (EventHandler<MapViolation>)handler);
        }
        finally
        {
            t_isTelling = false;
        }
    }

    private static void Guarded(MapViolation violation, Action<object, EventHandler<MapViolation>?, MapViolation> tell, object map, EventHandler<MapViolation>? handler)
    {
        try
        {
            tell(map, handler, violation);
        }
        catch (Exception thrown) when (thrown is not ThreadInterruptedException)
        {
            MapTelemetry.Log.ReportHandler(violation.MapName, thrown);
        }
        catch (ThreadInterruptedException)
        {
            // It was meant for the thread, not for the handler: it gets it at its next wait.
            Thread.CurrentThread.Interrupt();
        }
    }
}
