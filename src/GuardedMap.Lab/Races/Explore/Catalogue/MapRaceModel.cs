namespace GuardedMaps.Lab;

/// <summary>A map scenario under one protection, as a model to explore.</summary>
internal sealed class MapRaceModel(MapScenario map, RaceProtection protection)
    : RaceModel(map.Name, protection.ToString(), map.Version, HashSeed, SteppedPoints.Catalogue, map.Actors, lengths: null)
{
    /// <summary>The hash seed of all scenarios. Where a scenario needs keys in certain buckets, it looks for them.</summary>
    public const ulong HashSeed = 1;

    public MapScenario Map => map;

    public RaceProtection Protection => protection;

    /// <summary>How the scenario asks to be searched.</summary>
    public ExploreOptions Search => map.MaxPreemptions is { } bound
        ? new ExploreOptions { Mode = ExploreMode.Bounded, MaxPreemptions = bound }
        : new ExploreOptions { Mode = ExploreMode.Exhaustive };

    internal override RaceRun CreateRun() => new SteppedRun(this);
}
