using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace GuardedMaps.Tests.Model;

/// <summary>
/// The other thread: it takes the steps that a program gives to it, while the first one waits. So the steps never overlap, and what is
/// tested is what a map makes of who a thread is (under Tolerate, and for bound iterators), not what it makes of timing.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "It lives as long as the thread it accompanies.")]
internal sealed class OtherThread
{
    [ThreadStatic]
    private static OtherThread? s_current;

    private readonly SemaphoreSlim _start = new(0);
    private readonly SemaphoreSlim _done = new(0);
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
        _start.Release();
        _done.Wait();
        ExceptionDispatchInfo? failure = _failure;
        _failure = null;
        failure?.Throw();
    }

    private void Loop()
    {
        while (true)
        {
            _start.Wait();
            try
            {
                _work!();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }

            _done.Release();
        }
    }
}
