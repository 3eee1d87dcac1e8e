using System.Management.Automation;
using GuardedMaps.Lab;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Draws how a recorded map grew: a row for each growth, evacuation and overflow bucket.</para>
/// </summary>
[Cmdlet(VerbsCommon.Show, "MapGrowth")]
[OutputType(typeof(GrowthPicture), typeof(string))]
public sealed class ShowMapGrowthCommand : PSCmdlet
{
    /// <summary>The recording, made by Trace-GuardedMap.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public MapRecording InputObject { get; set; } = null!;

    /// <summary>Text or Svg.</summary>
    [Parameter]
    [ValidateSet("Text", "Svg")]
    public PictureForm As { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(PictureOutput.Of(new GrowthPicture(InputObject), As));
}
