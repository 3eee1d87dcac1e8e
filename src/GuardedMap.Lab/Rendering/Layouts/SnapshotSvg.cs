using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab.Rendering;

// A tree as a drawing: all hashes there are from left to right, and below one another the steps of the tree. A node is as wide as the range of hashes it covers, so what
// lies below another is below it in the drawing, too. A group is filled as high as it has entries.
//
//     root   [                    branch                    ]
//     1      [ group ][ group ][    group    ][   branch    ]
//     2                                       [ g ][ g ][ g ]
//
// With a snapshot there are two such trees, the map's and the snapshot's, one below the other: what they share stands in the same place in both, pale; what one has for itself
// is strong and framed.

/// <summary>Draws the tree of a SnapshotMap as SVG.</summary>
internal sealed class SnapshotSvg(SnapshotPicture picture)
{
    private const int Margin = 18;
    private const int Left = Margin + 62;
    private const int TreeWidth = 900;
    private const int BranchHeight = 22;
    private const int GroupHeight = 46;
    private const int GroupCapacity = 32;
    private const int MostSingly = 700;
    private const int MostAtAll = 6_000;

    private readonly SvgCanvas _canvas = new();
    private readonly HashSet<long> _shared = [.. (picture.Snapshot?.Nodes ?? []).Select(static node => node.Id).Intersect(picture.Layout.Nodes.Select(static node => node.Id))];

    public override string ToString()
    {
        _canvas.Words(Margin, 30, picture.Title, size: 14, bold: true);
        int y = 50;
        foreach (string line in PictureText.Wrap(picture.Facts(), ", ", 125))
        {
            _canvas.Words(Margin, y, line, SvgCanvas.Faint);
            y += 18;
        }

        if (picture.MarkText() is { } mark)
        {
            _canvas.Words(Margin, y, mark, SvgCanvas.Alarm, bold: true);
            y += 20;
        }

        if (picture.Snapshot is not null) _canvas.Words(Margin, y += 8, string.Create(CultureInfo.InvariantCulture, $"the map, version {picture.Layout.Version}"), bold: true);
        y = Tree(picture.Layout, y + 8);
        if (picture.Snapshot is { } snapshot)
        {
            _canvas.Words(Margin, y + 14, string.Create(CultureInfo.InvariantCulture, $"the snapshot, version {snapshot.Version}"), bold: true);
            y = Tree(snapshot, y + 22);
        }

        y = Legend(y + 8);
        int width = Math.Max(Left + TreeWidth + Margin, (int)(picture.Title.Length * 8.5) + (2 * Margin));
        return _canvas.Finish(picture.Title, width, y + Margin);
    }

    private int Tree(SnapshotLayout layout, int top)
    {
        TreeNodeLayout[] nodes = [.. layout.Nodes.Take(MostAtAll)];
        int y = top;
        foreach (IGrouping<int, TreeNodeLayout> step in nodes.GroupBy(static node => node.Depth).OrderBy(static step => step.Key))
        {
            bool hasGroups = step.Any(static node => !node.IsBranch);
            int height = hasGroups ? GroupHeight : BranchHeight;
            _canvas.Words(Left - 12, y + 15, step.Key == 0 ? "root" : string.Create(CultureInfo.InvariantCulture, $"step {step.Key}"), SvgCanvas.Faint, size: 11, anchor: "end");
            TreeNodeLayout[] here = [.. step];
            if (nodes.Length <= MostSingly)
            {
                foreach (TreeNodeLayout node in here) Node(node, y, height);
            }
            else
            {
                Many(here, y, height);
            }

            y += height + 4;
        }

        int rest = layout.Nodes.Count() - nodes.Length;
        if (rest <= 0) return y;
        _canvas.Words(Left, y + 12, $"… and {PictureText.Counted(rest, "node", "nodes")} more", SvgCanvas.Faint);
        return y + 18;
    }

