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
        HashSet<string> chosen = Matching("Scenario", scenarios, ScenarioNames);
        HashSet<string> allowed = targets is null ? [.. TargetNames] : Matching("Target", targets, TargetNames);
        RaceModel[] models = mode == MapRaceMode.Free ? [] : [.. RaceModels.All.Where(m => chosen.Contains(m.Scenario) && allowed.Contains(m.Variant))];
        (RaceScenario, RaceTargetInfo)[] free = mode == MapRaceMode.Explore ? [] :
        [
            .. from scenario in RaceCatalogue.Scenarios
               where chosen.Contains(scenario.Name)
               from target in RaceCatalogue.Targets
               where allowed.Contains(target.Name) && scenario.RunsOn(target)
               where !models.Any(m => Same(m.Scenario, scenario.Name) && Same(m.Variant, target.Name))
               select (scenario, target),
        ];
        return new RacePairs(models, free);
    }

    /// <summary>The containers for scripts.</summary>
    /// <exception cref="UnknownRaceException">A pattern fits none.</exception>
    public static IEnumerable<RaceTargetInfo> TargetsFor(IReadOnlyList<string> patterns)
    {
        HashSet<string> allowed = Matching("Target", patterns, [.. RaceCatalogue.Targets.Select(t => t.Name)]);
        return RaceCatalogue.Targets.Where(t => allowed.Contains(t.Name));
    }

    private static HashSet<string> Matching(string parameter, IReadOnlyList<string> patterns, IReadOnlyList<string> names)
    {
        var matching = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string pattern in patterns)
        {
            string[] found = [.. names.Where(n => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, n))];
            if (found.Length == 0) throw new UnknownRaceException(parameter, pattern, names);
            matching.UnionWith(found);
        }

        return matching;
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A name that fits nothing.</summary>
internal sealed class UnknownRaceException(string parameter, string pattern, IReadOnlyList<string> valid)
    : Exception($"There is no {parameter.ToLowerInvariant()} '{pattern}'. Valid are: {string.Join(", ", valid)}.")
{
    public string Parameter { get; } = parameter;

    public string Pattern { get; } = pattern;

    public IReadOnlyList<string> Valid { get; } = valid;
}
