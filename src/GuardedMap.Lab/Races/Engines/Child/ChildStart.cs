using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab;

/// <summary>A way in which a child process may be started.</summary>
/// <param name="Name">What it is, in words; no two ways have the same.</param>
/// <param name="Start">Starts it.</param>
internal sealed record ChildWay(string Name, Func<ChildSession> Start);

/// <summary>
/// Starts children in the first of several ways that gets one running, and begins with that one the next time: after a trial that hung,
/// a race goes on in another child, and what has failed once need not be tried again.
/// </summary>
internal sealed class ChildStart
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private volatile string? _proven;

    /// <summary>Starts a child and waits until it is ready. Null when no way led to one, or the start was cancelled.</summary>
    /// <param name="ways">The ways, the best first.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="failures">What came of each way that was tried.</param>
    /// <exception cref="RaceChildException">A child came up and could not do what it was asked.</exception>
    public (ChildSession? Session, string Runtime) First(IEnumerable<ChildWay> ways, CancellationToken cancellation, out string failures)
    {
        var tried = new StringBuilder();
        string? proven = _proven;
        foreach (var way in ways.OrderByDescending(way => string.Equals(way.Name, proven, StringComparison.Ordinal)))
        {
            if (cancellation.IsCancellationRequested) break;
            string failure;
            ChildSession? session = null;
            try
            {
                session = way.Start();
                if (AwaitReady(session, cancellation, out string runtime, out failure))
                {
                    _proven = way.Name;
                    failures = tried.ToString();
                    return (session, runtime);
                }
            }
            catch (Win32Exception error)
            {
                failure = error.Message;
            }
            catch
            {
                session?.Dispose();
                throw;
            }

            session?.Dispose();
            tried.Append(CultureInfo.InvariantCulture, $" {way.Name} was tried: {failure}.");
        }

        failures = tried.ToString();
        return (null, "");
    }

    /// <summary>Waits for a child's first line. False when it did not come; then <paramref name="failure"/> says why.</summary>
    private static bool AwaitReady(ChildSession session, CancellationToken cancellation, out string runtime, out string failure)
    {
        runtime = "";
        failure = "it was stopped";
        var waiting = Stopwatch.StartNew();
        while (!cancellation.IsCancellationRequested)
        {
            var line = session.Next(TimeSpan.FromMilliseconds(100), cancellation);
            if (line?.Ready is { } ready)
            {
                runtime = ready;
                return true;
            }

            if (line?.Failed is { } failed)
                throw new RaceChildException($"The race's child process could not take up its work. {failed}");
            if (line is null && session.HasEnded)
            {
                failure = session.DescribeEnd();
                return false;
            }

            if (waiting.Elapsed > StartLimit)
            {
                failure = string.Create(CultureInfo.InvariantCulture, $"no answer within {StartLimit.TotalSeconds:0} s");
                return false;
            }
        }

        return false;
    }
}
