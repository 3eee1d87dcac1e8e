using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab.Rendering;

// A skip list as a drawing, as it is drawn in books: the nodes from left to right, each a tower, and at each level an arrow to the next tower that reaches so high. What does
// not fit into a row goes on in the next, each level where it was. A large map: a skyline of thin columns.

/// <summary>Draws the towers of an OrderedMap as SVG.</summary>
internal sealed class OrderedSvg(OrderedPicture picture)
{
    private const int Margin = 18;
    private const int MostInDetail = 64;
    private const int MostColumns = 3_000;
    private const int PerRow = 10;
    private const int NodeWidth = 70;
    private const int Step = 96;
    private const int CellHeight = 20;
    private const int Column = 3;
    private const int ColumnLevel = 7;
    private const int ColumnsPerRow = 300;

    private readonly SvgCanvas _canvas = new();
    private int _right;

    private OrderedLayout Layout => picture.Layout;

    public override string ToString()
    {
        _canvas.Words(Margin, 30, picture.Title, size: 14, bold: true);
        int y = 50;
        _right = (int)(picture.Title.Length * 8.5) + (2 * Margin);
        foreach (string line in PictureText.Wrap(picture.Facts(), ", ", 130))
        {
            _canvas.Words(Margin, y, line, SvgCanvas.Faint);
            _right = Math.Max(_right, (int)(line.Length * SvgCanvas.CharacterWidth) + (2 * Margin));
            y += 18;
        }

        if (picture.MarkText() is { } mark)
        {
            _canvas.Words(Margin, y, mark, SvgCanvas.Alarm, bold: true);
            y += 20;
        }

        var shown = picture.Shown;
        if (shown.Count == 0) _canvas.Words(Margin, y + 8, "No nodes: nothing is stored.", SvgCanvas.Faint);
        else if (picture.IsDetailed && shown.Count <= MostInDetail) y = Towers(shown, y);
        else y = Skyline([.. shown.Take(MostColumns)], y);
        return _canvas.Finish(picture.Title, _right, y + Margin + 8);
    }

    private int Towers(IReadOnlyList<OrderedNodeLayout> nodes, int top)
    {
        int levels = Layout.Levels;
        int rowHeight = (levels * CellHeight) + 48;
        int rows = (nodes.Count + PerRow - 1) / PerRow;
        const int left = Margin + 74;
        for (int row = 0; row < rows; row++)
        {
            int ground = top + (row * rowHeight) + (levels * CellHeight) + 8;
            OrderedNodeLayout[] here = [.. nodes.Skip(row * PerRow).Take(PerRow)];
            for (int level = 0; level < levels; level++)
            {
                double y = ground - (level * CellHeight) - (CellHeight / 2.0);
                if (row == 0) _canvas.Box(Margin, y - 9, 52, 18, SvgCanvas.Faint, 0.12, SvgCanvas.Hair, radius: 3);
                _canvas.Words(Margin + 26, y + 4, string.Create(CultureInfo.InvariantCulture, $"level {level}"), SvgCanvas.Faint, size: 10, anchor: "middle");
                Links(here, level, y, left, isFirst: row == 0);
            }

            for (int i = 0; i < here.Length; i++) Tower(here[i], left + (i * Step), ground);
        }

        int bottom = top + (rows * rowHeight);
        if (Layout.Nodes.Count > nodes.Count)
        {
            _canvas.Words(Margin, bottom + 4, $"… and {PictureText.Counted(Layout.Nodes.Count - nodes.Count, "node", "nodes")} more", SvgCanvas.Faint);
            bottom += 18;
        }

        _right = Math.Max(_right, left + (Math.Min(PerRow, nodes.Count) * Step) + Margin + 10);
        return Legend(nodes, bottom + 4);
    }

    // The links of one level in one row: each from where the last tower of the level ends to where the next begins, in from the left and out to the right.
    private void Links(OrderedNodeLayout[] here, int level, double y, int left, bool isFirst)
    {
        string colour = SvgCanvas.ColourOf(level == 0 ? Ink.First : level % 2 == 1 ? Ink.Second : Ink.Third);
        bool comes = isFirst ? Layout.Nodes.Any(node => node.Levels > level) : Layout.Nodes.Any(node => node.Levels > level && node.Number >= here[0].Number);
        if (!comes) return;
        double from = isFirst ? Margin + 52 : left - 22;
        for (int i = 0; i < here.Length; i++)
        {
            if (here[i].Levels <= level) continue;
            Arrow(from, left + (i * Step), y, colour);
            from = left + (i * Step) + NodeWidth;
            if (here[i].Links[level] < 0) return;
        }

        Arrow(from, left + (here.Length * Step) - 6, y, colour);
    }

