using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab.Rendering;

// An iterator's way as a drawing:
//
//     Nil → Init → [Bucket] ↔ NextBucket → Done         the live state framed
//
//       ring of all stretches, clockwise     the stretches around the one it is in, in the order
//       from stretch 0; start marked         they are walked, eight entries each
//
// Of more than 64 stretches the ring's beads are too small to be told apart: then it is an arc for what is done and one for what is to come.

/// <summary>Draws an iterator's way as SVG.</summary>
internal sealed class IteratorSvg(IteratorPicture picture)
{
    private const int Margin = 18;
    private const int MostBeads = 64;
    private const int MostLines = 9;
    private const int Radius = 118;
    private const int RingLeft = Margin + 36;
    private const int RowsLeft = 356;
    private const int CellWidth = 58;
    private const int RowHeight = 30;
    private const int NumberWidth = 80;
    private const int Width = RowsLeft + NumberWidth + (8 * CellWidth) + Margin;

    private readonly SvgCanvas _canvas = new();

    public override string ToString()
    {
        _canvas.Words(Margin, 30, PictureText.Cut(picture.Title, 100), size: 14, bold: true);
        int y = 50;
        foreach (string fact in picture.Facts().SelectMany(static fact => RacePicture.Wrap(fact, 128)))
        {
            _canvas.Words(Margin, y, fact, SvgCanvas.Faint);
            y += 17;
        }

        States(y + 4);
        y += 52;
        int bottom = y;
        if (picture.Buckets > 0)
        {
            Ring(RingLeft + Radius, y + Radius + 30);
            bottom = Math.Max(y + (2 * Radius) + 60, Rows(y + 6));
            bottom = Legend(bottom + 14);
        }

        return _canvas.Finish(picture.Title, Width, bottom + Margin);
    }

    private void States(int y)
    {
        double x = Margin;
        foreach (IteratorState state in Enum.GetValues<IteratorState>())
        {
            bool live = state == picture.State;
            double width = (state.ToString().Length * 8) + 24;
            _canvas.Box(x, y, width, 28, live ? SvgCanvas.ColourOf(Ink.First) : SvgCanvas.Ground, 1, live ? "#0b3d66" : SvgCanvas.Hair, live ? 3 : 1, 14);
            _canvas.Words(x + (width / 2), y + 18, state.ToString(), live ? "#ffffff" : SvgCanvas.Faint, bold: live, anchor: "middle");
            x += width;
            if (state == IteratorState.Done) break;
            _canvas.Words(x + 17, y + 18, state == IteratorState.Bucket ? "↔" : "→", SvgCanvas.Faint, anchor: "middle");
            x += 34;
        }
    }

    private void Ring(double cx, double cy)
    {
        int buckets = picture.Buckets;
        if (buckets <= MostBeads)
        {
            Arc(cx, cy, 0, buckets, SvgCanvas.Hair, 1.5);
            double bead = Math.Clamp(Math.PI * Radius / buckets * 0.86, 3, 17);
            // A stretch that is begun in its middle has two rows, and one bead.
            IteratorRow[] rest = [.. picture.Rows.Skip(buckets)];
            foreach (IteratorRow row in picture.Rows.Take(buckets)) Bead(Array.Find(rest, r => r.Bucket == row.Bucket && r.Place == IteratorPlace.Now) ?? row, cx, cy, bead);
        }
        else
        {
            int done = Math.Min(buckets, picture.Rows.Count(static row => row.Place == IteratorPlace.Done));
            Arc(cx, cy, picture.StartBucket, done, SvgCanvas.ColourOf(Ink.Third), 14);
            Arc(cx, cy, picture.StartBucket + done, buckets - done, SvgCanvas.ColourOf(Ink.First), 4);
            if (picture.Rows.FirstOrDefault(static row => row.Place == IteratorPlace.Now) is { } now) Bead(now, cx, cy, 9);
        }

        // Where it began, and where the end of the table is.
        (double x, double y) = At(cx, cy, Radius + 30, picture.StartBucket);
        if (picture.State != IteratorState.Nil) _canvas.Words(x, y + 4, "start", SvgCanvas.Text, size: 10, bold: true, anchor: "middle");
        (double x1, double y1) = At(cx, cy, Radius - 24, -0.5);
        (double x2, double y2) = At(cx, cy, Radius + 22, -0.5);
        if (buckets > 1)
        {
            _canvas.Line(x1, y1, x2, y2, SvgCanvas.Faint, 1.5);
            (double x3, double y3) = At(cx, cy, Radius - 36, -0.5);
            _canvas.Words(x3, y3 + 4, "wrap", SvgCanvas.Faint, size: 9, anchor: "middle");
        }

        _canvas.Words(cx, cy - 18, Format($"{PictureText.Counted(buckets, "stretch", "stretches")}"), SvgCanvas.Text, bold: true, anchor: "middle");
        _canvas.Words(cx, cy, "clockwise", SvgCanvas.Faint, size: 11, anchor: "middle");
        _canvas.Words(cx, cy + 18, picture.Wrapped ? "wrapped" : "not wrapped", SvgCanvas.Faint, size: 11, anchor: "middle");
    }

