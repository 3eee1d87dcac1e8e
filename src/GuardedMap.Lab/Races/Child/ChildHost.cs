using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

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
    /// <summary>The framework version the child asks for. The very version of this process, if the host is where this process's runtime comes from.</summary>
    public string FrameworkVersion { get; private init; } = "8.0.0";

    /// <summary>How the child may deviate from that version.</summary>
    public string RollForward { get; private init; } = "LatestMajor";

    /// <summary>All hosts there are on this machine, the best first, and every place that was looked at.</summary>
    public static IReadOnlyList<ChildHost> FindAll(out IReadOnlyList<string> lookedAt)
    {
        var looked = new List<string>();
        var hosts = new List<ChildHost>();
        string? self = Environment.ProcessPath;

        Add("the running program", IsNamed(self, "dotnet") ? self : null, ownRuntime: true);
        Add("the running .NET", RunningDotnet(), ownRuntime: true);
        Add("$DOTNET_HOST_PATH", Environment.GetEnvironmentVariable("DOTNET_HOST_PATH"));
        Add("$DOTNET_ROOT", InFolder(Environment.GetEnvironmentVariable("DOTNET_ROOT")));
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            Add("PATH", InFolder(folder), isQuiet: true);
        looked.Add("the folders of PATH");

        looked.Add($"the running program, if it is PowerShell ({self ?? "unknown"})");
        if (IsNamed(self, "pwsh")) hosts.Add(new ChildHost(self!, IsPowerShell: true, "the running PowerShell"));

        lookedAt = looked;
        return hosts;

        void Add(string where, string? program, bool ownRuntime = false, bool isQuiet = false)
        {
            if (!isQuiet) looked.Add(program is null ? where : $"{where} ({program})");
            if (program is null || !File.Exists(program)) return;
            string full = ResolveLinks(program);
            if (hosts.Exists(h => string.Equals(h.Program, full, StringComparison.Ordinal))) return;
            hosts.Add(ownRuntime
                ? new ChildHost(full, IsPowerShell: false, where) { FrameworkVersion = Environment.Version.ToString(3), RollForward = "Minor" }
                : new ChildHost(full, IsPowerShell: false, where));
        }
    }

    /// <summary>The command line that runs <paramref name="assembly"/>'s entry point with the given request.</summary>
    /// <param name="assembly">The full path of GuardedMap.Lab.dll.</param>
    /// <param name="runtimeConfig">A file for <see cref="RuntimeConfig"/>; used by the dotnet command only.</param>
    /// <param name="request">The request, one word of Base64.</param>
    public ProcessStartInfo Command(string assembly, string runtimeConfig, string request)
    {
        var start = new ProcessStartInfo(Program);
        if (IsPowerShell)
        {
            string quoted = assembly.Replace("'", "''", StringComparison.Ordinal);
            string script = string.Create(
                CultureInfo.InvariantCulture,
                $"exit [Reflection.Assembly]::LoadFrom('{quoted}').EntryPoint.Invoke($null, [object[]](, [string[]]('{RaceChild.Verb}', '{request}')))");
            foreach (string argument in (string[])["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", script]) start.ArgumentList.Add(argument);
        }
        else
        {
            foreach (string argument in (string[])["exec", "--runtimeconfig", runtimeConfig, assembly, RaceChild.Verb, request]) start.ArgumentList.Add(argument);
        }

        return start;
    }

    /// <summary>What the dotnet command has to know to run the assembly. Written by us, so that the assembly alone is enough to be installed.</summary>
    public string RuntimeConfig() =>
        $"{{ \"runtimeOptions\": {{ \"framework\": {{ \"name\": \"Microsoft.NETCore.App\", \"version\": \"{FrameworkVersion}\" }}, " +
        $"\"rollForward\": \"{RollForward}\", \"configProperties\": {{ \"System.GC.Concurrent\": false }} }} }}";

    // <root>/shared/Microsoft.NETCore.App/<version>/ -> <root>/dotnet
    private static string? RunningDotnet()
    {
        var runtime = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory());
        return InFolder(runtime.Parent?.Parent?.Parent?.FullName);
    }

    private static string? InFolder(string? folder) =>
        string.IsNullOrEmpty(folder) ? null : Path.Combine(folder, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");

    private static bool IsNamed(string? program, string name) =>
        program is not null && string.Equals(Path.GetFileNameWithoutExtension(program), name, StringComparison.OrdinalIgnoreCase);

    private static string ResolveLinks(string program) =>
        new FileInfo(program).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(program);
}
