using System.Runtime.ExceptionServices;

namespace GuardedMaps.Tests.Support;

/// <summary>
/// A thread that is held in the middle of what it does: its body gets a <c>hold</c> to call there. The constructor returns once the
/// thread stands in it, so an overlap is forced, not hoped for.
/// </summary>
internal sealed class HeldThread : IDisposable
{
    /// <summary>Only a hang ever waits this long.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);

    private readonly ManualResetEventSlim _inside = new();
    private readonly ManualResetEventSlim _release = new();
    private readonly Thread _thread;
    private Exception? _thrown;
    private bool _held;

    public HeldThread(Action<Action> body)
    {
        _thread = new Thread(() =>
        {
            try
            {
                body(Hold);
            }
            catch (Exception e)
            {
                _thrown = e;
            }
            finally
            {
                _inside.Set();
            }
        })
        {
            IsBackground = true,
            Name = "held",
        };
        _thread.Start();
        Assert.True(_inside.Wait(Hang), "the thread never came to the point where it is to be held");
        if (_thrown is not null) ExceptionDispatchInfo.Throw(_thrown);
        Assert.True(_held, "the thread ended without coming to the point where it is to be held");
    }

    public int ThreadId => _thread.ManagedThreadId;

    /// <summary>Lets the thread go on, and waits for its end.</summary>
    /// <returns>What it threw, or null.</returns>
    public Exception? Release()
    {
        _release.Set();
        Assert.True(_thread.Join(Hang), "the thread does not end");
        return _thrown;
    }

    public void Dispose()
    {
        if (Release() is { } thrown) ExceptionDispatchInfo.Throw(thrown);
        _inside.Dispose();
        _release.Dispose();
    }

    private void Hold()
    {
        if (_held) return;
        _held = true;
        _inside.Set();
        if (!_release.Wait(Hang)) throw new TimeoutException("nobody released the held thread");
    }
}

/// <summary>Runs something on another thread, to its end.</summary>
internal static class Elsewhere
{
    /// <summary>Runs <paramref name="body"/> on a thread of its own and gives what it threw, or null.</summary>
    public static Exception? Run(Action body)
    {
        Exception? thrown = null;
        var thread = new Thread(() =>
        {
            try
            {
                body();
            }
            catch (Exception e)
            {
                thrown = e;
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
        Assert.True(thread.Join(HeldThread.Hang), "the thread does not end");
        return thrown;
    }

    /// <summary>The same, for a body that must not throw.</summary>
    public static void RunWell(Action body)
    {
        if (Run(body) is { } thrown) ExceptionDispatchInfo.Throw(thrown);
    }

    public static T Get<T>(Func<T> body)
    {
        T result = default!;
        RunWell(() => result = body());
        return result;
    }
}
