using System.Globalization;
using System.Xml.Linq;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Lab.Tests.Rendering;

/// <summary>The pictures of maps that cannot race show what is in them, sign for sign.</summary>
public sealed class KindPictureTests
{
    private static readonly PictureFormat s_ascii = new() { Ascii = true, Width = 120 };

    [Fact]
    public void Parts_have_a_row_for_each_entry_with_a_sign_in_each_part_that_knows_it()
    {
        SyncMap<string, int> map = Kinds.Parts();
        string[] lines = KindPicture.Of(map, key: "FIG").ToText(s_ascii).Split(Environment.NewLine);
        // The map distinguishes case, so FIG is not in it.
        Assert.Contains(lines, line => line.Equals("key 'FIG': not there", StringComparison.Ordinal));
        lines = KindPicture.Of(map, key: "fig").ToText(s_ascii).Split(Environment.NewLine);
        Assert.Contains(lines, line => line.Equals("key 'fig': both parts lead to it, live", StringComparison.Ordinal));
        Assert.Equal(('#', '#', "3"), Row("fig"));
        Assert.Equal(('o', 'o', ""), Row("lime"));
        Assert.Equal(('!', ' ', ""), Row("pear"));
        Assert.Equal((' ', '#', "4"), Row("date"));
        Assert.Contains("4 entries, read part of 5 keys, dirty part of 5 keys, 1 miss, promoted at 5", lines, StringComparer.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("# live   o removed   ! expunged", StringComparison.Ordinal));

        (char Read, char Dirty, string Value) Row(string key)
        {
            string heading = lines.Single(line => line.StartsWith("key ", StringComparison.Ordinal) && line.EndsWith("value", StringComparison.Ordinal));
            string row = lines.Single(line => line.StartsWith(key + " ", StringComparison.Ordinal)).PadRight(heading.Length);
            return (row[heading.IndexOf("read", StringComparison.Ordinal) + 1], row[heading.IndexOf("dirty", StringComparison.Ordinal) + 1], row[heading.IndexOf("value", StringComparison.Ordinal)..].Trim());
        }
    }

    [Theory]
    [InlineData(90, 25)]
    [InlineData(700, 0)]
    public void Strips_have_a_sign_for_each_entry(int count, int fresh)
    {
        SyncLayout layout = Kinds.ManyParts(count, fresh).GetLayout();
        string text = new SyncPicture { Layout = layout, MaxEntries = int.MaxValue }.ToText(s_ascii);
        string[] read = [.. text.Split(Environment.NewLine).Where(line => line.StartsWith("read   ", StringComparison.Ordinal)).Select(line => line[7..])];
        string[] dirty = [.. text.Split(Environment.NewLine).Where(line => line.StartsWith("dirty  ", StringComparison.Ordinal)).Select(line => line[7..])];
        Assert.Equal(layout.Entries.Count(e => e.IsInRead && e.State == SyncEntryState.Live), string.Concat(read).Count(c => c == '#'));
        Assert.Equal(layout.Entries.Count(e => e.IsInRead && e.State == SyncEntryState.Removed), string.Concat(read).Count(c => c == 'o'));
        Assert.Equal(layout.Entries.Count(e => e.State == SyncEntryState.Expunged), string.Concat(read).Count(c => c == '!'));
        Assert.Equal(layout.Entries.Count(e => e.IsInDirty && e.State == SyncEntryState.Live), string.Concat(dirty).Count(c => c == '#'));
        Assert.Equal(fresh > 0, dirty.Length > 0);
    }

