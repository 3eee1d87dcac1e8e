using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab.Rendering;

/// <summary>
/// A tree as a Mermaid flowchart; with a snapshot, both roots, and what they share once. What is kept has round ends. Of a large tree the first nodes.
/// </summary>
internal static class SnapshotMermaid
{
    private const int MostNodes = 24;
    private const int MostKeys = 3;
    private const int LongestKey = 12;

    public static string Of(SnapshotPicture picture)
    {
        var text = new StringBuilder("flowchart TD\n");
        var names = new Dictionary<long, string>();
        text.Append(CultureInfo.InvariantCulture, $"    map[\"the map, version {picture.Layout.Version}\"]\n");
        Tree(text, picture, picture.Layout, "map", names);
        if (picture.Snapshot is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"    snapshot[\"the snapshot, version {picture.Snapshot.Version}\"]\n");
            Tree(text, picture, picture.Snapshot, "snapshot", names);
        }

        return text.ToString();
    }

    private static void Tree(StringBuilder text, SnapshotPicture picture, SnapshotLayout layout, string from, Dictionary<long, string> names)
    {
        int before = names.Count;
        TreeNodeLayout[] shown = [.. layout.Nodes.Take(MostNodes)];
        foreach (TreeNodeLayout node in shown)
        {
            if (names.ContainsKey(node.Id)) continue;
            string name = string.Create(CultureInfo.InvariantCulture, $"n{names.Count}");
            names.Add(node.Id, name);
            text.Append("    ").Append(name).Append(picture.IsKept(node) ? $"([\"{Content(node)}\"])" : $"[\"{Content(node)}\"]").Append('\n');
        }

        var visible = shown.Select(static node => node.Id).ToHashSet();
        text.Append(CultureInfo.InvariantCulture, $"    {from} --> {names[layout.Root.Id]}\n");
        foreach (TreeNodeLayout node in shown)
        {
            foreach (TreeNodeLayout below in node.Below.Where(below => visible.Contains(below.Id)))
            {
                // An edge below a node that both have is there already.
                if (before == 0 || int.Parse(names[node.Id].AsSpan(1), CultureInfo.InvariantCulture) >= before) text.Append(CultureInfo.InvariantCulture, $"    {names[node.Id]} --> {names[below.Id]}\n");
            }
        }

        int rest = layout.Nodes.Count() - shown.Length;
        if (rest > 0) text.Append(CultureInfo.InvariantCulture, $"    {from}more[\"and {PictureText.Counted(rest, "node", "nodes")} more\"]\n");
    }

    private static string Content(TreeNodeLayout node)
    {
        if (node.IsBranch) return node.Depth == 0 ? "branch" : $"{SnapshotPicture.SlotsOf(node)}: branch";
        string keys = string.Join(", ", node.Entries.Take(MostKeys).Select(static entry => PictureText.Mermaid(PictureText.Cut(PictureText.Key(entry.Key), LongestKey))));
        string more = node.Entries.Count > MostKeys ? string.Create(CultureInfo.InvariantCulture, $" and {node.Entries.Count - MostKeys} more") : "";
        return $"{(node.Depth == 0 ? "" : SnapshotPicture.SlotsOf(node) + ": ")}{(keys.Length == 0 ? "empty" : keys)}{more}";
    }
}
