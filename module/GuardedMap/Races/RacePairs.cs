using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

/// <summary>
/// What <c>-Scenario</c> and <c>-Target</c> choose: models to explore and pairs to race with real threads. Both catalogues have
/// some names in common; a name is unknown only if neither knows it.
/// </summary>
internal sealed record RacePairs(IReadOnlyList<RaceModel> Models, IReadOnlyList<(RaceScenario Scenario, RaceTargetInfo Target)> Free)
{
    /// <summary>The names of all scenarios.</summary>
    public static IReadOnlyList<string> ScenarioNames { get; } =
        [.. RaceCatalogue.Scenarios.Select(s => s.Name).Concat(RaceModels.Scenarios).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The names of everything a scenario can be run on.</summary>
    public static IReadOnlyList<string> TargetNames { get; } =
        [.. RaceCatalogue.Targets.Select(t => t.Name).Concat(RaceModels.All.Select(m => m.Variant)).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>How many parts of work these are.</summary>
    public int Count => Models.Count + Free.Count;

    /// <summary>Finds what fits.</summary>
    /// <param name="scenarios">Patterns of scenarios.</param>
    /// <param name="targets">Patterns of targets, or null for all.</param>
    /// <param name="mode">Explore, Free, or Auto: what can be explored is, and the rest is raced.</param>
    /// <exception cref="UnknownRaceException">A pattern fits no name at all.</exception>
    public static RacePairs Find(IReadOnlyList<string> scenarios, IReadOnlyList<string>? targets, MapRaceMode mode)
    {
        List<string> chosen = Matching("Scenario", scenarios, ScenarioNames);
        List<string> allowed = targets is null ? [.. TargetNames] : Matching("Target", targets, TargetNames);
        RaceModel[] models = mode == MapRaceMode.Free ? [] :
        [
            .. from scenario in chosen
               from target in allowed
               from model in RaceModels.All
               where Same(model.Scenario, scenario) && Same(model.Variant, target)
               select model,
        ];
        (RaceScenario, RaceTargetInfo)[] free = mode == MapRaceMode.Explore ? [] :
        [
            .. from name in chosen
               from scenario in RaceCatalogue.Scenarios
               where Same(scenario.Name, name)
               from target in TargetsAmong(allowed)
               where scenario.RunsOn(target)
               where !models.Any(m => Same(m.Scenario, scenario.Name) && Same(m.Variant, target.Name))
               select (scenario, target),
        ];
        return new RacePairs(models, free);
    }

    /// <summary>The names of the scenarios that fit.</summary>
    /// <exception cref="UnknownRaceException">A pattern fits none.</exception>
    public static IReadOnlyList<string> ScenariosFor(IReadOnlyList<string> patterns) => Matching("Scenario", patterns, ScenarioNames);

    /// <summary>Several choices as one.</summary>
    public static RacePairs Together(IEnumerable<RacePairs> parts)
    {
        RacePairs[] all = [.. parts];
        return new RacePairs([.. all.SelectMany(p => p.Models)], [.. all.SelectMany(p => p.Free)]);
    }

    /// <summary>The containers for scripts.</summary>
    /// <exception cref="UnknownRaceException">A pattern fits none.</exception>
    public static IEnumerable<RaceTargetInfo> TargetsFor(IReadOnlyList<string> patterns) =>
        TargetsAmong(Matching("Target", patterns, [.. RaceCatalogue.Targets.Select(t => t.Name)]));

    private static IEnumerable<RaceTargetInfo> TargetsAmong(List<string> names) =>
        names.SelectMany(name => RaceCatalogue.Targets.Where(t => Same(t.Name, name)));

    // In the order in which they were asked for.
    private static List<string> Matching(string parameter, IReadOnlyList<string> patterns, IReadOnlyList<string> names)
    {
        var matching = new List<string>();
        foreach (string pattern in patterns)
        {
            string[] found = [.. names.Where(n => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, n))];
            if (found.Length == 0) throw new UnknownRaceException(parameter, pattern, names);
            matching.AddRange(found.Except(matching, StringComparer.OrdinalIgnoreCase));
        }

        return matching;
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A name that fits nothing.</summary>
internal sealed class UnknownRaceException(string parameter, string pattern, IReadOnlyList<string> valid)
    : Exception(SafeText.Message($"There is no {parameter.ToLowerInvariant()} '{pattern}'. Valid are: {string.Join(", ", valid):all}."))
{
    public string Parameter { get; } = parameter;

    public string Pattern { get; } = pattern;

    public IReadOnlyList<string> Valid { get; } = valid;
}
