using System.Management.Automation;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Draws how a key's hash leads to its slot: a ruler of its bits, and what the lookup compared.</para>
/// </summary>
[Cmdlet(VerbsCommon.Show, "MapHash")]
[OutputType(typeof(HashPicture), typeof(string))]
public sealed class ShowMapHashCommand : GuardedMapCommand
{
    /// <summary>The keys, in the map or not. Each has a picture of its own.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public object[] Key { get; set; } = null!;

    /// <summary>Text, Svg or Mermaid.</summary>
    [Parameter]
    public PictureForm As { get; set; }

    private protected override string Lacks => "it draws how a hash leads to a bucket of its table.";

    private protected override void Process(IGuardedMap map)
    {
        foreach (object key in Key)
        {
            if (MapKey.TryLookUp(map, key, WriteError, out MapLookup? lookup)) WriteObject(PictureOutput.Of(new HashPicture { Lookup = lookup }, As));
        }
    }
}
