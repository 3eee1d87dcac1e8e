using GuardedMaps.Lab.Lessons;
using GuardedMaps.Lab.Tests.Engines;

namespace GuardedMaps.Lab.Tests.Lessons;

/// <summary>
/// Every notebook shows what is saved in it: run by the module's own player, and by Jupyter with the kernel that the module installs. Where there is no PowerShell
/// or no Jupyter the test is skipped by name, with the reason. With <c>GUARDEDMAP_ACCEPT_NOTEBOOKS=1</c> the player saves what the notebooks show now.
/// </summary>
public sealed class NotebookRunTests(NotebookRunTests.Player player) : IClassFixture<NotebookRunTests.Player>
{
    private const string Accept = "GUARDEDMAP_ACCEPT_NOTEBOOKS";
    private static readonly Lazy<string> s_prefix = new(InstallKernel);

    public static TheoryData<string> Files => NotebookTests.Files;

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void The_player_shows_what_is_saved(string file)
    {
        PowerShellHost? host = PowerShellHost.Found;
        Skip.If(host is null, $"{file} was not played: {PowerShellHost.WhyNone}");

        string result = TestFolder.FileNamed(file + ".txt");
        string output = player.Script.Run(host, Notebook(file), result);

        string said = File.ReadAllText(result);
        Assert.True(said.Length == 0, $"{said}{output}{Environment.NewLine}If what it shows now is right, save it: ./build.ps1 Notebooks, or {Accept}=1 with this test.");
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Jupyter_shows_what_is_saved(string file)
    {
        Skip.If(PowerShellHost.Found is null, $"{file} was not executed: {PowerShellHost.WhyNone}");
        JupyterHost? jupyter = JupyterHost.Found;
        Skip.If(jupyter is null, $"{file} was not executed: {JupyterHost.WhyNone}");

        string result = TestFolder.FileNamed(file);
        var (code, output) = jupyter.Execute(Notebook(file), result, s_prefix.Value);
        Assert.True(code == 0 && File.Exists(result), $"{file}: exit code {code}{Environment.NewLine}{output}");

        var saved = NotebookReader.ReadFile(Notebook(file)).Cells;
        var executed = NotebookReader.ReadFile(result).Cells;
        Assert.Equal(saved.Select(c => c.Id), executed.Select(c => c.Id), StringComparer.Ordinal);
        var differences = saved.Zip(executed, (s, e) => (Cell: s, Difference: NotebookComparison.Difference(s, e.Outputs))).Where(d => d.Difference is not null);
        Assert.True(!differences.Any(), string.Join(Environment.NewLine, differences.Select(d => $"{file}, cell '{d.Cell.Id}': {d.Difference}")));
    }

    /// <summary>The process in which the player plays all notebooks, each in a session of its own.</summary>
    public sealed class Player : IDisposable
    {
        internal ServingScript Script { get; } =
            new(Path.Combine(Repository.Root, "tests", "notebooks", "Invoke-Notebook.ps1"), Environment.GetEnvironmentVariable(Accept) is "1" ? ["-SaveOutput"] : []);

        public void Dispose() => Script.Dispose();
    }

    private static string Notebook(string file) => Path.Combine(Repository.Root, "notebooks", file);

    private static string InstallKernel()
    {
        string prefix = Path.GetDirectoryName(TestFolder.FileNamed("prefix"))!;
        var (code, output) = PowerShellHost.Found!.RunCommand($"Import-Module '{Path.Combine(Repository.Root, "GuardedMap.psd1")}'; (Install-MapKernel -Prefix '{prefix}' -ErrorAction Stop).Path");
        if (code != 0) throw new InvalidOperationException($"Install-MapKernel failed: {output}");
        return prefix;
    }
}
