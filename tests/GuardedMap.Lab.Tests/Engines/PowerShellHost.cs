using System.Diagnostics;

namespace GuardedMaps.Lab.Tests.Engines;

// Which PowerShell the tests run on must not depend on what happens to be installed: a suite that is green with one machine's pwsh says
// nothing about the next one's. So the order is short, and each step of it is somebody's decision:
//
//     PWSH                  a program that whoever runs the tests has named; "PWSH=pwsh" takes the one on the PATH
//     the tool manifest     .config/dotnet-tools.json pins PowerShell as a .NET tool; the test run restores it
//
// A PWSH that is no shell, or one that is too old, is a mistake to be told, not a reason to take another: every test that needs a shell then
// fails with it. A tool that cannot be had (no network, nothing in the package cache) is a reason to skip.

/// <summary>The PowerShell that runs the Pester files and the notebooks. It counts when it has answered, not when its file exists.</summary>
internal sealed class PowerShellHost
{
    // Where a .NET tool is asked, the answer names the folder of pwsh.dll: started from there it needs no look-up of the tool each time. The same files, compiled
    // ahead (tests/GuardedMap.Shell says why), are taken in their place where they are of the version that answered.
    private const string Question = "'{0}|{1}' -f $PSVersionTable.PSVersion, $PSHOME";

    private static readonly TimeSpan s_answerLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_scriptLimit = TimeSpan.FromMinutes(10);
    private static readonly Version s_oldest = new(7, 4);
    private static readonly Lazy<(PowerShellHost? Host, string Why)> s_search = new(Search);

    private readonly string[] _command;

    private PowerShellHost(params string[] command) => _command = command;

    /// <summary>The host, or null where it cannot be had.</summary>
    /// <exception cref="InvalidOperationException">PWSH names something that is no PowerShell, or one that is too old.</exception>
    public static PowerShellHost? Found => s_search.Value.Host;

    /// <summary>Why there is none: what was tried, what came of it, and how to go on without it.</summary>
    public static string WhyNone => s_search.Value.Why;

    /// <summary>The program, and the arguments that come before its own.</summary>
    public IReadOnlyList<string> Command => _command;

    /// <summary>How to start it with the given arguments, at the repository's root.</summary>
    public ProcessStartInfo Start(params IEnumerable<string> arguments) =>
        EngineProcess.Start(_command[0], [.. _command.Skip(1), "-NoLogo", "-NoProfile", "-NonInteractive", .. arguments]);

    /// <summary>Runs a script in a process of its own.</summary>
    /// <returns>Its exit code, and everything it printed.</returns>
    public (int ExitCode, string Output) RunScript(string path, params string[] arguments) => EngineProcess.Run(Start(["-File", path, .. arguments]), s_scriptLimit);

    /// <summary>Runs a command in a process of its own.</summary>
    /// <returns>Its exit code, and everything it printed.</returns>
    public (int ExitCode, string Output) RunCommand(string command) => EngineProcess.Run(Start("-Command", command), s_scriptLimit);

    /// <summary>Looks for a PowerShell as a test run does, in a given environment.</summary>
    /// <param name="named">What PWSH says, or null or empty.</param>
    internal static (PowerShellHost? Host, string Why) Search(string? named)
    {
        if (!string.IsNullOrEmpty(named))
        {
            string? objection = Ask(new PowerShellHost(named), out PowerShellHost? host);
            return objection is null
                ? (host, "")
                : throw new InvalidOperationException($"PWSH is '{named}', which {objection}. Set it to a PowerShell of version {s_oldest} or later (PWSH=pwsh takes the one on the PATH), or leave it out: the tests then take the .NET tool that .config/dotnet-tools.json pins.");
        }

        string? noTool = ToolManifest.Problem;
        string? answer = Ask(new PowerShellHost(ToolManifest.Command("pwsh")), out PowerShellHost? tool);
        return answer is null
            ? (tool, "")
            : (null, $"PowerShell as a .NET tool (.config/dotnet-tools.json) {answer}.{(noTool is null ? "" : $" {noTool}.")} Run 'dotnet tool restore' where the package registry can be reached, or set PWSH to a PowerShell {s_oldest} or later (PWSH=pwsh takes the one on the PATH).");
    }

    private static (PowerShellHost? Host, string Why) Search() => Search(Environment.GetEnvironmentVariable("PWSH"));

    // Null if it is fit, else the rest of a sentence that begins with what it is.
    private static string? Ask(PowerShellHost candidate, out PowerShellHost? host)
    {
        host = null;
        int code;
        string output;
        try
        {
            (code, output) = EngineProcess.Run(candidate.Start("-Command", Question), s_answerLimit);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or TimeoutException)
        {
            return $"did not answer: {EngineProcess.OneLine(e.Message)}";
        }

        if (code != 0) return $"ended with exit code {code} when asked for its version: {EngineProcess.OneLine(output)}";
        string[] parts = output.Trim().Split('|', 2);
        if (parts.Length != 2 || !Version.TryParse(parts[0].Split('-')[0], out Version? version)) return $"answered '{EngineProcess.OneLine(output)}' when asked for its version";
        if (version < s_oldest) return $"is PowerShell {version}, and the module needs {s_oldest}";
        string library = Path.Combine(parts[1], "pwsh.dll");
        host = candidate._command.Length > 1 && File.Exists(library) ? new PowerShellHost("dotnet", CompiledAhead(library) ?? library) : candidate;
        return null;
    }

    // Null where it has not been built, or of another version.
    private static string? CompiledAhead(string library)
    {
        string compiled = Path.Combine(Repository.Root, "tests", "GuardedMap.Shell", "bin", "pwsh", "pwsh.dll");
        return File.Exists(compiled) && FileVersionInfo.GetVersionInfo(compiled).ProductVersion == FileVersionInfo.GetVersionInfo(library).ProductVersion ? compiled : null;
    }
}
