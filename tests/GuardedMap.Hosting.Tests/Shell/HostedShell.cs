using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace GuardedMaps.Hosting.Tests.Shell;

/// <summary>PowerShell in this process, with the module imported, as an editor or a service has it. No pwsh takes part.</summary>
public sealed class HostedShell : IDisposable
{
    private readonly Runspace _runspace;

    public HostedShell()
    {
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault());
        _runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        _runspace.Open();
        _ = Run("param($manifest, $samples) Import-Module $manifest; . $samples", Repository.Manifest, Path.Combine(Repository.Root, "tests", "pester", "Samples.ps1"));
    }

    /// <summary>Runs a script and gives what it puts out. An error that it writes fails the test.</summary>
    public Collection<PSObject> Run(string script, params object[] arguments)
    {
        ScriptOutcome outcome = RunAll(script, arguments);
        Assert.True(outcome.Errors.Count == 0, string.Join(Environment.NewLine, outcome.Errors.Select(error => $"{error}{Environment.NewLine}{error.ScriptStackTrace}")));
        return outcome.Output;
    }

    /// <summary>Runs a script and gives what it puts out, and what it writes to the other streams.</summary>
    internal ScriptOutcome RunAll(string script, params object[] arguments)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        foreach (object argument in arguments) shell.AddArgument(argument);
        Collection<PSObject> output = shell.Invoke();
        // Read now: the streams end with the shell.
        return new ScriptOutcome(output, [.. shell.Streams.Error], [.. shell.Streams.Warning.Select(warning => warning.Message)]);
    }

    public void Dispose() => _runspace.Dispose();
}

/// <summary>What came of a script.</summary>
internal sealed record ScriptOutcome(Collection<PSObject> Output, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<string> Warnings);
