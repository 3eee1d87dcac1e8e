using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text.Json;

namespace GuardedMaps.Lab;

// Where PowerShell is a part of another program, that program cannot be started a second time to run a race: nobody knows what it
// would do. But everything it runs PowerShell with lies on the disk, and .NET knows where. So the parent writes the list of its
// libraries into a file, and the child, which is this assembly under the dotnet command, finds by that list what it does not have itself.
// The child then runs the very PowerShell of the parent, with no pwsh on the machine.

/// <summary>Lets a child process use the libraries that its parent uses.</summary>
internal static class ParentAssemblies
{
    /// <summary>Writes where this process's libraries lie.</summary>
    public static void Write(string file)
    {
        // What the program was started with, and what it has loaded from elsewhere since. Of one name the first counts, as here.
        IEnumerable<string> managed = List("TRUSTED_PLATFORM_ASSEMBLIES")
            .Concat(AssemblyLoadContext.Default.Assemblies.Where(assembly => !assembly.IsDynamic && assembly.Location.Length > 0).Select(assembly => assembly.Location));
        File.WriteAllText(file, JsonSerializer.Serialize(new ParentLibraries { Managed = [.. managed.Distinct(StringComparer.Ordinal)], Native = List("NATIVE_DLL_SEARCH_DIRECTORIES") }, ChildJson.Default.ParentLibraries));
    }

    /// <summary>From now on finds by such a file what this process lacks.</summary>
    public static void Use(string file)
    {
        var libraries = JsonSerializer.Deserialize(File.ReadAllText(file), ChildJson.Default.ParentLibraries) ?? new ParentLibraries();
        var managed = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string path in libraries.Managed) managed.TryAdd(Path.GetFileNameWithoutExtension(path), path);
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            name.Name is not null && managed.TryGetValue(name.Name, out string? path) && File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => LoadNative(libraries.Native, name);
    }

    private static IntPtr LoadNative(string[] folders, string name)
    {
        string[] spellings = OperatingSystem.IsWindows() ? [name, name + ".dll"]
            : OperatingSystem.IsMacOS() ? [name, name + ".dylib", $"lib{name}.dylib"]
            : [name, name + ".so", $"lib{name}.so"];
        foreach (string folder in folders)
        {
            foreach (string spelling in spellings)
            {
                string path = Path.Combine(folder, spelling);
                if (File.Exists(path) && NativeLibrary.TryLoad(path, out IntPtr library)) return library;
            }
        }

        return IntPtr.Zero;
    }

    private static string[] List(string property) =>
        (AppContext.GetData(property) as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Where a process's libraries lie.</summary>
internal sealed record ParentLibraries
{
    /// <summary>The assemblies, each by its full path.</summary>
    public string[] Managed { get; init; } = [];

    /// <summary>The folders in which native libraries are searched.</summary>
    public string[] Native { get; init; } = [];
}
