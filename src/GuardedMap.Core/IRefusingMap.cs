using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

/// <summary>
/// The face of a map that may refuse an operation with a <see cref="MapViolationException"/>, and keeps what it has refused: a guarded map, and a SnapshotMap, which refuses
/// nothing but a set that would bury a write (<see cref="SnapshotMapOptions{TKey}.DetectLostUpdates"/>).
/// </summary>
/// <remarks>
/// It is a face beside <see cref="IMap"/> and does not inherit it: a class that named it would implement the collections' members anew then, by its public ones, and an
/// <c>ICollection.Count</c> that the next CopyTo relies on would be a mere number.
/// </remarks>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field and the shell's users call it.")]
public interface IRefusingMap
{
    /// <inheritdoc cref="GuardedMapBase{TKey, TValue}.DetectsLostUpdates"/>
    bool DetectsLostUpdates { get; }

    /// <summary>How many writes have changed the map since it was made. (Of a guarded map modulo 2^40; a SnapshotMap counts a batch as one.)</summary>
    long Version { get; }

    /// <inheritdoc cref="GuardedMapBase{TKey, TValue}.LastViolation"/>
    MapViolation? LastViolation { get; }

    /// <inheritdoc cref="GuardedMapBase{TKey, TValue}.ViolationCount"/>
    long ViolationCount { get; }

    /// <inheritdoc cref="GuardedMapBase{TKey, TValue}.ViolationDetected"/>
    event EventHandler<MapViolation>? ViolationDetected;

    /// <inheritdoc cref="GuardedMapBase{TKey, TValue}.GetViolations"/>
    IReadOnlyList<MapViolation> GetViolations();
}