    [Fact]
    public void A_tower_is_as_high_as_its_node_and_links_pass_by_the_lower_ones()
    {
        OrderedLayout layout = Kinds.Towers(20);
        string[] lines = new OrderedPicture { Layout = layout }.ToText(s_ascii).Split(Environment.NewLine);
        foreach (OrderedNodeLayout node in layout.Nodes)
        {
            string row = lines.Single(line => line.StartsWith($"{node.Key} ", StringComparison.Ordinal));
            Assert.Equal(node.Levels, row.Count(c => c == '#'));
            int higher = Enumerable.Range(node.Levels, layout.Levels - node.Levels).Count(level => layout.Nodes.Skip(node.Number + 1).Any(n => n.Levels > level));
            Assert.Equal(higher, row.Count(c => c == '|'));
            Assert.EndsWith($" {node.Value}", row, StringComparison.Ordinal);
        }

        Assert.Contains(lines, line => line.StartsWith("20 entries, 3 levels, 5 nodes at level 1, 1 node at level 2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_skyline_has_a_column_for_each_node()
    {
        OrderedLayout layout = Kinds.Towers(300, withRemoved: true);
        string text = new OrderedPicture { Layout = layout, MaxEntries = int.MaxValue }.ToText(s_ascii);
        string[] rows = [.. text.Split(Environment.NewLine).Where(line => line.StartsWith("level ", StringComparison.Ordinal))];
        Assert.Equal(layout.Nodes.Where(n => n.State == OrderedNodeState.Live).Sum(n => n.Levels), string.Concat(rows).Count(c => c == '#'));
        Assert.Equal(layout.Nodes.Count(n => n.State == OrderedNodeState.Tombstone), string.Concat(rows.Where(r => r.StartsWith("level 0", StringComparison.Ordinal)).Select(r => r[9..])).Count(c => c == 'o'));
        Assert.Contains("tombstones", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tree_shows_which_nodes_a_snapshot_shares()
    {
        (SnapshotMap<int, int> map, IMapSnapshot snapshot) = Kinds.Tree(400);
        var picture = (SnapshotPicture)KindPicture.Of(map, snapshot);
        SnapshotLayout layout = map.GetLayout();
        string text = (picture with { Detailed = true }).ToText(s_ascii);
        string[] body = [.. text.Split(Environment.NewLine).SkipWhile(line => line.Length > 0).Skip(1).TakeWhile(line => line.Length > 0)];
        var shared = picture.Snapshot!.Nodes.Select(n => n.Id).Intersect(layout.Nodes.Select(n => n.Id)).ToHashSet();
        Assert.InRange(shared.Count, 1, layout.Nodes.Count() - 1);
        Assert.Equal(layout.Nodes.Count(), body.Length);
        Assert.Equal(shared.Count, body.Count(line => line.TrimStart().StartsWith('o')));
        Assert.Equal(layout.Nodes.Count() - shared.Count, body.Count(line => line.TrimStart().StartsWith('#')));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{shared.Count} of {layout.Nodes.Count()} nodes shared with the snapshot"), text, StringComparison.Ordinal);
        // Without one to compare with: what is frozen.
        string alone = KindPicture.Of(map).ToText(s_ascii);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{layout.Nodes.Count(n => n.IsFrozen)} of {layout.Nodes.Count()} nodes frozen"), alone, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_tree_shows_a_sign_for_each_slot_of_each_branch()
    {
        (SnapshotMap<int, int> map, IMapSnapshot snapshot) = Kinds.Tree(3_000);
        var picture = (SnapshotPicture)KindPicture.Of(map, snapshot, key: 3);
        string text = picture.ToText(s_ascii);
        SnapshotLayout layout = map.GetLayout();
        string[] branches = [.. text.Split('[').Skip(1).Select(static part => part[..part.IndexOf(']', StringComparison.Ordinal)])];
        Assert.Equal(layout.Nodes.Count(n => n.IsBranch), branches.Length);
        Assert.All(branches, branch => Assert.Equal(16, branch.Length));
        string signs = string.Concat(branches);
        Assert.Equal(layout.Nodes.Count(n => n.IsBranch) - 1, signs.Count(c => c == 'V'));
        Assert.Equal(layout.Nodes.Count(n => !n.IsBranch), signs.Count(c => c is '#' or 'o' or '@'));
        Assert.Equal(1, signs.Count(c => c == '@'));
    }

    [Fact]
    public void The_drawings_hold_the_keys_and_say_what_they_are()
    {
        XElement parts = XElement.Parse(KindPicture.Of(Kinds.Parts()).ToSvg());
        Assert.Contains("fig", Words(parts), StringComparison.Ordinal);
        Assert.Contains("expunged", Words(parts), StringComparison.Ordinal);
        XElement towers = XElement.Parse(new OrderedPicture { Layout = Kinds.Towers(24, withRemoved: true) }.ToSvg());
        Assert.Contains("<k00005>"[..7], Words(towers), StringComparison.Ordinal);
        Assert.Contains("a tombstone", Words(towers), StringComparison.Ordinal);
        XElement tree = XElement.Parse(Kinds.Compared(400).ToSvg());
        Assert.Contains("the snapshot, version", Words(tree), StringComparison.Ordinal);
        Assert.Contains("shared by both", Words(tree), StringComparison.Ordinal);

        static string Words(XElement svg) => string.Concat(svg.Descendants().Where(static e => e.Name.LocalName == "text").Select(static e => e.Value));
    }

    [Fact]
    public void A_diagram_shows_what_both_trees_have_once()
    {
        string mermaid = Kinds.Compared(40).ToMermaid()!;
        Assert.Contains("the map, version", mermaid, StringComparison.Ordinal);
        Assert.Contains("the snapshot, version", mermaid, StringComparison.Ordinal);
        string[] nodes = [.. mermaid.Split('\n').Where(line => line.StartsWith("    n", StringComparison.Ordinal) && line.Contains('[', StringComparison.Ordinal)).Select(line => line.Trim().Split('[', '(')[0])];
        Assert.Equal(nodes.Length, nodes.Distinct(StringComparer.Ordinal).Count());
        string[] edges = [.. mermaid.Split('\n').Where(line => line.Contains("-->", StringComparison.Ordinal))];
        Assert.Equal(edges.Length, edges.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void What_shares_no_tree_is_refused()
    {
        var sync = new SyncMap<int, int>(name: "parts");
        IMapSnapshot copy = sync.GetSnapshot();
        Assert.Throws<ArgumentException>(() => KindPicture.Of(sync, copy));
        (SnapshotMap<int, int> map, _) = Kinds.Tree(10);
        Assert.Contains("a copy", Assert.Throws<ArgumentException>(() => KindPicture.Of(map, copy)).Message, StringComparison.Ordinal);
        (_, IMapSnapshot another) = Kinds.Tree(10);
        Assert.Contains("is not the one", Assert.Throws<ArgumentException>(() => KindPicture.Of(map, another)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => KindPicture.Of(Gallery.Words()));
    }

    [Fact]
    public void The_figures_agree_with_the_layouts()
    {
        SnapshotLayout tree = Kinds.Tree(3_000).Map.GetLayout();
        SnapshotFigures ofTree = SnapshotFigures.Of(tree);
        Assert.Equal((tree.Count, tree.Nodes.Count(), tree.Nodes.Count(n => n.IsFrozen), 2, 1), (ofTree.Count, ofTree.Branches + ofTree.Groups, ofTree.FrozenNodes, ofTree.Steps, ofTree.LongestChain));
        Assert.Equal(tree.Count / (double)ofTree.Groups, ofTree.EntriesPerGroup);
        Assert.Equal(0, SnapshotFigures.Of(new SnapshotMap<int, int>().GetLayout()).EntriesPerGroup);

        SyncFigures ofParts = SyncFigures.Of(Kinds.ManyParts(90, fresh: 25).GetLayout());
        Assert.Equal((90, 25, 10, 10), (ofParts.ReadKeys, ofParts.NewKeys, ofParts.Expunged, ofParts.Removed));

        OrderedFigures ofTowers = OrderedFigures.Of(Kinds.Towers(1_000));
        Assert.Equal([1_000, 250, 62, 15, 3], ofTowers.NodesPerLevel);
        Assert.Equal(125, OrderedFigures.Of(Kinds.Towers(1_000, withRemoved: true)).Tombstones);
    }
}
