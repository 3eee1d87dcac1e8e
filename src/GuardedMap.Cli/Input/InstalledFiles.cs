using System.Runtime.InteropServices;

namespace GuardedMaps.Cli;

/// <summary>The files of the .NET installation this program runs on: real input that every machine with .NET has.</summary>
internal static class InstalledFiles
{
    /// <summary>The installation's root: above <c>shared/Microsoft.NETCore.App/version</c>, or the runtime's own folder where the program brings its own.</summary>
    public static string Root()
    {
        var runtime = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory());
        return runtime.Parent is { Name: "Microsoft.NETCore.App", Parent: { Name: "shared", Parent: { } root } } ? root.FullName : runtime.FullName;
    }

    /// <summary>Every file below the root: its path from there, with forward slashes, and its size. Folders that may not be read are left out.</summary>
    public static IEnumerable<KeyValuePair<string, long>> Read(string root)
    {
        var everything = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var file in new DirectoryInfo(root).EnumerateFiles("*", everything))
            yield return new(Path.GetRelativePath(root, file.FullName).Replace('\\', '/'), file.Length);
    }
}
