namespace GuardedMaps.Lab.Rendering;

// How maps that are not guarded look inside. A guarded map has buckets (LayoutPicture); of the others each has a shape of its own:
//
//     SyncPicture        two parts side by side, and the entries both lead to
//     OrderedPicture     towers, and the links between them at each level
//     SnapshotPicture    a tree, and which of its nodes a snapshot still reads
//
// They share their frame: a title, the figures, the marked key, what there is room for, how many more there are, and a legend of the signs that were used.

/// <summary>A picture of the inside of a map that cannot race.</summary>
public abstract record KindPicture : MapPicture
{
    /// <summary>How much of the map is drawn; the rest is counted.</summary>
    public int MaxEntries { get; init; } = 128;

    /// <summary>True to draw each entry with its key, false to draw one sign for each; null chooses by the map's size.</summary>
    public bool? Detailed { get; init; }

    /// <summary>The key to mark, as it is stored in the map; null for none.</summary>
    public object? Mark { get; init; }

    /// <summary>A key that was to be marked and is not in the map.</summary>
    public object? Missing { get; init; }

    /// <summary>The picture of a map that is not guarded.</summary>
    /// <param name="map">The map.</param>
    /// <param name="snapshot">An earlier snapshot of it, to be compared with: for a SnapshotMap.</param>
    /// <param name="key">A key to mark.</param>
    /// <exception cref="ArgumentNullException"><paramref name="map"/> is null.</exception>
    /// <exception cref="ArgumentException">The map is a guarded one, or the snapshot is not one that shares a tree with it.</exception>
    public static KindPicture Of(IMap map, IMapSnapshot? snapshot = null, object? key = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        IMapLayout layout = map.GetLayout();
        SnapshotLayout? compared = (snapshot as ITreeSnapshot)?.LayoutFor(map);
        if (snapshot is not null && compared is null)
        {
            string what = map.Kind != MapKind.Snapshot ? $"is of the kind {map.Kind}, whose snapshots are copies" : snapshot.IsOneMoment ? $"is not the one that this snapshot of '{snapshot.MapName}' was taken of" : $"shares nothing with a copy of '{snapshot.MapName}'";
            throw new ArgumentException(SafeText.Message($"The map '{map.Name}' {what}. A map of the kind Snapshot shares nodes with its own snapshots, and no other does."), nameof(snapshot));
        }

        if (layout is MapLayout) throw new ArgumentException(SafeText.Message($"The map '{map.Name}' is a guarded one: its picture is a LayoutPicture."), nameof(map));
        (object? mark, object? missing) = key is null ? (null, null) : Stored(layout, map, key) is { } stored ? (stored, (object?)null) : (null, key);
        KindPicture picture = layout is SnapshotLayout tree ? new SnapshotPicture { Layout = tree, Snapshot = compared } : Of(layout);
        return picture with { Mark = mark, Missing = missing };
    }

    /// <summary>The picture of a layout of a map that is not guarded.</summary>
    /// <exception cref="ArgumentException">It is the layout of a guarded map.</exception>
    internal static KindPicture Of(IMapLayout layout) => layout switch
    {
        SnapshotLayout tree => new SnapshotPicture { Layout = tree },
        SyncLayout parts => new SyncPicture { Layout = parts },
        OrderedLayout list => new OrderedPicture { Layout = list },
        _ => throw new ArgumentException(SafeText.Message($"The map '{layout.Name}' is a guarded one: its picture is a LayoutPicture."), nameof(layout)),
    };

    /// <inheritdoc/>
    public override IReadOnlyList<PictureLine> Draw(PictureFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        int width = Math.Max(PictureFormat.LeastWidth, format.Width);
        var lines = new List<PictureLine>();
        foreach (string line in RacePicture.Wrap(Title, width)) lines.Add(new PictureLine().Add(line, Ink.Strong));
        foreach (string line in PictureText.Wrap(Facts(), ", ", width).SelectMany(line => RacePicture.Wrap(line, width))) lines.Add(new PictureLine().Add(line, Ink.Faint));
        if (MarkText() is { } mark) lines.AddRange(RacePicture.Wrap(mark, width).Select(static line => new PictureLine().Add(line, Ink.Alarm)));
        lines.Add(new PictureLine());
        var legend = new List<(string Sign, Ink Ink, string Meaning)>();
        DrawBody(lines, legend, width);
        lines.AddRange(PictureLine.Legend(legend, width));
        return PictureLine.For(format, lines);
    }

    /// <summary>The map in figures, as the picture tells them.</summary>
    internal abstract string[] Facts();

    /// <summary>Where the marked key is, in words; null without a mark.</summary>
    internal string? MarkText() => Mark is not null ? $"key {Quote(Mark)}: {Whereabouts(Mark)}" : Missing is not null ? $"key {Quote(Missing)}: not there" : null;

    /// <summary>True for the key that is marked.</summary>
    internal bool IsMarked(object key) => Mark is not null && key.Equals(Mark);

    /// <summary>Draws what the map is made of, and says which signs it has used.</summary>
    private protected abstract void DrawBody(List<PictureLine> lines, List<(string Sign, Ink Ink, string Meaning)> legend, int width);

    /// <summary>Where a key is, in words.</summary>
    private protected abstract string Whereabouts(object key);

    private protected static PictureLine More(int rest, string one, string many) => new PictureLine().Add($"… and {PictureText.Counted(rest, one, many)} more", Ink.Faint);

    private static string Quote(object key) => $"'{PictureText.Cut(PictureText.Key(key), 24)}'";

    // How the key is written in the map, which may be different from how it was asked for. It is not looked up: to look at a SyncMap shall count no miss.
    private static object? Stored(IMapLayout layout, IMap map, object key)
    {
        object[] keys = layout switch
        {
            SnapshotLayout tree => [.. tree.Nodes.SelectMany(static node => node.Entries).Select(static entry => entry.Key)],
            SyncLayout parts => [.. parts.Entries.Select(static entry => entry.Key)],
            OrderedLayout list => [.. list.Nodes.Select(static node => node.Key)],
            _ => [],
        };
        return Array.Find(keys, other => map is IKeyRule rule && rule.AreOne(key, other));
    }
}