    private void Arrow(double from, double to, double y, string colour)
    {
        _canvas.Line(from, y, to - 6, y, colour, 1.5);
        _canvas.Path(string.Create(CultureInfo.InvariantCulture, $"M{to:0.#} {y:0.#}l-7 -4v8z"), colour);
    }

    private void Tower(OrderedNodeLayout node, int x, int ground)
    {
        bool live = node.State == OrderedNodeState.Live;
        bool marked = picture.IsMarked(node.Key);
        string colour = SvgCanvas.ColourOf(OrderedPicture.InkOf(node.State));
        string key = PictureText.Key(node.Key);
        string title = $"{key}{(live ? $" = {PictureText.Key(node.Value)}" : $", {node.State.ToString().ToLowerInvariant()}")}";
        for (int level = 0; level < node.Levels; level++)
            _canvas.Box(x, ground - ((level + 1) * CellHeight) + 1, NodeWidth, CellHeight - 2, live ? "#e3edf6" : SvgCanvas.Ground, 1, marked ? SvgCanvas.Alarm : colour, marked ? 3 : 1, 3, title, live ? null : "4 3");
        _canvas.Words(x + (NodeWidth / 2.0), ground - 6, PictureText.Cut(key, 9), live ? SvgCanvas.Text : SvgCanvas.Faint, bold: marked, anchor: "middle");
        _canvas.Words(x + (NodeWidth / 2.0), ground + 13, live ? PictureText.Cut(PictureText.Key(node.Value), 11) : $"{OrderedPicture.SignOf(node.State)} {node.State.ToString().ToLowerInvariant()}", SvgCanvas.Faint, size: 10, anchor: "middle");
    }

    private int Skyline(OrderedNodeLayout[] nodes, int top)
    {
        int highest = Layout.Levels * ColumnLevel; // Found by looking at every node, so once.
        int height = highest + 12;
        var paths = new SortedDictionary<OrderedNodeState, StringBuilder>();
        for (int i = 0; i < nodes.Length; i++)
        {
            int x = Margin + (i % ColumnsPerRow * Column);
            int ground = top + ((i / ColumnsPerRow) * height) + highest;
            if (!paths.TryGetValue(nodes[i].State, out StringBuilder? path)) paths.Add(nodes[i].State, path = new StringBuilder());
            path.Append(CultureInfo.InvariantCulture, $"M{x} {ground}h2v-{nodes[i].Levels * ColumnLevel}h-2z");
            if (picture.IsMarked(nodes[i].Key)) _canvas.Box(x - 3, ground - (nodes[i].Levels * ColumnLevel) - 3, Column + 5, (nodes[i].Levels * ColumnLevel) + 6, stroke: SvgCanvas.Alarm, strokeWidth: 2, radius: 2);
        }

        foreach ((OrderedNodeState state, StringBuilder path) in paths)
            _canvas.Path(path.ToString(), SvgCanvas.ColourOf(OrderedPicture.InkOf(state)), state == OrderedNodeState.Live ? 0.85 : 0.3, state == OrderedNodeState.Live ? "none" : SvgCanvas.Faint);
        int bottom = top + (((nodes.Length + ColumnsPerRow - 1) / ColumnsPerRow) * height);
        if (Layout.Nodes.Count > nodes.Length)
        {
            _canvas.Words(Margin, bottom + 8, $"… and {PictureText.Counted(Layout.Nodes.Count - nodes.Length, "node", "nodes")} more", SvgCanvas.Faint);
            bottom += 18;
        }

        _right = Math.Max(_right, (2 * Margin) + (Math.Min(ColumnsPerRow, nodes.Length) * Column));
        return Legend(nodes, bottom + 4);
    }

    private int Legend(IEnumerable<OrderedNodeLayout> nodes, int y)
    {
        int x = Margin;
        foreach (OrderedNodeState state in nodes.Select(static node => node.State).Distinct().Order())
        {
            bool live = state == OrderedNodeState.Live;
            string text = OrderedPicture.MeaningOf(state);
            _canvas.Box(x, y, 10, 10, live ? "#e3edf6" : SvgCanvas.Ground, 1, SvgCanvas.ColourOf(OrderedPicture.InkOf(state)), dash: live ? null : "4 3");
            _canvas.Words(x + 16, y + 10, text, SvgCanvas.Faint);
            x += 40 + (int)(text.Length * SvgCanvas.CharacterWidth);
        }

        _right = Math.Max(_right, x);
        return y + 12;
    }
}
