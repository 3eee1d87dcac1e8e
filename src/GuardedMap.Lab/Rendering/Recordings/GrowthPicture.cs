using System.Globalization;

namespace GuardedMaps.Lab.Rendering;

/// <summary>
/// How a recorded map grew, as frames: a row for each event that moved something, with the fill of every bucket before and after; what happened in
/// between is counted.
/// </summary>
/// <remarks>
/// <code>
///   step entries  old     buckets
///      9       8          8            8 inserts
///     10       8  8       ..           growth to 2 buckets began: LoadFactor
///     11       8  x       53           old bucket 0 evacuated: 5 to X, 3 to Y
/// </code>
/// </remarks>
public sealed record GrowthPicture : MapPicture
{
    private const int MostRows = 40;
    private const int MostBuckets = 16;
    private const int Margin = 18;
    private const int RowHeight = 30;
    private const int MostArrayWidth = 290;
    private const int BarWidth = 16;
    private const int MostBars = 64;
    private const int OldLeft = 150;

    private readonly List<GrowthRow> _rows = [];

    /// <summary>Makes the picture of a recording.</summary>
    public GrowthPicture(MapRecording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        Recording = recording;
        MakeRows();
    }

    /// <summary>The recording.</summary>
    public MapRecording Recording { get; }

    /// <inheritdoc/>
    public override string Title => $"How map '{PictureText.Key(Recording.MapName)}' grew";

    /// <summary>The rows, from the first step to the last.</summary>
    internal IReadOnlyList<GrowthRow> Rows => _rows;

    /// <inheritdoc/>
    public override IReadOnlyList<PictureLine> Draw(PictureFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        int width = Math.Max(PictureFormat.LeastWidth, format.Width);
        // The columns are as wide as the widest array that is drawn bucket by bucket.
        int most = Math.Clamp((width - 15 - 30) / 2, 7, MostBuckets + 1);
        int array = Shown().SelectMany(static row => (int[])[row.Frame.Layout.OldBuckets.Count, row.Frame.Layout.Buckets.Count]).Select(count => count >= most ? most : count + 1).Append(5).Max();
        var lines = new List<PictureLine>();
        foreach (string line in RacePicture.Wrap(Title, width)) lines.Add(new PictureLine().Add(line, Ink.Strong));
        lines.Add(new PictureLine());
        lines.Add(new PictureLine().Add("step entries  ", Ink.Faint).Add("old", Ink.Faint).PadTo(14 + array + 1).Add("new", Ink.Faint));
        foreach (GrowthRow row in Shown())
        {
            var line = new PictureLine().Add(Format($"{row.Frame.Number,4} {row.Frame.Layout.Count,7}  "), Ink.Faint);
            AddArray(line, row.Frame.Layout.OldBuckets, array, Ink.Fourth);
            line.PadTo(14 + array + 1);
            AddArray(line, row.Frame.Layout.Buckets, array, Ink.First);
            line.PadTo(14 + (2 * (array + 1)));
            // Words that do not fit go on below themselves.
            int left = line.Width;
            foreach (string part in RacePicture.Wrap(row.Text, Math.Max(6, width - left)))
            {
                lines.Add(line.Add(part, row.IsEvent ? Ink.Plain : Ink.Faint));
                line = new PictureLine().PadTo(left);
            }
        }

        foreach (string line in RacePicture.Wrap(Footer("A digit is a bucket with so many entries, + one with more than 9, x an evacuated one, · an empty one."), width)) lines.Add(new PictureLine().Add(line, Ink.Faint));
        return PictureLine.For(format, lines);
    }

    /// <inheritdoc/>
    public override string ToSvg(int columns = 100)
    {
        var canvas = new SvgCanvas();
        canvas.Words(Margin, 30, Title, size: 14, bold: true);
        int most = Shown().Select(static row => Math.Max(row.Frame.Layout.OldBuckets.Count, row.Frame.Layout.Buckets.Count)).DefaultIfEmpty().Max();
        int array = Math.Clamp((most * BarWidth) + 30, 110, MostArrayWidth);
        int words = OldLeft + (2 * array);
        int y = 62;
        canvas.Words(Margin, y, "step", SvgCanvas.Faint, size: 11);
        canvas.Words(Margin + 50, y, "entries", SvgCanvas.Faint, size: 11);
        canvas.Words(OldLeft, y, "old buckets", SvgCanvas.Faint, size: 11);
        canvas.Words(OldLeft + array, y, "buckets", SvgCanvas.Faint, size: 11);
        y += 10;
        foreach (GrowthRow row in Shown())
        {
            canvas.Words(Margin + 30, y + 20, row.Frame.Number.ToString(CultureInfo.InvariantCulture), SvgCanvas.Faint, anchor: "end");
            canvas.Words(Margin + 96, y + 20, row.Frame.Layout.Count.ToString(CultureInfo.InvariantCulture), anchor: "end");
            Bars(canvas, row.Frame.Layout.OldBuckets, OldLeft, y, Ink.Fourth);
            Bars(canvas, row.Frame.Layout.Buckets, OldLeft + array, y, Ink.First);
            canvas.Words(words, y + 20, PictureText.Cut(row.Text, 62), row.IsEvent ? SvgCanvas.Text : SvgCanvas.Faint);
            y += RowHeight;
        }

        foreach (string line in RacePicture.Wrap(Footer("A bar is a bucket and how full it is. A stroke through it: evacuated. A line above it: it has overflow buckets."), (words + 440) / 8))
        {
            canvas.Words(Margin, y + 18, line, SvgCanvas.Faint, size: 11);
            y += 15;
        }

        return canvas.Finish(Title, words + 480, y + 18);
    }

