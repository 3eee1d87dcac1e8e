using System.Runtime.InteropServices;

namespace GuardedMaps.Lab;

/// <summary>The dotnet command whose runtime this process runs on: it starts another process on the very same one, wherever .NET was installed.</summary>
internal static class RunningDotnet
{
    private const string Framework = "Microsoft.NETCore.App";

    /// <summary>Its path. Null where the runtime came along with the program, as with most installers of PowerShell.</summary>
    public static string? Program { get; } = FindIn(RuntimeEnvironment.GetRuntimeDirectory());

    /// <summary>The dotnet command that belongs to a runtime's folder, which is <c>ROOT/shared/Microsoft.NETCore.App/VERSION</c>.</summary>
    internal static string? FindIn(string? runtimeFolder)
    {
        if (string.IsNullOrEmpty(runtimeFolder)) return null; // A program in a single file has no such folder.
        var framework = new DirectoryInfo(runtimeFolder).Parent;
        if (framework is not { Name: Framework, Parent: { Name: "shared", Parent: { } root } }) return null;
        string program = InFolder(root.FullName);
        return File.Exists(program) ? program : null;
    }

    /// <summary>What the dotnet command is called in a folder that may hold one.</summary>
    public static string InFolder(string folder) => Path.Combine(folder, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
}
