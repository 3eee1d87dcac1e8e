namespace GuardedMaps.Lab;

/// <summary>A scenario over a raced map, as a model to explore.</summary>
/// <param name="raced">The scenario.</param>
/// <param name="map">The map's name.</param>
/// <param name="create">Makes the map; null for the one of that name.</param>
internal sealed class RacedModel(RacedScenario raced, string map, Func<RacedMap>? create = null)
    : RaceModel(raced.Name, map, raced.Version, RacedWorld.HashSeed, s_points, [.. raced.Programs.Select(p => string.Join(", ", p))], lengths: null)
{
    private static readonly YieldPointCatalogue s_points = new(RacedPoints.All);

    public RacedScenario Raced => raced;

    /// <summary>Makes an empty map.</summary>
    public RacedMap CreateMap() => create is null ? RacedMap.Create(Variant) : create();

    internal override ExploreOptions Search => new()
    {
        Mode = ExploreMode.Merged,
        Within = raced.Within,
        MaxPreemptions = raced.Within ?? MapScenario.Within,
    };

    internal override RaceRun CreateRun() => new RacedRun(this);
}
