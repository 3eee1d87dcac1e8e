using System.Collections;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

/// <summary>A map for good, to tools that do not know its types: a dictionary that never changes.</summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A snapshot is what the field calls it.")]
public interface IMapSnapshot : IDictionary
{
    /// <summary>The name of the map it was taken of.</summary>
    string MapName { get; }

    /// <summary>The map's version at that moment; 0 when the map counts none (<see cref="IsOneMoment"/> is false then).</summary>
    long Version { get; }

    /// <summary>
    /// True if it is the map as it was at one moment. False for a copy that was made while others may have been writing: of each key it shows what was
    /// there when the copying came by, so it may show a later write and miss an earlier one.
    /// </summary>
    bool IsOneMoment { get; }

    /// <summary>When it was taken.</summary>
    DateTimeOffset TakenAt { get; }
}

/// <summary>A map as it was at one moment, for good: <see cref="GuardedMapBase{TKey, TValue}.GetSnapshot"/>.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>
/// <para>It does not copy the entries. It holds on to the arrays the map had, and the map's next write goes to a copy of them:</para>
/// <code>
///   before          map ──▶ [ arrays ]              after the next write    map ──▶ [ copies, written ]
///                   snapshot ──▲                                            snapshot ──▶ [ arrays ]
/// </code>
/// <para>
/// So taking one is O(1), and the first write after it O(n). Thread-safe: nobody writes to what it reads. The values themselves are not
/// copied: an object that is in the map and in the snapshot is one object.
/// </para>
/// </remarks>
[DebuggerDisplay("{MapName} at version {Version}: Count = {Count}")]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A snapshot is what the field calls it.")]
public sealed class MapSnapshot<TKey, TValue> : MapSnapshotBase<TKey, TValue>
    where TKey : notnull
{
    private readonly GuardedMapBase<TKey, TValue> _map;
    private BucketTable<TKey, TValue> _table;

    internal MapSnapshot(GuardedMapBase<TKey, TValue> map, BucketTable<TKey, TValue> table, long version)
        : base(version)
    {
        _map = map;
        _table = table;
    }

    /// <inheritdoc/>
    public override string MapName => _map.Name;

    /// <summary>Always true.</summary>
    public override bool IsOneMoment => true;

    /// <inheritdoc/>
    public override int Count => _table.Count;

    /// <inheritdoc/>
    public override bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _map.ReadSnapshot(ref _table, key, out value);
    }

    private protected override IEnumerator<KeyValuePair<TKey, TValue>> Entries() => new Enumerator(this);

    private sealed class Enumerator : IEnumerator<KeyValuePair<TKey, TValue>>
    {
        private readonly MapSnapshot<TKey, TValue> _snapshot;
        private EntryWalk<TKey, TValue> _walk;
        private WalkStep _at = WalkStep.ChainEnd;

        public Enumerator(MapSnapshot<TKey, TValue> snapshot)
        {
            _snapshot = snapshot;
            Reset();
        }

        public KeyValuePair<TKey, TValue> Current => _at == WalkStep.Entry
            ? new KeyValuePair<TKey, TValue>(_walk.Key, _walk.Value)
            : throw new InvalidOperationException("The enumerator stands on no entry. Call MoveNext first, and stop when it returns false.");

        object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            if (_at == WalkStep.Done) return false;
            do _at = _snapshot._map.StepSnapshot(ref _walk, ref _snapshot._table, toEntry: true);
            while (_at == WalkStep.ChainEnd);
            return _at == WalkStep.Entry;
        }

        public void Reset()
        {
            _walk = default;
            _walk.Start(_snapshot._table, random: null);
            _at = WalkStep.ChainEnd;
        }

        public void Dispose() => _at = WalkStep.Done;
    }
}
