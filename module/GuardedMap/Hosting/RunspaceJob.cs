using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace GuardedMaps.Shell;

/// <summary>Numbers what runspaces do: each pipeline that is run at a prompt, each item of <c>ForEach-Object -Parallel</c>, each script that a pool's runspace is given, has a number of its own.</summary>
/// <remarks>
/// A map that detects lost updates asks with every lookup (<see cref="MapHost.ActorJob"/>), so the answer has to lie ready. A runspace says when it becomes available, which is when its
/// pipeline has ended, and gets another number then. What a pipeline calls (script blocks, expressions) leaves it busy and belongs to the same job. Some hosts do not say that the script
/// they run makes their runspace busy; there the end of a nested pipeline passes for that of a job, and what is lost is a chance to detect something.
/// </remarks>
internal sealed class RunspaceJob
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceJob> s_all = [];
    private static long s_last;

    // The one that the thread has asked about last. It knows its runspace by number only, so that it keeps none alive.
    [ThreadStatic]
    private static RunspaceJob? t_recent;

    private readonly int _runspace;
    private long _number = Interlocked.Increment(ref s_last);

    private RunspaceJob(Runspace runspace)
    {
        _runspace = runspace.Id;
        runspace.AvailabilityChanged += (_, change) =>
        {
            if (change.RunspaceAvailability == RunspaceAvailability.Available) Volatile.Write(ref _number, Interlocked.Increment(ref s_last));
        };
    }

    /// <summary>The number of what the calling thread's runspace is doing; 0 where there is none.</summary>
    public static long Current
    {
        get
        {
            if (Runspace.DefaultRunspace is not { } runspace) return 0;
            RunspaceJob? job = t_recent;
            if (job is null || job._runspace != runspace.Id) t_recent = job = s_all.GetValue(runspace, static r => new RunspaceJob(r));
            return Volatile.Read(ref job._number);
        }
    }
}
