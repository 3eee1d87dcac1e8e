using System.Diagnostics;
using System.Globalization;

namespace GuardedMaps.Lab;

// Something has to start GuardedMap.Lab.dll as a program. Two things can: the dotnet command ("dotnet exec"), and
// PowerShell itself, which can load the assembly and call its entry point. The first is preferred because it starts
// in a third of the time; the second is there because most who have PowerShell have no dotnet command: its installers
// bring a runtime of their own.
//
// A candidate that exists may still fail, because the dotnet found on PATH has only runtimes that are too old. So the
// caller gets all candidates and tries them in turn.

/// <summary>A program that can run this assembly in a process of its own.</summary>
internal sealed record ChildHost(string Program, bool IsPowerShell, string FoundBy)
{
    /// <summary>What comes before all other arguments: for a PowerShell which the dotnet command runs.</summary>
    public IReadOnlyList<string> Leading { get; init; } = [];

    /// <summary>The framework version the child asks for. The very version of this process, if the host is where this process's runtime comes from.</summary>
    public string FrameworkVersion { get; private init; } = "8.0.0";

    /// <summary>How the child may deviate from that version.</summary>
    public string RollForward { get; private init; } = "LatestMajor";

    /// <summary>True for the dotnet command that this process's own runtime comes from: what this process has loaded, its child can load.</summary>
    public bool HasOwnRuntime { get; private init; }

    /// <summary>All hosts there are on this machine, the best first, and every place that was looked at.</summary>
    public static IReadOnlyList<ChildHost> FindAll(out IReadOnlyList<string> lookedAt)
    {
        var looked = new List<string>();
        var hosts = new List<ChildHost>();

        Add("the running .NET", RunningDotnet.Program, ownRuntime: true);
        Add("$DOTNET_HOST_PATH", Environment.GetEnvironmentVariable("DOTNET_HOST_PATH"));
        Add("$DOTNET_ROOT", InFolder(Environment.GetEnvironmentVariable("DOTNET_ROOT")));
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            Add("PATH", InFolder(folder), isQuiet: true);
        looked.Add("the folders of PATH");

        hosts.AddRange(ShellCommand.FindAll(out var lookedForShell).Select(shell => new ChildHost(shell.Program, IsPowerShell: true, shell.FoundBy) { Leading = shell.Leading }));
        lookedAt = [.. looked, $"then for a PowerShell: {string.Join("; ", lookedForShell)}"];
        return hosts;

        void Add(string where, string? program, bool ownRuntime = false, bool isQuiet = false)
        {
            if (!isQuiet) looked.Add(program is null ? where : $"{where} ({program})");
            if (program is null || !File.Exists(program)) return;
            string full = ResolveLinks(program);
            if (hosts.Exists(h => string.Equals(h.Program, full, StringComparison.Ordinal))) return;
            hosts.Add(ownRuntime
                ? new ChildHost(full, IsPowerShell: false, where) { FrameworkVersion = Environment.Version.ToString(3), RollForward = "Minor", HasOwnRuntime = true }
                : new ChildHost(full, IsPowerShell: false, where));
        }
    }

    /// <summary>The command line that runs <paramref name="assembly"/>'s entry point with the given request.</summary>
    /// <param name="assembly">The full path of GuardedMap.Lab.dll.</param>
    /// <param name="runtimeConfig">A file for <see cref="RuntimeConfig"/>; used by the dotnet command only.</param>
    /// <param name="request">The request, one word of Base64.</param>
    public ProcessStartInfo Command(string assembly, string runtimeConfig, string request) => Command(assembly, runtimeConfig, [RaceChild.Verb, request]);

    /// <summary>The same with any arguments for the entry point.</summary>
    public ProcessStartInfo Command(string assembly, string runtimeConfig, string[] arguments)
    {
        if (!IsPowerShell) return new ProcessStartInfo(Program, ["exec", "--runtimeconfig", runtimeConfig, assembly, .. arguments]);
        string script = string.Create(
            CultureInfo.InvariantCulture,
            $"exit [Reflection.Assembly]::LoadFrom({Quote(assembly)}).EntryPoint.Invoke($null, [object[]](, [string[]]({string.Join(", ", arguments.Select(Quote))})))");
        return new ProcessStartInfo(Program, [.. Leading, "-NoLogo", "-NoProfile", "-NonInteractive", "-Command", script]);
    }

    /// <summary>What the dotnet command has to know to run the assembly. Written by us, so that the assembly alone is enough to be installed.</summary>
    public string RuntimeConfig() =>
        $"{{ \"runtimeOptions\": {{ \"framework\": {{ \"name\": \"Microsoft.NETCore.App\", \"version\": \"{FrameworkVersion}\" }}, " +
        $"\"rollForward\": \"{RollForward}\", \"configProperties\": {{ \"System.GC.Concurrent\": false }} }} }}";

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string? InFolder(string? folder) => string.IsNullOrEmpty(folder) ? null : RunningDotnet.InFolder(folder);

    private static string ResolveLinks(string program) =>
        new FileInfo(program).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(program);
}
