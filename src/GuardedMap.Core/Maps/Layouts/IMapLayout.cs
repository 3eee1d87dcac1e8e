namespace GuardedMaps;

/// <summary>
/// What a map looks like inside at one moment: a copy, safe to keep. Each kind has a record of its own: <see cref="MapLayout"/>,
/// <see cref="SnapshotLayout"/>, <see cref="SyncLayout"/> and <see cref="OrderedLayout"/>.
/// </summary>
public interface IMapLayout
{
    /// <summary>The map's name.</summary>
    string Name { get; }

    /// <summary>The map's kind.</summary>
    MapKind Kind { get; }

    /// <summary>The number of entries.</summary>
    int Count { get; }
}
