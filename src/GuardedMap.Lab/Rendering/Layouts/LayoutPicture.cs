using System.Globalization;

namespace GuardedMaps.Lab.Rendering;

/// <summary>
/// A table's buckets, one sign per slot, which is the place of a card; overflow chains to the right of their bucket; while the table grows, the old buckets above
/// the new ones.
/// </summary>
/// <remarks>
/// <code>
///    0 ■■■■■■■■→■■······      bucket 0 is full, its overflow bucket has two entries
///    1 ■■■■■···               five cards, at the front as always
///    2 xyxxy---               evacuated: three cards went to bucket 2 of the new array, two to the other half, three slots were empty
/// </code>
/// A small table shows each bucket on a line of its own, with tophashes and keys; a large one as many buckets on a line as fit.
/// </remarks>
public sealed record LayoutPicture : MapPicture
{
    /// <summary>Up to so many buckets each gets a line of its own.</summary>
    private const int MostDetailed = 16;

    private const int SlotsPerBucket = 8;
    private const int LongestChainShown = 4;

    /// <summary>The layout to draw.</summary>
    public required MapLayout Layout { get; init; }

    /// <summary>How many buckets of each array are drawn; the rest is counted.</summary>
    public int MaxBuckets { get; init; } = 128;

    /// <summary>True to draw each bucket on a line of its own, false to draw many on a line; null chooses by the table's size.</summary>
    public bool? Detailed { get; init; }

    /// <summary>A lookup to mark: where it ended is framed, and a line tells its way.</summary>
    public MapLookup? Mark { get; init; }

    /// <inheritdoc/>
    public override string Title => string.Create(CultureInfo.InvariantCulture, $"Layout of map '{PictureText.Key(Layout.Name)}' at version {Layout.Version}");

    /// <inheritdoc/>
    public override string ToSvg(int columns = 100) => new LayoutSvg(this).ToString();

    /// <inheritdoc/>
    public override string ToMermaid() => new LayoutMermaid(Layout).ToString();

    /// <summary>True if each bucket is to have a line of its own.</summary>
    internal bool IsDetailed => Detailed ?? Layout.Buckets.Count <= MostDetailed;

    /// <summary>The table in figures, as the picture tells them.</summary>
    internal string[] Facts()
    {
        LayoutFigures figures = LayoutFigures.Of(Layout);
        return
        [
            PictureText.Counted(figures.Count, "entry", "entries"),
            PictureText.Counted(figures.Buckets, "bucket", "buckets"),
            string.Create(CultureInfo.InvariantCulture, $"load factor {figures.LoadFactor:0.00}"),
            PictureText.Counted(figures.OverflowBuckets, "overflow bucket", "overflow buckets"),
            string.Create(CultureInfo.InvariantCulture, $"doubles beyond {figures.Capacity} entries"),
            Layout.IsGrowing ? $"growing: {Layout.GrowReason}" : "not growing",
        ];
    }

