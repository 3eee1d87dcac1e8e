using System.Collections;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

/// <summary>A <see cref="SnapshotMap{TKey, TValue}"/> as it was at one moment, for good.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>Taking it is O(1), and reading it needs no lock on any thread. It keeps the version's nodes alive, and shares all it can with later ones.</remarks>
[DebuggerDisplay("Count = {Count}, Version = {Version}")]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A snapshot is what the field calls it.")]
[SuppressMessage("Naming", "CA1724:Type names should not match namespaces", Justification = "The folder's namespace is not used.")]
public sealed class Snapshot<TKey, TValue> : IReadOnlyDictionary<TKey, TValue>, IReadOnlyCollection<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    private readonly SnapshotMapBase<TKey, TValue> _map;
    private readonly FrozenTree _tree;

    internal Snapshot(SnapshotMapBase<TKey, TValue> map, FrozenTree tree) => (_map, _tree) = (map, tree);

    /// <summary>The name of the map it is of.</summary>
    public string MapName => _map.Name;

    /// <summary>The map's version.</summary>
    public long Version => _tree.Version;

    /// <inheritdoc/>
    public int Count => _tree.Count;

    /// <inheritdoc/>
    public IEnumerable<TKey> Keys => this.Select(e => e.Key);

    /// <inheritdoc/>
    public IEnumerable<TValue> Values => this.Select(e => e.Value);

    /// <inheritdoc/>
    public TValue this[TKey key] => TryGetValue(key, out TValue? value) ? value : throw new KeyNotFoundException(SafeText.Message($"The key '{key}' is not in version {Version} of the map '{MapName}'."));

    /// <inheritdoc/>
    public bool ContainsKey(TKey key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => _map.Find(_tree.Root, key, out value);

    internal bool IsOf(IMap map) => ReferenceEquals(map, _map);

    /// <summary>Copies what the snapshot's tree looks like. O(n).</summary>
    public SnapshotLayout GetLayout() => _map.DescribeSnapshot(_tree);

    /// <summary>Enumerates the entries.</summary>
    public SnapshotEnumerator<TKey, TValue> GetEnumerator() => new(_tree);

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ShownEntries.Of(GetEnumerator());
}
