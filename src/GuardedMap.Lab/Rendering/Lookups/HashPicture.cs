using System.Globalization;
using System.Numerics;

namespace GuardedMaps.Lab.Rendering;

/// <summary>
/// A ruler of a key's 64 hash bits: which of them choose the bucket, which are on the card, which of those are the tophash that pictures show, which one decides at the next
/// growth, and what the lookup then compared.
/// </summary>
/// <remarks>
/// <code>
///   ... 00111010 10011111 00101110 01000101      tttttttt: tophash   c: on the card, too   bbb: bucket 5 of 8   g: X or Y at the next growth, on the card as well
///           tttt ttttcccc cccccccc ccccgbbb
/// </code>
/// </remarks>
public sealed record HashPicture : MapPicture
{
    private const int BitsPerGroup = 8;
    private const int Bits = 64;

    /// <summary>The bits of a hash that the table uses: those of the bucket, and the card's.</summary>
    internal const int UsedBits = 28;

    /// <summary>The lookup to draw.</summary>
    public required MapLookup Lookup { get; init; }

    /// <inheritdoc/>
    public override string Title => $"From hash to slot: key '{PictureText.Cut(PictureText.Key(Lookup.Key), 24)}' in map '{PictureText.Key(Lookup.Layout.Name)}'";

    /// <summary>How many bits choose the bucket.</summary>
    public int BucketBits => BitOperations.Log2((uint)Math.Max(1, Lookup.Searched.Count));

    /// <summary>The part a bit plays: t, c, b, g, or a space for those that nothing looks at.</summary>
    internal char PartOf(int bit) => bit >= UsedBits ? ' ' : bit < BucketBits ? 'b' : bit == BucketBits ? 'g' : bit >= UsedBits - 8 ? 't' : 'c';

    internal static Ink InkOf(char part) => part switch { 't' or 'c' => Ink.First, 'b' => Ink.Second, 'g' => Ink.Fourth, _ => Ink.Faint };

    /// <inheritdoc/>
    public override IReadOnlyList<PictureLine> Draw(PictureFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        int width = Math.Max(PictureFormat.LeastWidth, format.Width);
        var lines = new List<PictureLine>();
        foreach (string line in RacePicture.Wrap(Title, width)) lines.Add(new PictureLine().Add(line, Ink.Strong));
        lines.Add(new PictureLine().Add(Format($"hash {Lookup.Hash:x16}"), Ink.Faint));
        lines.Add(new PictureLine());
        lines.AddRange(Ruler(width));
        lines.Add(new PictureLine());
        foreach ((char part, string text) in Parts())
        {
            bool first = true;
            foreach (string piece in RacePicture.Wrap(text, width - 2))
            {
                lines.Add(new PictureLine().Add(first ? $"{part} " : "  ", InkOf(part)).Add(piece));
                first = false;
            }
        }

        lines.Add(new PictureLine());
        lines.AddRange(Slots(format.Ascii));
        foreach (string line in RacePicture.Wrap(Outcome(), width)) lines.Add(new PictureLine().Add(line));
        return PictureLine.For(format, lines);
    }

    /// <inheritdoc/>
    public override string ToSvg(int columns = 100) => new HashSvg(this).ToString();

    /// <inheritdoc/>
    public override string ToMermaid()
    {
        string key = PictureText.Mermaid(PictureText.Cut(PictureText.Key(Lookup.Key), 24));
        string where = Lookup.Found ? Format($"slot {Lookup.Slot}{(Lookup.Link > 0 ? Format($" of overflow bucket {Lookup.Link} of the chain") : "")}") : "not there";
        return Format($"flowchart LR\n    key[\"key {key}\"] --> hash[\"hash {Lookup.Hash:x16}\"]\n    hash -->|\"{(BucketBits == 0 ? "no bits needed" : LowBits)}\"| bucket[\"{ArrayName} {Lookup.Bucket} of {Math.Max(1, Lookup.Searched.Count)}\"]\n    hash -->|\"bits {UsedBits - 8} to {UsedBits - 1}\"| tophash[\"tophash {Lookup.Tophash:x2}\"]\n    bucket --> slot[\"{where}\"]\n    tophash --> slot\n");
    }

    /// <summary>What the parts of the hash say.</summary>
    internal IEnumerable<(char Part, string Text)> Parts()
    {
        ulong top = Lookup.Hash >> (UsedBits - 8) & 0xFF;
        yield return ('t', Format($"tophash: bits {UsedBits - 8} to {UsedBits - 1}, {top:x2}{(top == Lookup.Tophash ? "" : Format($", moved up to {Lookup.Tophash:x2}: values below 5 are markers"))}"));
        int buckets = Math.Max(1, Lookup.Searched.Count);
        if (BucketBits < UsedBits) yield return ('c', Format($"card: the {UsedBits - BucketBits} bits above the bucket's, tophash and growth bit among them; all are compared at once"));
        yield return ('b', BucketBits == 0
            ? "bucket: 0 of 1, so no bits are needed"
            : Format($"bucket: the {LowBits}, {ArrayName} {Lookup.Bucket} of {buckets}"));
        bool toY = (Lookup.Hash >> BucketBits & 1) != 0;
        yield return ('g', Format($"growth: when {(buckets == 1 ? "1 bucket becomes" : Format($"{buckets} buckets become"))} {buckets * 2}, this bit will choose {(toY ? Format($"Y, bucket {Lookup.Bucket + buckets}") : Format($"X, bucket {Lookup.Bucket}"))}"));
    }

