using System.Diagnostics;

namespace GuardedMaps.Lab;

/// <summary>Tells from a number that should keep changing whether something stands still.</summary>
internal sealed class StallWatch(TimeSpan limit)
{
    private readonly Stopwatch _sinceChange = Stopwatch.StartNew();
    private long _last = -1;

    /// <summary>True when <paramref name="beats"/> has been the same for the limit.</summary>
    public bool IsStalled(long beats)
    {
        if (beats != _last)
        {
            _last = beats;
            _sinceChange.Restart();
            return false;
        }

        return _sinceChange.Elapsed >= limit;
    }
}
