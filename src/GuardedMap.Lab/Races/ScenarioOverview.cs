namespace GuardedMaps.Lab;

/// <summary>What there is to know of a scenario before it is run, whether it can be raced, explored or both.</summary>
public sealed record ScenarioOverview
{
    /// <summary>The name by which it is chosen.</summary>
    public required string Name { get; init; }

    /// <summary>What goes wrong, and where it was seen.</summary>
    public required string Description { get; init; }

    /// <summary>The actors, one sentence or name each.</summary>
    public required IReadOnlyList<string> Actors { get; init; }

    /// <summary>Whether it can be explored, raced with real threads, or both.</summary>
    public required IReadOnlyList<MapRaceMode> Modes { get; init; }

    /// <summary>What it can be explored on: targets, or ways of guarding.</summary>
    public required IReadOnlyList<string> ExploredOn { get; init; }

    /// <summary>The maps on which it can be raced.</summary>
    public required IReadOnlyList<string> RacedOn { get; init; }

    /// <summary>
    /// How its schedules may end, by what it is explored on. The catalogue's tests hold it to that: nothing else, and each at least once.
    /// </summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<ScheduleOutcomeKind>> Expected { get; init; }

    /// <summary>The damage it is made to provoke where nothing guards against it.</summary>
    public required IReadOnlyList<RaceDamageKind> LooksFor { get; init; }

    /// <summary>All scenarios of both catalogues: those that can be raced first, then those that can only be explored.</summary>
    public static IReadOnlyList<ScenarioOverview> All { get; } =
    [
        .. RaceCatalogue.Scenarios.Select(s => Of(s.Name)),
        .. RaceModels.Scenarios.Where(name => !RaceCatalogue.Scenarios.Any(s => Same(s.Name, name))).Select(Of),
    ];

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static ScenarioOverview Of(string name)
    {
        var raced = RaceCatalogue.Scenarios.FirstOrDefault(s => Same(s.Name, name));
        List<RaceModel> models = [.. RaceModels.All.Where(m => Same(m.Scenario, name))];
        return new ScenarioOverview
        {
            Name = name,
            Description = raced?.Description ?? RaceModels.StoryOf(name) ?? $"{string.Join(" and ", models[0].Actors)}, explored step by step.",
            Actors = raced?.Actors ?? models[0].Actors,
            Modes = [.. models.Count > 0 ? (MapRaceMode[])[MapRaceMode.Explore] : [], .. raced is not null ? (MapRaceMode[])[MapRaceMode.Free] : []],
            ExploredOn = [.. models.Select(m => m.Variant)],
            RacedOn = raced is null ? [] : [.. RaceCatalogue.Targets.Where(raced.RunsOn).Select(t => t.Name)],
            Expected = models.Where(m => RaceModels.ExpectedOf(m).Count > 0).ToDictionary(m => m.Variant, RaceModels.ExpectedOf, StringComparer.OrdinalIgnoreCase),
            LooksFor = raced?.LooksFor ?? [],
        };
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
