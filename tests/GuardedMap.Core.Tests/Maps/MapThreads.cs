using System.Collections.Concurrent;

namespace GuardedMaps.Tests.Maps;

/// <summary>Threads that work on one map.</summary>
internal static class MapThreads
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    public static void Together(int count, Action<int> work) => End(Begin(count, work));

    public static (Thread[] Threads, ConcurrentQueue<Exception> Errors) Begin(int count, Action<int> work)
    {
        var errors = new ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            try
            {
                work(i);
            }
            catch (Exception error)
            {
                errors.Enqueue(error); // On a thread of its own it would end the process.
            }
        })
        { IsBackground = true }).ToArray();
        foreach (var thread in threads) thread.Start();
        return (threads, errors);
    }

    public static void End((Thread[] Threads, ConcurrentQueue<Exception> Errors) running)
    {
        Assert.All(running.Threads, t => Assert.True(t.Join(s_patience), "A thread did not come to its end."));
        Assert.Empty(running.Errors);
    }
}
