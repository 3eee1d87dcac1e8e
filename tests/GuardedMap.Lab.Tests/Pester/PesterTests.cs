using System.ComponentModel;
using GuardedMaps.Lab.Tests.Engines;

namespace GuardedMaps.Lab.Tests.Pester;

/// <summary>
/// Runs the module's own tests, which are Pester files, as part of <c>dotnet test</c>: one test per file, all in one PowerShell. Where there is no
/// PowerShell each file is skipped by name with the reason.
/// </summary>
public sealed class PesterTests(PesterTests.Session session) : IClassFixture<PesterTests.Session>
{
    public static TheoryData<string> Files
    {
        get
        {
            var data = new TheoryData<string>();
            foreach (string file in Directory.GetFiles(Path.Combine(Repository.Root, "tests", "pester"), "*.Tests.ps1").Order(StringComparer.Ordinal))
                data.Add(Path.GetFileName(file));
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Every_test_of_the_Pester_file_passes(string file)
    {
        PowerShellHost? host = PowerShellHost.Found;
        Skip.If(host is null, $"{file} was not run: {PowerShellHost.WhyNone}");

        PesterResult result = session.Pester.Run(host, PathOf(file));

        Assert.True(result.Failures.Count == 0 && result.Failed == 0, result.Describe(file));
        Assert.True(result.Passed > 0, $"{file}: no test was executed (skipped: {result.Skipped}, not run: {result.NotRun}).{Environment.NewLine}{result.Output}");
    }

    [SkippableFact]
    public void What_a_page_says_of_Go_is_run_where_Go_is()
    {
        const string File = "Fidelity.Tests.ps1";
        string version = GoVersion();
        Skip.IfNot(
            version.Contains(" go1.24", StringComparison.Ordinal),
            $"{File} ran no Go program: {version}. Install Go 1.24 (Debian trixie: apt-get install golang-1.24-go, then put /usr/lib/go-1.24/bin on the PATH; elsewhere: https://go.dev/dl).");
        PowerShellHost? host = PowerShellHost.Found;
        Skip.If(host is null, $"{File} was not run: {PowerShellHost.WhyNone}");

        Assert.Empty(session.Pester.Run(host, PathOf(File)).Skips);
    }

    private static string PathOf(string file) => Path.Combine(Repository.Root, "tests", "pester", file);

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

    /// <summary>The process that all files of a test run share.</summary>
    public sealed class Session : IDisposable
    {
        internal PesterSession Pester { get; } = new();

        public void Dispose() => Pester.Dispose();
    }
}
