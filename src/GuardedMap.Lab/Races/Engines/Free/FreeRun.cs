using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;

namespace GuardedMaps.Lab;

// A stretch of trials in this process, watched. The trials run on a thread of their own; the calling thread waits for
// reports and for signs of life. When nothing has moved for the stall limit, the trial under way is reported as hung and
// the stretch ends: .NET cannot abort a thread, so the stuck ones stay behind. In the child process that is no loss,
// because it is killed next; in the user's process it is why only targets that cannot loop are run there.

/// <summary>Runs a job's trials in this process.</summary>
internal static class FreeRun
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>
    /// Runs the job and calls <paramref name="onReport"/> on the calling thread for every trial, and
    /// <paramref name="onLook"/> whenever it looks for signs of life, some forty times a second.
    /// </summary>
    /// <returns>False when a trial hung and the stretch ended with it.</returns>
    public static bool Run(RaceJob job, Action<TrialReport> onReport, Action onLook, CancellationToken cancellation)
    {
        // Neither is disposed of after a hang: the stuck threads may come back and must find them as they were.
        var reports = new BlockingCollection<TrialReport>();
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var loop = new Loop(job, reports, stop.Token);
        var thread = new Thread(loop.Run) { IsBackground = true, Name = "race trials" };
        thread.Start();

        var watch = new StallWatch(job.StallLimit);
        while (true)
        {
            if (reports.TryTake(out var report, LookInterval))
            {
                onReport(report);
                continue;
            }

            onLook();
            if (reports.IsCompleted) break;
            if (!watch.IsStalled(loop.Beats)) continue;

            // The hung threads still see the stop token, should they ever come back.
            stop.Cancel();
            onReport(loop.HungReport(job.StallLimit));
            return false;
        }

        thread.Join();
        reports.Dispose();
        stop.Dispose();
        loop.Failure?.Throw();
        return true;
    }

    /// <summary>The trial thread's side.</summary>
    private sealed class Loop(RaceJob job, BlockingCollection<TrialReport> reports, CancellationToken stop)
    {
        private volatile Trial? _trial;
        private int _number = job.FirstTrial;

        /// <summary>An error of the lab itself (never one of a map under test), to be thrown where the race was called.</summary>
        public ExceptionDispatchInfo? Failure { get; private set; }

        public long Beats => ((long)Volatile.Read(ref _number) << 40) + (_trial?.Beats ?? 0);

        public void Run()
        {
            ActorCrew? crew = null;
            try
            {
                var clock = Stopwatch.StartNew();
                for (int done = 0; !stop.IsCancellationRequested; done++)
                {
                    if (job.Trials is { } trials && done >= trials) break;
                    if (job.Duration is { } duration && clock.Elapsed >= duration) break;

                    Volatile.Write(ref _number, job.FirstTrial + done);
                    var trial = new Trial(job, _number);
                    _trial = trial;
                    if (trial.Run(CrewOf, stop) is { } report) reports.Add(report, CancellationToken.None);
                }
            }
            catch (Exception error)
            {
                Failure = ExceptionDispatchInfo.Capture(error);
            }
            finally
            {
                crew?.Dispose();
                reports.CompleteAdding();
            }

            ActorCrew CrewOf(int size)
            {
                if (crew is not null && crew.Size == size) return crew;
                crew?.Dispose();
                return crew = new ActorCrew(size);
            }
        }

        public TrialReport HungReport(TimeSpan stallLimit) => new()
        {
            Trial = Volatile.Read(ref _number),
            Outcome = RaceOutcome.Hung,
            Milliseconds = stallLimit.TotalMilliseconds,
            Where = string.Create(
                CultureInfo.InvariantCulture,
                $"trial {Volatile.Read(ref _number) + 1}: nobody made a step for {stallLimit.TotalSeconds:0.##} s; {_trial?.Describe()}"),
        };
    }
}
