using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab.Rendering;

// The parts as a drawing. In detail: the read part on the left, the dirty part on the right, and between them the entries, once each, with a line from each part that
// leads there. That both parts lead to the same entry is what makes the map work, so it is what the drawing shows first. A large map: one little
// square for each entry, the read part above the dirty part.

/// <summary>Draws the parts of a SyncMap as SVG.</summary>
internal sealed class SyncSvg(SyncPicture picture)
{
    private const int Margin = 18;
    private const int MostInDetail = 64;
    private const int MostSquares = 4_000;
    private const int RowHeight = 26;
    private const int PartWidth = 120;
    private const int EntryWidth = 250;
    private const int Gap = 90;
    private const int Square = 8;
    private const int PerRow = 100;

    private readonly SvgCanvas _canvas = new();
    private int _right;

    private SyncLayout Layout => picture.Layout;

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

        if (Layout.Entries.Count == 0) _canvas.Words(Margin, y + 8, "Both parts are empty: nothing is stored.", SvgCanvas.Faint);
        else if (picture.IsDetailed && picture.Shown.Count <= MostInDetail) y = Detail(y);
        else y = Squares(y);
        return _canvas.Finish(picture.Title, _right, y + Margin + 8);
    }

    private int Detail(int top)
    {
        var shown = picture.Shown;
        int height = (shown.Count * RowHeight) - 6;
        const int entryLeft = Margin + PartWidth + Gap;
        const int dirtyLeft = entryLeft + EntryWidth + Gap;
        Part(Margin, top, height, "read part", $"{PictureText.Counted(Layout.ReadKeys, "key", "keys")}, no lock", Ink.First);
        if (Layout.HasDirty) Part(dirtyLeft, top, height, "dirty part", $"{PictureText.Counted(Layout.DirtyKeys, "key", "keys")}, under the lock", Ink.Second);
        for (int row = 0; row < shown.Count; row++)
        {
            SyncEntryLayout entry = shown[row];
            double y = top + (row * RowHeight) + 10;
            if (entry.IsInRead) Arrow(Margin + PartWidth, y, entryLeft, SvgCanvas.ColourOf(Ink.First));
            if (entry.IsInDirty) Arrow(dirtyLeft, y, entryLeft + EntryWidth, SvgCanvas.ColourOf(Ink.Second));
            Entry(entry, entryLeft, y);
        }

        int bottom = top + height + 12;
        if (Layout.Entries.Count > shown.Count)
        {
            _canvas.Words(entryLeft, bottom + 8, $"… and {PictureText.Counted(Layout.Entries.Count - shown.Count, "entry", "entries")} more", SvgCanvas.Faint);
            bottom += 16;
        }

        _right = Math.Max(_right, (Layout.HasDirty ? dirtyLeft + PartWidth : entryLeft + EntryWidth) + Margin);
        return Legend(bottom + 8);
    }

    private void Part(int x, int y, int height, string name, string what, Ink ink)
    {
        string colour = SvgCanvas.ColourOf(ink);
        _canvas.Box(x, y, PartWidth, Math.Max(height, 40), colour, 0.1, colour, 1.5, 6);
        _canvas.Words(x + (PartWidth / 2.0), y + 18, name, colour, bold: true, anchor: "middle");
        foreach (string line in RacePicture.Wrap(what, 18)) _canvas.Words(x + (PartWidth / 2.0), (y += 14) + 18, line, SvgCanvas.Faint, size: 10, anchor: "middle");
    }

    private void Arrow(double from, double y, double to, string colour)
    {
        int head = to > from ? -7 : 7;
        _canvas.Line(from, y, to + head, y, colour, 1.5);
        _canvas.Path(string.Create(CultureInfo.InvariantCulture, $"M{to:0.#} {y:0.#}l{head} -4v8z"), colour);
    }

    private void Entry(SyncEntryLayout entry, double x, double y)
    {
        bool live = entry.State == SyncEntryState.Live;
        string colour = SvgCanvas.ColourOf(SyncPicture.InkOf(entry));
        string key = PictureText.Key(entry.Key);
        string state = live ? "" : entry.State == SyncEntryState.Removed ? "removed" : "expunged";
        _canvas.Box(x, y - 10, EntryWidth, 20, live ? colour : SvgCanvas.Ground, live ? 0.14 : 1, picture.IsMarked(entry.Key) ? SvgCanvas.Alarm : colour, picture.IsMarked(entry.Key) ? 3 : 1, 3, $"{key}{(live ? $" = {PictureText.Key(entry.Value)}" : $", {state}")}", live ? null : "4 3");
        _canvas.Words(x + 8, y + 4, PictureText.Cut(key, live ? 16 : 20), live ? SvgCanvas.Text : SvgCanvas.Faint);
        _canvas.Words(x + EntryWidth - 8, y + 4, live ? PictureText.Cut(PictureText.Key(entry.Value), 14) : $"{SyncPicture.SignOf(entry.State)} {state}", SvgCanvas.Faint, anchor: "end");
    }

    private int Squares(int top)
    {
        var shown = picture.Shown.Take(MostSquares).ToArray();
        foreach ((string part, Func<SyncEntryLayout, bool> knows) in (IEnumerable<(string, Func<SyncEntryLayout, bool>)>)[("read part", static e => e.IsInRead), ("dirty part", static e => e.IsInDirty)])
        {
            if (part == "dirty part" && !Layout.HasDirty) continue;
            _canvas.Words(Margin, top + 12, part, bold: true);
            top += 20;
            var paths = new SortedDictionary<int, StringBuilder>();
            for (int i = 0; i < shown.Length; i++)
            {
                if (!knows(shown[i])) continue;
                int x = Margin + (i % PerRow * Square);
                int y = top + (i / PerRow * (Square + 2));
                int kind = shown[i].State == SyncEntryState.Live ? shown[i].IsInRead ? 0 : 1 : 1 + (int)shown[i].State;
                if (!paths.TryGetValue(kind, out StringBuilder? path)) paths.Add(kind, path = new StringBuilder());
                path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h7v8h-7z");
                if (picture.IsMarked(shown[i].Key)) _canvas.Box(x - 3, y - 3, Square + 5, Square + 6, stroke: SvgCanvas.Alarm, strokeWidth: 2.5, radius: 2);
            }

            foreach ((int kind, StringBuilder path) in paths) SquaresOf(kind, path.ToString());
            top += (((shown.Length + PerRow - 1) / PerRow) * (Square + 2)) + 8;
        }

        if (Layout.Entries.Count > shown.Length)
        {
            _canvas.Words(Margin, top + 8, $"… and {PictureText.Counted(Layout.Entries.Count - shown.Length, "entry", "entries")} more", SvgCanvas.Faint);
            top += 18;
        }

        _right = Math.Max(_right, (2 * Margin) + (Math.Min(PerRow, shown.Length) * Square));
        return Legend(top + 4);
    }

    private void SquaresOf(int kind, string path)
    {
        (string fill, double opacity, string stroke) = kind switch
        {
            0 => (SvgCanvas.ColourOf(Ink.First), 1.0, "none"),
            1 => (SvgCanvas.ColourOf(Ink.Second), 0.7, SvgCanvas.ColourOf(Ink.Second)),
            2 => (SvgCanvas.Ground, 1.0, SvgCanvas.Faint),
            _ => (SvgCanvas.Faint, 0.25, SvgCanvas.Hair),
        };
        _canvas.Path(path, fill, opacity, stroke);
    }

    private int Legend(int y)
    {
        int x = Margin;
        foreach ((int kind, string text) in (IEnumerable<(int, string)>)[(0, "live"), (1, "live, a new key"), (2, "removed"), (3, "expunged: left out of the dirty part")])
        {
            bool used = kind switch
            {
                0 => picture.Shown.Any(static e => e.State == SyncEntryState.Live && e.IsInRead),
                1 => picture.Shown.Any(static e => e.State == SyncEntryState.Live && !e.IsInRead),
                _ => picture.Shown.Any(e => (int)e.State == kind - 1),
            };
            if (!used) continue;
            if (kind >= 2 && picture.IsDetailed) _canvas.Box(x, y, 9, 10, SvgCanvas.Ground, 1, SvgCanvas.Faint, dash: "3 2");
            else SquaresOf(kind, string.Create(CultureInfo.InvariantCulture, $"M{x} {y}h9v10h-9z"));
            _canvas.Words(x + 15, y + 10, text, SvgCanvas.Faint);
            x += 36 + (int)(text.Length * SvgCanvas.CharacterWidth);
        }

        _right = Math.Max(_right, x);
        return y + 12;
    }
}
