using System.Globalization;

namespace GuardedMaps.Lab.Rendering;

/// <summary>The tree of a <see cref="SnapshotMap{TKey, TValue}"/>, and which of its nodes the next write has to copy, or which it shares with a snapshot.</summary>
/// <remarks>
/// <code>
///   ■ branch                          made since the snapshot was taken: the map's alone
///     □ slots 0-7   25  fig, pear     shared: what is not written stays common to both
///     ■ slots 8-15  31  apple, lime   copied by the first write, written in place since
/// </code>
/// A large tree shows a line of 16 signs for each branch, one for each slot.
/// </remarks>
public sealed record SnapshotPicture : KindPicture
{
    private const int MostDetailed = 40;
    private const int Fan = 16;

    private readonly SnapshotLayout? _snapshot;
    private HashSet<long>? _shared;

    /// <summary>The layout to draw.</summary>
    public required SnapshotLayout Layout { get; init; }

    /// <summary>An earlier snapshot of the map to compare with; null to tell what is frozen from what is not.</summary>
    public SnapshotLayout? Snapshot
    {
        get => _snapshot;
        init => (_snapshot, _shared) = (value, null);
    }

    /// <inheritdoc/>
    public override string Title => string.Create(CultureInfo.InvariantCulture, $"Tree of map '{PictureText.Key(Layout.Name)}' at version {Layout.Version}{(Snapshot is null ? "" : $" and its snapshot of version {Snapshot.Version}")}");

    internal bool IsDetailed => Detailed ?? Layout.Nodes.Count() <= MostDetailed;

    /// <inheritdoc/>
    public override string ToSvg(int columns = 100) => new SnapshotSvg(this).ToString();

    /// <inheritdoc/>
    public override string ToMermaid() => SnapshotMermaid.Of(this);

    internal override string[] Facts()
    {
        TreeNodeLayout[] nodes = [.. Layout.Nodes];
        int branches = nodes.Count(static node => node.IsBranch);
        int kept = nodes.Count(IsKept);
        string[] counts =
        [
            PictureText.Counted(Layout.Count, "entry", "entries"),
            PictureText.Counted(branches, "branch", "branches"),
            PictureText.Counted(nodes.Length - branches, "group", "groups"),
            $"{PictureText.Counted(nodes.Max(static node => node.Depth), "step", "steps")} from the root to the deepest",
        ];
        return Snapshot is null
            ? [.. counts, string.Create(CultureInfo.InvariantCulture, $"{kept:N0} of {nodes.Length:N0} nodes frozen")]
            : [.. counts, string.Create(CultureInfo.InvariantCulture, $"{kept:N0} of {nodes.Length:N0} nodes shared with the snapshot"), string.Create(CultureInfo.InvariantCulture, $"{Snapshot.Nodes.Count() - kept:N0} of the snapshot's own")];
    }

    /// <summary>True for a node that stays as it is: shared with the snapshot, or frozen where there is none to compare with.</summary>
    internal bool IsKept(TreeNodeLayout node) => Snapshot is null ? node.IsFrozen : Shared.Contains(node.Id);

    internal string KeptMeaning => Snapshot is null ? "frozen: the next write to it copies it" : "shared with the snapshot";

    internal string OwnMeaning => Snapshot is null ? "the map's alone: written in place" : "the map's alone: made since";

    internal bool Holds(TreeNodeLayout node) => Mark is not null && node.Entries.Any(entry => IsMarked(entry.Key));

    private HashSet<long> Shared => _shared ??= [.. (Snapshot?.Nodes ?? []).Select(static node => node.Id).Intersect(Layout.Nodes.Select(static node => node.Id))];

    private protected override void DrawBody(List<PictureLine> lines, List<(string Sign, Ink Ink, string Meaning)> legend, int width)
    {
        if (Layout.Count == 0 && !Layout.Root.IsBranch)
        {
            lines.Add(new PictureLine().Add("An empty group: nothing is stored.", Ink.Faint));
            return;
        }

        var used = new HashSet<bool>();
        if (IsDetailed)
        {
            Node(Layout.Root, "", lines, used, width);
            TreeNodeLayout[] nodes = [.. Layout.Nodes];
            if (nodes.Length > MaxEntries)
            {
                lines.RemoveRange(lines.Count - (nodes.Length - MaxEntries), nodes.Length - MaxEntries);
                lines.Add(More(nodes.Length - MaxEntries, "node", "nodes"));
            }
        }
        else
        {
            lines.AddRange(Branches(used, width));
        }

        if (used.Contains(false)) legend.Add(("■", Ink.Second, OwnMeaning));
        if (used.Contains(true)) legend.Add(("□", Ink.First, KeptMeaning));
        if (IsDetailed) return;
        legend.Add(("▼", Ink.Faint, "a branch below"));
        legend.Add(("─", Ink.Faint, "the same group, up to here"));
        if (Mark is not null) legend.Add(("◆", Ink.Alarm, "the key's group"));
    }

