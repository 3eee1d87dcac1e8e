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

        PesterResult result = session.Pester.Run(host, Path.Combine(Repository.Root, "tests", "pester", file));

        Assert.True(result.Failures.Count == 0 && result.Failed == 0, result.Describe(file));
        Assert.True(result.Passed > 0, $"{file}: no test was executed (skipped: {result.Skipped}, not run: {result.NotRun}).{Environment.NewLine}{result.Output}");
    }

    /// <summary>The process that all files of a test run share.</summary>
    public sealed class Session : IDisposable
    {
        internal PesterSession Pester { get; } = new();

        public void Dispose() => Pester.Dispose();
    }
}

/// <summary>Keeps tests that measure how promptly something ends apart from tests that run in parallel.</summary>
[CollectionDefinition(nameof(PesterTests), DisableParallelization = true)]
public sealed class PesterTestsRunAlone;
