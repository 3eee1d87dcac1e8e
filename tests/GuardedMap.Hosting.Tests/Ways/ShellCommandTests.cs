using System.Management.Automation;
using GuardedMaps.Lab;

namespace GuardedMaps.Hosting.Tests.Ways;

/// <summary>Which PowerShells are found in which surroundings, those among them that are not installed here.</summary>
public sealed class ShellCommandTests : IDisposable
{
    private const string Shared = """{ "runtimeOptions": { "framework": { "name": "Microsoft.NETCore.App", "version": "8.0.0" } } }""";
    private const string SharedOfSeveral = """{ "runtimeOptions": { "frameworks": [{ "name": "Microsoft.WindowsDesktop.App", "version": "9.0.0" }, { "name": "Microsoft.NETCore.App", "version": "8.0.0" }] } }""";
    private const string OfItsOwn = """{ "runtimeOptions": { "includedFrameworks": [{ "name": "Microsoft.NETCore.App", "version": "8.0.0" }] } }""";
    private readonly string _root = Directory.CreateTempSubdirectory("guardedmap-shells-").FullName;

    [Fact]
    public void One_that_runs_on_a_shared_runtime_is_run_by_the_dotnet_command_of_this_runtime()
    {
        string folder = Shell("tool", Shared);
        Assert.Equal([$"{Dotnet} {Library(folder)}", ProgramIn(folder)], Find(new(folder, Dotnet, new Version(8, 0, 5), null, "")));
    }

    [Theory]
    [InlineData(Shared)]
    [InlineData(SharedOfSeveral)]
    public void One_that_runs_on_a_newer_runtime_than_it_was_made_for_may_do_so_again(string settings)
    {
        string folder = Shell("tool", settings);
        Assert.Equal($"{Dotnet} exec --roll-forward LatestMajor {Library(folder)}", Find(new(folder, Dotnet, new Version(10, 0, 1), null, ""))[0]);
    }

    [Fact]
    public void One_that_has_brought_its_runtime_is_run_by_its_own_program()
    {
        string folder = Shell("installed", OfItsOwn);
        Assert.Equal([ProgramIn(folder)], Find(new(folder, Dotnet, new Version(8, 0, 5), null, "")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{ \"runtimeOptions\": 5 }")]
    [InlineData("{ \"runtimeOptions\": { \"framework\": { \"name\": 1, \"version\": [] }, \"frameworks\": 7 } }")]
    public void One_that_does_not_say_what_it_runs_on_is_tried_both_ways(string? settings)
    {
        string folder = Shell("odd", settings);
        Assert.Equal([$"{Dotnet} {Library(folder)}", ProgramIn(folder)], Find(new(folder, Dotnet, new Version(8, 0, 5), null, "")));
        Assert.Equal([ProgramIn(folder)], Find(new(folder, null, new Version(8, 0, 5), null, "")));
    }

    [Fact]
    public void Where_PowerShell_is_a_part_of_another_program_the_one_that_is_named_comes_first_then_the_one_on_the_PATH()
    {
        string host = Directory.CreateDirectory(Path.Combine(_root, "host")).FullName;
        Program(ProgramIn(host)); // Something of the host's that is called so: without pwsh.dll it is no PowerShell.
        string named = Program(Path.Combine(_root, "named", OperatingSystem.IsWindows() ? "my-shell.exe" : "my-shell"));
        string onPath = Program(ProgramIn(Path.Combine(_root, "path")));
        string path = string.Join(Path.PathSeparator, Path.Combine(_root, "not-there"), Path.GetDirectoryName(onPath), Path.GetDirectoryName(named));

        Assert.Equal([named, onPath], Find(new(host, Dotnet, Environment.Version, named, path)));
        Assert.Equal([named, onPath], Find(new(host, Dotnet, Environment.Version, "my-shell", path)));
        Assert.Equal([onPath], Find(new(host, Dotnet, Environment.Version, "pwsh", path)));
        Assert.Equal([onPath], Find(new(null, null, Environment.Version, null, path)));
    }

    [Theory]
    [InlineData("not-there/pwsh")]
    [InlineData("folder")]
    [InlineData("readme.txt")]
    [InlineData("no-such-program")]
    [InlineData(" ")]
    public void What_is_named_and_is_no_program_is_left_out_and_told(string name)
    {
        Directory.CreateDirectory(Path.Combine(_root, "folder"));
        File.WriteAllText(Path.Combine(_root, "readme.txt"), "no program");
        string named = name.Contains('-', StringComparison.Ordinal) && !name.Contains('/', StringComparison.Ordinal) || name is " " ? name : Path.Combine(_root, name);

        var found = ShellCommand.FindAll(new(null, null, Environment.Version, named, _root), out var lookedAt);

        Assert.Empty(found);
        Assert.Equal(["the PowerShell that is running (none is)", name is " " ? "$PWSH (not set)" : $"$PWSH ('{named}')", "the folders of PATH"], lookedAt, StringComparer.Ordinal);
    }

    [Fact]
    public void The_program_of_this_process_is_never_taken_for_a_shell()
    {
        // This process runs PowerShell, and its program is the dotnet command or a test host.
        Assert.NotNull(typeof(PSObject).Assembly.Location);
        Assert.DoesNotContain(ShellCommand.FindAll(out _), shell => shell.IsOwn);
        Assert.Equal(Path.GetDirectoryName(typeof(PSObject).Assembly.Location), ShellSurroundings.Here().ShellFolder);
    }

    [Fact]
    public void The_dotnet_command_is_found_from_the_folder_of_its_runtime_and_from_no_other()
    {
        string runtime = Directory.CreateDirectory(Path.Combine(_root, "net", "shared", "Microsoft.NETCore.App", "8.0.5")).FullName;
        Assert.Null(RunningDotnet.FindIn(runtime));
        string dotnet = Program(RunningDotnet.InFolder(Path.Combine(_root, "net")));
        Assert.Equal(dotnet, RunningDotnet.FindIn(runtime));
        Assert.Equal(dotnet, RunningDotnet.FindIn(runtime + Path.DirectorySeparatorChar));
        Assert.Null(RunningDotnet.FindIn(_root));
        Assert.Null(RunningDotnet.FindIn(""));
        Assert.Null(RunningDotnet.FindIn(null));
        Assert.Null(RunningDotnet.FindIn(Path.GetPathRoot(_root)));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Dotnet => RunningDotnet.InFolder(Path.Combine(_root, "net"));

    private static string Library(string folder) => Path.Combine(folder, "pwsh.dll");

    private static string ProgramIn(string folder) => Path.Combine(folder, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");

    private static string[] Find(ShellSurroundings here) => [.. ShellCommand.FindAll(here, out _).Select(shell => shell.ToString())];

    private string Shell(string name, string? settings)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        Program(ProgramIn(folder));
        File.WriteAllText(Library(folder), "");
        if (settings is not null) File.WriteAllText(Path.Combine(folder, "pwsh.runtimeconfig.json"), settings);
        return folder;
    }

    private static string Program(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
