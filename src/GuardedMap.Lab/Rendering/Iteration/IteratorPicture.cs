using System.Globalization;

namespace GuardedMaps.Lab.Rendering;

/// <summary>
/// Where an iterator is on its way: the buckets in the order it visits them, from its start bucket round to there, the slots from its offset, and
/// what is done, where it stands, and what is to come.
/// </summary>
/// <remarks>
/// <code>
///   order bucket     slots 3 4 5 6 7 0 1 2
///    1      2    ✓         ■ · · · · ■ ■ ■
///    2      3    ▶         ■ ◆ □ · · □ □ □     stands on the second; three to come
///    3      0              □ · · · · □ · ·     wrapped: behind the last bucket comes bucket 0
/// </code>
/// Visited, current and coming entries differ in their signs, not only in colour.
/// </remarks>
public sealed record IteratorPicture : MapPicture
{
    private const int MostRows = 16;
    private const int StripWidth = 64;

    private readonly MapLayout _layout;
    private readonly IReadOnlyList<BucketLayout> _walked;
    private readonly Func<object, ulong> _hashOf;

    private IteratorPicture(IGuardedMap map, IMapIterator iterator, long steps)
    {
        var view = iterator as IWalkView ?? throw new ArgumentException(SafeText.Message($"The iterator over map '{map.Name}' is wrapped in another, which hides where it is."), nameof(iterator));
        _layout = map.GetLayout();
        _walked = view.DescribeWalked();
        _hashOf = key => MapLookup.Of(map, key, _layout).Hash;
        MapName = map.Name;
        State = iterator.State;
        Contract = iterator.Contract;
        Steps = steps;
        // A map that was never written has one bucket to go round and no slot in it: there is nothing to draw.
        Buckets = _walked.Count;
        StartBucket = iterator.StartBucket;
        Offset = iterator.Offset;
        Bucket = iterator.Bucket;
        Link = view.Link;
        Slot = view.Slot;
        CheckBucket = view.CheckBucket;
        Wrapped = iterator.Wrapped;
        InOldBuckets = iterator.InOldBuckets;
        VersionAtInit = iterator.VersionAtInit;
        Version = map.Version;
        CurrentKey = State == IteratorState.Bucket ? PictureText.Key(iterator.Entry.Key) : null;
        Rows = [.. Enumerable.Range(0, Buckets).Select(RowAt)];
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

    /// <summary>How many buckets it goes round.</summary>
    public int Buckets { get; }

    /// <summary>The random bucket it began with.</summary>
    public int StartBucket { get; }

    /// <summary>The random slot each bucket is begun with.</summary>
    public int Offset { get; }

    /// <summary>The bucket it is in.</summary>
    public int Bucket { get; }

    /// <summary>How many overflow links it has followed there.</summary>
    public int Link { get; }

    /// <summary>The slot it stands on; -1 between entries.</summary>
    public int Slot { get; }

    /// <summary>While it reads an old bucket on behalf of a new one: only entries that will land in this one are visited. -1 otherwise.</summary>
    public int CheckBucket { get; }

    /// <summary>True once it went past the last bucket and on from bucket 0.</summary>
    public bool Wrapped { get; }

    /// <summary>True while it reads an old bucket that is not evacuated yet.</summary>
    public bool InOldBuckets { get; }

    /// <summary>The map's version when it began.</summary>
    public long VersionAtInit { get; }

    /// <summary>The map's version now.</summary>
    public long Version { get; }

    /// <summary>The key it stands on, as text; null between entries.</summary>
    public string? CurrentKey { get; }

    /// <summary>The buckets in the order they are visited.</summary>
    internal IReadOnlyList<IteratorRow> Rows { get; }

    /// <summary>The transitions there are, and the state diagram's words for them.</summary>
    internal static IReadOnlyList<(IteratorState From, IteratorState To, string Text)> Transitions { get; } =
    [
        (IteratorState.Nil, IteratorState.Init, "first step, the lease begins"),
        (IteratorState.Init, IteratorState.Bucket, "to an entry"),
        (IteratorState.Init, IteratorState.NextBucket, "the first bucket is empty"),
        (IteratorState.Init, IteratorState.Done, "the map is empty"),
        (IteratorState.Bucket, IteratorState.Bucket, "to the next entry"),
        (IteratorState.Bucket, IteratorState.NextBucket, "the chain ends"),
        (IteratorState.NextBucket, IteratorState.Bucket, "to an entry"),
        (IteratorState.NextBucket, IteratorState.NextBucket, "an empty bucket"),
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
        lines.Add(new PictureLine().Add("order bucket   ", Ink.Faint).Add(string.Concat(Enumerable.Range(0, 8).Select(i => string.Create(CultureInfo.InvariantCulture, $" {(i + Offset) & 7}"))), Ink.Faint));
        foreach (IteratorRow row in Shown()) lines.AddRange(RowLines(row, width));
        if (Rows.Count > MostRows) lines.Add(new PictureLine().Add($"… {PictureText.Counted(Rows.Count - Shown().Count(), "bucket", "buckets")} more: see above", Ink.Faint));
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
        yield return Format($"start bucket {StartBucket} of {Buckets}, offset {Offset}, {(Wrapped ? "wrapped" : "not wrapped")}, checkBucket {(CheckBucket < 0 ? "none" : CheckBucket.ToString(CultureInfo.InvariantCulture))}{(InOldBuckets ? ", reading an old bucket" : "")}");
        if (Buckets != _layout.Buckets.Count && Contract != IterationContract.Snapshot)
            yield return Format($"the map has grown to {_layout.Buckets.Count} buckets since; the iterator goes on round the {Buckets} it began with and looks moved keys up");
    }

    /// <summary>Says the entries of a bucket's row, in the order they are visited: slot by slot from the offset, link by link.</summary>
    internal IReadOnlyList<IReadOnlyList<IteratorMark>> MarksOf(IteratorRow row)
    {
        BucketLayout source = SourceOf(row, out bool filtered);
        var links = new List<IReadOnlyList<IteratorMark>>();
        for (int link = 0; link < source.Chain.Count; link++)
        {
            var marks = new List<IteratorMark>();
            for (int i = 0; i < source.Chain[link].Count; i++)
            {
                int number = (i + Offset) & 7;
                SlotLayout slot = source.Chain[link][number];
                bool isMoved = slot.Tophash is Tophash.EvacuatedX or Tophash.EvacuatedY;
                bool lands = slot.IsLive && (!filtered || (_hashOf(slot.Key!) & (ulong)(Buckets - 1)) == (ulong)row.Bucket);
                marks.Add(!lands && !isMoved ? IteratorMark.Empty
                    : row.Place == IteratorPlace.Done ? IteratorMark.Visited
                    : row.Place == IteratorPlace.ToCome ? IteratorMark.ToCome
                    : link == Link && number == Slot && State == IteratorState.Bucket ? IteratorMark.Current
                    : link < Link || (link == Link && i < ((Slot - Offset) & 7)) ? IteratorMark.Visited
                    : IteratorMark.ToCome);
            }

            links.Add(marks);
        }

        return links;
    }

    /// <summary>The keys of a bucket's row, with their marks, in the order they are visited.</summary>
    internal IEnumerable<(string Key, IteratorMark Mark)> KeysOf(IteratorRow row)
    {
        BucketLayout source = SourceOf(row, out _);
        IReadOnlyList<IReadOnlyList<IteratorMark>> marks = MarksOf(row);
        for (int link = 0; link < marks.Count; link++)
        {
            for (int i = 0; i < marks[link].Count; i++)
            {
                if (marks[link][i] == IteratorMark.Empty) continue;
                SlotLayout slot = source.Chain[link][(i + Offset) & 7];
                yield return (slot.IsLive ? PictureText.Key(slot.Key) : "(moved)", marks[link][i]);
            }
        }
    }

    /// <summary>The rows that have room, around the one the iterator is in.</summary>
    internal IEnumerable<IteratorRow> Shown()
    {
        int at = Math.Max(0, Rows.TakeWhile(static row => row.Place == IteratorPlace.Done).Count() - 1);
        int first = Math.Clamp(at - (MostRows / 2), 0, Math.Max(0, Rows.Count - MostRows));
        return Rows.Skip(first).Take(MostRows);
    }

    /// <summary>True if the entries of a row still lie in an old bucket.</summary>
    internal bool IsFedByOld(IteratorRow row, out int oldBucket)
    {
        oldBucket = _layout.OldBuckets.Count == 0 ? -1 : row.Bucket & (_layout.OldBuckets.Count - 1);
        return Contract != IterationContract.Snapshot && _layout.OldBuckets.Count > 0 && Buckets == _layout.Buckets.Count && !_layout.OldBuckets[oldBucket].IsEvacuated;
    }

    private BucketLayout SourceOf(IteratorRow row, out bool filtered)
    {
        filtered = IsFedByOld(row, out int oldBucket) && _layout.OldBuckets.Count != Buckets;
        return IsFedByOld(row, out oldBucket) ? _layout.OldBuckets[oldBucket] : _walked[row.Bucket];
    }

    private IteratorRow RowAt(int order)
    {
        int bucket = (StartBucket + order) & (Buckets - 1);
        int now = (Bucket - StartBucket) & (Buckets - 1);
        IteratorPlace place = State switch
        {
            IteratorState.Nil or IteratorState.Init => IteratorPlace.ToCome,
            IteratorState.Done => IteratorPlace.Done,
            _ when order < now => IteratorPlace.Done,
            _ when order > now => IteratorPlace.ToCome,
            IteratorState.NextBucket => IteratorPlace.Done,
            _ => IteratorPlace.Now,
        };
        return new IteratorRow(order, bucket, place);
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

    /// <summary>All buckets, one sign each, in the order they are visited.</summary>
    private IEnumerable<PictureLine> Strip(int width)
    {
        int perSign = 1;
        while (Rows.Count / perSign > width * 4) perSign *= 2;
        yield return new PictureLine().Add(perSign == 1 ? "all buckets, in visiting order" : Format($"all buckets, in visiting order ({perSign}:1)"), Ink.Faint);
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

    private IEnumerable<PictureLine> RowLines(IteratorRow row, int width)
    {
        IReadOnlyList<IReadOnlyList<IteratorMark>> links = MarksOf(row);
        for (int link = 0; link < links.Count; link++)
        {
            var line = new PictureLine();
            if (link == 0)
            {
                line.Add((row.Order + 1).ToString(CultureInfo.InvariantCulture).PadLeft(4), Ink.Faint);
                line.Add(row.Bucket.ToString(CultureInfo.InvariantCulture).PadLeft(7));
                line.Add(row.Place switch { IteratorPlace.Done => "  ✓ ", IteratorPlace.Now => "  ▶ ", _ => "    " }, InkOf(row.Place));
            }
            else
            {
                line.PadTo(13).Add("→ ", Ink.Second);
            }

            foreach (IteratorMark mark in links[link]) line.Add(" ").Add(SignOf(mark), InkOf(mark));
            if (link == 0 && IsFedByOld(row, out int oldBucket)) line.Add(PictureText.Cut(width < 50 ? Format($"  old {oldBucket}") : Format($"  in old bucket {oldBucket}"), width - line.Width), Ink.Second);
            if (link == 0)
            {
                string keys = string.Join(", ", KeysOf(row).Select(static k => k.Key));
                int room = width - line.Width - 2;
                if (room > 8 && keys.Length > 0) line.Add("  ").Add(PictureText.Cut(keys, room), row.Place == IteratorPlace.Done ? Ink.Faint : Ink.Plain);
            }

            yield return line;
        }
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

    private static string SignOf(IteratorMark mark) => mark switch { IteratorMark.Visited => "■", IteratorMark.Current => "◆", IteratorMark.ToCome => "□", _ => "·" };

    internal static Ink InkOf(IteratorMark mark) => mark switch { IteratorMark.Visited => Ink.Third, IteratorMark.Current => Ink.Alarm, IteratorMark.ToCome => Ink.First, _ => Ink.Faint };

    internal static Ink InkOf(IteratorPlace place) => place switch { IteratorPlace.Done => Ink.Third, IteratorPlace.Now => Ink.Alarm, _ => Ink.First };

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A bucket on an iterator's way.</summary>
/// <param name="Order">The how manieth it visits, from 0.</param>
/// <param name="Bucket">The bucket's number.</param>
/// <param name="Place">Whether the iterator has been there.</param>
internal sealed record IteratorRow(int Order, int Bucket, IteratorPlace Place);

/// <summary>Whether an iterator has been in a bucket.</summary>
internal enum IteratorPlace
{
    /// <summary>Not yet.</summary>
    ToCome,

    /// <summary>It is in it.</summary>
    Now,

    /// <summary>It has been through it.</summary>
    Done,
}

/// <summary>What a slot is to an iterator.</summary>
internal enum IteratorMark
{
    /// <summary>Nothing to visit.</summary>
    Empty,

    /// <summary>An entry to be visited.</summary>
    ToCome,

    /// <summary>The entry it stands on.</summary>
    Current,

    /// <summary>An entry it has passed.</summary>
    Visited,
}
