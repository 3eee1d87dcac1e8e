using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps.Lab;

/// <summary>Threads for actors, kept for the next: a schedule takes microseconds, and starting a thread a hundred times as long.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "It lives as long as the process.")]
internal sealed class RacedThread
{
    private static readonly ConcurrentBag<RacedThread> s_idle = [];

    private readonly SemaphoreSlim _begin = new(0);
    private Action? _work;

    private RacedThread()
    {
        new Thread(Live) { IsBackground = true, Name = "raced actor" }.Start();
    }

    public static void Start(Action work)
    {
        if (!s_idle.TryTake(out var thread)) thread = new RacedThread();
        thread._work = work;
        thread._begin.Release();
    }

    private void Live()
    {
        while (true)
        {
            _begin.Wait();
            _work!();
            _work = null;
            s_idle.Add(this);
        }
    }
}
