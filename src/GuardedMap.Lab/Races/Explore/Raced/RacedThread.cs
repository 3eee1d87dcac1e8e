using System.Collections.Concurrent;

namespace GuardedMaps.Lab;

/// <summary>Threads for actors, kept for the next: a schedule takes microseconds, and starting a thread a hundred times as long.</summary>
internal sealed class RacedThread
{
    private static readonly ConcurrentBag<RacedThread> s_idle = [];

    private readonly Baton _begin = new();
    private Action? _work;

    private RacedThread()
    {
        new Thread(Live) { IsBackground = true, Name = "raced actor" }.Start();
    }

    public static void Start(Action work)
    {
        if (!s_idle.TryTake(out var thread)) thread = new RacedThread();
        thread._work = work;
        thread._begin.Pass();
    }

    private void Live()
    {
        while (true)
        {
            _begin.Take();
            _work!();
            _work = null;
            s_idle.Add(this);
        }
    }
}
