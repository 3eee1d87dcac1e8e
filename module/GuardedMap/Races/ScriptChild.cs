using System.ComponentModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

/// <summary>
/// The child process of a free race of scripts: PowerShell itself, with this module. It answers by the protocol of the lab's own
/// children, so that a container that loops for ever is ended with its process.
/// </summary>
/// <remarks>
/// What is raced there should behave as it does here, so the child is the very PowerShell that is running now, where that can be started.
/// Where it is a part of another program, it still can: under the dotnet command, with that program's libraries. Only then any other
/// PowerShell will do.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ScriptChild
{
    private static readonly ChildStart s_start = new();

    /// <summary>The child's side in a pwsh: runs what is asked and answers on the standard output.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string request) => RaceChild.Serve(() =>
    {
        ScriptJob job = ScriptRequest.FromArgument(request).ToJob();
        return (onReport, onLook) => ScriptFreeRun.Run(job, onReport, onLook, CancellationToken.None);
    });

    /// <summary>The child's side where nothing but the lab's own program has been started: makes the shell in which it then runs.</summary>
    /// <returns>The exit code.</returns>
    public static int RunAsGuest(string request)
    {
        using Runspace runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using PowerShell shell = PowerShell.Create();
        shell.Runspace = runspace;
        return (int)shell.AddScript(Script(request, before: "")).Invoke().Single().BaseObject;
    }

    /// <summary>The parent's side: starts a child and waits until it is ready.</summary>
    /// <exception cref="RaceChildException">No PowerShell was found, or none came up.</exception>
    internal static (ChildSession? Session, string Runtime) Start(RaceStretch job, CancellationToken cancellation)
    {
        string request = ScriptRequest.From((ScriptJob)job).ToArgument();
        (ChildSession? session, string runtime) = s_start.First(Ways(request, out IReadOnlyList<string> lookedAt), cancellation, out string failures);
        if (session is not null || cancellation.IsCancellationRequested) return (session, runtime);
        throw new RaceChildException(
            $"A free race on {job.TargetName} needs a process of its own, since that container may loop for ever, and no PowerShell could be started for it. " +
            $"Looked for one in: {string.Join("; ", lookedAt)}.{failures} " +
            $"Install PowerShell 7.4 or later, put it on the PATH or name it in the environment variable {ShellCommand.Variable}.");
    }

    private static IEnumerable<ChildWay> Ways(string request, out IReadOnlyList<string> lookedAt)
    {
        var shells = ShellCommand.FindAll(out lookedAt).ToLookup(shell => shell.IsOwn, shell => new ChildWay(
            $"'{shell}' (found by {shell.FoundBy})",
            () => ChildSession.Start(shell.Start("-NoLogo", "-NoProfile", "-NonInteractive", "-Command", Script(request, before: "exit ")))));
        var asGuest = ChildHost.FindAll(out _).Where(host => host.HasOwnRuntime).Select(host => new ChildWay(
            $"'{host.Program}' with the libraries of this program",
            () => ChildSession.StartGuest(host, typeof(ScriptChild).GetMethod(nameof(RunAsGuest))!, request)));
        return shells[true].Concat(asGuest).Concat(shells[false]);
    }

    private static string Script(string request, string before)
    {
        string module = typeof(ScriptChild).Assembly.Location.Replace("'", "''", StringComparison.Ordinal);
        return $"$ErrorActionPreference = 'Stop'; Import-Module '{module}'; {before}[{typeof(ScriptChild).FullName}]::Run('{request}')";
    }
}
