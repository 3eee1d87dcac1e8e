using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Lab;

/// <summary>A run over a map that a learner can describe with a few keys: store them, then remove some, then iterate.</summary>
public sealed record KeyRun
{
    /// <summary>The keys to store, in this order. Each is its own value.</summary>
    public IReadOnlyList<object> Keys { get; init; } = [];

    /// <summary>The keys to remove after that.</summary>
    public IReadOnlyList<object> Remove { get; init; } = [];

    /// <summary>True to step an iterator over what is left, from Nil to Done.</summary>
    public bool Iterate { get; init; }

    /// <summary>Fixes where the iteration begins; null draws it.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Runs it on a map, which must be traced, and gives the recording.</summary>
    /// <param name="map">The map.</param>
    /// <param name="stop">Ends the run between two operations; what was recorded so far is kept.</param>
    public MapRecording Record(IGuardedMap map, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        using var recorder = new MapRecorder(map);
        foreach (object key in Keys)
        {
            if (stop.IsCancellationRequested) return recorder.Stop();
            recorder.Begin($"set {PictureText.Key(key)}");
            map[key] = key;
        }

        foreach (object key in Remove)
        {
            if (stop.IsCancellationRequested) return recorder.Stop();
            recorder.Begin($"remove {PictureText.Key(key)}");
            map.Remove(key);
        }

        if (Iterate)
        {
            recorder.Begin("iterate");
            using IMapIterator iterator = map.CreateIterator(seed: Seed);
            while (iterator.State != IteratorState.Done && !stop.IsCancellationRequested) iterator.Step();
        }

        return recorder.Stop();
    }
}
