using System.Globalization;

namespace GuardedMaps.Lab.Rendering;

/// <summary>The two parts of a <see cref="SyncMap{TKey, TValue}"/>, and what has become of the entries they lead to.</summary>
/// <remarks>
/// <code>
///   key     read  dirty  value
///   fig      ■     ■     3         both parts lead to it
///   lime     ○     ○               removed, and still known to both
///   pear     ✗                     expunged: removed, and left out when the dirty part was made
///   date           ■     4         a new key: only the dirty part knows it
/// </code>
/// A large map shows one sign for each entry, the read part above the dirty part.
/// </remarks>
public sealed record SyncPicture : KindPicture
{
    private const int MostDetailed = 32;
    private const int LongestKey = 24;

    /// <summary>The layout to draw.</summary>
    public required SyncLayout Layout { get; init; }

    /// <inheritdoc/>
    public override string Title => $"Parts of map '{PictureText.Key(Layout.Name)}'";

    internal bool IsDetailed => Detailed ?? Layout.Entries.Count <= MostDetailed;

    internal IReadOnlyList<SyncEntryLayout> Shown => [.. Layout.Entries.Take(MaxEntries)];

    /// <inheritdoc/>
    public override string ToSvg(int columns = 100) => new SyncSvg(this).ToString();

    /// <inheritdoc/>
    public override string ToMermaid() => SyncMermaid.Of(Layout);

    internal override string[] Facts() =>
    [
        PictureText.Counted(Layout.Count, "entry", "entries"),
        $"read part of {PictureText.Counted(Layout.ReadKeys, "key", "keys")}",
        Layout.HasDirty ? $"dirty part of {PictureText.Counted(Layout.DirtyKeys, "key", "keys")}" : "no dirty part",
        Layout.HasDirty ? string.Create(CultureInfo.InvariantCulture, $"{PictureText.Counted(Layout.Misses, "miss", "misses")}, promoted at {Layout.PromotedAt}") : "every key is read without a lock",
    ];

    internal static string SignOf(SyncEntryState state) => state switch { SyncEntryState.Live => "■", SyncEntryState.Removed => "○", _ => "✗" };

    internal static Ink InkOf(SyncEntryLayout entry) => entry.State != SyncEntryState.Live ? Ink.Faint : entry.IsInRead ? Ink.First : Ink.Second;

    internal static string MeaningOf(SyncEntryState state) => state switch
    {
        SyncEntryState.Live => "live",
        SyncEntryState.Removed => "removed",
        _ => "expunged: removed, and left out of the dirty part",
    };

    private protected override void DrawBody(List<PictureLine> lines, List<(string Sign, Ink Ink, string Meaning)> legend, int width)
    {
        var shown = Shown;
        if (shown.Count == 0)
        {
            lines.Add(new PictureLine().Add("Both parts are empty: nothing is stored.", Ink.Faint));
            return;
        }

        lines.AddRange(IsDetailed ? Rows(shown, width) : Strips(shown, width));
        if (Layout.Entries.Count > shown.Count) lines.Add(More(Layout.Entries.Count - shown.Count, "entry", "entries"));
        foreach (SyncEntryState state in shown.Select(static entry => entry.State).Distinct().Order()) legend.Add((SignOf(state), state == SyncEntryState.Live ? Ink.First : Ink.Faint, MeaningOf(state)));
        if (!IsDetailed && shown.Any(entry => IsMarked(entry.Key))) legend.Add(("◆", Ink.Alarm, "the key"));
    }

    private protected override string Whereabouts(object key)
    {
        SyncEntryLayout entry = Layout.Entries.First(entry => entry.Key.Equals(key));
        string where = entry.IsInRead ? entry.IsInDirty ? "both parts lead to it" : "in the read part" : "in the dirty part only";
        return $"{where}, {entry.State.ToString().ToLowerInvariant()}";
    }

    private IEnumerable<PictureLine> Rows(IReadOnlyList<SyncEntryLayout> entries, int width)
    {
        int keys = Math.Min(Math.Min(LongestKey, width - 20), Math.Max("key".Length, entries.Max(static entry => PictureText.Key(entry.Key).Length)));
        yield return new PictureLine().Add("key".PadRight(keys + 2), Ink.Strong).Add("read  dirty  value", Ink.Strong);
        foreach (SyncEntryLayout entry in entries)
        {
            var line = new PictureLine().Add(PictureText.Cut(PictureText.Key(entry.Key), keys)).PadTo(keys + 1);
            line.Add(IsMarked(entry.Key) ? "◂" : " ", Ink.Alarm).Add(" ");
            line.Add(entry.IsInRead ? SignOf(entry.State) : " ", InkOf(entry)).Add("     ");
            line.Add(entry.IsInDirty ? SignOf(entry.State) : " ", InkOf(entry)).Add("     ");
            yield return line.Add(entry.State == SyncEntryState.Live ? PictureText.Clip(PictureText.Key(entry.Value), width - line.Width) : "");
        }
    }

    private IEnumerable<PictureLine> Strips(IReadOnlyList<SyncEntryLayout> entries, int width)
    {
        const int Label = 7;
        foreach (SyncEntryLayout[] block in entries.Chunk(width - Label))
        {
            yield return Strip("read", block, static entry => entry.IsInRead);
            if (Layout.HasDirty) yield return Strip("dirty", block, static entry => entry.IsInDirty);
        }

        PictureLine Strip(string part, SyncEntryLayout[] block, Func<SyncEntryLayout, bool> knows)
        {
            var line = new PictureLine().Add(part.PadRight(Label), Ink.Strong);
            foreach (SyncEntryLayout entry in block) line.Add(!knows(entry) ? " " : IsMarked(entry.Key) ? "◆" : SignOf(entry.State), IsMarked(entry.Key) ? Ink.Alarm : InkOf(entry));
            return line;
        }
    }
}
