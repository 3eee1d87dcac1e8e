using System.Diagnostics;
using System.Text.Json.Nodes;
using GuardedMaps.Lab;

namespace GuardedMaps.Hosting.Tests.Ways;

/// <summary>PowerShell as .NET tools are installed: by the repository's manifest, and into a folder of its own, as <c>--tool-path</c> and <c>--global</c> do.</summary>
public sealed class InstalledPowerShell : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private readonly Lazy<string?> _whyNone;
    private Dictionary<string, Task<WayAnswer>>? _begun;

    public InstalledPowerShell() => _whyNone = new Lazy<string?>(Install);

    /// <summary>A home in which nothing else is: a global tool lies in <c>.dotnet/tools</c> of its user's home.</summary>
    public string Home { get; } = Directory.CreateTempSubdirectory("guardedmap-ways-").FullName;

    /// <summary>The program by which a global tool is called.</summary>
    public string Shim => Path.Combine(Home, ".dotnet", "tools", OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");

    /// <summary>The folder that the tool's PowerShell has as $PSHOME.</summary>
    public string ShellFolder => Path.GetDirectoryName(Directory.GetFiles(Path.Combine(Home, ".dotnet", "tools", ".store"), "pwsh.dll", SearchOption.AllDirectories)
        .Single(path => string.Equals(Path.GetFileName(Path.GetDirectoryName(path)), OperatingSystem.IsWindows() ? "win" : "unix", StringComparison.Ordinal)))!;

    /// <summary>Why nothing could be installed; null if it was.</summary>
    public string? WhyNone => _whyNone.Value;

    /// <summary>What came of one of several pieces of work, all of which are begun, side by side, when the first is asked for.</summary>
    internal Task<WayAnswer> Once(string name, Func<Dictionary<string, Task<WayAnswer>>> begin) => (_begun ??= begin())[name];

    /// <summary>The dotnet command that runs this.</summary>
    public static string Dotnet => RunningDotnet.Program ?? "dotnet";

    /// <summary>Runs a program to its end.</summary>
    internal static (int ExitCode, string Printed) Run(ProcessStartInfo start)
    {
        start.WorkingDirectory = Repository.Root;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["NO_COLOR"] = "1";
        // The test host sets these for itself.
        foreach (string inherited in (string[])["DOTNET_STARTUP_HOOKS", "MSBUILD_EXE_PATH", "MSBuildSDKsPath", "PSModulePath"]) start.Environment.Remove(inherited);
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{start.FileName}' did not end within {s_patience} and was killed. It printed:{Environment.NewLine}{output.Result}{errors.Result}");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }

    public void Dispose() => Directory.Delete(Home, recursive: true);

    private string? Install()
    {
        string manifest = Path.Combine(Repository.Root, ".config", "dotnet-tools.json");
        string version = JsonNode.Parse(File.ReadAllText(manifest))!["tools"]!["powershell"]!["version"]!.GetValue<string>();
        string[][] commands =
        [
            ["tool", "restore", "--tool-manifest", manifest],
            ["tool", "install", "PowerShell", "--version", version, "--tool-path", Path.GetDirectoryName(Shim)!],
        ];
        foreach (string[] command in commands)
        {
            (int code, string printed) = Run(new ProcessStartInfo(Dotnet, command));
            if (code != 0) return $"dotnet {string.Join(' ', command)} ended with exit code {code} and said: {printed.Trim()}";
        }

        return null;
    }
}
