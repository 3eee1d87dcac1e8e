using GuardedMaps.Lab;

namespace GuardedMaps.Tests.Histories;

/// <summary>The maps that promise linearizable operations, by the names of the targets.</summary>
internal static class RecordedMaps
{
    public static IReadOnlyList<string> Names { get; } = ["SnapshotMap", "SyncMap", "OrderedMap", "GuardedMapSynchronized"];

    /// <summary>Makes an empty map of this name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="hesitant">Whether its comparer lingers now and then, so that the threads meet in the middle of its operations.</param>
    public static MapFace<int> Create(string name, bool hesitant) =>
        hesitant ? MapFaces.Create<int>(name, seed: null, HesitantOrder.Instance, HesitantOrder.Instance) : MapFaces.Create<int>(name);
}
