using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

// What every map of this library shows to tools that do not know its types or its kind.
//
//     IDictionary ◀── IMap ◀──────────────────────────────── IGuardedMap ──▶ IRefusingMap
//                      ▲                                         ▲                 ▲
//          SyncMap OrderedMap SnapshotMap                    GuardedMap       SnapshotMap
//                  cannot race                               refuses races    if it detects lost updates
//
// What is in here is what all of them can answer truly, and no more. Three decisions:
//
// - Contract is here, though only a guarded map lets one choose. "What shall happen when somebody writes while you iterate?" is the one
//   question a map's interface has to answer, and each of the others has answered it for good. Whoever asks one for another answer is refused
//   with an error that says which it has: an iteration must never be given less than it asked for.
// - Protection, violations and iterators that are stepped bucket by bucket are not here. A map that refuses nothing has no
//   violations to tell of, and an empty list of them would read as "looked, and found none". (A SnapshotMap looks for lost updates if it is
//   asked to, and says by DetectsLostUpdates whether it was.)
// - Version is not here. A SnapshotMap counts its versions and a GuardedMap its writes, but a SyncMap or an OrderedMap has no moment at which all of it
//   is one version; the same is said of snapshots by IMapSnapshot.IsOneMoment.
//
// What holds for every implementation: each operation on one key is atomic, and one that throws has changed nothing.

/// <summary>The face that every map of this library shows to tools that do not know its types or its kind.</summary>
/// <remarks>
/// A <see cref="GuardedMap{TKey, TValue}"/> shows more: <see cref="IGuardedMap"/>. Any member may throw a <see cref="MapViolationException"/> on a
/// guarded map, and a set on one that detects lost updates (<see cref="IRefusingMap"/>).
/// </remarks>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field and the shell's users call it.")]
public interface IMap : IDictionary
{
    /// <summary>What messages and tools call the map.</summary>
    string Name { get; }

    /// <summary>Which map it is.</summary>
    MapKind Kind { get; }

    /// <summary>What happens when somebody writes during an iteration that names no contract of its own.</summary>
    /// <remarks>
    /// A guarded map's is what it was made with. The others have one each. A SnapshotMap's iterations are
    /// <see cref="IterationContract.Snapshot"/>. Those of a SyncMap and of an OrderedMap are <see cref="IterationContract.WeaklyConsistent"/>.
    /// </remarks>
    IterationContract Contract { get; }

    /// <summary>The number of entries. O(1).</summary>
    /// <remarks>
    /// The same number through <see cref="ICollection"/> is what a caller asks for who is going to copy so many, and costs more where it is answered with a moment of the map. To copy a map that is known by
    /// this face alone, take <see cref="GetSnapshot"/>.
    /// </remarks>
    new int Count { get; }

    /// <summary>The type of the keys.</summary>
    Type KeyType { get; }

    /// <summary>The type of the values.</summary>
    Type ValueType { get; }

    /// <summary>True if the map records <see cref="MapEvent"/>s.</summary>
    bool IsTraced { get; }

    /// <summary>Begins an iteration whose entries can be written through. Dispose of it, so that its end is known.</summary>
    /// <param name="contract">What happens when somebody writes meanwhile; null for the map's own contract. A map that is not guarded has no other.</param>
    /// <param name="seed">Chooses an entry of a guarded map to begin with, as Go does by chance; null begins with the first, and so do the other maps always.</param>
    /// <exception cref="ArgumentException">The map's kind does not have this contract.</exception>
    IMapIteration Iterate(IterationContract? contract = null, ulong? seed = null);

    /// <summary>Adds to a number, which is 0 where the key is not there. One atomic operation.</summary>
    /// <returns>The sum stored.</returns>
    /// <exception cref="ArgumentException">The key is not of the map's type; nothing is changed.</exception>
    /// <exception cref="InvalidOperationException">The value is no number; nothing is changed.</exception>
    /// <exception cref="OverflowException">The sum does not fit into the value's type; nothing is changed.</exception>
    object? Increment(object key, long by = 1);

    /// <summary>Appends to a list, which begins with the first item. One atomic operation; the list that was there is not changed.</summary>
    /// <returns>The list stored.</returns>
    /// <exception cref="ArgumentException">The key is not of the map's type; nothing is changed.</exception>
    /// <exception cref="InvalidOperationException">The value is no list; nothing is changed.</exception>
    object? Append(object key, object? item);

    /// <summary>
    /// Replaces a key's value by what <paramref name="change"/> makes of it, or stores that under a key that is not there: it is given
    /// null then. One atomic operation: no other write of this key comes between reading the old value and storing the new one.
    /// </summary>
    /// <remarks>
    /// On a guarded map the callback runs exactly once, while the map is held for writing. On the others it runs outside of any lock, and once more
    /// whenever another write of the key came between: there it should do nothing but compute.
    /// </remarks>
    /// <returns>The value now stored.</returns>
    /// <exception cref="ArgumentException">The key, or the value made, is not of the map's types; nothing is changed.</exception>
    object? AddOrUpdate(object key, Func<object?, object?> change);

    /// <summary>The map for good: what is written from now on, it does not show.</summary>
    /// <remarks>
    /// A guarded map gives in O(1) what it was at this moment, and pays with the next write; a SnapshotMap gives that in O(1) and pays nothing more. A SyncMap
    /// and an OrderedMap give a copy, in O(n), of what an iteration sees: <see cref="IMapSnapshot.IsOneMoment"/> says which.
    /// </remarks>
    IMapSnapshot GetSnapshot();

    /// <summary>Copies what the map looks like inside. O(n).</summary>
    IMapLayout GetLayout();

    /// <summary>The events a traced map has recorded, oldest first; empty for others.</summary>
    IReadOnlyList<MapEvent> GetEvents();

    /// <summary>Begins to sample which keys are asked for most, in reads and writes; what was counted before is dropped.</summary>
    /// <param name="counters">How many keys are counted at once: the memory it takes. A key with more than 1/<paramref name="counters"/> of the samples is found for certain.</param>
    /// <remarks>
    /// A few operations in every millisecond are counted, so the cost does not grow with their number (measured: bench/README.md). It goes on until
    /// <see cref="StopHotKeys"/>; a map that is forgotten is collected all the same.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="counters"/> is not positive.</exception>
    void StartHotKeys(int counters = 1000);

    /// <summary>Ends the sampling. What was counted can still be read.</summary>
    void StopHotKeys();

    /// <summary>The keys that were asked for most since the sampling began; null if it never did.</summary>
    /// <param name="count">How many keys, at most.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    HotKeyReport? GetHotKeys(int count = 10);

    /// <summary>Checks that the map is whole. O(n). For tests and labs; of maps that are not guarded, while nobody writes.</summary>
    /// <exception cref="MapInvariantException">An invariant of a guarded map is broken; the message says which.</exception>
    /// <exception cref="InvalidOperationException">An invariant of another map is broken; the message says which.</exception>
    void CheckInvariants();
}