    /// <summary>What the lookup came to.</summary>
    internal string Outcome()
    {
        string cost = $"{PictureText.Counted(Lookup.BucketsLookedAt, "bucket", "buckets")} looked at, {PictureText.Counted(Lookup.Compares, "key", "keys")} compared";
        if (Lookup.Layout.Buckets.Count == 0) return "Not there: the map has no buckets yet.";
        return Lookup.Found
            ? Format($"Found in {ArrayName} {Lookup.Bucket}{(Lookup.Link > 0 ? Format($", link {Lookup.Link} of its chain") : "")}, slot {Lookup.Slot}: {cost}.")
            : $"Not there: {cost}.";
    }

    /// <summary>The chain that was searched, as far as the lookup went; for each slot what the lookup made of it.</summary>
    internal IEnumerable<(int Link, IReadOnlyList<(SlotLayout Slot, SlotVerdict Verdict)> Slots)> SearchedSlots()
    {
        if (Lookup.Bucket >= Lookup.Searched.Count) yield break;
        BucketLayout bucket = Lookup.Searched[Lookup.Bucket];
        for (int link = 0; link < Math.Min(Lookup.BucketsLookedAt, bucket.Chain.Count); link++)
        {
            yield return (link,
            [
                .. bucket.Chain[link].Select((slot, number) => (slot,
                    Lookup.EndedAt(bucket, link, number) ? SlotVerdict.Found
                    : Lookup.WasFalseHit(link, number) ? SlotVerdict.FalseHit
                    : SlotVerdict.Passed)),
            ]);
        }
    }

    private string LowBits => BucketBits == 1 ? "lowest bit" : Format($"low {BucketBits} bits");

    private string ArrayName => Lookup.InOldBuckets ? "old bucket" : "bucket";

    private IEnumerable<PictureLine> Ruler(int width)
    {
        int perLine = width >= ((BitsPerGroup + 1) * 8) + 1 ? 8 : 4;
        for (int firstGroup = 0; firstGroup < 8; firstGroup += perLine)
        {
            var bits = new PictureLine();
            var parts = new PictureLine();
            for (int group = firstGroup; group < firstGroup + perLine; group++)
            {
                if (group > firstGroup)
                {
                    bits.Add(" ");
                    parts.Add(" ");
                }

                for (int i = 0; i < BitsPerGroup; i++)
                {
                    int bit = Bits - 1 - (group * BitsPerGroup) - i;
                    char part = PartOf(bit);
                    bits.Add((Lookup.Hash >> bit & 1) != 0 ? "1" : "0", InkOf(part));
                    parts.Add(part.ToString(), InkOf(part));
                }
            }

            yield return bits;
            yield return parts;
        }
    }

    private IEnumerable<PictureLine> Slots(bool ascii)
    {
        string name = Format($"{ArrayName} {Lookup.Bucket}");
        string link = ascii ? "> link" : "→ link";
        int left = Math.Max(name.Length, link.Length + 2) + 2;
        foreach ((int number, IReadOnlyList<(SlotLayout Slot, SlotVerdict Verdict)> slots) in SearchedSlots())
        {
            var line = new PictureLine().Add(number == 0 ? name : Format($"{link} {number}"), number == 0 ? Ink.Plain : Ink.Second).PadTo(left);
            var marks = new PictureLine().PadTo(left);
            foreach ((SlotLayout slot, SlotVerdict verdict) in slots)
            {
                line.Add(slot.IsLive ? slot.State : ascii ? ".." : "··", verdict == SlotVerdict.Passed ? Ink.Faint : Ink.First).Add(" ");
                marks.Add(verdict switch { SlotVerdict.Found => "==", SlotVerdict.FalseHit => ascii ? "!=" : "≠≠", _ => "  " }, verdict == SlotVerdict.Found ? Ink.Third : Ink.Alarm).Add(" ");
            }

            yield return line;
            if (slots.Any(static s => s.Verdict != SlotVerdict.Passed)) yield return marks;
        }
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a lookup made of a slot.</summary>
internal enum SlotVerdict
{
    /// <summary>Another card: passed over without a look at the key.</summary>
    Passed,

    /// <summary>The same card, another key.</summary>
    FalseHit,

    /// <summary>The key.</summary>
    Found,
}
