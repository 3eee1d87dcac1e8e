namespace GuardedMaps.Tests.Support;

/// <summary>Tests that touch what is process-wide (<see cref="MapHost"/>, the telemetry) run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class GlobalState
{
    public const string Name = "process-wide state";
}
