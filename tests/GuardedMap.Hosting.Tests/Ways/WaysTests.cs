using System.Diagnostics;
using System.Text.Json;
using GuardedMaps.Lab;

namespace GuardedMaps.Hosting.Tests.Ways;

/// <summary>The module starts another PowerShell like the one that it runs in, however that was started itself.</summary>
public sealed class WaysTests(InstalledPowerShell installed) : IClassFixture<InstalledPowerShell>
{
    private static readonly Dictionary<string, Func<InstalledPowerShell, ProcessStartInfo>> s_ways = new(StringComparer.Ordinal)
    {
        ["dotnet tool run pwsh, of the manifest"] = _ => new ProcessStartInfo(InstalledPowerShell.Dotnet, ["tool", "run", "pwsh", "--"]),
        ["pwsh of a global tool, by its name on the PATH, in a home of its own"] = home => WithHome(OnPath(home), home),
        ["the program pwsh in $PSHOME"] = home => new ProcessStartInfo(ProgramIn(home.ShellFolder)),
        ["dotnet pwsh.dll, where no other program finds .NET"] = home => Lost(new ProcessStartInfo(InstalledPowerShell.Dotnet, [Path.Combine(home.ShellFolder, "pwsh.dll")])),
    };

    public static TheoryData<string> Ways => [.. s_ways.Keys];

    [SkippableTheory]
    [MemberData(nameof(Ways))]
    public async Task Races_kernel_and_scripts_start_the_PowerShell_that_is_running(string way)
    {
        Skip.If(installed.WhyNone is not null, installed.WhyNone);
        WayAnswer answer = await installed.Once(way, () => s_ways.ToDictionary(each => each.Key, each => Task.Run(() => Try(each.Key, each.Value(installed))), StringComparer.Ordinal));
        Assert.Equal(answer.Here, answer.ScriptRace);
        Assert.Equal(2, answer.ScenarioTrials);
        Assert.True(answer.Children >= 1, $"{answer.Children} child processes");
        Assert.Equal(answer.ScriptCommand, answer.KernelCommand);
        Assert.Equal($"into GuardedMaps.Shell.KernelHost {answer.Here}", answer.Said);
        Assert.Equal(7, answer.ExitCode);
    }

    [SkippableFact]
    public void A_PowerShell_can_be_the_host_of_a_child_where_there_is_no_dotnet_command()
    {
        Skip.If(installed.WhyNone is not null, installed.WhyNone);
        var here = new ShellSurroundings(installed.ShellFolder, RunningDotnet.Program, Environment.Version, Named: null, SearchPath: "");
        var shells = ShellCommand.FindAll(here, out _);
        Assert.Equal(2, shells.Count);
        foreach (ShellCommand shell in shells)
        {
            var job = new RaceJob
            {
                Scenario = RaceCatalogue.GetScenario("TwoWriters"),
                Target = RaceCatalogue.GetTarget("SynchronizedHashtable"),
                Seed = 1,
                Operations = 50,
                Trials = 2,
                StallLimit = TimeSpan.FromSeconds(20),
            };
            using var session = ChildSession.Start(new ChildHost(shell.Program, IsPowerShell: true, shell.FoundBy) { Leading = shell.Leading }, ChildRequest.From(job));
            var lines = new List<ChildLine>();
            while (!session.HasEnded && !lines.Exists(line => line.Done))
            {
                if (session.Next(TimeSpan.FromSeconds(30), CancellationToken.None) is { Alive: false } line) lines.Add(line);
            }

            Assert.True(lines.Count > 0, session.LastWords);
            Assert.StartsWith(".NET", lines[0].Ready, StringComparison.Ordinal);
            Assert.Equal(2, lines.Count(line => line.Report?.Outcome == RaceOutcome.Clean));
            Assert.True(lines[^1].Done);
        }
    }

    private static WayAnswer Try(string way, ProcessStartInfo start)
    {
        string folder = Directory.CreateTempSubdirectory("guardedmap-way-").FullName;
        try
        {
            string script = Path.Combine(Repository.Root, "tests", "GuardedMap.Hosting.Tests", "Ways", "Try-Module.ps1");
            foreach (string argument in (string[])["-NoProfile", "-NonInteractive", "-File", script, "-Manifest", Repository.Manifest, "-Folder", folder]) start.ArgumentList.Add(argument);
            (int code, string printed) = InstalledPowerShell.Run(start);
            string answer = Path.Combine(folder, "answer.json");
            Assert.True(code == 0 && File.Exists(answer), $"{way} ended with exit code {code} and printed:{Environment.NewLine}{printed}");
            return JsonSerializer.Deserialize<WayAnswer>(File.ReadAllText(answer))!;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string ProgramIn(string folder) => Path.Combine(folder, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");

    private static ProcessStartInfo WithHome(ProcessStartInfo start, InstalledPowerShell home)
    {
        foreach (string name in (string[])["HOME", "USERPROFILE"]) start.Environment[name] = home.Home;
        foreach (string name in (string[])["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"]) start.Environment.Remove(name);
        return start;
    }

    // As a prompt finds it: by its name.
    private static ProcessStartInfo OnPath(InstalledPowerShell home)
    {
        ProcessStartInfo start = OperatingSystem.IsWindows() ? new("cmd", ["/c", "pwsh"]) : new("/usr/bin/env", ["pwsh"]);
        start.Environment["PATH"] = Path.GetDirectoryName(home.Shim) + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        return start;
    }

    // .NET where nobody looks: the program pwsh, which asks these, would not find it. Only the running dotnet command knows.
    private static ProcessStartInfo Lost(ProcessStartInfo start)
    {
        string nowhere = Path.Combine(Path.GetTempPath(), "no-dotnet-here");
        start.Environment["DOTNET_ROOT"] = nowhere;
        start.Environment["PATH"] = nowhere;
        start.Environment.Remove("DOTNET_HOST_PATH");
        return start;
    }
}

/// <summary>What <c>Try-Module.ps1</c> has written.</summary>
internal sealed record WayAnswer
{
    /// <summary>The PowerShell that ran it.</summary>
    public string? Here { get; init; }

    /// <summary>The one that raced scripts for it.</summary>
    public string? ScriptRace { get; init; }

    public int ScenarioTrials { get; init; }

    public int Children { get; init; }

    public string? KernelCommand { get; init; }

    public string? ScriptCommand { get; init; }

    /// <summary>What that command printed.</summary>
    public string? Said { get; init; }

    public int ExitCode { get; init; }
}