    private void Node(TreeNodeLayout node, int y, int rowHeight)
    {
        (double x, double width) = Place(node);
        (string colour, bool isKept) = Look(node);
        int height = node.IsBranch ? BranchHeight : rowHeight;
        double gap = width > 6 ? 2 : width > 2 ? 0.6 : 0;
        string title = node.IsBranch ? "branch" : string.Create(CultureInfo.InvariantCulture, $"group of {node.Entries.Count}: {PictureText.Clip(string.Join(", ", node.Entries.Select(static entry => PictureText.Key(entry.Key))), 80)}");
        _canvas.Box(x, y, width - gap, height, colour, isKept ? 0.1 : 0.22, colour, isKept ? 0.8 : 2.2, width > 12 ? 3 : 0, title);
        if (!node.IsBranch)
        {
            double filled = Math.Min(1, node.Entries.Count / (double)GroupCapacity) * (height - 6);
            if (width > 8) _canvas.Box(x + 3, y + height - 3 - filled, width - gap - 6, filled, colour, isKept ? 0.25 : 0.6);
        }

        if (picture.Holds(node)) _canvas.Box(x - 2, y - 2, width - gap + 4, height + 4, stroke: SvgCanvas.Alarm, strokeWidth: 2.5, radius: 3);
        string words = node.IsBranch ? "branch" : node.Entries.Count.ToString(CultureInfo.InvariantCulture);
        if (words.Length * SvgCanvas.CharacterWidth < width - 8) _canvas.Words(x + (width / 2), y + 15, words, SvgCanvas.Text, size: 11, anchor: "middle");
    }

    // Too many for a box each: one path for those that are kept, one for the others.
    private void Many(TreeNodeLayout[] nodes, int y, int height)
    {
        var paths = new SortedDictionary<int, StringBuilder>();
        foreach (TreeNodeLayout node in nodes)
        {
            (double x, double width) = Place(node);
            (_, bool isKept) = Look(node);
            int kind = isKept ? 0 : 1;
            double filled = node.IsBranch ? BranchHeight : Math.Min(1, node.Entries.Count / (double)GroupCapacity) * height;
            if (!paths.TryGetValue(kind, out StringBuilder? path)) paths.Add(kind, path = new StringBuilder());
            path.Append(CultureInfo.InvariantCulture, $"M{x:0.#} {(node.IsBranch ? y + BranchHeight : y + height)}h{Math.Max(0.2, width * 0.85):0.#}v-{filled:0.#}h-{Math.Max(0.2, width * 0.85):0.#}z");
            if (picture.Holds(node)) _canvas.Box(x - 3, y - 2, width + 6, height + 4, stroke: SvgCanvas.Alarm, strokeWidth: 2.5, radius: 3);
        }

        foreach ((int kind, StringBuilder path) in paths) _canvas.Path(path.ToString(), SvgCanvas.ColourOf(kind == 0 ? Ink.First : Ink.Second), kind == 0 ? 0.45 : 0.95);
    }

    private (string Colour, bool IsKept) Look(TreeNodeLayout node)
    {
        bool isKept = picture.Snapshot is null ? node.IsFrozen : _shared.Contains(node.Id);
        return (SvgCanvas.ColourOf(isKept ? Ink.First : Ink.Second), isKept);
    }

    // Of 2^64 hashes a node covers those from First on that begin with its bits.
    private static (double X, double Width) Place(TreeNodeLayout node) => (Left + (TreeWidth * (node.First / Math.Pow(2, 64))), TreeWidth * Math.Pow(2, -node.Bits));

    private int Legend(int y)
    {
        bool hasKept = picture.Layout.Nodes.Any(picture.IsKept);
        int x = Left;
        if (!picture.Layout.Nodes.All(picture.IsKept))
        {
            string own = SvgCanvas.ColourOf(Ink.Second);
            _canvas.Box(x, y, 12, 12, own, 0.22, own, 2.2);
            string meaning = picture.Snapshot is null ? picture.OwnMeaning : "one tree's alone";
            _canvas.Words(x + 20, y + 11, meaning, SvgCanvas.Faint);
            x += 60 + (int)(meaning.Length * SvgCanvas.CharacterWidth);
        }

        if (hasKept)
        {
            string kept = SvgCanvas.ColourOf(Ink.First);
            _canvas.Box(x, y, 12, 12, kept, 0.1, kept, 0.8);
            _canvas.Words(x + 20, y + 11, picture.Snapshot is null ? picture.KeptMeaning : "shared by both", SvgCanvas.Faint);
        }

        _canvas.Words(Left, y + 28, "From left to right: all hashes. A group's filling: how many of its 32 places have entries.", SvgCanvas.Faint, size: 11);
        return y + 30;
    }
}
