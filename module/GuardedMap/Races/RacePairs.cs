using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

/// <summary>What <c>-Scenario</c>, <c>-Target</c>, <c>-Mode</c> and <c>-Grain</c> choose: models to explore and pairs to race with real threads.</summary>
internal sealed record RacePairs(IReadOnlyList<RaceModel> Models, IReadOnlyList<(Scenario Scenario, RaceTarget Target)> Free)
{
    /// <summary>The names of all scenarios.</summary>
    public static IReadOnlyList<string> ScenarioNames { get; } = [.. RaceCatalogue.Scenarios.Select(s => s.Name)];

    /// <summary>The names of all targets.</summary>
    public static IReadOnlyList<string> TargetNames { get; } = [.. RaceCatalogue.Targets.Select(t => t.Name)];

    /// <summary>How many parts of work these are.</summary>
    public int Count => Models.Count + Free.Count;

    /// <summary>Finds what fits.</summary>
    /// <param name="scenarios">Patterns of scenarios.</param>
    /// <param name="targets">Patterns of targets, or null for each scenario's usual ones.</param>
    /// <param name="mode">Explore, Free, or Auto: what is best seen with real threads is raced, and what else can be explored is.</param>
    /// <param name="grain">The size of a step; null for the one at which each is best seen.</param>
    /// <exception cref="UnknownRaceException">A pattern fits no name at all.</exception>
    public static RacePairs Find(IReadOnlyList<string> scenarios, IReadOnlyList<string>? targets, MapRaceMode mode, RaceGrain? grain)
    {
        List<string>? allowed = targets is null ? null : Matching("Target", targets, TargetNames);
        var models = new List<RaceModel>();
        var free = new List<(Scenario, RaceTarget)>();
        foreach (Scenario scenario in Scenarios(scenarios))
        {
            bool isRaced = mode == MapRaceMode.Free || (mode == MapRaceMode.Auto && scenario.IsBestRaced);
            foreach (RaceTarget target in allowed?.Select(RaceCatalogue.GetTarget) ?? scenario.UsualTargets(grain, isRaced))
            {
                bool isExplored = mode != MapRaceMode.Free && (grain is { } size ? scenario.ExploresOn(target, size) : scenario.GrainOn(target) is not null);
                bool canRace = mode != MapRaceMode.Explore && scenario.RacesOn(target);
                if (canRace && (isRaced || !isExplored)) free.Add((scenario, target));
                else if (isExplored) models.Add(RaceModels.Get(scenario.Name, target.Name, grain));
            }
        }

        return new RacePairs(models, free);
    }

    /// <summary>Why nothing fits, and what to do instead: said of the first scenario that was asked for.</summary>
    public static (string Why, string Instead) WhyNone(IReadOnlyList<string> scenarios, IReadOnlyList<string>? targets, MapRaceMode mode, RaceGrain? grain)
    {
        Scenario scenario = Scenarios(scenarios).First();
        List<RaceTarget> on = [.. (targets is null ? TargetNames : Matching("Target", targets, TargetNames)).Select(RaceCatalogue.GetTarget)];
        RaceTarget? explored = on.Find(t => scenario.GrainOn(t) is not null);
        if (mode == MapRaceMode.Free && explored is not null)
            return ($"{scenario} can be explored on {explored}, and not raced with real threads", $"Leave -Mode out. With real threads it runs on: {Names(RaceCatalogue.Targets.Where(scenario.RacesOn))}.");
        if (grain is { } size && explored is not null)
        {
            string steps = size == RaceGrain.Access ? "in whole operations, and not access by access" : "access by access, and not in whole operations";
            return ($"{scenario} can be explored on {explored} {steps}", $"Leave -Grain out. With -Grain {size} it runs on: {Names(RaceCatalogue.Targets.Where(t => scenario.ExploresOn(t, size)))}.");
        }

        if (mode == MapRaceMode.Explore && on.Find(scenario.RacesOn) is { } raced)
        {
            return ($"{scenario} can be raced on {raced} with real threads, and not explored", grain is null
                ? $"Leave -Mode out: Start-MapRace {scenario}. It can be explored on: {Names(RaceCatalogue.Targets.Where(t => scenario.GrainOn(t) is not null))}."
                : $"Leave -Grain out: Start-MapRace {scenario}.");
        }

        return ($"{scenario} needs operations that {(on.Count == 1 ? $"{on[0]} does not have" : "none of them has")}, or is about other maps",
            $"Choose another -Target. {scenario} runs on: {Names(RaceCatalogue.Targets.Where(t => scenario.RacesOn(t) || scenario.GrainOn(t) is not null))}.");

        static string Names(IEnumerable<RaceTarget> targets) => string.Join(", ", targets.Select(t => t.Name).DefaultIfEmpty("no target"));
    }

    /// <summary>The containers for scripts.</summary>
    /// <exception cref="UnknownRaceException">A pattern fits none.</exception>
    public static IEnumerable<RaceTarget> ContainersFor(IReadOnlyList<string> patterns) =>
        Matching("Target", patterns, [.. RaceCatalogue.Targets.Where(t => t.IsContainer).Select(t => t.Name)]).Select(RaceCatalogue.GetTarget);

    // A program that was made by rule (-Generate) has no place in the catalogue: its name says all of it.
    private static IEnumerable<Scenario> Scenarios(IReadOnlyList<string> patterns)
    {
        var found = new List<Scenario>();
        foreach (string pattern in patterns)
        {
            IEnumerable<Scenario> fitting = RaceCatalogue.IsMade(pattern) ? [RaceCatalogue.GetScenario(pattern)] : Matching("Scenario", [pattern], ScenarioNames).Select(RaceCatalogue.GetScenario);
            found.AddRange(fitting.Where(one => !found.Exists(other => string.Equals(other.Name, one.Name, StringComparison.OrdinalIgnoreCase))));
        }

        return found;
    }

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
}

/// <summary>A name that fits nothing.</summary>
internal sealed class UnknownRaceException(string parameter, string pattern, IReadOnlyList<string> valid)
    : Exception(SafeText.Message($"There is no {parameter.ToLowerInvariant()} '{pattern}'. Valid are: {string.Join(", ", valid):all}."))
{
    public string Parameter { get; } = parameter;

    public string Pattern { get; } = pattern;

    public IReadOnlyList<string> Valid { get; } = valid;
}
