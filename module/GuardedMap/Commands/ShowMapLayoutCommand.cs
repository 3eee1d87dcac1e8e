using System.Management.Automation;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Draws what a map is made of: the buckets of its table, or the tree, parts or towers of another kind.</para>
/// </summary>
/// <remarks>The picture is an object: it draws itself where it is shown, as wide and as colourful as that place allows.</remarks>
[Cmdlet(VerbsCommon.Show, "MapLayout")]
[OutputType(typeof(LayoutPicture), typeof(KindPicture), typeof(string))]
public sealed class ShowMapLayoutCommand : MapCommand
{
    /// <summary>How much is drawn at most: so many buckets of each array, entries, nodes or branches.</summary>
    [Parameter(Position = 1)]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = 128;

    /// <summary>Each bucket, entry or node on a line of its own, with keys, or many on a line. Without it the map's size decides.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>A key to mark: where it is, or would be.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? Key { get; set; }

    /// <summary>A snapshot of the map, of the kind Snapshot, to be compared with: which nodes both share.</summary>
    [Parameter]
    [ValidateNotNull]
    public IMapSnapshot? Snapshot { get; set; }

    /// <summary>Text, Svg or Mermaid.</summary>
    [Parameter]
    public PictureForm As { get; set; }

    private bool? IsDetailed => MyInvocation.BoundParameters.ContainsKey(nameof(Detailed)) ? Detailed.IsPresent : null;

    private protected override void Process(IMap map)
    {
        if ((map is IGuardedMap guarded ? (MapPicture?)OfTable(guarded) : OfKind(map)) is { } picture) WriteObject(PictureOutput.Of(picture, As));
    }

    private LayoutPicture? OfTable(IGuardedMap map)
    {
        if (Snapshot is not null)
        {
            WriteError(Errors.ParameterNotOfKind("Snapshot", map.Kind, "its snapshots share no nodes with it: they have the table as it was, and the map's next write goes to a copy.", "Leave -Snapshot out, or draw a map of the kind Snapshot."));
            return null;
        }

        MapLookup? mark = null;
        if (Key is not null && !MapKey.TryLookUp(map, Key, WriteError, out mark)) return null;
        return new LayoutPicture { Layout = mark?.Layout ?? map.GetLayout(), MaxBuckets = First, Detailed = IsDetailed, Mark = mark };
    }

    private KindPicture? OfKind(IMap map)
    {
        object? key = null;
        if (Key is not null && !MapKey.TryFit(map, Key, WriteError, out key)) return null;
        try
        {
            return KindPicture.Of(map, Snapshot, key) with { MaxEntries = First, Detailed = IsDetailed };
        }
        catch (ArgumentException e)
        {
            WriteError(Errors.SnapshotOfAnother(e, map));
            return null;
        }
    }
}
