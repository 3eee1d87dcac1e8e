using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

/// <summary>A map that cannot race, for good: <see cref="IMap.GetSnapshot"/> of it.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>
/// It is a face over something that does not change: over a published version of a <see cref="SnapshotMap{TKey, TValue}"/>, or over a copy of another map's
/// entries. Thread-safe: nobody writes to what it reads. The values themselves are not copied.
/// </remarks>
[DebuggerDisplay("{MapName}: Count = {Count}")]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A snapshot is what the field calls it.")]
public sealed class KindSnapshot<TKey, TValue> : MapSnapshotBase<TKey, TValue>, ITreeSnapshot
    where TKey : notnull
{
    private readonly IReadOnlyDictionary<TKey, TValue> _entries;

    internal KindSnapshot(string mapName, IReadOnlyDictionary<TKey, TValue> entries, long version, bool isOneMoment)
        : base(version) => (MapName, _entries, IsOneMoment) = (mapName, entries, isOneMoment);

    /// <inheritdoc/>
    public override string MapName { get; }

    /// <inheritdoc/>
    public override bool IsOneMoment { get; }

    /// <inheritdoc/>
    public override int Count => _entries.Count;

    SnapshotLayout? ITreeSnapshot.LayoutFor(IMap map) => _entries is Snapshot<TKey, TValue> snapshot && snapshot.IsOf(map) ? snapshot.GetLayout() : null;

    /// <inheritdoc/>
    public override bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => _entries.TryGetValue(key, out value);

    private protected override IEnumerator<KeyValuePair<TKey, TValue>> Entries() => _entries.GetEnumerator();
}

/// <summary>A snapshot whose tree the lab can look at.</summary>
internal interface ITreeSnapshot
{
    /// <summary>What the tree of the version looks like that it is a face of; null for a copy, which has none, and for a snapshot of another map.</summary>
    SnapshotLayout? LayoutFor(IMap map);
}
