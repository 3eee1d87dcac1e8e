namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>Programs that nobody has written: they are all of their size, each once; they are judged like those of the catalogue; what goes wrong replays.</summary>
public sealed class ProgramSearchTests
{
    private static readonly Verb[] s_two = [Verb.Get, Verb.Set];

    [Fact]
    public void A_size_has_every_program_once()
    {
        // By hand: one operation against one, of Get and Set. Keys are A and A, or A and B; what is there is any subset of the keys, and the table full or not.
        //   sA|sA   A there or not                                  2 x 2 = 4
        //   sA|sB   none, one (which of the two makes no odds), both 3 x 2 = 6
        //   gA|sA   2 x 2 = 4
        //   gA|sB   4 x 2 = 8
        string[] names = [.. MadeScenario.All([1, 1], s_two).Select(s => s.Name)];
        Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(22, names.Length);
    }

    [Theory]
    [InlineData("Made-0-sA-sA")]
    [InlineData("Made-AB-sArB-gA")]
    [InlineData("Made-F-sAxn-wrC-iBtAoB")]
    [InlineData("Made-ACF-x-sA")]
    public void A_name_says_what_the_program_is(string name)
    {
        Scenario made = MadeScenario.Parse(name)!;
        Assert.Equal(name, made.Name);
        Assert.Equal(name.Split('-').Length - 2, made.Programs.Count);
        Assert.Equal(name.Contains('F', StringComparison.Ordinal) ? 8 : name.Split('-')[1].Count(c => c is >= 'A' and <= 'C'), made.Setup.Count);
        // Nobody's value is another's.
        long[] values = [.. made.Programs.SelectMany(p => p).Where(o => o.Verb is Verb.Set or Verb.TryAdd or Verb.GetOrAdd).Select(o => o.Value)];
        Assert.Equal(values.Length, values.Distinct().Count());
        Assert.Equal(made.Name, RaceCatalogue.GetScenario(name).Name);
    }

    [Theory]
    [InlineData("Made-")]
    [InlineData("Made-0-sA")]
    [InlineData("Made-BA-sA-sB")]
    [InlineData("Made-0-sD-sA")]
    [InlineData("Made-0-s-sA")]
    [InlineData("Made-0-qA-sA")]
    [InlineData("Made-0--sA")]
    [InlineData("LostUpdate")]
    public void What_is_no_such_name_is_none(string name) => Assert.Null(MadeScenario.Parse(name));

    [Fact]
    public void The_smallest_programs_end_well_under_the_guard()
    {
        var found = ProgramSearch.Run(new() { MostOperations = 2, Programs = 10_000 });
        Assert.Equal(ExploreEnd.Finished, found.End);
        Assert.True(found.IsEveryProgram);
        Assert.True(found.Programs > 100, found.ToString());
        Assert.True(found.Failures.Count == 0, string.Join('\n', found.Failures.Select(f => $"{f.Scenario}: {f.MostTelling!.Outcome} {f.MostTelling.SimplestToken}")));
        Assert.StartsWith("every program of up to 2 operations: ", found.Coverage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GuardedMap")]
    [InlineData("SyncMap")]
    [InlineData("SnapshotMap")]
    [InlineData("OrderedMap")]
    public void So_do_some_that_are_drawn(string target)
    {
        var found = ProgramSearch.Run(new() { Target = target, Seed = 1, Programs = 12, MostOperations = 4, MostActors = 3, MaxPreemptions = 1 });
        Assert.True(found.Failures.Count == 0, string.Join('\n', found.Failures.Select(f => $"{f.Scenario}: {f.MostTelling!.Outcome} {f.MostTelling.SimplestToken}")));
        Assert.False(found.IsEveryProgram);
        Assert.Contains("drawn with seed 1", found.Coverage, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_guard_what_goes_wrong_is_found_smallest_first_and_replays()
    {
        var found = ProgramSearch.Run(new() { Target = "GuardedMapNone", MostOperations = 2, Programs = 200 });
        Assert.NotEmpty(found.Failures);
        foreach (ExploreResult failure in found.Failures.Take(20))
        {
            ExploredOutcome worst = failure.MostTelling!;
            RaceModel again = RaceModels.For(ScheduleToken.Parse(worst.SimplestToken.ToString()));
            Assert.Equal(worst.Outcome, ScheduleReplay.Of(again, worst.SimplestToken).ToEnd());
        }
    }

    [Fact]
    public void A_limit_is_a_limit_and_what_was_left_out_is_not_claimed()
    {
        var some = ProgramSearch.Run(new() { MostOperations = 3, Programs = 7 });
        Assert.Equal((7, 2, false), (some.Programs, some.LargestProgram, some.IsEveryProgram));
        Assert.StartsWith("the smallest programs of up to 2 operations: 7 on GuardedMap", some.Coverage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_is_not_explored_access_by_access_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => ProgramSearch.Run(new() { Target = "Hashtable" }));
        Assert.Contains("Hashtable cannot be explored access by access", error.Message, StringComparison.Ordinal);
        Assert.Contains("GuardedMap", error.Message, StringComparison.Ordinal);
    }
}
