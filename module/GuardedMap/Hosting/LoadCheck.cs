using System.Reflection;

namespace GuardedMaps.Shell;

/// <summary>
/// Looks whether the assemblies in this process are those that the module being imported has brought. <c>Test-Loadable.psm1</c> asks, before
/// anything else of the module runs; nobody else does.
/// </summary>
/// <remarks>
/// .NET loads one assembly of a name per process and keeps it. So of two copies of the module the first to be imported is the one that
/// runs, whatever the second's path says. Nothing in here may touch a type of GuardedMap.Core: it might be the wrong one.
/// </remarks>
public static class LoadCheck
{
    private const string CoreName = "GuardedMap.Core";

    /// <summary>What is wrong, in words for the user; null if nothing is.</summary>
    /// <param name="path">Where the assembly of the copy that is being imported lies.</param>
    public static string? Problem(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Assembly own = typeof(LoadCheck).Assembly;
        if (!IsSame(own.Location, path))
        {
            return $"Another copy of GuardedMap, version {own.GetName().Version}, is loaded in this process already: {own.Location}. .NET cannot unload it, so this one ({path}) was not imported. Go on with the copy that is loaded, or start a new session (pwsh) and import only this one.";
        }

        Version needed = own.GetReferencedAssemblies().Single(name => string.Equals(name.Name, CoreName, StringComparison.Ordinal)).Version!;
        foreach (Assembly loaded in AppDomain.CurrentDomain.GetAssemblies())
        {
            AssemblyName name = loaded.GetName();
            // A newer one serves both who brought it and us.
            if (!string.Equals(name.Name, CoreName, StringComparison.Ordinal) || name.Version >= needed) continue;
            string from = loaded.IsDynamic || loaded.Location.Length == 0 ? "memory" : $"'{loaded.Location}'";
            return $"Another module or program has loaded {CoreName} {name.Version} from {from}, and GuardedMap needs {needed} or later. .NET cannot load both into one process. Start a new session (pwsh) and import GuardedMap first.";
        }

        return null;
    }

    private static bool IsSame(string a, string b) =>
        string.Equals(RealPath(a), RealPath(b), OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    // A copy may be reached through a link to its folder, as the Jupyter kernel reaches a checkout; a link is no second copy. .NET follows a link only when it
    // is the last part of a path, so each part is followed in turn.
    private static string RealPath(string path)
    {
        string full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is not { } parent) return full;
        full = Path.Combine(RealPath(parent), Path.GetFileName(full));
        try
        {
            FileSystemInfo part = Directory.Exists(full) ? new DirectoryInfo(full) : new FileInfo(full);
            return part.ResolveLinkTarget(returnFinalTarget: true)?.FullName is { } target ? RealPath(target) : full;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It cannot be looked at, so it is what it is called.
            return full;
        }
    }
}
