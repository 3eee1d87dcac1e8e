using System.Globalization;

namespace GuardedMaps.Lab.Rendering;

/// <summary>Draws the bit ruler: 64 bits in a row, the parts bracketed, and the slots that were searched below.</summary>
internal sealed class HashSvg(HashPicture picture)
{
    private const int Margin = 18;
    private const int Bit = 13;
    private const int Gap = 4;
    private const int CellWidth = 62;
    private const int CellHeight = 34;

    public override string ToString()
    {
        var canvas = new SvgCanvas();
        MapLookup lookup = picture.Lookup;
        int width = (2 * Margin) + (64 * Bit) + (7 * Gap);
        canvas.Words(Margin, 30, PictureText.Cut(picture.Title, 100), size: 14, bold: true);
        canvas.Words(Margin, 50, string.Create(CultureInfo.InvariantCulture, $"hash {lookup.Hash:x16}"), SvgCanvas.Faint);
        const int Top = 66;
        for (int bit = 63; bit >= 0; bit--)
        {
            char part = picture.PartOf(bit);
            string colour = SvgCanvas.ColourOf(HashPicture.InkOf(part));
            double x = LeftOf(bit);
            canvas.Box(x, Top, Bit - 1, 22, colour, part == ' ' ? 0.07 : part == 'c' ? 0.1 : 0.2, part == ' ' ? SvgCanvas.Hair : colour, title: string.Create(CultureInfo.InvariantCulture, $"bit {bit}"));
            canvas.Words(x + ((Bit - 1) / 2.0), Top + 16, (lookup.Hash >> bit & 1) != 0 ? "1" : "0", part == ' ' ? SvgCanvas.Faint : colour, bold: part is not (' ' or 'c'), anchor: "middle");
        }

        // A bracket below each part, with its letter.
        if (picture.BucketBits < HashPicture.UsedBits - 8)
        {
            Bracket(canvas, HashPicture.UsedBits - 1, HashPicture.UsedBits - 8, "tophash", Ink.First, Top + 28);
            if (picture.BucketBits < HashPicture.UsedBits - 9) Bracket(canvas, HashPicture.UsedBits - 9, picture.BucketBits + 1, "on the card, too", Ink.First, Top + 28);
        }

        if (picture.BucketBits > 0) Bracket(canvas, picture.BucketBits - 1, 0, "bucket", Ink.Second, Top + 28);
        // The growth bit stands beside the bucket's bits: its word goes above, where that of the bucket is not in the way.
        canvas.Words(LeftOf(picture.BucketBits) + Bit - 1, Top - 5, "growth", SvgCanvas.ColourOf(Ink.Fourth), size: 11, bold: true, anchor: "end");

        int y = Top + 66;
        foreach ((char part, string text) in picture.Parts())
        {
            canvas.Box(Margin, y - 10, 10, 10, SvgCanvas.ColourOf(HashPicture.InkOf(part)), part == 'c' ? 0.3 : 1, radius: 2);
            canvas.Words(Margin + 18, y, text);
            y += 19;
        }

        y += 8;
        foreach ((int link, IReadOnlyList<(SlotLayout Slot, SlotVerdict Verdict)> slots) in picture.SearchedSlots())
        {
            canvas.Words(Margin, y + 21, link == 0 ? string.Create(CultureInfo.InvariantCulture, $"{(lookup.InOldBuckets ? "old " : "")}bucket {lookup.Bucket}") : string.Create(CultureInfo.InvariantCulture, $"→ link {link}"), link == 0 ? SvgCanvas.Text : SvgCanvas.ColourOf(Ink.Second));
            for (int slot = 0; slot < slots.Count; slot++) Slot(canvas, Margin + 100 + (slot * (CellWidth + 3)), y, slot, slots[slot].Slot, slots[slot].Verdict);
            y += CellHeight + 22;
        }

        canvas.Words(Margin, y + 8, picture.Outcome(), bold: true);
        return canvas.Finish(picture.Title, width, y + 8 + Margin);
    }

    private static double LeftOf(int bit) => Margin + ((63 - bit) * Bit) + ((63 - bit) / 8 * Gap);

    private static void Bracket(SvgCanvas canvas, int high, int low, string text, Ink ink, int y)
    {
        string colour = SvgCanvas.ColourOf(ink);
        double left = LeftOf(high);
        double right = LeftOf(low) + Bit - 1;
        canvas.Path(string.Create(CultureInfo.InvariantCulture, $"M {left:0.#} {y - 4} V {y} H {right:0.#} V {y - 4}"), stroke: colour, strokeWidth: 1.5);
        // Near the right edge the word stands to the left of its bracket's end.
        bool atEdge = low < 4;
        canvas.Words(atEdge ? right : (left + right) / 2, y + 13, text, colour, size: 11, bold: true, anchor: atEdge ? "end" : "middle");
    }

    private static void Slot(SvgCanvas canvas, double x, double y, int number, SlotLayout slot, SlotVerdict verdict)
    {
        (string colour, string note) = verdict switch
        {
            SlotVerdict.Found => (SvgCanvas.ColourOf(Ink.Third), "= found"),
            SlotVerdict.FalseHit => (SvgCanvas.Alarm, "≠ other key"),
            _ => (SvgCanvas.Hair, ""),
        };
        canvas.Box(x, y, CellWidth, CellHeight, slot.IsLive ? SvgCanvas.ColourOf(Ink.First) : SvgCanvas.Ground, slot.IsLive ? 0.12 : 1, colour, verdict == SlotVerdict.Passed ? 1 : 2.5, 3, string.Create(CultureInfo.InvariantCulture, $"slot {number}: {(slot.IsLive ? PictureText.Key(slot.Key) : slot.State)}"));
        canvas.Words(x + (CellWidth / 2.0), y + 14, slot.IsLive ? slot.State : "··", slot.IsLive ? SvgCanvas.Text : SvgCanvas.Faint, bold: verdict != SlotVerdict.Passed, anchor: "middle");
        if (slot.IsLive) canvas.Words(x + (CellWidth / 2.0), y + 28, PictureText.Cut(PictureText.Key(slot.Key), 9), SvgCanvas.Faint, size: 10, anchor: "middle");
        canvas.Words(x + (CellWidth / 2.0), y + CellHeight + 12, note, colour, size: 10, anchor: "middle");
    }
}
