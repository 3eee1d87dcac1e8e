using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab.Rendering;

// A table as a drawing, in one of three scales, chosen so that the document stays small whatever the table's size:
//
//     detail      up to 16 buckets   each slot a box with tophash and key; old array left, new array right, arrows from each
//                                    evacuated bucket to X and Y
//     grid        up to 512          each slot a little square; all squares of a kind are one path
//     aggregate   any size           each cell stands for a power of two of buckets, its darkness for how full they are

/// <summary>Draws a layout as SVG.</summary>
internal sealed class LayoutSvg(LayoutPicture picture)
{
    private const int Margin = 18;
    private const int MostInDetail = 64;
    private const int MostInGrid = 512;
    private const int MostCells = 1024;
    private const int CellsPerRow = 64;
    private const int CellWidth = 58;
    private const int CellHeight = 30;
    private const int NumberWidth = 40;
    private const int Arrows = 90;
    private const int Square = 8;

    private readonly SvgCanvas _canvas = new();
    private int _right;
    private int _bottom;

    private MapLayout Layout => picture.Layout;

    public override string ToString()
    {
        _canvas.Words(Margin, 30, picture.Title, size: 14, bold: true);
        string facts = string.Join(", ", picture.Facts());
        _canvas.Words(Margin, 50, facts, SvgCanvas.Faint);
        _right = (int)Math.Max(facts.Length * SvgCanvas.CharacterWidth, picture.Title.Length * 8.5) + (2 * Margin);
        int y = 68;
        if (picture.MarkText() is { } mark)
        {
            _canvas.Words(Margin, y, mark, SvgCanvas.Alarm, bold: true);
            y += 20;
        }

        int buckets = Layout.Buckets.Count + Layout.OldBuckets.Count;
        if (buckets == 0) _canvas.Words(Margin, y + 8, "No buckets yet: nothing was ever stored.", SvgCanvas.Faint);
        else if (picture.IsDetailed && Math.Min(Layout.Buckets.Count, picture.MaxBuckets) <= MostInDetail) Detail(y + 8);
        else if (buckets <= MostInGrid) Grid(y + 8);
        else Aggregate(y + 8);
        _bottom = Math.Max(_bottom, y + 12);
        return _canvas.Finish(picture.Title, _right, _bottom + Margin);
    }

    private void Detail(int top)
    {
        bool growing = Layout.IsGrowing;
        int newLeft = growing ? Margin + NumberWidth + (8 * CellWidth) + Arrows : Margin;
        var newRows = Column(Layout.Buckets, newLeft, top, growing ? "new buckets" : "buckets");
        if (growing)
        {
            int evacuated = Layout.OldBuckets.Count(static bucket => bucket.IsEvacuated);
            var oldRows = Column(Layout.OldBuckets, Margin, top, string.Create(CultureInfo.InvariantCulture, $"old buckets, {evacuated} of {Layout.OldBuckets.Count} evacuated"));
            foreach (BucketLayout old in Layout.OldBuckets.Take(oldRows.Count).Where(static bucket => bucket.IsEvacuated))
            {
                Arrow(oldRows[old.Number], newRows, old.Number, Ink.Third, newLeft);
                if (Layout.Buckets.Count > Layout.OldBuckets.Count) Arrow(oldRows[old.Number], newRows, old.Number + Layout.OldBuckets.Count, Ink.Fourth, newLeft);
            }
        }

        Legend(_bottom + 22);
    }