    /// <summary>Where the marked key is, in words; null without a mark.</summary>
    internal string? MarkText() => Mark is not { } mark ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"key '{PictureText.Cut(PictureText.Key(mark.Key), 24)}': tophash {mark.Tophash:x2}, {(mark.InOldBuckets ? "old " : "")}bucket {mark.Bucket}, {(mark.Found ? $"{(mark.Link > 0 ? $"link {mark.Link}, " : "")}slot {mark.Slot}" : "not there")}");

    /// <summary>One bucket's slots and its chain, drawn as in the picture of the whole table.</summary>
    public static PictureLine DrawBucket(BucketLayout bucket, bool ascii)
    {
        ArgumentNullException.ThrowIfNull(bucket);
        var line = new PictureLine();
        AddChain(line, bucket, new Signs(ascii, detailed: false, mark: null), LongestChainShown);
        return line;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<PictureLine> Draw(PictureFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        var signs = new Signs(format.Ascii, IsDetailed, Mark);
        int width = Math.Max(PictureFormat.LeastWidth, format.Width);
        List<PictureLine> lines = [.. Heading(width)];
        if (Layout.Buckets.Count == 0) lines.Add(new PictureLine().Add("No buckets yet: nothing was ever stored.", Ink.Faint));
        if (Layout.IsGrowing)
        {
            int evacuated = Layout.OldBuckets.Count(static bucket => bucket.IsEvacuated);
            Section(lines, signs, width, string.Create(CultureInfo.InvariantCulture, $"old buckets, {evacuated} of {Layout.OldBuckets.Count} evacuated"), Layout.OldBuckets);
        }

        if (Layout.Buckets.Count > 0) Section(lines, signs, width, Layout.IsGrowing ? "new buckets" : "buckets", Layout.Buckets);
        lines.AddRange(signs.Legend(width));
        return PictureLine.For(format, lines);
    }

    private IEnumerable<PictureLine> Heading(int width)
    {
        yield return new PictureLine().Add(PictureText.Clip(Title, width), Ink.Strong);
        foreach (string line in PictureText.Wrap(Facts(), ", ", width)) yield return new PictureLine().Add(line, Ink.Faint);
        if (MarkText() is not { } mark) yield break;
        foreach (string line in RacePicture.Wrap(mark, width)) yield return new PictureLine().Add(line, Ink.Alarm);
    }

    private void Section(List<PictureLine> lines, Signs signs, int width, string title, IReadOnlyList<BucketLayout> buckets)
    {
        lines.Add(new PictureLine());
        lines.Add(new PictureLine().Add(title, Ink.Strong));
        IReadOnlyList<BucketLayout> shown = [.. buckets.Take(MaxBuckets)];
        int numberWidth = Math.Max(2, (shown[^1].Number).ToString(CultureInfo.InvariantCulture).Length);
        lines.AddRange(signs.Detailed
            ? shown.SelectMany(bucket => DetailedBucket(bucket, signs, numberWidth, width))
            : Grid(shown, signs, numberWidth, width));
        int rest = buckets.Count - shown.Count;
        if (rest > 0) lines.Add(new PictureLine().Add($"{signs.More} and {PictureText.Counted(rest, "bucket", "buckets")} more", Ink.Faint));
    }

    /// <summary>A bucket's chain, one link below the other: tophashes, then keys.</summary>
    private static IEnumerable<PictureLine> DetailedBucket(BucketLayout bucket, Signs signs, int numberWidth, int width)
    {
        for (int link = 0; link < bucket.Chain.Count; link++)
        {
            var line = new PictureLine();
            if (link == 0) line.Add(bucket.Number.ToString(CultureInfo.InvariantCulture).PadLeft(numberWidth), Ink.Faint);
            else line.PadTo(numberWidth - 1).Add(signs.Link, Ink.Second);
            line.Add(" ");
            for (int slot = 0; slot < bucket.Chain[link].Count; slot++)
            {
                (string sign, Ink ink) = signs.Of(bucket, link, slot);
                line.Add(sign, ink).Add(signs.IsMarked(bucket, link, slot) ? signs.Here : " ", Ink.Alarm);
            }

            string keys = string.Join(", ", bucket.Chain[link].Where(static slot => slot.IsLive).Select(static slot => PictureText.Key(slot.Key)));
            line.Add(" ");
            yield return line.Add(PictureText.Clip(keys, width - line.Width));
        }
    }

    /// <summary>As many buckets on a line as fit, each with its chain.</summary>
    private static IEnumerable<PictureLine> Grid(IReadOnlyList<BucketLayout> buckets, Signs signs, int numberWidth, int width)
    {
        // Every cell is as wide as the longest chain, but a few long chains shall not spread all others out.
        int longest = Math.Min(LongestChainShown, buckets.Max(static bucket => bucket.Chain.Count));
        int cell = numberWidth + 1 + (longest * (SlotsPerBucket + 1)) + 1;
        int perLine = Math.Max(1, (width + 2) / cell);
        // A power of two: bucket b of the old array and both buckets it feeds then stand below one another.
        perLine = 1 << (int)Math.Log2(perLine);
        for (int first = 0; first < buckets.Count; first += perLine)
        {
            var line = new PictureLine();
            for (int i = first; i < Math.Min(first + perLine, buckets.Count); i++)
            {
                line.PadTo((i - first) * cell);
                line.Add(buckets[i].Number.ToString(CultureInfo.InvariantCulture).PadLeft(numberWidth), Ink.Faint).Add(" ");
                AddChain(line, buckets[i], signs, longest);
            }

            yield return line;
        }
    }

    private static void AddChain(PictureLine line, BucketLayout bucket, Signs signs, int longest)
    {
        for (int link = 0; link < Math.Min(longest, bucket.Chain.Count); link++)
        {
            if (link > 0) line.Add(signs.Link, Ink.Second);
            for (int slot = 0; slot < bucket.Chain[link].Count; slot++)
            {
                (string sign, Ink ink) = signs.Of(bucket, link, slot);
                line.Add(sign, ink);
            }
        }

        if (bucket.Chain.Count > longest) line.Add(signs.Cut, Ink.Second);
    }

    /// <summary>The signs for slots, and which of them were used.</summary>
    private sealed class Signs(bool ascii, bool detailed, MapLookup? mark)
    {
        private const int Live = 5;

        private readonly SortedSet<int> _used = [];
        private bool _linked;
        private bool _marked;

        public bool Detailed => detailed;

        public string Link
        {
            get
            {
                _linked = true;
                return ascii ? ">" : "→";
            }
        }

        public string Cut => ascii ? "~" : "…";

        public string More => ascii ? "..." : "…";

        public string Here => ascii ? "<" : "◂";

        public bool IsMarked(BucketLayout bucket, int link, int slot) => mark?.EndedAt(bucket, link, slot) == true;

        public (string Sign, Ink Ink) Of(BucketLayout bucket, int link, int number)
        {
            SlotLayout slot = bucket.Chain[link][number];
            if (!detailed && IsMarked(bucket, link, number))
            {
                _marked = true;
                return (MarkSign, Ink.Alarm);
            }

            int kind = slot.IsLive ? Live : slot.Tophash;
            _used.Add(kind);
            (string sign, Ink ink) = Sign(kind);
            // In detail two columns: those of a tophash.
            return (!detailed ? sign : slot.IsLive ? slot.State : sign + sign, ink);
        }

        public IEnumerable<PictureLine> Legend(int width)
        {
            var parts = _used.Reverse().Select(kind => (InLegend(kind), Meaning(kind))).ToList();
            if (_linked) parts.Add(((Link, Ink.Second), "overflow bucket"));
            if (_marked) parts.Add(((MarkSign, Ink.Alarm), "the key"));
            return PictureLine.Legend([.. parts.Select(static part => (part.Item1.Sign, part.Item1.Ink, part.Item2))], width);
        }

        private string MarkSign => ascii ? "@" : "◆";

        private (string Sign, Ink Ink) InLegend(int kind)
        {
            (string sign, Ink ink) = Sign(kind);
            return (!detailed ? sign : kind == Live ? "5c" : sign + sign, ink);
        }

        private (string Sign, Ink Ink) Sign(int kind) => kind switch
        {
            0 => (ascii ? "." : "·", Ink.Faint),
            2 => ("x", Ink.Third),
            3 => ("y", Ink.Fourth),
            4 => ("-", Ink.Faint),
            _ => (ascii ? "#" : "■", Ink.First),
        };

        private string Meaning(int kind) => kind switch
        {
            0 => "emptyRest",
            2 => "evacuatedX",
            3 => "evacuatedY",
            4 => "evacuatedEmpty",
            _ => detailed ? "live: its tophash" : "live",
        };
    }
}
