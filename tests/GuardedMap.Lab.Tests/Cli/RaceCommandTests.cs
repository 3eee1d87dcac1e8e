namespace GuardedMaps.Lab.Tests.Cli;

/// <summary>Races from the command line.</summary>
public sealed class RaceCommandTests
{
    [Fact]
    public void A_race_prints_its_outcome_and_its_seed()
    {
        var run = CliProcess.Run("race", "--scenario", "twowriters", "--target", "SynchronizedHashtable", "--count", "3", "--operations", "500", "--seed", "77", "--stall", "30");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("TwoWriters, 500 operations by each thread", run.Output, StringComparison.Ordinal);
        Assert.Equal([3, 3, 0, 0, 0, 0], run.Row("SynchronizedHashtable"));
        Assert.Contains("; seed 77. A seed repeats the work, not the interleaving.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_race_that_needs_a_process_of_its_own_finds_one_when_the_program_was_not_started_by_dotnet()
    {
        var run = CliProcess.RunByItself("race", "--scenario", "TwoWriters", "--target", "SynchronizedHashtable", "--count", "1", "--operations", "50", "--stall", "30");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal([1, 1, 0, 0, 0, 0], run.Row("SynchronizedHashtable"));
    }

    [Fact]
    public void The_scenario_that_no_map_can_catch_says_so()
    {
        var run = CliProcess.Run("race", "--scenario", "LostUpdate", "--target", "ConcurrentDictionary", "--count", "1");
        Assert.Contains("No map can catch this one, guarded or not", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_names_every_scenario_and_map()
    {
        var run = CliProcess.Run("race", "--list");
        Assert.Equal(0, run.ExitCode);
        Assert.All(RaceCatalogue.Scenarios, scenario => Assert.Contains($"{scenario.Name}: {scenario.Description}", run.Output, StringComparison.Ordinal));
        Assert.All(RaceCatalogue.Targets, target => Assert.Contains($"{target.Name}: {target.Description}", run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void Exploring_prints_exact_shares_and_tokens_that_replay()
    {
        var run = CliProcess.Run("race", "--mode", "explore", "--scenario", "WriterFlag", "--target", "xor");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("WriterFlag, Xor", run.Output, StringComparison.Ordinal);
        Assert.Contains("Covered: all 1,886 schedules, each run once. Their weights sum to exactly 1. ", run.Output, StringComparison.Ordinal);
        string line = Assert.Single(run.Output.Split('\n'), line => line.StartsWith("| Unnoticed ", StringComparison.Ordinal));
        string[] cells = line.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["24", "1.27 %", "1"], cells[2..5]);

        var token = ScheduleToken.Parse(cells[5]);
        Assert.Equal(ScheduleOutcomeKind.Unnoticed, ScheduleReplay.Of(RaceModels.For(token), token).ToEnd().Kind);
    }

    [Theory]
    [InlineData("--scenario", "Chess", "There is no race scenario 'Chess'. The scenarios are: WriteDuringIteration,")]
    [InlineData("--target", "Nand", "There is no race target 'Nand'. The targets are: GuardedMap,")]
    [InlineData("--operations", "5", "--operations is for --mode free")]
    [InlineData("--count", "0", "MaxSchedules: a search needs at least one schedule.")]
    [InlineData("--duration", "-1", "MaxDuration: a search needs time.")]
    public void What_cannot_be_explored_ends_with_2_and_a_reason(string option, string value, string complaint)
    {
        var run = CliProcess.Run("race", "--mode", "explore", option, value);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(complaint, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter '", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_is_run_again_and_drawn()
    {
        var run = CliProcess.Run("race", "--token", "GMR1:LostUpdate:Hashtable:s0:A1B2A1:70f2");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("┊ interrupted", run.Output, StringComparison.Ordinal);
        Assert.Contains("StaleValue: 2 increments were acknowledged and the", run.Output, StringComparison.Ordinal);

        var svg = CliProcess.Run("race", "--token", "GMR1:LostUpdate:Hashtable:s0:A1B2A1:70f2", "--format", "svg");
        Assert.Contains("<svg ", svg.Output, StringComparison.Ordinal);

        var stale = CliProcess.Run("race", "--token", "GMR1:LostUpdate:Hashtable:s0:A1B2A1:0000");
        Assert.Equal(2, stale.ExitCode);
        Assert.Contains("does not fit LostUpdate:Hashtable", stale.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_of_another_process_runs_on_threads_and_shrinks()
    {
        var explored = CliProcess.Run("race", "--mode", "explore", "--scenario", "ClearDuringIteration", "--target", "GuardedMapNone", "--preemptions", "1");
        string token = explored.Output.Split(' ', '|', '\n').Last(word => word.StartsWith("GMR1:", StringComparison.Ordinal));

        var onThreads = CliProcess.Run("race", "--token", token, "--threads");
        Assert.True(onThreads.ExitCode == 0, onThreads.Error);
        Assert.Contains("A is thread ", onThreads.Output, StringComparison.Ordinal);
        Assert.Contains("The table: cleared.", onThreads.Output, StringComparison.Ordinal);

        var shrunk = CliProcess.Run("race", "--token", token, "--shrink");
        Assert.True(shrunk.ExitCode == 0, shrunk.Error);
        Assert.Contains("with fewer it cannot happen", shrunk.Output, StringComparison.Ordinal);
        Assert.Contains("A1 foreach, B1 Clear", shrunk.Output, StringComparison.Ordinal);
        string smallest = shrunk.Output.Split('\n').Single(line => line.StartsWith("smallest ", StringComparison.Ordinal)).Split(' ')[^1].Trim();

        var replayed = CliProcess.Run("race", "--token", smallest);
        Assert.True(replayed.ExitCode == 0, replayed.Error);
        Assert.Contains(smallest, replayed.Output, StringComparison.Ordinal);

        var alone = CliProcess.Run("race", "--shrink");
        Assert.Equal(2, alone.ExitCode);
        Assert.Contains("no --token says which", alone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Exploring_draws_what_is_worth_it_and_writes_a_report()
    {
        string file = TestFolder.FileNamed("report.html");
        var run = CliProcess.Run("race", "--mode", "explore", "--scenario", "LostUpdate", "--target", "Hashtable", "--preemptions", "1", "--show", "--report", file);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("B: Get n, Set n", run.Output, StringComparison.Ordinal);
        Assert.Contains($"Written: {file}", run.Output, StringComparison.Ordinal);
        Assert.Contains("id=\"schedule-1\"", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_replay_without_token_and_a_drawing_of_real_threads_end_with_2_and_a_reason()
    {
        Assert.Contains("no --token says which", CliProcess.Run("race", "--mode", "replay").Error, StringComparison.Ordinal);
        Assert.Contains("--show is for --mode explore", CliProcess.Run("race", "--show").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--scenario", "Chess", "There is no race scenario 'Chess'. The scenarios are: WriteDuringIteration,")]
    [InlineData("--target", "Chess", "There is no race target 'Chess'. The targets are: GuardedMap,")]
    [InlineData("--count", "0", "Count: a race needs at least one trial.")]
    [InlineData("--count", "many", "'many' is not a whole number.")]
    [InlineData("--duration", "-1", "Duration: a race needs time.")]
    [InlineData("--duration", "1,5", "'1,5' is not a number (like 2.5).")]
    [InlineData("--seed", "-1", "'-1' is not a whole number of 0 or more.")]
    [InlineData("--speed", "1", "Unrecognized command or argument '--speed'.")]
    public void What_is_not_understood_ends_with_2_and_a_reason(string option, string value, string complaint)
    {
        var run = CliProcess.Run("race", option, value);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(complaint, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter '", run.Error, StringComparison.Ordinal);
    }
}
