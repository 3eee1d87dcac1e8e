using System.Diagnostics;
using System.Globalization;

namespace GuardedMaps.Lab;

// A job's trials in child processes: one, and a new one after each hang or crash, which goes on with the next trial.
//
// The child itself notices when nothing moves and says which trial hung and where the actors stood. Should it be too dead
// even for that (stopped, or its own watching thread held up), no line comes at all, and the silence is the sign.

/// <summary>Runs a job's trials in child processes.</summary>
internal static class ChildRun
{
    private static readonly TimeSpan SilenceGrace = TimeSpan.FromSeconds(3);
    private static readonly ChildStart s_start = new();

    /// <summary>Runs the job and calls <paramref name="onReport"/> on the calling thread for every trial.</summary>
    /// <returns>How many processes it took and what .NET they ran on.</returns>
    /// <exception cref="RaceChildException">No child process could be started, or the lab failed inside one.</exception>
    public static (int Processes, string Runtime) Run(RaceJob job, Action<TrialReport> onReport, Action onLook, CancellationToken cancellation) =>
        Run(job, (stretch, stop) => (Start(ChildRequest.From((RaceJob)stretch), stop, out string runtime), runtime), onReport, onLook, cancellation);

    /// <summary>The same for trials of any kind.</summary>
    /// <param name="job">The trials.</param>
    /// <param name="start">Starts a child for a stretch of them and says what .NET it runs on; null when cancelled.</param>
    /// <param name="onReport">Called on the calling thread for every trial.</param>
    /// <param name="onLook">Called there often.</param>
    /// <param name="cancellation">Ends the child and the run.</param>
    public static (int Processes, string Runtime) Run(
        RaceStretch job,
        Func<RaceStretch, CancellationToken, (ChildSession? Session, string Runtime)> start,
        Action<TrialReport> onReport,
        Action onLook,
        CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        int processes = 0;
        string runtime = "";
        int next = job.FirstTrial;
        while (!cancellation.IsCancellationRequested)
        {
            int? trialsLeft = job.Trials - (next - job.FirstTrial);
            var timeLeft = job.Duration - clock.Elapsed;
            if (trialsLeft <= 0 || timeLeft <= TimeSpan.Zero) break;

            var stretch = job with { FirstTrial = next, Trials = trialsLeft, Duration = timeLeft };
            (var session, runtime) = start(stretch, cancellation);
            if (session is null) break;
            using var closing = session;
            processes++;
            if (Follow(session, stretch, onReport, onLook, ref next, cancellation)) break;
        }

        return (processes, runtime);
    }

    /// <summary>Takes one child's reports to its end. True when the job is done or cancelled, false when another child is needed.</summary>
    private static bool Follow(ChildSession session, RaceStretch job, Action<TrialReport> onReport, Action onLook, ref int next, CancellationToken cancellation)
    {
        var silenceLimit = job.StallLimit + SilenceGrace;
        var silence = Stopwatch.StartNew();
        while (!cancellation.IsCancellationRequested)
        {
            onLook();
            var line = session.Next(TimeSpan.FromMilliseconds(50), cancellation);
            if (line is not null) silence.Restart();

            if (line?.Failed is { } failure)
                throw new RaceChildException($"The race {job.ScenarioName} on {job.TargetName} failed in its child process. {failure}");
            if (line?.Done == true) return true;
            if (line?.Report is { } report)
            {
                next = report.Trial + 1;
                onReport(report);
                if (report.Outcome == RaceOutcome.Hung) return false;
            }

            if (line is null && session.HasEnded)
            {
                onReport(Lost(next, RaceOutcome.Crashed, $"trial {next + 1}: the process ended in the middle of it, {session.DescribeEnd()}"));
                next++;
                return false;
            }

            if (line is null && silence.Elapsed > silenceLimit)
            {
                onReport(Lost(next, RaceOutcome.Hung, string.Create(
                    CultureInfo.InvariantCulture,
                    $"trial {next + 1}: the whole process gave no sign of life for {silence.Elapsed.TotalSeconds:0.#} s and was killed")));
                next++;
                return false;
            }
        }

        return true;
    }

    private static TrialReport Lost(int trial, RaceOutcome outcome, string where) =>
        new() { Trial = trial, Outcome = outcome, Milliseconds = 0, Where = where };

    /// <summary>Starts a child under the first host that gets it running. Null when cancelled meanwhile.</summary>
    private static ChildSession? Start(ChildRequest request, CancellationToken cancellation, out string runtime)
    {
        var ways = ChildHost.FindAll(out var lookedAt).Select(host => new ChildWay($"'{host.Program}' (found by {host.FoundBy})", () => ChildSession.Start(host, request)));
        (var session, runtime) = s_start.First(ways, cancellation, out string failures);
        if (session is not null || cancellation.IsCancellationRequested) return session;
        throw new RaceChildException(
            "A race on an unguarded map needs a child process, since it may loop for ever, and nothing was found that can start one. " +
            $"Looked for the dotnet command in: {string.Join("; ", lookedAt)}.{failures} " +
            "Install .NET 8 or later, or set DOTNET_ROOT to its folder, or race a guarded target (GuardedMap, ConcurrentDictionary), which runs in this process.");
    }
}
