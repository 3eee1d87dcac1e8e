using System.Diagnostics;

namespace GuardedMaps.Lab;

// How to start another PowerShell like the one that is running. Everybody who needs one asks here: the races in child
// processes and the kernel.
//
// The path of the running process does not tell. It is pwsh where PowerShell was installed, dotnet where it is a .NET tool run by
// "dotnet tool run", the tool's own start program where it is called by its name, and any program at all where PowerShell is a part
// of it: an editor, a notebook's kernel, a service, a test. What does tell is the folder that PowerShell's library was loaded from,
// which is $PSHOME. A PowerShell that can be started has pwsh.dll there, and the file beside it which says what it runs on:
//
//     its own runtime   the program pwsh beside it is the one that knows that runtime
//     a shared one      the dotnet command of the runtime that we are running on. The program pwsh beside it would look for a .NET
//                       of its own, and miss one that lies in an unusual place
//
// Where there is no pwsh.dll, PowerShell is a part of another program. Then another one has to do: the one that the environment
// variable PWSH names, else a pwsh on the PATH.
//
// A candidate is a file that exists and may be executed; whether it comes up is seen by who starts it, who tries the next one if not.

/// <summary>A program, and the arguments before all others, that start a PowerShell.</summary>
/// <param name="Program">The full path of the program.</param>
/// <param name="Leading">What comes before the arguments for PowerShell: nothing for a program of its own, pwsh.dll for the dotnet command.</param>
/// <param name="FoundBy">Where it was found, in words.</param>
/// <param name="IsOwn">True for the very PowerShell that is running.</param>
internal sealed record ShellCommand(string Program, IReadOnlyList<string> Leading, string FoundBy, bool IsOwn)
{
    /// <summary>The environment variable that names a PowerShell.</summary>
    public const string Variable = "PWSH";

    /// <summary>All there are, the best first, and every place that was looked at.</summary>
    public static IReadOnlyList<ShellCommand> FindAll(out IReadOnlyList<string> lookedAt) => FindAll(ShellSurroundings.Here(), out lookedAt);

    internal static IReadOnlyList<ShellCommand> FindAll(ShellSurroundings here, out IReadOnlyList<string> lookedAt)
    {
        var found = new List<ShellCommand>();
        var looked = new List<string>();

        looked.Add(here.ShellFolder is null
            ? "the PowerShell that is running (none is)"
            : $"the PowerShell that is running ('{here.ShellFolder}')");
        if (here.ShellFolder is { } folder) found.AddRange(Own(folder, here));

        string? named = string.IsNullOrWhiteSpace(here.Named) ? null : here.Named;
        looked.Add(named is null ? $"${Variable} (not set)" : $"${Variable} ('{named}')");
        if (named is not null) Add(Resolve(named, here.SearchPath), $"${Variable}");

        looked.Add("the folders of PATH");
        Add(Resolve("pwsh", here.SearchPath), "PATH");

        lookedAt = looked;
        return found;

        void Add(string? program, string foundBy)
        {
            if (program is not null && !found.Exists(c => c.Leading.Count == 0 && string.Equals(c.Program, program, StringComparison.Ordinal)))
                found.Add(new ShellCommand(program, [], foundBy, IsOwn: false));
        }
    }

    /// <summary>The command line with the given arguments.</summary>
    public ProcessStartInfo Start(params string[] arguments) => new(Program, [.. Leading, .. arguments]);

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', Leading.Prepend(Program));

    private static IEnumerable<ShellCommand> Own(string folder, ShellSurroundings here)
    {
        string library = Path.Combine(folder, "pwsh.dll");
        string program = Path.Combine(folder, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");
        if (!File.Exists(library)) yield break;
        var needs = ShellRuntime.Read(Path.Combine(folder, "pwsh.runtimeconfig.json"));
        if (needs.IsShared && here.Dotnet is not null)
        {
            // It may run on a newer .NET than it was built for, because somebody allowed that on the command line; then so may the next one.
            bool isNewer = needs.Major is { } major && major < here.Runtime.Major;
            yield return new ShellCommand(here.Dotnet, isNewer ? ["exec", "--roll-forward", "LatestMajor", library] : [library], "the running PowerShell", IsOwn: true);
        }

        if (IsProgram(program)) yield return new ShellCommand(program, [], "the running PowerShell", IsOwn: true);
    }

    // What a shell makes of a program's name: with a separator in it, a path; else whatever is on the PATH.
    private static string? Resolve(string name, string searchPath)
    {
        string[] spellings = OperatingSystem.IsWindows() && !Path.HasExtension(name) ? [name + ".exe", name] : [name];
        bool isPath = name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) || name.Contains(Path.AltDirectorySeparatorChar, StringComparison.Ordinal);
        IEnumerable<string> folders = isPath ? [""] : searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return folders.SelectMany(folder => spellings.Select(spelling => Path.GetFullPath(Path.Combine(folder, spelling)))).FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != UnixFileMode.None);
}

/// <summary>What the search for a PowerShell looks at.</summary>
/// <param name="ShellFolder">The folder that PowerShell's library was loaded from; null where this process runs none.</param>
/// <param name="Dotnet">The dotnet command of the running runtime, or null.</param>
/// <param name="Runtime">The version of the running runtime.</param>
/// <param name="Named">What the environment variable names, or null.</param>
/// <param name="SearchPath">The PATH.</param>
internal sealed record ShellSurroundings(string? ShellFolder, string? Dotnet, Version Runtime, string? Named, string SearchPath)
{
    private const string ShellLibrary = "System.Management.Automation";

    /// <summary>This process.</summary>
    public static ShellSurroundings Here() => new(
        FolderOfShell(),
        RunningDotnet.Program,
        Environment.Version,
        Environment.GetEnvironmentVariable(ShellCommand.Variable),
        Environment.GetEnvironmentVariable("PATH") ?? "");

    // Among what is loaded, and never by loading it: this library knows no PowerShell, and most who use it have none in their process.
    private static string? FolderOfShell() =>
        AppDomain.CurrentDomain.GetAssemblies()
            .Where(assembly => !assembly.IsDynamic && string.Equals(assembly.GetName().Name, ShellLibrary, StringComparison.Ordinal))
            .Select(assembly => Path.GetDirectoryName(assembly.Location))
            .FirstOrDefault(folder => !string.IsNullOrEmpty(folder));
}
