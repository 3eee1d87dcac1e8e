namespace GuardedMaps.Lab.Tests.Pester;

/// <summary>
/// Runs the module's own tests, which are Pester files, as part of <c>dotnet test</c>: one test per file. Where there is no PowerShell,
/// or no Pester 5 in it, each file is skipped by name with the reason.
/// </summary>
/// <remarks>Not in parallel with other tests: some files race, and some measure how promptly Ctrl+C is obeyed.</remarks>
[Collection(nameof(PesterTests))]
public sealed class PesterTests
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

        PesterResult result = host.RunPester(Path.Combine(Repository.Root, "tests", "pester", file));

        Assert.True(result.Failures.Count == 0 && result.Failed == 0, result.Describe(file));
        Assert.True(result.Passed > 0, $"{file}: no test was executed (skipped: {result.Skipped}, not run: {result.NotRun}).{Environment.NewLine}{result.Output}");
    }
}

/// <summary>Keeps the Pester files apart from tests that run in parallel.</summary>
[CollectionDefinition(nameof(PesterTests), DisableParallelization = true)]
public sealed class PesterTestsRunAlone;
