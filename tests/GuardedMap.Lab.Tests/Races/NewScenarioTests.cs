namespace GuardedMaps.Lab.Tests.Races;

/// <summary>What CONTRIBUTING.md promises: a scenario is one entry, and every engine knows it.</summary>
public sealed class NewScenarioTests
{
    private static readonly Scenario s_new = new("Transfer", "Two actors store a key each that is there, and one looks at both.")
    {
        Setup = [new(Verb.Set, 1, 10), new(Verb.Set, 2, 20)],
        Programs = [[new(Verb.Set, 1, 11), new(Verb.Get, 2)], [new(Verb.Set, 2, 21), new(Verb.Get, 1)]],
        Within = 2,
    };

    [Fact]
    public void One_entry_is_a_race_on_every_target_in_every_way()
    {
        int ways = 0;
        foreach (var target in RaceCatalogue.Targets.Where(t => !t.IsOfOneScenario))
        {
            foreach (var grain in Enum.GetValues<RaceGrain>().Where(g => s_new.ExploresOn(target, g)))
            {
                var model = RaceModels.Make(s_new, target, grain);
                var result = Explorer.Run(model, model.Search);
                Assert.Equal(ExploreEnd.Finished, result.End);
                Assert.All(result.Outcomes, o => Assert.True(target.Stepped is RaceProtection.None or RaceProtection.Flag || o.Outcome.Kind is ScheduleOutcomeKind.Clean or ScheduleOutcomeKind.Violation, $"{model}: {o.Outcome}"));
                ways++;
            }

            if (!s_new.RacesOn(target)) continue;
            Assert.Equal(2, MapRace.Run(s_new, target with { NeedsChildProcess = false }, new MapRaceOptions { Count = 2, Operations = 20, StallLimit = TimeSpan.FromSeconds(60) }, null, CancellationToken.None).Trials);
            ways++;
        }

        // Twelve containers in whole operations and with real threads; the guarded map in five ways, and six of the maps that cannot race, access by access.
        Assert.Equal(12 + 12 + 5 + 6, ways);
    }

    [Fact]
    public void It_has_a_row_in_the_matrix_and_says_where_it_runs()
    {
        RaceModel[] models = [.. s_new.UsualTargets(grain: null, isRaced: false).Select(t => RaceModels.Make(s_new, t, RaceGrain.Access))];
        Assert.Equal(["GuardedMapNone", "GuardedMapFlag", "GuardedMap"], models.Select(m => m.Target), StringComparer.Ordinal);
        Assert.Equal(3, Assert.Single(DetectionMatrix.Compute(models).Rows).Cells.Count);
        Assert.Equal([MapRaceMode.Explore, MapRaceMode.Free], s_new.Modes);
        Assert.Equal(12, s_new.RacedOn.Count);
        Assert.Equal(["Set(1, 11), Get(2)", "Set(2, 21), Get(1)"], s_new.Actors, StringComparer.Ordinal);
    }
}
