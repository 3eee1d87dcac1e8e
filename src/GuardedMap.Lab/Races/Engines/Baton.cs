using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps.Lab;

// Where threads take turns, one of them waits at any time, and each turn ends with one handing over to the other: some million times in a search.
// What that costs is nearly all that the search costs, and it depends on who else wants the processors (measured on two virtual ones):
//
//                                        nobody else        four busy processes
//     sleep, and be woken                   75 us                  10 us         an idle processor must be woken as well
//     look, and yield in between           0.5 us         up to milliseconds     what is yielded to stays as long as the system lets it
//
// So whoever waits looks and yields for as long as being woken would take, and then sleeps. A yield that took long shows that the processors are
// wanted: then it sleeps at once for a while, and ever longer as long as each new attempt meets the same.

/// <summary>What one thread passes to another that waits for it. Passing it twice before it is taken is passing it once.</summary>
/// <remarks>Any thread may pass it, and one may wait for it at a time. What was written before <see cref="Pass"/> is seen after <see cref="Take()"/>.</remarks>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Whoever ends last would have to dispose of it, and neither thread knows whether it is the last; the event frees its handle when it is collected.")]
internal sealed class Baton
{
    private const int Away = 0;
    private const int There = 1;
    private const int Awaited = 2; // Away, and somebody sleeps until it comes.

    private const int FewestSleeps = 16;
    private const int MostSleeps = 4096;
    private static readonly long s_longestYield = Stopwatch.Frequency / 10_000;
    private static readonly long s_longestLook = Stopwatch.Frequency / 10_000;

    private readonly AutoResetEvent _wake = new(initialState: false);
    private int _state;
    private int _sleepsToGo;
    private int _sleeps = FewestSleeps;

    /// <summary>Passes it: who waits for it goes on, and who comes later does not wait.</summary>
    public void Pass()
    {
        if (Interlocked.Exchange(ref _state, There) == Awaited) _wake.Set();
    }

    /// <summary>Waits until it is there, and takes it.</summary>
    public void Take() => Take(Timeout.InfiniteTimeSpan);

    /// <summary>Waits until it is there, and takes it.</summary>
    /// <returns>False if it did not come within the limit.</returns>
    public bool Take(TimeSpan limit)
    {
        if (!IsSeen() && Interlocked.CompareExchange(ref _state, Awaited, Away) == Away)
        {
            if (!_wake.WaitOne(limit))
            {
                if (Interlocked.CompareExchange(ref _state, Away, Awaited) == Awaited) return false;
                _wake.WaitOne(); // It was passed at the last moment, and with it comes the event.
            }
        }

        Volatile.Write(ref _state, Away);
        return true;
    }

    private bool IsSeen()
    {
        if (Volatile.Read(ref _state) == There) return true;
        if (_sleepsToGo > 0)
        {
            _sleepsToGo--;
            return false;
        }

        long began = Stopwatch.GetTimestamp();
        long before = began;
        while (true)
        {
            Thread.Yield();
            bool isThere = Volatile.Read(ref _state) == There;
            long now = Stopwatch.GetTimestamp();
            if (now - before > s_longestYield)
            {
                _sleepsToGo = _sleeps;
                _sleeps = Math.Min(2 * _sleeps, MostSleeps);
                return isThere;
            }

            if (isThere)
            {
                _sleeps = FewestSleeps;
                return true;
            }

            if (now - began > s_longestLook) return false;
            before = now;
        }
    }
}
