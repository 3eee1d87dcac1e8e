using System.Globalization;

namespace GuardedMaps.Lab.Rendering;

/// <summary>
/// Where an iterator is on its way over the entries, eight to a stretch, in the order it visits them: what is done, where it stands, and what is to come. The map below was walked
/// from entry 11 on; 13 had been removed.
/// </summary>
/// <remarks>
/// <code>
///   order stretch    0 1 2 3 4 5 6 7
///    1       1   ✓         ■ ■ · ■ ■
///    2       2   ▶   ■ ◆ □ □ □ □ · ·     stands on entry 17; four to come, and nothing behind them
///    3       0       □ □ □ □ □ □ □ □     wrapped: behind the last entry comes the first
///    4       1       □ □ □
/// </code>
/// Visited, current and coming entries differ in their signs, not only in colour.
/// </remarks>
public sealed record IteratorPicture : MapPicture
{
    private const int MostRows = 16;
    private const int StripWidth = 64;

    private const int PerStretch = Tophash.SlotsPerBucket;

    private static readonly SlotLayout s_none = new(Tophash.EmptyRest, null, null);

    private readonly IReadOnlyList<BucketLayout> _walked;

    private IteratorPicture(IGuardedMap map, IMapIterator iterator, long steps)
    {
        var view = iterator as IWalkView ?? throw new ArgumentException(SafeText.Message($"The iterator over map '{map.Name}' is wrapped in another, which hides where it is."), nameof(iterator));
        _walked = view.DescribeWalked();
        MapName = map.Name;
        State = iterator.State;
        Contract = iterator.Contract;
        Steps = steps;
        Buckets = view.Buckets;
        StartBucket = iterator.StartBucket;
        Offset = iterator.Offset;
        Bucket = iterator.Bucket;
        Slot = view.Slot;
        Wrapped = iterator.Wrapped;
        VersionAtInit = iterator.VersionAtInit;
        Version = map.Version;
        CurrentKey = State == IteratorState.Bucket ? PictureText.Key(iterator.Entry.Key) : null;
        Rows = [.. Walk()];
    }

