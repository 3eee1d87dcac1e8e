using System.Globalization;

namespace GuardedMaps.Lab.Rendering;

/// <summary>The skip list of an <see cref="OrderedMap{TKey, TValue}"/>: its nodes in order, each a tower as high as the number of levels it is linked at.</summary>
/// <remarks>
/// <code>
///   level   0 1 2
///   start   ■ ■ ■
///   apple   ■ │ │    1      a search at level 1 or 2 passes by
///   date    ■ ■ │    2
///   fig     ■ ■ ■    3
/// </code>
/// A large map shows a column for each node, the levels above one another.
/// </remarks>
public sealed record OrderedPicture : KindPicture
{
    private const int MostDetailed = 32;
    private const int LongestKey = 24;

    /// <summary>The layout to draw.</summary>
    public required OrderedLayout Layout { get; init; }

    /// <inheritdoc/>
    public override string Title => $"Towers of map '{PictureText.Key(Layout.Name)}'";

    internal bool IsDetailed => Detailed ?? Layout.Nodes.Count <= MostDetailed;

    internal IReadOnlyList<OrderedNodeLayout> Shown => [.. Layout.Nodes.Take(MaxEntries)];

    /// <inheritdoc/>
    public override string ToSvg(int columns = 100) => new OrderedSvg(this).ToString();

    /// <inheritdoc/>
    public override string ToMermaid() => OrderedMermaid.Of(Layout);

    internal override string[] Facts()
    {
        int going = Layout.Nodes.Count(static node => node.State == OrderedNodeState.Tombstone);
        string[] counts =
        [
            PictureText.Counted(Layout.Count, "entry", "entries"),
            PictureText.Counted(Layout.Levels, "level", "levels"),
            .. Enumerable.Range(1, Math.Max(0, Layout.Levels - 1)).Select(level => $"{PictureText.Counted(Layout.Nodes.Count(node => node.Levels > level), "node", "nodes")} at level {level}"),
        ];
        return going == 0 ? counts : [.. counts, PictureText.Counted(going, "tombstone", "tombstones")];
    }

    internal static string SignOf(OrderedNodeState state) => state == OrderedNodeState.Live ? "■" : "○";

    internal static Ink InkOf(OrderedNodeState state) => state == OrderedNodeState.Live ? Ink.First : Ink.Faint;

    internal static string MeaningOf(OrderedNodeState state) => state == OrderedNodeState.Live ? "an entry" : "a tombstone: removed, still in its block";

    private protected override void DrawBody(List<PictureLine> lines, List<(string Sign, Ink Ink, string Meaning)> legend, int width)
    {
        var shown = Shown;
        if (shown.Count == 0)
        {
            lines.Add(new PictureLine().Add("No nodes: nothing is stored.", Ink.Faint));
            return;
        }

        lines.AddRange(IsDetailed ? Towers(shown, width) : Skyline(shown, width));
        if (Layout.Nodes.Count > shown.Count) lines.Add(More(Layout.Nodes.Count - shown.Count, "node", "nodes"));
        legend.AddRange(shown.Select(static node => node.State).Distinct().Order().Select(static state => (SignOf(state), InkOf(state), MeaningOf(state))));
        if (IsDetailed && Layout.Levels > 1) legend.Add(("│", Ink.Faint, "a link that passes by"));
        if (!IsDetailed && shown.Any(node => IsMarked(node.Key))) legend.Add(("◆", Ink.Alarm, "the key"));
    }

    private protected override string Whereabouts(object key)
    {
        OrderedNodeLayout node = Layout.Nodes.First(node => node.Key.Equals(key));
        return string.Create(CultureInfo.InvariantCulture, $"node {node.Number + 1} of {Layout.Nodes.Count}, {PictureText.Counted(node.Levels, "level", "levels")}, {node.State.ToString().ToLowerInvariant()}");
    }

    private IEnumerable<PictureLine> Towers(IReadOnlyList<OrderedNodeLayout> nodes, int width)
    {
        int levels = Layout.Levels;
        int keys = Math.Min(Math.Min(LongestKey, Math.Max(8, width - (2 * levels) - 4)), Math.Max("level".Length, nodes.Max(static node => PictureText.Key(node.Key).Length)));
        // A level goes on below a node for as long as a node of that level is still to come.
        int[] lasts = [.. Enumerable.Range(0, levels).Select(level => Layout.Nodes.Where(node => node.Levels > level).Max(static node => node.Number))];
        var heading = new PictureLine().Add("level".PadRight(keys + 2), Ink.Strong);
        var start = new PictureLine().Add("start".PadRight(keys + 2), Ink.Faint);
        for (int level = 0; level < levels; level++)
        {
            heading.Add((level % 10).ToString(CultureInfo.InvariantCulture), Ink.Strong).Add(" ");
            start.Add("■", Ink.Faint).Add(" ");
        }

        yield return heading;
        yield return start;
        foreach (OrderedNodeLayout node in nodes)
        {
            var line = new PictureLine().Add(PictureText.Cut(PictureText.Key(node.Key), keys)).PadTo(keys + 1);
            line.Add(IsMarked(node.Key) ? "◂" : " ", Ink.Alarm);
            for (int level = 0; level < levels; level++)
            {
                if (level < node.Levels) line.Add(SignOf(node.State), InkOf(node.State));
                else line.Add(node.Number < lasts[level] ? "│" : " ", Ink.Faint);
                line.Add(" ");
            }

            line.Add("  ");
            yield return line.Add(node.State == OrderedNodeState.Live ? PictureText.Clip(PictureText.Key(node.Value), width - line.Width) : "");
        }
    }

    private IEnumerable<PictureLine> Skyline(IReadOnlyList<OrderedNodeLayout> nodes, int width)
    {
        const int Label = 9;
        bool isFirst = true;
        foreach (OrderedNodeLayout[] block in nodes.Chunk(width - Label))
        {
            if (!isFirst) yield return new PictureLine();
            isFirst = false;
            for (int level = block.Max(static node => node.Levels) - 1; level >= 0; level--)
            {
                var line = new PictureLine().Add(string.Create(CultureInfo.InvariantCulture, $"level {level}").PadRight(Label), Ink.Faint);
                foreach (OrderedNodeLayout node in block)
                {
                    if (level >= node.Levels) line.Add(" ");
                    else if (IsMarked(node.Key)) line.Add("◆", Ink.Alarm);
                    else line.Add(SignOf(node.State), InkOf(node.State));
                }

                yield return line;
            }
        }
    }
}
