using System.Collections.Concurrent;

namespace GuardedMaps.Lab;

/// <summary>Threads for actors, kept for the next: a schedule takes microseconds, and starting a thread a hundred times as long.</summary>
internal sealed class RacedThread
{
    private static readonly ConcurrentBag<RacedThread> s_idle = [];

    private Action? _work;

    private RacedThread()
    {
        new Thread(Live) { IsBackground = true, Name = "raced actor" }.Start();
    }

    /// <summary>Passed to the thread to let it go on with its work, which waits for it there.</summary>
    public Baton Turn { get; } = new();

    /// <summary>A thread that has nothing to do.</summary>
    public static RacedThread Take() => s_idle.TryTake(out var thread) ? thread : new RacedThread();

    /// <summary>Gives it something to do.</summary>
    public void Start(Action work)
    {
        _work = work;
        Turn.Pass();
    }

    private void Live()
    {
        while (true)
        {
            Turn.Take();
            _work!();
            _work = null; // What it refers to may go.
            s_idle.Add(this);
        }
    }
}
