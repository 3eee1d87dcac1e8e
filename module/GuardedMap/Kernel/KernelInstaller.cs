using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

/// <summary>Who can use an installed kernel.</summary>
public enum KernelScope
{
    /// <summary>You.</summary>
    CurrentUser,

    /// <summary>Everybody on this machine.</summary>
    AllUsers,
}

/// <summary>A kernel that was installed.</summary>
public sealed record InstalledMapKernel
{
    /// <summary>The name by which Jupyter knows it.</summary>
    public required string Name { get; init; }

    /// <summary>The name that people see.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The folder that was written.</summary>
    public required string Path { get; init; }

    /// <summary>The module that cells find.</summary>
    public required string Module { get; init; }
}

/// <summary>
/// Writes the kernel where Jupyter looks for kernels: a folder with <c>kernel.json</c>, the Python side and the script that loads the PowerShell side.
/// </summary>
/// <remarks>The kernel uses the module's assembly where it lies now; after a new version has been installed it is installed once more.</remarks>
internal static class KernelInstaller
{
    public const string DisplayName = "PowerShell (GuardedMap)";

    /// <summary>The environment variable with the folder in which cells find the module by its name.</summary>
    public const string ModulesVariable = "GUARDEDMAP_KERNEL_MODULES";

    /// <summary>The environment variable with the PowerShell to use where none is named or on the PATH: a program, or a JSON list of it and what comes before its arguments.</summary>
    public const string ShellVariable = "GUARDEDMAP_KERNEL_PWSH";

    // People look into these files, and no browser does: a quote is \", not a number.
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string PythonFile = "guardedmap_kernel.py";
    private const string HostFile = "host.ps1";

    /// <summary>The folder that Jupyter searches for the data of a user, of a machine, or of what was installed under a prefix.</summary>
    public static string DataFolder(KernelScope scope) => scope == KernelScope.AllUsers
        ? OperatingSystem.IsWindows() ? Path.Combine(Folder(Environment.SpecialFolder.CommonApplicationData), "jupyter") : "/usr/local/share/jupyter"
        : Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } named ? named
        : OperatingSystem.IsWindows() ? Path.Combine(Folder(Environment.SpecialFolder.ApplicationData), "jupyter")
        : OperatingSystem.IsMacOS() ? Path.Combine(Folder(Environment.SpecialFolder.UserProfile), "Library", "Jupyter")
        : Path.Combine(Folder(Environment.SpecialFolder.LocalApplicationData), "jupyter");

    /// <summary>The same for a prefix: a virtual environment's folder.</summary>
    public static string DataFolder(string prefix) => Path.Combine(prefix, "share", "jupyter");

    /// <summary>Where a kernel goes below such a folder.</summary>
    public static string KernelFolder(string dataFolder, string name) => Path.Combine(dataFolder, "kernels", name);

    /// <summary>What is in a folder that is not a kernel of ours, in words; null if there is nothing, or one of ours.</summary>
    /// <remarks>Ours is what runs our Python file. A folder with something else in it and no specification is somebody's work, too.</remarks>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string? ForeignContent(string folder)
    {
        if (File.Exists(folder)) return "a file";
        if (!Directory.Exists(folder) || File.Exists(Path.Combine(folder, PythonFile))) return null;
        string specification = Path.Combine(folder, "kernel.json");
        if (!File.Exists(specification)) return Directory.EnumerateFileSystemEntries(folder).Any() ? "files that are no kernel" : null;
        string text = File.ReadAllText(specification);
        if (text.Contains(Path.GetFileNameWithoutExtension(PythonFile), StringComparison.Ordinal)) return null;
        try
        {
            return JsonNode.Parse(text)?["display_name"] is JsonValue name && name.TryGetValue(out string? shown) ? $"another kernel, '{SafeText.Line(shown)}'" : "another kernel";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return "another kernel";
        }
    }

    /// <summary>Writes the kernel's files.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be.</exception>
    public static InstalledMapKernel Install(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in (string[])[PythonFile, HostFile]) Write(Path.Combine(folder, file), Resource(file));
        Write(Path.Combine(folder, "kernel.json"), Specification(folder));
        return new InstalledMapKernel { Name = name, DisplayName = DisplayName, Path = folder, Module = LessonShelf.Root };
    }

    /// <summary>The PowerShell that an installed kernel can fall back on; null where this machine has none that could be started.</summary>
    /// <param name="lookedAt">Where one was looked for.</param>
    public static ShellCommand? FindShell(out IReadOnlyList<string> lookedAt) => ShellCommand.FindAll(out lookedAt) is [var best, ..] ? best : null;

    private static string Value(ShellCommand shell) =>
        shell.Leading.Count == 0 ? shell.Program : new JsonArray([.. shell.Leading.Prepend(shell.Program).Select(part => JsonValue.Create(part))]).ToJsonString(new JsonSerializerOptions(s_readable) { WriteIndented = false });

    private static string Specification(string folder)
    {
        var environment = new JsonObject { ["GUARDEDMAP_KERNEL_ASSEMBLY"] = typeof(KernelInstaller).Assembly.Location };
        if (ModulesFolder(folder) is { } modules) environment[ModulesVariable] = modules;
        // A PowerShell like the one that is running this, for when none is on the PATH that Jupyter has.
        if (FindShell(out _) is { } shell) environment[ShellVariable] = Value(shell);
        var specification = new JsonObject
        {
            // Jupyter puts its own Python in the place of this name.
            ["argv"] = new JsonArray(OperatingSystem.IsWindows() ? "python" : "python3", Path.Combine(folder, PythonFile), "-f", "{connection_file}"),
            ["display_name"] = DisplayName,
            ["language"] = "PowerShell",
            ["interrupt_mode"] = "signal",
            ["env"] = environment,
            ["metadata"] = new JsonObject { ["debugger"] = false },
        };
        return specification.ToJsonString(s_readable) + "\n";
    }

    // PowerShell finds a module by name in a folder of that name: modules/GuardedMap, or modules/GuardedMap/0.1.0. A checkout may be called anything; it gets a
    // link of the right name. Where links are forbidden, as on many a Windows, there is no such folder.
    private static string? ModulesFolder(string kernelFolder)
    {
        string root = LessonShelf.Root;
        if (Version.TryParse(Path.GetFileName(root), out _)) root = Path.GetDirectoryName(root)!;
        if (string.Equals(Path.GetFileName(root), nameof(GuardedMap), StringComparison.Ordinal)) return Path.GetDirectoryName(root);
        string modules = Path.Combine(kernelFolder, "modules");
        var link = new DirectoryInfo(Path.Combine(modules, nameof(GuardedMap)));
        try
        {
            Directory.CreateDirectory(modules);
            if (link.LinkTarget is not null) link.Delete();
            link.CreateAsSymbolicLink(LessonShelf.Root);
            return modules;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Resource(string file)
    {
        using Stream stream = typeof(KernelInstaller).Assembly.GetManifestResourceStream(file)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static void Write(string path, string text) => WholeFile.Write(path, text);

    private static string Folder(Environment.SpecialFolder folder) => Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);
}
