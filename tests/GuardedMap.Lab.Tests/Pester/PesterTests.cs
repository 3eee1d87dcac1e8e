using System.ComponentModel;
using GuardedMaps.Lab.Tests.Engines;

namespace GuardedMaps.Lab.Tests.Pester;

/// <summary>
/// Runs the module's own tests, which are Pester files, as part of <c>dotnet test</c>: one test per file. Where there is no PowerShell each file is skipped by
/// name with the reason.
/// </summary>
/// <remarks>
/// Two classes share them, each with a PowerShell of its own, so that they run side by side: the files that start processes of their own, which takes most of
/// their time, and all others.
/// </remarks>
public abstract class PesterTests(PesterTests.Session session)
{
    private static readonly string[] s_startingProcesses =
    [
        "Careless.Tests.ps1", "Errors.Tests.ps1", "Kernel.Tests.ps1", "Lessons.Tests.ps1", "Loading.Tests.ps1", "Module.Tests.ps1", "Package.Tests.ps1", "Start-MapRace.Tests.ps1", "Views.Tests.ps1",
    ];

    /// <summary>The files of one of the two classes.</summary>
    protected static TheoryData<string> FilesThat(bool startProcesses) =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, "tests", "pester"), "*.Tests.ps1")
            .Select(path => Path.GetFileName(path)!)
            .Where(file => s_startingProcesses.Contains(file, StringComparer.Ordinal) == startProcesses)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Runs one file.</summary>
    protected void AssertPasses(string file)
    {
        PesterResult result = Run(file);
        Assert.True(result.Failures.Count == 0 && result.Failed == 0, result.Describe(file));
        Assert.True(result.Passed > 0, $"{file}: no test was executed (skipped: {result.Skipped}, not run: {result.NotRun}).{Environment.NewLine}{result.Output}");
    }

    private protected PesterResult Run(string file)
    {
        PowerShellHost? host = PowerShellHost.Found;
        Skip.If(host is null, $"{file} was not run: {PowerShellHost.WhyNone}");
        return session.Pester.Run(host, Path.Combine(Repository.Root, "tests", "pester", file));
    }

    /// <summary>The process that all files of a class share.</summary>
    public sealed class Session : IDisposable
    {
        internal PesterSession Pester { get; } = new();

        public void Dispose() => Pester.Dispose();
    }
}

/// <summary>The files that start other PowerShells, kernels and children of races.</summary>
public sealed class PesterTestsThatStartProcesses(PesterTests.Session session) : PesterTests(session), IClassFixture<PesterTests.Session>
{
    public static TheoryData<string> Files => FilesThat(startProcesses: true);

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Every_test_of_the_Pester_file_passes(string file) => AssertPasses(file);
}

/// <summary>All other files.</summary>
public sealed class PesterTestsInOneProcess(PesterTests.Session session) : PesterTests(session), IClassFixture<PesterTests.Session>
{
    public static TheoryData<string> Files => FilesThat(startProcesses: false);

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Every_test_of_the_Pester_file_passes(string file) => AssertPasses(file);

    [SkippableFact]
    public void What_a_page_says_of_Go_is_run_where_Go_is()
    {
        const string File = "Fidelity.Tests.ps1";
        string version = GoVersion();
        Skip.IfNot(
            version.Contains(" go1.24", StringComparison.Ordinal),
            $"{File} ran no Go program: {version}. Install Go 1.24 (Debian trixie: apt-get install golang-1.24-go, then put /usr/lib/go-1.24/bin on the PATH; elsewhere: https://go.dev/dl).");
        Assert.Empty(Run(File).Skips);
    }

    private static string GoVersion()
    {
        // Where the Pester file looks for it as well.
        string? root = Environment.GetEnvironmentVariable("GOROOT");
        string beside = string.IsNullOrEmpty(root) ? "" : Path.Combine(root, "bin", OperatingSystem.IsWindows() ? "go.exe" : "go");
        try
        {
            return EngineProcess.OneLine(EngineProcess.Run(EngineProcess.Start(beside.Length > 0 ? beside : "go", "version"), TimeSpan.FromMinutes(1)).Output);
        }
        catch (Win32Exception)
        {
            return "there is no go on the PATH";
        }
    }
}