    /// <summary>One array, a bucket to a row, its chain below it. Gives where each bucket's row begins.</summary>
    private List<int> Column(IReadOnlyList<BucketLayout> buckets, int left, int top, string title)
    {
        var rows = new List<int>();
        _canvas.Words(left, top + 12, title, bold: true);
        int y = top + 22;
        foreach (BucketLayout bucket in buckets.Take(Math.Min(picture.MaxBuckets, MostInDetail)))
        {
            rows.Add(y);
            for (int link = 0; link < bucket.Chain.Count; link++)
            {
                string label = link == 0 ? bucket.Number.ToString(CultureInfo.InvariantCulture) : "└→";
                _canvas.Words(left + NumberWidth - 10, y + 19, label, link == 0 ? SvgCanvas.Text : SvgCanvas.ColourOf(Ink.Second), bold: link > 0, anchor: "end");
                for (int slot = 0; slot < bucket.Chain[link].Count; slot++) Slot(bucket, link, slot, left + NumberWidth + (slot * CellWidth), y);
                y += CellHeight + 4;
            }

            y += 3;
        }

        int rest = buckets.Count - rows.Count;
        if (rest > 0) _canvas.Words(left + NumberWidth, y + 12, $"… and {PictureText.Counted(rest, "bucket", "buckets")} more", SvgCanvas.Faint);
        _right = Math.Max(_right, left + NumberWidth + (8 * CellWidth) + Margin);
        _bottom = Math.Max(_bottom, y + (rest > 0 ? 18 : 0));
        return rows;
    }

    private void Slot(BucketLayout bucket, int link, int number, int x, int y)
    {
        SlotLayout slot = bucket.Chain[link][number];
        bool marked = picture.Mark?.EndedAt(bucket, link, number) == true;
        string colour = SvgCanvas.ColourOf(InkOf(slot));
        string title = string.Create(CultureInfo.InvariantCulture, $"{(bucket.IsOld ? "old " : "")}bucket {bucket.Number}{(link > 0 ? $" link {link}" : "")} slot {number}: {(slot.IsLive ? $"{slot.State} {PictureText.Key(slot.Key)} = {PictureText.Key(slot.Value)}, entry {slot.Number}" : slot.State)}");
        _canvas.Box(x, y, CellWidth - 3, CellHeight, slot.Tophash == 0 ? SvgCanvas.Ground : colour, slot.IsLive ? 0.14 : slot.Tophash == 0 ? 1 : 0.07, marked ? SvgCanvas.Alarm : slot.IsLive ? colour : SvgCanvas.Hair, marked ? 3 : 1, 3, title);
        double middle = x + ((CellWidth - 3) / 2.0);
        if (slot.IsLive)
        {
            _canvas.Words(middle, y + 11, slot.State, SvgCanvas.Faint, size: 9, anchor: "middle");
            _canvas.Words(middle, y + 24, PictureText.Cut(PictureText.Key(slot.Key), 7), anchor: "middle");
        }
        else
        {
            _canvas.Words(middle, y + 19, SignOf(slot), colour, size: slot.Tophash is 2 or 3 ? 10 : 12, anchor: "middle");
        }
    }

    private void Arrow(int oldRow, List<int> newRows, int to, Ink ink, int newLeft)
    {
        if (to >= newRows.Count) return;
        double x1 = Margin + NumberWidth + (8 * CellWidth);
        double x2 = newLeft + NumberWidth - 28;
        double y1 = oldRow + (CellHeight / 2.0) + (ink == Ink.Third ? -4 : 4);
        double y2 = newRows[to] + (CellHeight / 2.0);
        string colour = SvgCanvas.ColourOf(ink);
        _canvas.Path(string.Create(CultureInfo.InvariantCulture, $"M {x1:0.#} {y1:0.#} C {x1 + 40:0.#} {y1:0.#} {x2 - 40:0.#} {y2:0.#} {x2:0.#} {y2:0.#}"), stroke: colour, strokeWidth: 1.5, strokeOpacity: 0.8);
        _canvas.Path(string.Create(CultureInfo.InvariantCulture, $"M {x2:0.#} {y2:0.#} l -7 -4 v 8 z"), fill: colour);
        _canvas.Words(x1 + 3, y1 + (ink == Ink.Third ? -3 : 11), ink == Ink.Third ? "X" : "Y", colour, size: 10, bold: true);
    }

    private void Grid(int top)
    {
        if (Layout.IsGrowing) top = GridOf(Layout.OldBuckets, top, string.Create(CultureInfo.InvariantCulture, $"old buckets, {Layout.OldBuckets.Count(static bucket => bucket.IsEvacuated)} of {Layout.OldBuckets.Count} evacuated"));
        top = GridOf(Layout.Buckets, top, Layout.IsGrowing ? "new buckets" : "buckets");
        Legend(top + 8);
    }