    /// <summary>Takes a picture of where an iterator is now.</summary>
    /// <param name="map">The map it iterates over.</param>
    /// <param name="iterator">The iterator.</param>
    /// <param name="steps">How many steps it has made, if that is known.</param>
    /// <exception cref="ArgumentException">The iterator is not the map's own.</exception>
    /// <exception cref="MapViolationException">The map was being written meanwhile.</exception>
    public static IteratorPicture Of(IGuardedMap map, IMapIterator iterator, long steps = -1)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(iterator);
        return new IteratorPicture(map, iterator, steps);
    }

    /// <inheritdoc/>
    public override string Title => $"Iterator over map '{PictureText.Key(MapName)}': {State}{(CurrentKey is null ? "" : $" on key '{PictureText.Cut(CurrentKey, 24)}'")}";

    /// <summary>The map's name.</summary>
    public string MapName { get; }

    /// <summary>Where the iterator is in its life.</summary>
    public IteratorState State { get; }

    /// <summary>What happens when somebody writes meanwhile.</summary>
    public IterationContract Contract { get; }

    /// <summary>How many steps it has made; -1 where nobody counted.</summary>
    public long Steps { get; }

    /// <summary>How many stretches of eight entries it goes over.</summary>
    public int Buckets { get; }

    /// <summary>The stretch it began in.</summary>
    public int StartBucket { get; }

    /// <summary>The place there that it began with.</summary>
    public int Offset { get; }

    /// <summary>The stretch it is in.</summary>
    public int Bucket { get; }

    /// <summary>The place in the stretch that it stands on; -1 between entries.</summary>
    public int Slot { get; }

    /// <summary>True once it went past the last entry and on from the first.</summary>
    public bool Wrapped { get; }

    /// <summary>The map's version when it began.</summary>
    public long VersionAtInit { get; }

    /// <summary>The map's version now.</summary>
    public long Version { get; }

    /// <summary>The key it stands on, as text; null between entries.</summary>
    public string? CurrentKey { get; }

    /// <summary>The stretches in the order they are walked.</summary>
    internal IReadOnlyList<IteratorRow> Rows { get; }

    /// <summary>The transitions there are, and the state diagram's words for them.</summary>
    internal static IReadOnlyList<(IteratorState From, IteratorState To, string Text)> Transitions { get; } =
    [
        (IteratorState.Nil, IteratorState.Init, "first step, the lease begins"),
        (IteratorState.Init, IteratorState.Bucket, "to an entry"),
        (IteratorState.Init, IteratorState.NextBucket, "the first stretch is empty"),
        (IteratorState.Init, IteratorState.Done, "the map is empty"),
        (IteratorState.Bucket, IteratorState.Bucket, "to the next entry"),
        (IteratorState.Bucket, IteratorState.NextBucket, "the stretch ends"),
        (IteratorState.NextBucket, IteratorState.Bucket, "to an entry"),
        (IteratorState.NextBucket, IteratorState.NextBucket, "an empty stretch"),
        (IteratorState.NextBucket, IteratorState.Done, "once round, the lease ends"),
    ];

    /// <inheritdoc/>
    public override string ToSvg(int columns = 100) => new IteratorSvg(this).ToString();

    /// <inheritdoc/>
    public override string ToMermaid()
    {
        string transitions = string.Concat(Transitions.Select(static t => $"    {t.From} --> {t.To} : {t.Text}\n"));
        return $"stateDiagram-v2\n    direction LR\n    [*] --> Nil\n{transitions}    Done --> [*]\n    classDef live fill:#1f6fb2,color:#ffffff,stroke:#0b3d66,stroke-width:3px\n    class {State} live\n";
    }

    /// <inheritdoc/>
    public override IReadOnlyList<PictureLine> Draw(PictureFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        int width = Math.Max(PictureFormat.LeastWidth, format.Width);
        var lines = new List<PictureLine>();
        foreach (string line in RacePicture.Wrap(Title, width)) lines.Add(new PictureLine().Add(line, Ink.Strong));
        foreach (string fact in Facts())
        {
            foreach (string line in RacePicture.Wrap(fact, width)) lines.Add(new PictureLine().Add(line, Ink.Faint));
        }

        lines.Add(new PictureLine());
        lines.Add(States(width));
        if (Rows.Count == 0) return PictureLine.For(format, lines);

        lines.Add(new PictureLine());
        if (Rows.Count > MostRows) lines.AddRange(Strip(Math.Min(StripWidth, width)));
        lines.Add(new PictureLine().Add("order stretch    0 1 2 3 4 5 6 7", Ink.Faint));
        foreach (IteratorRow row in Shown()) lines.Add(RowLine(row, width));
        if (Rows.Count > MostRows) lines.Add(new PictureLine().Add($"… {PictureText.Counted(Rows.Count - Shown().Count(), "stretch", "stretches")} more: see above", Ink.Faint));
        lines.Add(new PictureLine());
        lines.AddRange(Legend(width));
        return PictureLine.For(format, lines);
    }

    /// <summary>What is to be known beside the picture.</summary>
    internal IEnumerable<string> Facts()
    {
        if (State == IteratorState.Nil)
        {
            yield return $"contract {Contract}; nothing of the map has been looked at yet";
            yield break;
        }

        string steps = Steps < 0 ? "" : $"{PictureText.Counted((int)Math.Min(int.MaxValue, Steps), "step", "steps")}, ";
        yield return Format($"{steps}contract {Contract}, begun at version {VersionAtInit}{(Version == VersionAtInit ? "" : Format($", the map is at {Version} now"))}");
        if (Buckets == 0) yield break;
        yield return Format($"began with entry {(StartBucket * PerStretch) + Offset}: stretch {StartBucket} of {Buckets}, place {Offset}; {(Wrapped ? "wrapped" : "not wrapped")}");
        if (Version != VersionAtInit && State != IteratorState.Done && Contract != IterationContract.Snapshot) yield return "what was added since is not visited, and what was removed is not either";
    }

    /// <summary>What the places of a row's stretch are to the iterator.</summary>
    internal IReadOnlyList<IteratorMark> MarksOf(IteratorRow row)
    {
        var marks = new IteratorMark[PerStretch];
        for (int place = 0; place < marks.Length; place++)
        {
            marks[place] = place < row.From || place >= row.To ? IteratorMark.Elsewhere
                : !EntryAt(row.Bucket, place).IsLive ? IteratorMark.Empty
                : row.Place == IteratorPlace.Done ? IteratorMark.Visited
                : row.Place == IteratorPlace.ToCome || place > Slot ? IteratorMark.ToCome
                : place == Slot ? IteratorMark.Current
                : IteratorMark.Visited;
        }

        return marks;
    }

    /// <summary>The keys of a row, with their marks, in the order they are visited.</summary>
    internal IEnumerable<(string Key, IteratorMark Mark)> KeysOf(IteratorRow row)
    {
        IReadOnlyList<IteratorMark> marks = MarksOf(row);
        for (int place = 0; place < marks.Count; place++)
        {
            if (marks[place] is IteratorMark.Empty or IteratorMark.Elsewhere) continue;
            yield return (PictureText.Key(EntryAt(row.Bucket, place).Key), marks[place]);
        }
    }

    /// <summary>The rows that have room, around the one the iterator is in.</summary>
    internal IEnumerable<IteratorRow> Shown()
    {
        int at = Math.Max(0, Rows.TakeWhile(static row => row.Place == IteratorPlace.Done).Count() - 1);
        int first = Math.Clamp(at - (MostRows / 2), 0, Math.Max(0, Rows.Count - MostRows));
        return Rows.Skip(first).Take(MostRows);
    }

    private SlotLayout EntryAt(int stretch, int place) => stretch < _walked.Count ? _walked[stretch].Chain[0][place] : s_none;

    /// <summary>The stretches in the order they are walked. One that is begun in its middle comes twice: its first part is the end of the way.</summary>
    private IEnumerable<IteratorRow> Walk()
    {
        // Where the walk is, counted along the way.
        int now = Wrapped && Bucket == StartBucket && Offset > 0 ? Buckets : Buckets == 0 ? 0 : (Bucket - StartBucket + Buckets) % Buckets;
        int rows = Buckets + (Offset > 0 ? 1 : 0);
        for (int order = 0; order < rows; order++)
        {
            IteratorPlace place = State switch
            {
                IteratorState.Nil or IteratorState.Init => IteratorPlace.ToCome,
                IteratorState.Done => IteratorPlace.Done,
                _ when order < now => IteratorPlace.Done,
                _ when order > now => IteratorPlace.ToCome,
                IteratorState.NextBucket => IteratorPlace.Done,
                _ => IteratorPlace.Now,
            };
            yield return new IteratorRow(order, (StartBucket + order) % Buckets, place, order == 0 ? Offset : 0, order == Buckets ? Offset : PerStretch);
        }
    }

    private PictureLine States(int width)
    {
        const int WidthOfSpaced = 42;
        string space = width < WidthOfSpaced ? "" : " ";
        var line = new PictureLine();
        foreach (IteratorState state in Enum.GetValues<IteratorState>())
        {
            bool live = state == State;
            string name = live ? $"[{state}]" : state.ToString();
            if (line.Width > 0) line.Add($"{space}{(state == IteratorState.NextBucket ? "↔" : "→")}{space}", Ink.Faint);
            line.Add(name, live ? Ink.Alarm : Ink.Faint);
        }

        return line;
    }

    /// <summary>All stretches, one sign each, in the order they are visited.</summary>
    private IEnumerable<PictureLine> Strip(int width)
    {
        int perSign = 1;
        while (Rows.Count / perSign > width * 4) perSign *= 2;
        yield return new PictureLine().Add(perSign == 1 ? "all stretches, in visiting order" : Format($"all stretches, in visiting order ({perSign}:1)"), Ink.Faint);
        for (int first = 0; first < Rows.Count; first += width * perSign)
        {
            var line = new PictureLine();
            for (int i = first; i < Math.Min(Rows.Count, first + (width * perSign)); i += perSign)
            {
                var group = Rows.Skip(i).Take(perSign);
                IteratorPlace place = group.Any(static r => r.Place == IteratorPlace.Now) ? IteratorPlace.Now : group.Last().Place;
                line.Add(place switch { IteratorPlace.Done => "■", IteratorPlace.Now => "◆", _ => "□" }, InkOf(place));
            }

            yield return line;
        }

        yield return new PictureLine();
    }

    private PictureLine RowLine(IteratorRow row, int width)
    {
        var line = new PictureLine();
        line.Add((row.Order + 1).ToString(CultureInfo.InvariantCulture).PadLeft(4), Ink.Faint);
        line.Add(row.Bucket.ToString(CultureInfo.InvariantCulture).PadLeft(8));
        line.Add(row.Place switch { IteratorPlace.Done => "  ✓ ", IteratorPlace.Now => "  ▶ ", _ => "    " }, InkOf(row.Place));
        foreach (IteratorMark mark in MarksOf(row)) line.Add(" ").Add(SignOf(mark), InkOf(mark));
        string keys = string.Join(", ", KeysOf(row).Select(static k => k.Key));
        int room = width - line.Width - 2;
        if (room > 8 && keys.Length > 0) line.Add("  ").Add(PictureText.Cut(keys, room), row.Place == IteratorPlace.Done ? Ink.Faint : Ink.Plain);
        return line;
    }

    private static IEnumerable<PictureLine> Legend(int width)
    {
        var line = new PictureLine();
        foreach ((IteratorMark mark, string text) in ((IteratorMark, string)[])[(IteratorMark.Visited, "visited"), (IteratorMark.Current, "here"), (IteratorMark.ToCome, "to come"), (IteratorMark.Empty, "empty")])
        {
            if (line.Width + 5 + text.Length > width)
            {
                yield return line;
                line = new PictureLine();
            }

            if (line.Width > 0) line.Add("   ");
            line.Add(SignOf(mark), InkOf(mark)).Add(" " + text, Ink.Faint);
        }

        yield return line;
    }

    private static string SignOf(IteratorMark mark) => mark switch { IteratorMark.Visited => "■", IteratorMark.Current => "◆", IteratorMark.ToCome => "□", IteratorMark.Empty => "·", _ => " " };

    internal static Ink InkOf(IteratorMark mark) => mark switch { IteratorMark.Visited => Ink.Third, IteratorMark.Current => Ink.Alarm, IteratorMark.ToCome => Ink.First, _ => Ink.Faint };

    internal static Ink InkOf(IteratorPlace place) => place switch { IteratorPlace.Done => Ink.Third, IteratorPlace.Now => Ink.Alarm, _ => Ink.First };

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A stretch on an iterator's way, or the part of it that has its turn.</summary>
/// <param name="Order">The how manieth it visits, from 0.</param>
/// <param name="Bucket">The stretch's number.</param>
/// <param name="Place">Whether the iterator has been there.</param>
/// <param name="From">The first place that has its turn.</param>
/// <param name="To">The place behind the last one.</param>
internal sealed record IteratorRow(int Order, int Bucket, IteratorPlace Place, int From, int To);

/// <summary>Whether an iterator has been in a stretch.</summary>
internal enum IteratorPlace
{
    /// <summary>Not yet.</summary>
    ToCome,

    /// <summary>It is in it.</summary>
    Now,

    /// <summary>It has been through it.</summary>
    Done,
}

/// <summary>What a place is to an iterator.</summary>
internal enum IteratorMark
{
    /// <summary>Nothing to visit: no entry has this number.</summary>
    Empty,

    /// <summary>It has its turn in another row.</summary>
    Elsewhere,

    /// <summary>An entry to be visited.</summary>
    ToCome,

    /// <summary>The entry it stands on.</summary>
    Current,

    /// <summary>An entry it has passed.</summary>
    Visited,
}
