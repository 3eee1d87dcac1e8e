namespace GuardedMaps.Lab;

/// <summary>A scenario over a raced map, as a model to explore.</summary>
/// <param name="program">The scenario.</param>
/// <param name="map">The map's name.</param>
/// <param name="create">Makes the map; null for the one of that name.</param>
internal sealed class RacedModel(Scenario program, string map, Func<RacedMap>? create = null)
    : RaceModel(program.Name, map, RaceGrain.Access, program.Version, RacedWorld.HashSeed, s_points, program.Actors, lengths: null)
{
    private static readonly YieldPointCatalogue s_points = new(RacedPoints.All);

    private static readonly HashSet<Verb> s_verbs =
        [Verb.Get, Verb.Set, Verb.SetRead, Verb.Remove, Verb.Clear, Verb.Count, Verb.Increment, Verb.TryAdd, Verb.TryUpdate, Verb.GetOrAdd, Verb.SetAll, Verb.Iterate];

    /// <summary>The scenario.</summary>
    public Scenario Program => program;

    /// <summary>Whether a raced map has what a scenario does.</summary>
    public static bool IsPossible(Scenario scenario, string map) => scenario.HandMade is null && scenario.Verbs.All(v => s_verbs.Contains(v) && (v != Verb.SetAll || map.StartsWith("Snapshot", StringComparison.Ordinal)));

    /// <summary>Makes an empty map.</summary>
    public RacedMap CreateMap() => create is null ? RacedMap.Create(Target) : create();

    internal override ExploreOptions Search => new()
    {
        Mode = ExploreMode.Merged,
        Within = program.Within,
        MaxPreemptions = program.Within ?? SteppedModel.Within,
    };

    internal override RaceRun CreateRun() => new RacedRun(this);
}