    private int GridOf(IReadOnlyList<BucketLayout> buckets, int top, string title)
    {
        const int MostLinks = 4;
        int links = Math.Min(MostLinks, buckets.Max(static bucket => bucket.Chain.Count));
        int cell = 34 + (links * ((8 * Square) + 8));
        int perRow = 1 << (int)Math.Log2(Math.Max(1, 860 / cell));
        _canvas.Words(Margin, top + 12, title, bold: true);
        top += 22;
        var paths = new SortedDictionary<byte, StringBuilder>();
        var arrows = new StringBuilder();
        foreach (BucketLayout bucket in buckets)
        {
            int x = Margin + (bucket.Number % perRow * cell);
            int y = top + (bucket.Number / perRow * (Square + 7));
            _canvas.Words(x + 26, y + Square, bucket.Number.ToString(CultureInfo.InvariantCulture), SvgCanvas.Faint, size: 9, anchor: "end");
            for (int link = 0; link < Math.Min(MostLinks, bucket.Chain.Count); link++)
            {
                int left = x + 30 + (link * ((8 * Square) + 8));
                if (link > 0) arrows.Append(CultureInfo.InvariantCulture, $"M{left - 7} {y + 4}h5m-2 -2l2 2l-2 2");
                for (int slot = 0; slot < 8; slot++)
                {
                    byte kind = Math.Min(bucket.Chain[link][slot].Tophash, Tophash.MinLive);
                    if (!paths.TryGetValue(kind, out StringBuilder? path)) paths.Add(kind, path = new StringBuilder());
                    path.Append(CultureInfo.InvariantCulture, $"M{left + (slot * Square)} {y}h7v8h-7z");
                    if (picture.Mark?.EndedAt(bucket, link, slot) == true) _canvas.Box(left + (slot * Square) - 3, y - 3, Square + 5, Square + 6, stroke: SvgCanvas.Alarm, strokeWidth: 2.5, radius: 2);
                }
            }
        }

        foreach ((byte kind, StringBuilder path) in paths) Squares(kind, path.ToString());
        _canvas.Path(arrows.ToString(), stroke: SvgCanvas.ColourOf(Ink.Second), strokeWidth: 1.5);
        int rows = (buckets.Count + perRow - 1) / perRow;
        _right = Math.Max(_right, (2 * Margin) + (Math.Min(perRow, buckets.Count) * cell));
        _bottom = top + (rows * (Square + 7));
        return _bottom + 12;
    }

    private void Squares(byte kind, string path)
    {
        string colour = SvgCanvas.ColourOf(InkOf(kind));
        // What differs in colour differs in lightness or frame as well.
        (double fill, string stroke) = kind switch { 0 => (0.0, SvgCanvas.Hair), 2 => (0.85, "none"), 3 => (0.25, colour), 4 => (0.08, SvgCanvas.Hair), _ => (1.0, "none") };
        _canvas.Path(path, fill <= 0 ? SvgCanvas.Ground : colour, fill <= 0 ? 1 : fill, stroke);
    }

    private void Aggregate(int top)
    {
        if (Layout.IsGrowing) top = AggregateOf(Layout.OldBuckets, top, "old buckets");
        top = AggregateOf(Layout.Buckets, top, Layout.IsGrowing ? "new buckets" : "buckets");
        int x = Margin;
        foreach ((int level, string text) in ((int, string)[])[(0, "empty"), (4, "half full"), (8, "full"), (9, "evacuated")])
        {
            Cells(level, string.Create(CultureInfo.InvariantCulture, $"M{x} {top}h10v10h-10z"));
            _canvas.Words(x + 16, top + 10, text, SvgCanvas.Faint);
            x += 40 + (text.Length * 7);
        }

        _canvas.Box(x + 3, top + 3, 4, 4, SvgCanvas.ColourOf(Ink.Second));
        _canvas.Words(x + 16, top + 10, "with overflow buckets", SvgCanvas.Faint);
        _bottom = top + 12;
    }

