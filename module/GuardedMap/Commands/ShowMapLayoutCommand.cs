using System.Management.Automation;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Draws the buckets of a guarded map's table.</para>
/// </summary>
/// <remarks>The picture is an object: it draws itself where it is shown, as wide and as colourful as that place allows.</remarks>
[Cmdlet(VerbsCommon.Show, "MapLayout")]
[OutputType(typeof(LayoutPicture), typeof(string))]
public sealed class ShowMapLayoutCommand : GuardedMapCommand
{
    /// <summary>How many buckets of each array are drawn at most.</summary>
    [Parameter(Position = 1)]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = 128;

    /// <summary>Each bucket on a line of its own, with tophashes and keys, or many on a line. Without it the table's size decides.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <summary>A key to mark: where it is, or would be.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? Key { get; set; }

    /// <summary>Text, Svg or Mermaid.</summary>
    [Parameter]
    public PictureForm As { get; set; }

    private protected override string Lacks => "it draws the buckets of its table.";

    private protected override void Process(IGuardedMap map)
    {
        MapLookup? mark = null;
        if (Key is not null && !MapKey.TryLookUp(map, Key, WriteError, out mark)) return;
        var picture = new LayoutPicture
        {
            Layout = mark?.Layout ?? map.GetLayout(),
            MaxBuckets = First,
            Detailed = MyInvocation.BoundParameters.ContainsKey(nameof(Detailed)) ? Detailed.IsPresent : null,
            Mark = mark,
        };
        WriteObject(PictureOutput.Of(picture, As));
    }
}
