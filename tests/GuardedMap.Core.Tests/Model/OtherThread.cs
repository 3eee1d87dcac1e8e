using System.Runtime.ExceptionServices;

namespace GuardedMaps.Tests.Model;

/// <summary>
/// The other thread: it takes the steps that a program gives to it, while the first one waits. So the steps never overlap, and what is
/// tested is what a map makes of who a thread is (under Tolerate, and for bound iterators), not what it makes of timing.
/// </summary>
internal sealed class OtherThread
{
    [ThreadStatic]
    private static OtherThread? s_current;

    // Who waits sleeps at once: a semaphore would spin first and give its processor away between the spins, on a busy machine for milliseconds each time.
    private readonly object _turn = new();
    private bool _isItsTurn;
    private Action? _work;
    private ExceptionDispatchInfo? _failure;

    private OtherThread()
    {
        var thread = new Thread(Loop) { IsBackground = true, Name = "model: the other thread" };
        thread.Start();
    }

    /// <summary>The calling thread's companion, made at its first use and kept.</summary>
    public static OtherThread Current => s_current ??= new OtherThread();

    /// <summary>Runs <paramref name="work"/> there and waits; throws what it threw.</summary>
    public void Run(Action work)
    {
        _work = work;
        GiveTurn(true);
        AwaitTurn(false);
        ExceptionDispatchInfo? failure = _failure;
        _failure = null;
        failure?.Throw();
    }

    private void Loop()
    {
        while (true)
        {
            AwaitTurn(true);
            try
            {
                _work!();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }

            GiveTurn(false);
        }
    }

    private void GiveTurn(bool its)
    {
        lock (_turn)
        {
            _isItsTurn = its;
            Monitor.Pulse(_turn);
        }
    }

    private void AwaitTurn(bool its)
    {
        lock (_turn)
        {
            while (_isItsTurn != its) Monitor.Wait(_turn);
        }
    }
}
