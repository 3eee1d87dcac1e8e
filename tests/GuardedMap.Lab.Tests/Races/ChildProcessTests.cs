using System.Diagnostics;
using System.Globalization;

namespace GuardedMaps.Lab.Tests.Races;

/// <summary>What becomes of the processes in which unguarded maps are raced.</summary>
public sealed class ChildProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public void A_trial_that_hangs_is_counted_its_process_is_killed_and_the_next_trial_runs_in_another()
    {
        string pidFile = PidFile();
        MapRaceResult result;
        using (new PidFileScope(pidFile))
            result = Verdicts.Race<HangingTarget>("TwoWriters", inChild: true, trials: 2, stallSeconds: 0.5);

        Verdicts.AssertAddsUp(result);
        Assert.Equal(2, result.Hung);
        Assert.Equal(2, result.ChildProcesses);
        Assert.Matches(@"^trial 1: nobody made a step for 0\.5 s; [AB] stood in Set of key 'k\d+' \(step \d+ of \d+\)", result.FirstHang);
        AssertGone(ProcessIdIn(pidFile));
    }

    [Fact]
    public void A_map_that_hangs_when_it_is_read_after_the_race_is_counted_as_hung()
    {
        var result = Verdicts.Race<HangingReadTarget>("TwoWriters", inChild: true, trials: 1, stallSeconds: 0.5);
        Assert.Equal(1, result.Hung);
        Assert.EndsWith("the race was over and the map was being read", result.FirstHang, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_process_that_stands_still_as_a_whole_is_noticed_by_its_silence()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Stopping a process by a signal is done the Linux way here.");
        var result = Verdicts.Race<FreezingTarget>("TwoWriters", inChild: true, trials: 1, stallSeconds: 0.2);
        Assert.Equal(1, result.Hung);
        Assert.StartsWith("trial 1: the whole process gave no sign of life for", result.FirstHang, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_dies_in_the_middle_of_a_trial_is_counted_with_its_exit_code_and_last_words()
    {
        var result = Verdicts.Race<DyingTarget>("TwoWriters", inChild: true, trials: 2);
        Verdicts.AssertAddsUp(result);
        Assert.Equal(2, result.Crashed);
        Assert.Equal("trial 1: the process ended in the middle of it, exit code 42; its last words: these are my last words", result.FirstHang);
    }

    [Fact]
    public void What_a_map_prints_does_not_get_between_the_answers()
    {
        var result = Verdicts.Race<ChattyTarget>("TwoWriters", inChild: true, operations: 20);
        Assert.Equal(3, result.Clean);
    }

    [Fact]
    public async Task A_cancelled_race_gives_what_was_found_and_leaves_no_process_behind()
    {
        string pidFile = PidFile();
        using var cancellation = new CancellationTokenSource();
        using var scope = new PidFileScope(pidFile);
        var race = Task.Run(() => Verdicts.Race<HangingTarget>("TwoWriters", inChild: true, stallSeconds: 600, cancellation: cancellation.Token), CancellationToken.None);
        int child = await ProcessIdWhenWritten(pidFile);

        await cancellation.CancelAsync();
        var result = await race.WaitAsync(Patience, CancellationToken.None);

        Assert.True(result.Cancelled);
        Assert.Equal(0, result.Trials);
        AssertGone(child);
    }

    [Fact]
    public async Task A_child_ends_by_itself_when_its_parent_is_gone_even_while_it_hangs()
    {
        string pidFile = PidFile();
        using var scope = new PidFileScope(pidFile);
        var job = new RaceJob
        {
            Scenario = RaceCatalogue.GetScenario("TwoWriters"),
            Target = RaceTarget.ForType(typeof(HangingTarget), "Hanging", needsChildProcess: true),
            Seed = 1,
            Operations = 200,
            Trials = 1,
            StallLimit = TimeSpan.FromMinutes(10),
        };
        var start = ChildHost.FindAll(out _)[0].Command(typeof(MapRace).Assembly.Location, RuntimeConfig(), ChildRequest.From(job).ToArgument());
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        using var child = Process.Start(start)!;
        Assert.Equal(child.Id, await ProcessIdWhenWritten(pidFile));

        child.StandardInput.Close(); // What a parent's end, of whatever kind, does.

        Assert.True(child.WaitForExit(Patience));
        Assert.Equal(3, child.ExitCode);
    }

    [Fact]
    public void An_error_of_the_lab_itself_in_the_child_is_not_taken_for_a_verdict()
    {
        var nowhere = RaceTarget.ForType(typeof(PerfectTarget), "Perfect", needsChildProcess: true) with { ForeignType = typeof(HasNoDefaultConstructor) };
        var error = Assert.Throws<RaceChildException>(() => MapRace.Run(RaceCatalogue.GetScenario("TwoWriters"), nowhere, new MapRaceOptions { Count = 1 }, null, CancellationToken.None));
        Assert.StartsWith("The race TwoWriters on Perfect failed in its child process. MissingMethodException:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Started_by_hand_the_child_says_what_it_is_for()
    {
        var start = ChildHost.FindAll(out _)[0].Command(typeof(MapRace).Assembly.Location, RuntimeConfig(), "request");
        start.ArgumentList.RemoveAt(start.ArgumentList.Count - 1);
        start.RedirectStandardError = true;
        using var child = Process.Start(start)!;
        string said = child.StandardError.ReadToEnd();
        Assert.True(child.WaitForExit(Patience));
        Assert.Equal(2, child.ExitCode);
        Assert.Contains("use 'guardedmap race' or Start-MapRace", said, StringComparison.Ordinal);
    }

    private static string RuntimeConfig()
    {
        string file = TestFolder.FileNamed("child.runtimeconfig.json");
        File.WriteAllText(file, ChildHost.FindAll(out _)[0].RuntimeConfig());
        return file;
    }

    private static string PidFile() => TestFolder.FileNamed("pid");

    private static int ProcessIdIn(string file) => int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);

    private static async Task<int> ProcessIdWhenWritten(string file)
    {
        var clock = Stopwatch.StartNew();
        while (!File.Exists(file))
        {
            Assert.True(clock.Elapsed < Patience, "The child process did not come to its hang.");
            await Task.Delay(20).ConfigureAwait(false);
        }

        return ProcessIdIn(file);
    }

    private static void AssertGone(int process) => Assert.Throws<ArgumentException>(() => Process.GetProcessById(process));

    /// <summary>Tells the child, by its environment, where to leave its process id.</summary>
    private sealed class PidFileScope : IDisposable
    {
        public PidFileScope(string file) => Environment.SetEnvironmentVariable(HangingTarget.PidFileVariable, file);

        public void Dispose() => Environment.SetEnvironmentVariable(HangingTarget.PidFileVariable, null);
    }

    /// <summary>Cannot be made by the child.</summary>
    internal sealed class HasNoDefaultConstructor(PerfectTarget inner) : PerfectTarget
    {
        public override int Count => inner.Count;
    }
}
