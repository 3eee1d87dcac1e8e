namespace GuardedMaps.Lab;

// Where threads take turns, one of them is asleep at any time, and each turn ends with one waking the other: some hundred thousand times in a search.
// A SemaphoreSlim spins before it sleeps, and gives its processor away between the spins. That is right for what comes in a moment from a thread
// that runs already. Here the other thread must be woken first, and what takes the processor that is given away is whatever else the machine has
// to do, for as long as the system lets it: with its processors kept busy a turn takes ten to thirty times as long. So whoever waits for
// this sleeps at once.

/// <summary>What one thread passes to another that waits for it. Passing it twice before it is taken is passing it once.</summary>
/// <remarks>Any thread may pass it, and one may wait for it at a time. What was written before <see cref="Pass"/> is seen after <see cref="Take()"/>.</remarks>
internal sealed class Baton
{
    private readonly object _lock = new();
    private bool _isThere;

    /// <summary>Passes it: who waits for it goes on, and who comes later does not wait.</summary>
    public void Pass()
    {
        lock (_lock)
        {
            _isThere = true;
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Waits until it is there, and takes it.</summary>
    public void Take() => Take(Timeout.InfiniteTimeSpan);

    /// <summary>Waits until it is there, and takes it.</summary>
    /// <returns>False if it did not come within the limit.</returns>
    public bool Take(TimeSpan limit)
    {
        lock (_lock)
        {
            while (!_isThere)
            {
                // One waits at a time, so who is woken finds it there; but for the limit there is nothing else that wakes.
                if (!Monitor.Wait(_lock, limit)) break;
            }

            return _isThere && !(_isThere = false);
        }
    }
}
