namespace GuardedMaps.Lab;

/// <summary>A map scenario under one protection, whole or cut, as a model to explore.</summary>
internal sealed class MapRaceModel(MapScenario map, RaceProtection protection, ScenarioCut cut)
    : RaceModel(map.Name, $"{protection}{cut}", map.Version, HashSeed, SteppedPoints.Catalogue, map.Actors, lengths: null)
{
    /// <summary>The hash seed of all scenarios. Where a scenario needs keys in certain buckets, it looks for them.</summary>
    public const ulong HashSeed = 1;

    public MapRaceModel(MapScenario map, RaceProtection protection)
        : this(map, protection, ScenarioCut.Nothing)
    {
    }

    public MapScenario Map => map;

    /// <summary>What is left out of the scenario.</summary>
    public ScenarioCut Cut => cut;

    public RaceProtection Protection => protection;

    internal override ExploreOptions Search => new()
    {
        Mode = ExploreMode.Merged,
        Within = MapScenario.Within,
        MaxPreemptions = MapScenario.Within,
    };

    internal override RaceRun CreateRun() => new SteppedRun(this);
}
