using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>
/// What a map did, moment by moment: each frame has the event in words and the table as it was right after it. Made by <see cref="MapRecorder"/>.
/// </summary>
/// <param name="MapName">The map's name.</param>
/// <param name="Frames">The frames. The first is the map as it was before.</param>
/// <param name="LeftOut">How many more there would have been: a recording is bounded.</param>
public sealed record MapRecording(string MapName, IReadOnlyList<MapFrame> Frames, int LeftOut)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"recording of map '{SafeText.Line(MapName)}', {Frames.Count - 1} steps");
}

/// <summary>One moment of a recording.</summary>
public sealed record MapFrame
{
    /// <summary>Its number; 0 is the map before the first event.</summary>
    public required int Number { get; init; }

    /// <summary>What happened.</summary>
    public required ProbePoint? Point { get; init; }

    /// <summary>What was being done: <c>set 30</c>, or empty where nobody said.</summary>
    public required string Operation { get; init; }

    /// <summary>What happened, in words.</summary>
    public required string Text { get; init; }

    /// <summary>How the map came to it: hash, bucket, tophashes, keys compared.</summary>
    public required IReadOnlyList<string> Details { get; init; }

    /// <summary>The table afterwards. Buckets that did not change are the same objects as in the frame before.</summary>
    public required MapLayout Layout { get; init; }

    /// <summary>Where the iterator was that moved last; null before one did.</summary>
    public required IteratorPosition? Iterator { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}: {Text}");
}

/// <summary>Where an iterator was.</summary>
/// <param name="State">Its state.</param>
/// <param name="Contract">Its contract.</param>
/// <param name="Bucket">The stretch of eight entries it was in.</param>
/// <param name="Slot">The place in the stretch that it stood on; -1 between entries.</param>
/// <param name="StartBucket">The stretch it began in.</param>
/// <param name="Offset">The place there that it began with.</param>
/// <param name="Buckets">How many stretches it goes over.</param>
/// <param name="Wrapped">Whether it went past the last entry.</param>
public sealed record IteratorPosition(
    IteratorState State,
    IterationContract Contract,
    int Bucket,
    int Slot,
    int StartBucket,
    int Offset,
    int Buckets,
    bool Wrapped)
{
    internal static IteratorPosition Of(IMapIterator iterator)
    {
        var view = iterator as IWalkView;
        return new IteratorPosition(
            iterator.State,
            iterator.Contract,
            iterator.Bucket,
            view?.Slot ?? iterator.Slot,
            iterator.StartBucket,
            iterator.Offset,
            view?.Buckets ?? 0,
            iterator.Wrapped);
    }
}