    private int AggregateOf(IReadOnlyList<BucketLayout> buckets, int top, string title)
    {
        int perCell = 1;
        while (buckets.Count / perCell > MostCells) perCell *= 2;
        _canvas.Words(Margin, top + 12, string.Create(CultureInfo.InvariantCulture, $"{title}: each cell stands for {PictureText.Counted(perCell, "bucket", "buckets")}, row by row"), bold: true);
        top += 22;
        var levels = new SortedDictionary<int, StringBuilder>();
        var overflow = new StringBuilder();
        int cells = (buckets.Count + perCell - 1) / perCell;
        for (int cell = 0; cell < cells; cell++)
        {
            int last = Math.Min(buckets.Count, (cell + 1) * perCell);
            int live = 0;
            int evacuated = 0;
            int links = 0;
            for (int bucket = cell * perCell; bucket < last; bucket++)
            {
                live += buckets[bucket].Live;
                links += buckets[bucket].Overflow;
                if (buckets[bucket].IsEvacuated) evacuated++;
            }

            int level = evacuated == last - (cell * perCell) ? 9 : Math.Min(8, (int)Math.Ceiling(live / (double)(last - (cell * perCell))));
            int x = Margin + (cell % CellsPerRow * 12);
            int y = top + (cell / CellsPerRow * 12);
            if (!levels.TryGetValue(level, out StringBuilder? path)) levels.Add(level, path = new StringBuilder());
            path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h10v10h-10z");
            if (links > 0) overflow.Append(CultureInfo.InvariantCulture, $"M{x + 3} {y + 3}h4v4h-4z");
            if (picture.Mark is { } mark && mark.InOldBuckets == buckets[0].IsOld && mark.Bucket / perCell == cell) _canvas.Box(x - 2, y - 2, 14, 14, stroke: SvgCanvas.Alarm, strokeWidth: 2.5);
        }

        foreach ((int level, StringBuilder path) in levels) Cells(level, path.ToString());
        _canvas.Path(overflow.ToString(), SvgCanvas.ColourOf(Ink.Second));
        _right = Math.Max(_right, (2 * Margin) + (CellsPerRow * 12));
        return top + ((cells + CellsPerRow - 1) / CellsPerRow * 12) + 14;
    }

    private void Cells(int level, string path)
    {
        if (level == 9) _canvas.Path(path, SvgCanvas.Ground, 1, SvgCanvas.ColourOf(Ink.Third), 1.5);
        else if (level == 0) _canvas.Path(path, SvgCanvas.Ground, 1, SvgCanvas.Hair);
        else _canvas.Path(path, SvgCanvas.ColourOf(Ink.First), 0.1 + (0.9 * level / 8));
    }

    private void Legend(int y)
    {
        int x = Margin;
        var kinds = Layout.Buckets.Concat(Layout.OldBuckets).SelectMany(static bucket => bucket.Chain).SelectMany(static part => part)
            .Select(static slot => Math.Min(slot.Tophash, Tophash.MinLive)).Distinct().OrderDescending();
        foreach (byte kind in kinds)
        {
            string text = kind == Tophash.MinLive ? "live: tophash and key" : Tophash.Name(kind);
            Squares(kind, string.Create(CultureInfo.InvariantCulture, $"M{x} {y}h9v10h-9z"));
            _canvas.Words(x + 15, y + 10, text, SvgCanvas.Faint);
            x += 36 + (text.Length * 7);
        }

        _right = Math.Max(_right, x);
        _bottom = Math.Max(_bottom, y + 12);
    }

    private static string SignOf(SlotLayout slot) => slot.Tophash switch { 0 => "", 2 => "→ X", 3 => "→ Y", _ => "–" };

    private static Ink InkOf(SlotLayout slot) => InkOf(slot.Tophash);

    private static Ink InkOf(byte tophash) => tophash switch { 0 or 4 => Ink.Faint, 2 => Ink.Third, 3 => Ink.Fourth, _ => Ink.First };
}
