using System.Management.Automation;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Draws what lookups cost: keys compared, buckets looked at, and how long the chains are.</para>
/// </summary>
[Cmdlet(VerbsCommon.Show, "MapHistogram")]
[OutputType(typeof(HistogramPicture), typeof(string))]
public sealed class ShowMapHistogramCommand : GuardedMapCommand
{
    /// <summary>The keys to look up, in the map or not. Without it, every key of the map.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public object[]? Key { get; set; }

    /// <summary>Text or Svg.</summary>
    [Parameter]
    [ValidateSet("Text", "Svg")]
    public PictureForm As { get; set; }

    private protected override string Lacks => "it draws what lookups cost in the chains of its buckets.";

    private protected override void Process(IGuardedMap map)
    {
        List<object>? keys = Key is null ? null : [];
        foreach (object typed in Key ?? [])
        {
            if (MapKey.TryFit(map, typed, WriteError, out object? key)) keys!.Add(key);
        }

        if (keys is { Count: 0 }) return;
        WriteObject(PictureOutput.Of(HistogramPicture.Of(map, keys), As));
    }
}
