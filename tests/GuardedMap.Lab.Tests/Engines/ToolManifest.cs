using System.Diagnostics;

namespace GuardedMaps.Lab.Tests.Engines;

/// <summary>
/// The engines that the tests bring along: the .NET tools which <c>.config/dotnet-tools.json</c> pins. They are restored once for a run, by the
/// run itself, so that <c>dotnet test</c> on a machine with the SDK alone has them. A tool that is in the package cache already needs no network.
/// </summary>
internal static class ToolManifest
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);
    private static readonly Lazy<string?> s_problem = new(() => Restore(_ => { }));

    /// <summary>What went wrong when the tools were restored, or null. Tools that were restored before can be there all the same.</summary>
    public static string? Problem => s_problem.Value;

    /// <summary>The command that starts a tool by its name.</summary>
    public static string[] Command(string tool) => ["dotnet", "tool", "run", tool, "--"];

    /// <summary>Restores the tools, in an environment that can be another than this process's.</summary>
    /// <returns>What went wrong, or null.</returns>
    internal static string? Restore(Action<ProcessStartInfo> prepare)
    {
        ProcessStartInfo start = EngineProcess.Start("dotnet", "tool", "restore");
        prepare(start);
        try
        {
            (int code, string output) = EngineProcess.Run(start, s_limit);
            return code == 0 ? null : $"'dotnet tool restore' ended with exit code {code}: {EngineProcess.OneLine(output)}";
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or TimeoutException)
        {
            return $"'dotnet tool restore' failed: {EngineProcess.OneLine(e.Message)}";
        }
    }
}
