namespace GuardedMaps.Lab;

// Starting a thread costs some 200 microseconds, about as much as a whole small trial, and two threads started one after
// the other do not race: the first is often through before the second begins. So a crew's threads are started once and
// used for every trial. Between trials they sleep; at the start of one they meet at a gate and leave it together. The
// gate is a spin, because a sleeping thread needs tens of microseconds to wake, which is the length of the race. On a
// machine with fewer processors than actors the spin yields, or those who are missing would never get there.

/// <summary>A fixed number of threads that run the actors of trial after trial. One trial at a time; used from one thread.</summary>
internal sealed class ActorCrew : IDisposable
{
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim[] _start;
    private readonly SemaphoreSlim _finished = new(0);
    private Action<int>? _program;
    private int _missing;
    private volatile bool _isClosed;

    public ActorCrew(int size)
    {
        _threads = new Thread[size];
        _start = new SemaphoreSlim[size];
        for (int i = 0; i < size; i++)
        {
            int actor = i;
            _start[i] = new SemaphoreSlim(0);
            _threads[i] = new Thread(() => Live(actor)) { IsBackground = true, Name = $"race actor {(char)('A' + i)}" };
            _threads[i].Start();
        }
    }

    public int Size => _threads.Length;

    /// <summary>Lets every thread run <paramref name="program"/> with its number, all starting together, and returns when all are through.</summary>
    /// <remarks>The program must not throw; an actor's errors are part of its log.</remarks>
    public void Run(Action<int> program)
    {
        _program = program;
        Volatile.Write(ref _missing, Size);
        foreach (var start in _start) start.Release();
        for (int i = 0; i < Size; i++) _finished.Wait();
    }

    /// <summary>Ends the threads. Those stuck in a hung map are background threads and cannot be ended; they die with the process.</summary>
    public void Dispose()
    {
        _isClosed = true;
        foreach (var start in _start) start.Release();
        foreach (var thread in _threads)
        {
            if (!thread.Join(TimeSpan.FromSeconds(1))) return;
        }

        foreach (var start in _start) start.Dispose();
        _finished.Dispose();
    }

    private void Live(int actor)
    {
        while (true)
        {
            _start[actor].Wait();
            if (_isClosed) return;

            Interlocked.Decrement(ref _missing);
            var spin = default(SpinWait);
            while (Volatile.Read(ref _missing) > 0) spin.SpinOnce(sleep1Threshold: -1);

            _program!(actor);
            _finished.Release();
        }
    }
}