    private static void Bars(SvgCanvas canvas, IReadOnlyList<BucketLayout> buckets, int left, int y, Ink ink)
    {
        if (buckets.Count == 0) return;
        const int Height = 24;
        // Of a large array a bar stands for several buckets: their mean, and evacuated only if all are.
        int perBar = (buckets.Count + MostBars - 1) / MostBars;
        double width = Math.Min(BarWidth, (MostArrayWidth - 20.0) * perBar / buckets.Count);
        string colour = SvgCanvas.ColourOf(ink);
        var frames = new System.Text.StringBuilder();
        var fills = new System.Text.StringBuilder();
        var gone = new System.Text.StringBuilder();
        var over = new System.Text.StringBuilder();
        double gap = width > 4 ? 2 : 0;
        for (int first = 0; first < buckets.Count; first += perBar)
        {
            List<BucketLayout> group = [.. buckets.Skip(first).Take(perBar)];
            double x = left + (first / perBar * width);
            string box = Format($"h{width - gap:0.##}");
            if (width > 4) frames.Append(Format($"M{x:0.##} {y + 2}{box}v{Height}H{x:0.##}z"));
            if (group.TrueForAll(static bucket => bucket.IsEvacuated))
            {
                gone.Append(Format($"M{x:0.##} {y + 2}l{width - gap:0.##} {Height}"));
                continue;
            }

            double fill = Math.Min(8, group.Average(static bucket => bucket.Live)) * Height / 8.0;
            if (fill > 0) fills.Append(Format($"M{x:0.##} {y + 2 + Height - fill:0.##}{box}V{y + 2 + Height}H{x:0.##}z"));
            if (group.Exists(static bucket => bucket.Overflow > 0)) over.Append(Format($"M{x:0.##} {y}{box}"));
        }

        canvas.Path(frames.ToString(), stroke: SvgCanvas.Hair);
        canvas.Path(fills.ToString(), colour, 0.7);
        canvas.Path(gone.ToString(), stroke: SvgCanvas.ColourOf(Ink.Third), strokeWidth: 1.5);
        canvas.Path(over.ToString(), stroke: SvgCanvas.ColourOf(Ink.Second), strokeWidth: 2);
    }

    /// <summary>One sign for each bucket: how many entries it has; x if it was evacuated. An array with too many buckets is counted.</summary>
    private static void AddArray(PictureLine line, IReadOnlyList<BucketLayout> buckets, int width, Ink ink)
    {
        if (buckets.Count == 0) return;
        if (buckets.Count >= width)
        {
            line.Add(PictureText.Cut(buckets[0].IsOld ? Format($"{buckets.Count(static b => b.IsEvacuated)}/{buckets.Count} moved") : Format($"{buckets.Count} buckets"), width), ink);
            return;
        }

        foreach (BucketLayout bucket in buckets)
        {
            (string sign, Ink colour) = bucket.IsEvacuated ? ("x", Ink.Third) : bucket.Live == 0 ? ("·", Ink.Faint) : bucket.Live > 9 ? ("+", ink) : (Format($"{bucket.Live}"), ink);
            line.Add(sign, colour);
        }
    }

    private List<GrowthRow> Shown()
    {
        if (_rows.Count <= MostRows) return _rows;
        return [.. _rows.Take(MostRows / 2), .. _rows.TakeLast(MostRows / 2)];
    }

    private string Footer(string text)
    {
        if (_rows.Count > MostRows) text = Format($"{_rows.Count - MostRows} rows in the middle are left out. ") + text;
        return Recording.LeftOut == 0 ? text : text + Format($" The recording was full: {Recording.LeftOut} more steps are not in it.");
    }

    private void MakeRows()
    {
        int inserts = 0;
        int others = 0;
        for (int i = 1; i < Recording.Frames.Count; i++)
        {
            MapFrame frame = Recording.Frames[i];
            bool moves = frame.Point is ProbePoint.GrowStarted or ProbePoint.BucketEvacuated or ProbePoint.GrowFinished or ProbePoint.OverflowAdded or ProbePoint.Cleared;
            if (moves)
            {
                _rows.Add(new GrowthRow(frame, frame.Text, IsEvent: true));
                continue;
            }

            if (frame.Point == ProbePoint.EntryInserted) inserts++;
            else others++;
            bool isLastOfRun = i == Recording.Frames.Count - 1 || Recording.Frames[i + 1].Point is ProbePoint.GrowStarted or ProbePoint.BucketEvacuated or ProbePoint.GrowFinished or ProbePoint.OverflowAdded or ProbePoint.Cleared;
            if (!isLastOfRun) continue;
            string text = string.Join(", ", ((string[])[inserts > 0 ? PictureText.Counted(inserts, "insert", "inserts") : "", others > 0 ? PictureText.Counted(others, "other step", "other steps") : ""]).Where(static t => t.Length > 0));
            _rows.Add(new GrowthRow(frame, text, IsEvent: false));
            inserts = 0;
            others = 0;
        }
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A row of the timeline.</summary>
/// <param name="Frame">The moment.</param>
/// <param name="Text">What happened.</param>
/// <param name="IsEvent">True if something was moved; false for what is only counted.</param>
internal sealed record GrowthRow(MapFrame Frame, string Text, bool IsEvent);
