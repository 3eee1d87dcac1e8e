using System.Management.Automation;
using System.Runtime.Loader;

namespace GuardedMaps.Hosting.Tests.Shell;

/// <summary>The module in a process that is no pwsh and has PowerShell as a library.</summary>
public sealed class HostedShellTests(HostedShell shell) : IClassFixture<HostedShell>
{
    public static TheoryData<string> ReadmeSections => [.. Page.Headings("README.md", "powershell")];

    [Fact]
    public void The_module_s_own_assemblies_are_loaded_each_once()
    {
        _ = shell.Run("New-GuardedMap @{ a = 1 } | Out-Null; Start-MapRace LostUpdate GuardedMap -Count 1 -Operations 1 | Out-Null");
        string[] loaded = [.. AssemblyLoadContext.All.SelectMany(context => context.Assemblies)
            .Where(assembly => assembly.GetName().Name is "GuardedMap.Core" or "GuardedMap.Lab" or "GuardedMap.PowerShell")
            .Select(assembly => assembly.Location).Order(StringComparer.Ordinal)];
        Assert.Equal(["GuardedMap.Core.dll", "GuardedMap.Lab.dll", "GuardedMap.PowerShell.dll"], loaded.Select(Path.GetFileName), StringComparer.Ordinal);
        Assert.All(loaded, path => Assert.Equal(ModuleAssemblies.Folder, Path.GetDirectoryName(path)));
    }

    [Theory]
    [MemberData(nameof(ReadmeSections))]
    public void The_README_s_lines_print_what_it_shows_below(string section)
    {
        string script = Path.Combine(Repository.Root, "tests", "GuardedMap.Hosting.Tests", "Shell", "Invoke-Section.ps1");
        var steps = shell.Run("param($script, $manifest, $page, $section) & $script $manifest $page $section", script, Repository.Manifest, Path.Combine(Repository.Root, "README.md"), section);

        Assert.NotEmpty(steps);
        Assert.All(steps, step => Assert.True((bool)step.Properties["IsTrue"].Value, $"This was run:\n{step.Properties["Code"].Value}\nand printed:\n{step.Properties["Printed"].Value}\n-- and the page shows:\n{step.Properties["Expected"].Value}\n--"));
    }

    [Fact]
    public void A_violation_arrives_with_both_sides_where_they_stood_and_the_remedy()
    {
        ErrorRecord error = Assert.Single(shell.RunAll("$stock = New-GuardedMap @{ pears = 0 } -Name stock; Invoke-MapIteration $stock {\n    $stock.Remove($_.Key)\n}").Errors);
        var violation = Assert.IsAssignableFrom<MapViolationException>(error.Exception);
        Assert.Equal(MapViolationKind.ConcurrentIterationAndWrite, violation.Kind);
        Text.Matches(
            @"^concurrent map iteration and map write: Remove of key 'pears' on map 'stock' by thread \d+ .*\(runspace \d+ '[^']*'\) at line 2: \$stock\.Remove\(\$_\.Key\), while thread \d+ .* in Iterate since .* at line 1: Invoke-MapIteration \$stock ",
            error.Exception.Message);
        Assert.Equal(violation.Remedy, error.ErrorDetails.RecommendedAction);
        Assert.Equal(1, shell.Run("$stock.Count").Single().BaseObject);
    }

    [Fact]
    public void A_free_race_of_scripts_runs_in_a_process_with_this_host_s_own_PowerShell()
    {
        using var none = new NoShellAround();
        PSObject result = shell.Run("Start-MapRace -Actor { throw \"$($PSVersionTable.PSVersion) in $PSHOME\" }, { $_['a'] = (1, 2 | Measure-Object -Sum).Sum } -Target Hashtable -Mode Free -Count 2").Single();
        string here = (string)shell.Run("\"$($PSVersionTable.PSVersion) in $PSHOME\"").Single().BaseObject;
        Assert.Equal(2, result.Properties["Detected"].Value);
        Assert.Equal(1, result.Properties["ChildProcesses"].Value);
        Assert.Equal(here, result.Properties["FirstError"].Value);
    }

    [Fact]
    public void A_free_race_of_a_scenario_runs_in_a_process_of_its_own()
    {
        using var none = new NoShellAround();
        PSObject result = shell.Run("Start-MapRace TwoWriters SynchronizedHashtable, Hashtable -Count 2 -Operations 50 | Measure-Object Trials -Sum").Single();
        Assert.Equal(4d, result.Properties["Sum"].Value);
    }

    [Fact]
    public void A_kernel_that_no_PowerShell_could_run_is_installed_with_a_warning_that_says_so()
    {
        string folder = Directory.CreateTempSubdirectory("guardedmap-hosting-").FullName;
        try
        {
            using var none = new NoShellAround();
            ScriptOutcome outcome = shell.RunAll("param($folder) Install-MapKernel -Path $folder", folder);
            Assert.Empty(outcome.Errors);
            string warning = Assert.Single(outcome.Warnings);
            Assert.Contains($"a part of another program, and no other was found (the PowerShell that is running ('{Path.GetDirectoryName(typeof(PSObject).Assembly.Location)}'); $PWSH ('/not/there'); the folders of PATH)", warning, StringComparison.Ordinal);
            Assert.Contains("Install PowerShell 7.4 or later", warning, StringComparison.Ordinal);
            Assert.DoesNotContain("GUARDEDMAP_KERNEL_PWSH", File.ReadAllText(Path.Combine(folder, "guardedmap", "kernel.json")), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
