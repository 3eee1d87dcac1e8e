namespace GuardedMaps.Lab;

/// <summary>The catalogue of races over one map.</summary>
internal static class MapScenarios
{
    /// <summary>All scenarios, in the order in which they are taught.</summary>
    public static IReadOnlyList<MapScenario> All { get; } =
    [
        new WriteDuringIterationRace(),
        new DeleteDuringIterationRace(),
        new GrowDuringIterationRace(),
        new TwoWritersSameBucketRace(),
        new TwoWritersSameKeyRace(),
        new LostUpdateRace(),
        new AtomicUpdateRace(),
        new TwoWritersGrowingRace(),
        new ReadDuringEvacuationRace(),
        new ResurrectedKeyRace(),
        new ClearVersusSetRace(),
        new ClearDuringIterationRace(),
        new SharedIteratorRace(),
        new ResumedAfterDoneRace(),
        new AbandonedIteratorRace(),
        new NestedIterationRace(),
        new SnapshotVersusWriterRace(),
        new OwnerHandoverRace(),
    ];
}
