namespace GuardedMaps.Lab;

/// <summary>The maps that promise linearizable operations, by the names of the targets.</summary>
internal static class RecordedMaps
{
    public static IReadOnlyList<string> Names { get; } = ["SnapshotMap", "SyncMap", "OrderedMap", "GuardedMapSynchronized"];

    /// <summary>Makes an empty map of this name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="hesitant">Whether its comparer lingers now and then, so that the threads meet in the middle of its operations.</param>
    public static RecordedMap Create(string name, bool hesitant) => name switch
    {
        "SnapshotMap" => RecordedRepairMap.Snapshot(hesitant),
        "SyncMap" => RecordedRepairMap.Sync(hesitant),
        "OrderedMap" => RecordedRepairMap.Ordered(hesitant),
        "GuardedMapSynchronized" => new RecordedSynchronizedMap(hesitant),
        _ => throw new ArgumentException(SafeText.Message($"There is no recorded map '{name}'. The maps are: {string.Join(", ", Names):all}."), nameof(name)),
    };
}
