namespace GuardedMaps;

/// <summary>Arms every sampler of the process once a millisecond, or as often as the system's timers go. One timer for all, and none while there is nothing to sample.</summary>
/// <remarks>It holds the samplers weakly: a map that is forgotten while it is sampled is collected with its sampler.</remarks>
internal static class SamplingClock
{
    private static readonly object s_lock = new();
    private static readonly List<WeakReference<IArmed>> s_armed = [];
    private static Timer? s_timer;

    public static void Add(IArmed sampler)
    {
        using (Uninterrupted.Lock(s_lock))
        {
            s_armed.Add(new WeakReference<IArmed>(sampler));
            s_timer ??= new Timer(static _ => Tick(), null, dueTime: 1, period: 1);
        }
    }

    public static void Remove(IArmed sampler)
    {
        using (Uninterrupted.Lock(s_lock))
        {
            s_armed.RemoveAll(weak => !weak.TryGetTarget(out var other) || ReferenceEquals(other, sampler));
            StopIfIdle();
        }
    }

    private static void Tick()
    {
        // A tick that comes while the last one is still at work is left out.
        if (!Monitor.TryEnter(s_lock)) return;
        try
        {
            bool anyGone = false;
            foreach (var weak in s_armed)
            {
                if (weak.TryGetTarget(out var sampler)) sampler.Arm();
                else anyGone = true;
            }

            if (!anyGone) return;
            s_armed.RemoveAll(static weak => !weak.TryGetTarget(out _));
            StopIfIdle();
        }
        finally
        {
            Monitor.Exit(s_lock);
        }
    }

    private static void StopIfIdle()
    {
        if (s_armed.Count > 0) return;
        s_timer?.Dispose();
        s_timer = null;
    }
}
