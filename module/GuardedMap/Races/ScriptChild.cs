using System.ComponentModel;
using System.Diagnostics;
using System.Management.Automation;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

/// <summary>
/// The child process of a free race of scripts: PowerShell itself, with this module. It answers by the protocol of the lab's own
/// children, so that a container that loops for ever is ended with its process.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ScriptChild
{
    /// <summary>The child's side: runs what is asked and answers on the standard output.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string request) => RaceChild.Serve(() =>
    {
        ScriptJob job = ScriptRequest.FromArgument(request).ToJob();
        return (onReport, onLook) => ScriptFreeRun.Run(job, onReport, onLook, CancellationToken.None);
    });

    /// <summary>The parent's side: starts a child and waits until it is ready.</summary>
    /// <exception cref="RaceChildException">No PowerShell was found, or it did not come up.</exception>
    internal static (ChildSession? Session, string Runtime) Start(RaceStretch job, CancellationToken cancellation)
    {
        string program = FindPowerShell();
        string module = typeof(ScriptChild).Assembly.Location.Replace("'", "''", StringComparison.Ordinal);
        var start = new ProcessStartInfo(program);
        string script = $"$ErrorActionPreference = 'Stop'; Import-Module '{module}'; exit [{typeof(ScriptChild).FullName}]::Run('{ScriptRequest.From((ScriptJob)job).ToArgument()}')";
        foreach (string argument in (string[])["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", script]) start.ArgumentList.Add(argument);
        string failure;
        ChildSession? session = null;
        try
        {
            session = ChildSession.Start(start);
            if (ChildRun.AwaitReady(session, cancellation, out string runtime, out failure)) return (session, runtime);
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
        if (cancellation.IsCancellationRequested) return (null, "");
        throw new RaceChildException($"A free race on {job.TargetName} needs a process of its own, since that container may loop for ever, and PowerShell could not be started for it ('{program}': {failure}).");
    }

    private static string FindPowerShell()
    {
        string name = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        string? folder = Path.GetDirectoryName(typeof(PSObject).Assembly.Location);
        string beside = folder is null ? "" : Path.Combine(folder, name);
        return File.Exists(beside) ? beside : name; // Else wherever PATH has one.
    }
}
