namespace GuardedMaps.Lab.Tests.Races;

/// <summary>Names, plans and options.</summary>
public sealed class CatalogueTests
{
    [Fact]
    public void The_names_are_those_the_documentation_uses()
    {
        Assert.Equal(["WriteDuringIteration", "DeleteDuringIteration", "GrowDuringIteration", "TwoWriters", "TwoWritersSameBucket", "TwoWritersSameKey", "LostUpdate", "CheckThenAct", "AtomicUpdate", "CountThenCopy"], RaceCatalogue.Scenarios.Take(10).Select(s => s.Name), StringComparer.Ordinal);
        Assert.Equal(RaceCatalogue.Scenarios.Count, RaceCatalogue.Scenarios.Select(s => s.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(
            ["GuardedMap", "GuardedMapSynchronized", "GuardedMapReport", "GuardedMapDetecting", "GuardedMapNone", "SnapshotMap", "SyncMap", "OrderedMap", "Hashtable", "SynchronizedHashtable", "Dictionary", "ConcurrentDictionary"],
            RaceCatalogue.Targets.Where(t => t.IsContainer).Select(t => t.Name),
            StringComparer.Ordinal);
    }

    [Fact]
    public void An_unknown_name_is_answered_with_the_names_there_are()
    {
        var error = Assert.Throws<ArgumentException>(() => MapRace.Run("ThreeWriters", "GuardedMap"));
        Assert.StartsWith(
            "There is no race scenario 'ThreeWriters'. The scenarios are: WriteDuringIteration, DeleteDuringIteration, GrowDuringIteration, TwoWriters,",
            error.Message,
            StringComparison.Ordinal);

        error = Assert.Throws<ArgumentException>(() => RaceCatalogue.FindTargets("Tree*"));
        Assert.StartsWith("There is no race target 'Tree*'. The targets are: GuardedMap, GuardedMapSynchronized,", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_found_whatever_their_case_and_by_pattern()
    {
        Assert.Equal("TwoWriters", RaceCatalogue.GetScenario("twowriters").Name);
        Assert.Equal(["Hashtable", "SynchronizedHashtable"], RaceCatalogue.FindTargets("*hashtable").Select(t => t.Name), StringComparer.Ordinal);
        Assert.Equal(RaceCatalogue.Scenarios, RaceCatalogue.FindScenarios("*"));
    }

    [Fact]
    public void A_scenario_that_the_target_has_no_operation_for_is_refused_with_the_targets_that_have_it()
    {
        var error = Assert.Throws<ArgumentException>(() => MapRace.Run("AtomicUpdate", "Hashtable"));
        Assert.StartsWith(
            "The scenario AtomicUpdate needs Increment, and Hashtable has none. It can be raced on: GuardedMap, GuardedMapSynchronized, GuardedMapReport, GuardedMapDetecting, GuardedMapNone, SnapshotMap, SyncMap, OrderedMap, ConcurrentDictionary.",
            error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 1, 2, "Count:")]
    [InlineData(1, 0, 1, 2, "Duration:")]
    [InlineData(1, -3, 1, 2, "Duration:")]
    [InlineData(1, 1, 0, 2, "Operations:")]
    [InlineData(1, 1, 99_999_999, 2, "Operations:")]
    [InlineData(1, 1, 1, 0.01, "StallLimit:")]
    public void An_option_out_of_range_is_refused_by_name(int count, double seconds, int operations, double stall, string expected)
    {
        var options = new MapRaceOptions { Count = count, Duration = TimeSpan.FromSeconds(seconds), Operations = operations, StallLimit = TimeSpan.FromSeconds(stall) };
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => MapRace.Run("TwoWriters", "GuardedMap", options));
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_and_trial_make_the_same_plan_and_another_trial_another()
    {
        foreach (var scenario in RaceCatalogue.Scenarios.Where(FreePlan.IsPossible))
        {
            var first = FreePlan.Of(scenario, 300, RaceRandom.ForTrial(7, 4));
            var again = FreePlan.Of(scenario, 300, RaceRandom.ForTrial(7, 4));
            var other = FreePlan.Of(scenario, 300, RaceRandom.ForTrial(7, 5));
            Assert.Equal(first.Actors.SelectMany(a => a.Steps), again.Actors.SelectMany(a => a.Steps));
            Assert.NotEqual(first.Actors.SelectMany(a => a.Steps), other.Actors.SelectMany(a => a.Steps));
        }
    }

    [Fact]
    public void Every_scenario_says_what_it_does_and_makes_a_plan_of_any_size()
    {
        foreach (var scenario in RaceCatalogue.Scenarios)
        {
            Assert.NotEmpty(scenario.Description);
            Assert.Equal(scenario.Programs.Count, scenario.Actors.Count);
            if (!FreePlan.IsPossible(scenario)) continue;
            var plan = FreePlan.Of(scenario, 1, new RaceRandom(1));
            Assert.Equal(scenario.Actors.Count, plan.Actors.Count);
            Assert.Contains(plan.Actors.SelectMany(a => a.Steps), step => step.IsWrite);
        }
    }

    [Fact]
    public void The_random_source_is_SplitMix64_so_that_a_seed_means_the_same_everywhere()
    {
        // The first outputs for seed 0, as published with the generator's reference implementation.
        var random = new RaceRandom(0);
        Assert.Equal(0xE220A8397B1DCDAFUL, random.NextUInt64());
        Assert.Equal(0x6E789E6AA1B965F4UL, random.NextUInt64());
        Assert.Equal(0x06C45D188009454FUL, random.NextUInt64());
    }
}
