using System.IO.Enumeration;

namespace GuardedMaps.Lab;

/// <summary>What can be explored: each scenario on each target in steps of each size, as far as an engine has what it takes.</summary>
public static class RaceModels
{
    /// <summary>All models, scenario by scenario: first the guarded map with nothing, with a flag and with the guard, then the other targets in their order.</summary>
    public static IReadOnlyList<RaceModel> All { get; } =
    [
        .. from scenario in RaceCatalogue.Scenarios
           from target in InOrder(RaceCatalogue.Targets)
           from grain in (RaceGrain[])[RaceGrain.Access, RaceGrain.Operation]
           where scenario.ExploresOn(target, grain)
           select Make(scenario, target, grain),
    ];

    /// <summary>The races over the guarded map under each protection that all of them have: what the <see cref="DetectionMatrix"/> is about.</summary>
    public static IReadOnlyList<RaceModel> Protected { get; } = [.. All.OfType<SteppedModel>().Where(m => m.Protection != RaceProtection.Naive && !m.Protection.Waits())];

    /// <summary>How schedules of a model may end, as its scenario says; empty where it does not say.</summary>
    public static IReadOnlyList<ScheduleOutcomeKind> ExpectedOf(RaceModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Grain == RaceGrain.Operation ? [] : RaceCatalogue.GetScenario(model.Scenario).ExpectedOn(RaceCatalogue.GetTarget(model.Target));
    }

    /// <summary>The models of one scenario, at the grain at which it is explored when nobody says; case does not matter.</summary>
    /// <exception cref="ArgumentException">There is no such scenario. The message lists those there are.</exception>
    public static IReadOnlyList<RaceModel> Of(string scenario)
    {
        var chosen = RaceCatalogue.GetScenario(scenario);
        return [.. All.Where(m => m.Scenario == chosen.Name && m.Grain == chosen.GrainOn(RaceCatalogue.GetTarget(m.Target)))];
    }

    /// <summary>One model; case does not matter.</summary>
    /// <param name="scenario">The scenario's name.</param>
    /// <param name="target">The target's name.</param>
    /// <param name="grain">The size of a step; null for the one at which the scenario is best seen on the target.</param>
    /// <exception cref="ArgumentException">There is none. The message lists the names there are.</exception>
    public static RaceModel Get(string scenario, string target, RaceGrain? grain = null)
    {
        var program = RaceCatalogue.GetScenario(scenario);
        var on = RaceCatalogue.GetTarget(target);
        return (grain ?? program.GrainOn(on)) is { } size && All.FirstOrDefault(m => m.Scenario == program.Name && m.Target == on.Name && m.Grain == size) is { } found
            ? found
            : program.IsMade && program.ExploresOn(on, grain ?? RaceGrain.Access) ? Make(program, on, grain ?? RaceGrain.Access)
            : throw NotExplored(program, on, grain);
    }

    /// <summary>All models whose scenario and target fit two patterns with <c>*</c> and <c>?</c>; case does not matter.</summary>
    /// <param name="scenarioPattern">Fits the scenarios.</param>
    /// <param name="targetPattern">Fits the targets.</param>
    /// <param name="grain">The size of a step; null for the one at which each scenario is best seen on each target.</param>
    /// <exception cref="ArgumentException">None fits. The message lists the names there are.</exception>
    public static IReadOnlyList<RaceModel> Find(string scenarioPattern, string targetPattern, RaceGrain? grain = null)
    {
        var scenarios = RaceCatalogue.FindScenarios(scenarioPattern);
        List<RaceTarget> targets = [.. InOrder(RaceCatalogue.FindTargets(targetPattern))];
        List<RaceModel> found =
        [
            .. from scenario in scenarios
               from target in targets
               where (grain ?? scenario.GrainOn(target)) is { } size && scenario.ExploresOn(target, size)
               select Get(scenario.Name, target.Name, grain),
        ];
        return found.Count > 0 ? found : throw NotExplored(scenarios[0], targets[0], grain);
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
        // Both grains of a scenario on one target are told apart by the seed: whole operations have none.
        var model = All.FirstOrDefault(m => m.Scenario == token.Scenario && m.Target == token.Target && m.Seed == token.Seed) ?? Cut(token) ?? MadeFor(token)
            ?? throw new ScheduleTokenException($"The token '{SafeText.Of(token)}' is of {SafeText.Line(token.Scenario)}:{SafeText.Line(token.Target)}, and there is no such model. {Nearest(token.Scenario)}");
        token.RequireFit(model);
        return model;
    }

    /// <summary>Makes a model.</summary>
    internal static RaceModel Make(Scenario scenario, RaceTarget target, RaceGrain grain) =>
        scenario.HandMade is { } handMade ? handMade(target.Name)
        : grain == RaceGrain.Operation ? new OperationModel(scenario, target)
        : target.Stepped is { } protection ? new SteppedModel(scenario, protection)
        : new RacedModel(scenario, target.Raced!);

    private static ArgumentException NotExplored(Scenario scenario, RaceTarget target, RaceGrain? grain)
    {
        string how = grain is { } size ? $" at the grain {size}" : "";
        var able = RaceCatalogue.Targets.Where(t => grain is { } g ? scenario.ExploresOn(t, g) : scenario.GrainOn(t) is not null).Select(t => t.Name).ToList();
        string advice = able.Count > 0 ? $"It can on: {string.Join(", ", able)}." : "It can on no target.";
        return new ArgumentException(SafeText.Message($"The scenario {scenario.Name} cannot be explored on {target.Name}{how}. {advice:all}"), nameof(target));
    }

    // A scenario that was made by rule is told by its name.
    private static RaceModel? MadeFor(ScheduleToken token) =>
        MadeScenario.Parse(token.Scenario) is { } scenario && RaceCatalogue.Targets.FirstOrDefault(t => t.Name == token.Target) is { } target && scenario.ExploresOn(target, RaceGrain.Access)
            ? Make(scenario, target, RaceGrain.Access)
            : null;

    private static IEnumerable<RaceTarget> InOrder(IReadOnlyList<RaceTarget> targets) => targets.OrderBy(t => t.Stepped ?? (RaceProtection)int.MaxValue);

    private static string Nearest(string scenario)
    {
        List<RaceModel> models = [.. All.Where(m => m.Scenario == scenario)];
        return models.Count > 0 ? $"The models are: {string.Join(", ", models.Select(m => m.ToString()).Distinct(StringComparer.Ordinal))}." : $"The scenarios are: {string.Join(", ", RaceCatalogue.Scenarios)}.";
    }

    // A scenario of which something is left out has that in its target, after the name.
    private static SteppedModel? Cut(ScheduleToken token)
    {
        int at = token.Target.IndexOf('-', StringComparison.Ordinal);
        if (at < 0 || ScenarioCut.Parse(token.Target[at..]) is not { } cut) return null;
        return All.OfType<SteppedModel>().FirstOrDefault(m => m.Scenario == token.Scenario && m.Target == token.Target[..at]) is { } whole
            ? new SteppedModel(whole.Program, whole.Protection, cut)
            : null;
    }
}
