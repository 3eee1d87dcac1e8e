using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace GuardedMaps.Shell;

/// <summary>What runspaces do: each pipeline that is run at a prompt, each item of <c>ForEach-Object -Parallel</c>, each script that a pool's runspace is given, is a job of its own.</summary>
/// <remarks>
/// A runspace says when it becomes available, which is when its pipeline has ended; then its job ends, and the next one begins. What a pipeline calls (script blocks, expressions)
/// leaves it busy and belongs to the same job. Some hosts do not say that the script they run makes their runspace busy, and it becomes "available" in the middle of it, when a pipeline ends
/// that the script has begun (a module is loaded for a command, say). So a job ends only where no script is left on the runspace's stack.
/// </remarks>
internal sealed class RunspaceJob
{
    private static readonly ConditionalWeakTable<Runspace, RunspaceJob> s_all = [];

    private ActorJob _job = new();

    private RunspaceJob(Runspace runspace) => runspace.AvailabilityChanged += (sender, change) =>
    {
        if (change.RunspaceAvailability == RunspaceAvailability.Available && !IsInScript((Runspace)sender!)) Interlocked.Exchange(ref _job, new ActorJob()).End();
    };

    /// <summary>What the calling thread's runspace is doing; null where there is none.</summary>
    public static ActorJob? Current =>
        Runspace.DefaultRunspace is { } runspace ? Volatile.Read(ref s_all.GetValue(runspace, static r => new RunspaceJob(r))._job) : null;

    private static bool IsInScript(Runspace runspace) => runspace.Debugger?.GetCallStack().Any() == true;
}
