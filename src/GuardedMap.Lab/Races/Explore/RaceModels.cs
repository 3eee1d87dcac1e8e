using System.IO.Enumeration;

namespace GuardedMaps.Lab;

/// <summary>What can be explored: the models, by scenario and variant.</summary>
public static class RaceModels
{
    /// <summary>All models, scenario by scenario.</summary>
    public static IReadOnlyList<RaceModel> All { get; } =
    [
        .. Enum.GetValues<WriterFlagWay>().Select(way => new WriterFlagModel(way)),
        .. RaceCatalogue.Targets.Select(target => new LostUpdateModel(target)),
        .. MapScenarios.All.SelectMany(map => map.Protections.Select(protection => new MapRaceModel(map, protection))),
        .. RacedScenarios.All.SelectMany(raced => raced.Maps.Select(map => new RacedModel(raced, map))),
    ];

    /// <summary>The races over the map under each <see cref="RaceProtection"/> that all of them have: what the <see cref="DetectionMatrix"/> is about.</summary>
    public static IReadOnlyList<RaceModel> Protected { get; } = [.. All.OfType<MapRaceModel>().Where(m => m.Protection != RaceProtection.Naive)];

    /// <summary>What a scenario is about, what goes wrong in it and where that was seen; null for one that is explained by its name.</summary>
    public static string? StoryOf(string scenario) =>
        MapScenarios.All.FirstOrDefault(s => string.Equals(s.Name, scenario, StringComparison.OrdinalIgnoreCase))?.Story
        ?? RacedScenarios.All.FirstOrDefault(s => string.Equals(s.Name, scenario, StringComparison.OrdinalIgnoreCase))?.Story;

    /// <summary>How schedules of a model may end, as its scenario says; empty where it does not say.</summary>
    public static IReadOnlyList<ScheduleOutcomeKind> ExpectedOf(RaceModel model) => model switch
    {
        MapRaceModel { Map: var map, Protection: var protection } => map.Expected(protection),
        RacedModel => [ScheduleOutcomeKind.Clean],
        _ => [],
    };

    /// <summary>The names of the scenarios.</summary>
    public static IReadOnlyList<string> Scenarios { get; } = [.. All.Select(m => m.Scenario).Distinct(StringComparer.Ordinal)];

    /// <summary>The models of one scenario; case does not matter.</summary>
    /// <exception cref="ArgumentException">There is no such scenario. The message lists those there are.</exception>
    public static IReadOnlyList<RaceModel> Of(string scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        List<RaceModel> found = [.. All.Where(m => string.Equals(m.Scenario, scenario, StringComparison.OrdinalIgnoreCase))];
        return found.Count > 0 ? found : throw new ArgumentException(SafeText.Message($"There is no scenario '{scenario}' to explore. The scenarios are: {string.Join(", ", Scenarios):all}."), nameof(scenario));
    }

    /// <summary>One model; case does not matter.</summary>
    /// <exception cref="ArgumentException">There is none. The message lists the names there are.</exception>
    public static RaceModel Get(string scenario, string variant)
    {
        var models = Of(scenario);
        return models.FirstOrDefault(m => string.Equals(m.Variant, variant, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException(SafeText.Message($"The scenario {models[0].Scenario} has no variant '{variant}'. The variants are: {string.Join(", ", models.Select(m => m.Variant)):all}."), nameof(variant));
    }

    /// <summary>All models whose scenario and variant fit two patterns with <c>*</c> and <c>?</c>; case does not matter.</summary>
    /// <exception cref="ArgumentException">None fits. The message lists the names there are.</exception>
    public static IReadOnlyList<RaceModel> Find(string scenarioPattern, string variantPattern)
    {
        ArgumentNullException.ThrowIfNull(scenarioPattern);
        ArgumentNullException.ThrowIfNull(variantPattern);
        List<RaceModel> ofScenario = [.. All.Where(m => FileSystemName.MatchesSimpleExpression(scenarioPattern, m.Scenario))];
        if (ofScenario.Count == 0) return Of(scenarioPattern); // Says what there is.
        List<RaceModel> found = [.. ofScenario.Where(m => FileSystemName.MatchesSimpleExpression(variantPattern, m.Variant))];
        return found.Count > 0 ? found : throw new ArgumentException(SafeText.Message($"There is no variant '{variantPattern}' of {scenarioPattern} to explore. The variants are: {string.Join(", ", ofScenario):all}."), nameof(variantPattern));
    }

    /// <summary>How a model is best searched: wholly, or where its tree is too large for that, as its scenario asks.</summary>
    public static ExploreOptions SearchFor(RaceModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Search;
    }

    /// <summary>The model a token was made from.</summary>
    /// <exception cref="ScheduleTokenException">There is none any more, or the token does not fit it. The message says why.</exception>
    public static RaceModel For(ScheduleToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var model = All.FirstOrDefault(m => m.Scenario == token.Scenario && m.Variant == token.Variant) ?? Cut(token)
            ?? throw new ScheduleTokenException($"The token '{SafeText.Of(token)}' is of {SafeText.Line(token.Scenario)}:{SafeText.Line(token.Variant)}, and there is no such model. {Nearest(token.Scenario)}");
        token.RequireFit(model);
        return model;
    }

    private static string Nearest(string scenario)
    {
        List<RaceModel> variants = [.. All.Where(m => m.Scenario == scenario)];
        return variants.Count > 0 ? $"The models are: {string.Join(", ", variants)}." : $"The scenarios are: {string.Join(", ", Scenarios)}.";
    }

    // A scenario of which something is left out has that in its variant, after the protection.
    private static MapRaceModel? Cut(ScheduleToken token)
    {
        int at = token.Variant.IndexOf('-', StringComparison.Ordinal);
        if (at < 0 || ScenarioCut.Parse(token.Variant[at..]) is not { } cut) return null;
        return All.OfType<MapRaceModel>().FirstOrDefault(m => m.Scenario == token.Scenario && m.Variant == token.Variant[..at]) is { } whole
            ? new MapRaceModel(whole.Map, whole.Protection, cut)
            : null;
    }
}