    private void Bead(IteratorRow row, double cx, double cy, double bead)
    {
        (double x, double y) = At(cx, cy, Radius, row.Bucket);
        string colour = SvgCanvas.ColourOf(IteratorPicture.InkOf(row.Place));
        // A bead is a box with round corners: the canvas knows no circles, and needs none.
        _canvas.Box(x - bead, y - bead, 2 * bead, 2 * bead, row.Place == IteratorPlace.ToCome ? SvgCanvas.Ground : colour, row.Place == IteratorPlace.Done ? 0.75 : 1, colour, row.Place == IteratorPlace.Now ? 4 : 1.5, bead, Format($"stretch {row.Bucket}: {(row.Place switch { IteratorPlace.Done => "visited", IteratorPlace.Now => "here", _ => "to come" })}"));
        if (bead < 8) return;
        string number = row.Bucket.ToString(CultureInfo.InvariantCulture);
        _canvas.Words(x, y + 4, number, row.Place == IteratorPlace.ToCome ? colour : "#ffffff", size: bead < 12 ? 9 : 12, bold: row.Place == IteratorPlace.Now, anchor: "middle");
    }

    private void Arc(double cx, double cy, int from, int count, string colour, double width)
    {
        if (count <= 0) return;
        // In pieces of at most a quarter, so that no arc is ambiguous.
        int pieces = Math.Max(1, (int)Math.Ceiling(count * 4.0 / picture.Buckets));
        (double x, double y) = At(cx, cy, Radius, from - 0.5);
        var path = new StringBuilder(Format($"M {x:0.#} {y:0.#}"));
        for (int piece = 1; piece <= pieces; piece++)
        {
            (x, y) = At(cx, cy, Radius, from - 0.5 + (count * (double)piece / pieces));
            path.Append(CultureInfo.InvariantCulture, $" A {Radius} {Radius} 0 0 1 {x:0.#} {y:0.#}");
        }

        _canvas.Path(path.ToString(), stroke: colour, strokeWidth: width);
    }

    private (double X, double Y) At(double cx, double cy, double radius, double bucket)
    {
        double angle = (2 * Math.PI * bucket / picture.Buckets) - (Math.PI / 2);
        return (cx + (radius * Math.Cos(angle)), cy + (radius * Math.Sin(angle)));
    }

    private int Rows(int top)
    {
        _canvas.Words(RowsLeft, top + 12, "stretch", SvgCanvas.Faint, size: 11);
        for (int i = 0; i < 8; i++) _canvas.Words(RowsLeft + NumberWidth + (i * CellWidth) + (CellWidth / 2.0), top + 12, Format($"{i}"), SvgCanvas.Faint, size: 10, anchor: "middle");
        int y = top + 20;
        List<IteratorRow> rows = [.. picture.Shown()];
        int now = Math.Max(0, rows.FindIndex(static row => row.Place != IteratorPlace.Done));
        List<IteratorRow> shown = [.. rows.Skip(Math.Max(0, Math.Min(now - 2, rows.Count - MostLines))).Take(MostLines)];
        foreach (IteratorRow row in shown)
        {
            string name = Format($"{(row.Place switch { IteratorPlace.Done => "✓", IteratorPlace.Now => "▶", _ => " " })} {row.Bucket}");
            _canvas.Words(RowsLeft, y + 18, name, SvgCanvas.ColourOf(IteratorPicture.InkOf(row.Place)), bold: row.Place == IteratorPlace.Now);
            IReadOnlyList<IteratorMark> marks = picture.MarksOf(row);
            string[] keys = [.. picture.KeysOf(row).Select(static k => k.Key)];
            int key = 0;
            for (int i = 0; i < marks.Count; i++)
            {
                if (marks[i] != IteratorMark.Elsewhere) Cell(RowsLeft + NumberWidth + (i * CellWidth), y, marks[i], marks[i] == IteratorMark.Empty ? "" : keys[key++]);
            }

            y += RowHeight;
        }

        if (shown.Count < picture.Rows.Count) _canvas.Words(RowsLeft + NumberWidth, y + 14, Format($"{picture.Rows.Count - shown.Count} of {picture.Rows.Count} stretches are not drawn"), SvgCanvas.Faint, size: 11);
        return y + 18;
    }

    private void Cell(double x, double y, IteratorMark mark, string key)
    {
        string colour = mark == IteratorMark.Empty ? SvgCanvas.Hair : SvgCanvas.ColourOf(IteratorPicture.InkOf(mark));
        _canvas.Box(x, y, CellWidth - 4, RowHeight - 6, mark == IteratorMark.Empty ? SvgCanvas.Ground : colour, mark switch { IteratorMark.Visited => 0.25, IteratorMark.Current => 0.2, IteratorMark.ToCome => 0.04, _ => 1 }, colour, mark == IteratorMark.Current ? 3 : 1, 3, key.Length == 0 ? null : key);
        _canvas.Words(x + ((CellWidth - 4) / 2.0), y + 16, PictureText.Cut(key, 7), SvgCanvas.Text, size: 11, bold: mark == IteratorMark.Current, anchor: "middle");
    }

    private int Legend(int y)
    {
        double x = Margin;
        foreach ((IteratorMark mark, string text) in ((IteratorMark, string)[])[(IteratorMark.Visited, "visited"), (IteratorMark.Current, "here"), (IteratorMark.ToCome, "to come"), (IteratorMark.Empty, "empty")])
        {
            Cell(x, y - 12, mark, "");
            _canvas.Words(x + CellWidth + 2, y + 4, text, SvgCanvas.Faint);
            x += CellWidth + 24 + (text.Length * 7);
        }

        return y + 14;
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