    private protected override string Whereabouts(object key)
    {
        TreeNodeLayout group = Layout.Nodes.First(node => node.Entries.Any(entry => entry.Key.Equals(key)));
        return $"in a group of {PictureText.Counted(group.Entries.Count, "entry", "entries")}, {PictureText.Counted(group.Depth, "step", "steps")} from the root, {(IsKept(group) ? Snapshot is null ? "frozen" : "shared" : "the map's alone")}";
    }

    private void Node(TreeNodeLayout node, string place, List<PictureLine> lines, HashSet<bool> used, int width)
    {
        bool kept = IsKept(node);
        used.Add(kept);
        var line = new PictureLine().PadTo(2 * node.Depth).Add(kept ? "□" : "■", kept ? Ink.First : Ink.Second).Add($" {place}");
        if (node.IsBranch)
        {
            lines.Add(line.Add("branch", Ink.Strong));
            foreach (TreeNodeLayout below in node.Below) Node(below, $"{SlotsOf(below)}  ".PadRight(13), lines, used, width);
            return;
        }

        line.Add(PictureText.Counted(node.Entries.Count, "entry", "entries").PadRight(10), Ink.Faint);
        if (node.Tombstones > 0) line.Add($" {PictureText.Counted(node.Tombstones, "tombstone", "tombstones")}", Ink.Faint);
        if (Holds(node)) line.Add(" ◂", Ink.Alarm);
        line.Add(" ");
        lines.Add(line.Add(PictureText.Clip(string.Join(", ", node.Entries.Select(static entry => PictureText.Key(entry.Key))), width - line.Width)));
    }

    /// <summary>Which slots of the branch above a node fills.</summary>
    internal static string SlotsOf(TreeNodeLayout node)
    {
        (int first, int span) = RangeOf(node);
        return span == 1 ? string.Create(CultureInfo.InvariantCulture, $"slot {first}") : string.Create(CultureInfo.InvariantCulture, $"slots {first}-{first + span - 1}");
    }

    private static (int First, int Span) RangeOf(TreeNodeLayout node)
    {
        int end = 4 * node.Depth;
        return ((int)(node.First >> (64 - end)) & (Fan - 1), node.IsBranch ? 1 : 1 << Math.Max(0, end - node.Bits));
    }

    // Each branch is 16 signs: what is in its slots. As many branches on a line as fit.
    private IEnumerable<PictureLine> Branches(HashSet<bool> used, int width)
    {
        const int Cell = Fan + 3;
        int perLine = Math.Max(1, (width - 9) / Cell);
        TreeNodeLayout[] branches = [.. Layout.Nodes.Where(static node => node.IsBranch)];
        TreeNodeLayout[] shown = [.. branches.OrderBy(static branch => branch.Depth).ThenBy(static branch => branch.First).Take(MaxEntries)];
        foreach (IGrouping<int, TreeNodeLayout> level in shown.GroupBy(static branch => branch.Depth))
        {
            bool isFirst = true;
            foreach (TreeNodeLayout[] row in level.Chunk(perLine))
            {
                var line = new PictureLine().Add((isFirst ? string.Create(CultureInfo.InvariantCulture, $"step {level.Key}") : "").PadRight(9), Ink.Strong);
                foreach (TreeNodeLayout branch in row) Slots(branch, line, used);
                isFirst = false;
                yield return line;
            }
        }

        if (branches.Length > shown.Length) yield return More(branches.Length - shown.Length, "branch", "branches");
    }

    private void Slots(TreeNodeLayout branch, PictureLine line, HashSet<bool> used)
    {
        used.Add(IsKept(branch));
        line.Add("[", IsKept(branch) ? Ink.First : Ink.Second);
        foreach (TreeNodeLayout below in branch.Below)
        {
            bool kept = IsKept(below);
            used.Add(kept);
            Ink ink = kept ? Ink.First : Ink.Second;
            line.Add(below.IsBranch ? "▼" : Holds(below) ? "◆" : kept ? "□" : "■", Holds(below) ? Ink.Alarm : ink);
            line.Add(new string('─', RangeOf(below).Span - 1), ink);
        }

        line.Add("]", IsKept(branch) ? Ink.First : Ink.Second).Add(" ");
    }
}
