using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab.Rendering;

/// <summary>A skip list as a Mermaid flowchart: the nodes in order, and the links of the upper levels as dotted arrows. Of a large map the first nodes.</summary>
internal static class OrderedMermaid
{
    private const int MostNodes = 16;
    private const int LongestKey = 12;

    public static string Of(OrderedLayout layout)
    {
        var text = new StringBuilder("flowchart LR\n    start([\"start\"])\n");
        OrderedNodeLayout[] shown = [.. layout.Nodes.Take(MostNodes)];
        foreach (OrderedNodeLayout node in shown)
        {
            string key = PictureText.Mermaid(PictureText.Cut(PictureText.Key(node.Key), LongestKey));
            string box = node.State == OrderedNodeState.Live ? $"[\"{key}\"]" : $"([\"{key}, {node.State.ToString().ToLowerInvariant()}\"])";
            text.Append(CultureInfo.InvariantCulture, $"    n{node.Number}{box}\n");
        }

        if (layout.Nodes.Count > shown.Length) text.Append(CultureInfo.InvariantCulture, $"    more[\"and {PictureText.Counted(layout.Nodes.Count - shown.Length, "node", "nodes")} more\"]\n");
        int levels = layout.Levels; // Found by looking at every node, so once.
        for (int level = 0; level < levels; level++)
        {
            int first = layout.Nodes.First(node => node.Levels > level).Number;
            Link(text, "start", first, level, shown.Length);
            foreach (OrderedNodeLayout node in shown)
            {
                if (level < node.Levels && node.Links[level] >= 0) Link(text, string.Create(CultureInfo.InvariantCulture, $"n{node.Number}"), node.Links[level], level, shown.Length);
            }
        }

        return text.ToString();
    }

    private static void Link(StringBuilder text, string from, int to, int level, int shown)
    {
        string arrow = level == 0 ? "-->" : string.Create(CultureInfo.InvariantCulture, $"-.->|{level}|");
        text.Append(CultureInfo.InvariantCulture, $"    {from} {arrow} {(to < shown ? string.Create(CultureInfo.InvariantCulture, $"n{to}") : "more")}\n");
    }
}
