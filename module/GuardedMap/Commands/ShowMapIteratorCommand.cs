using System.Management.Automation;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Draws where an iterator is: its state, and the buckets in the order it visits them.</para>
/// </summary>
[Cmdlet(VerbsCommon.Show, "MapIterator")]
[OutputType(typeof(IteratorPicture), typeof(string))]
public sealed class ShowMapIteratorCommand : PSCmdlet
{
    /// <summary>The iterator, made by New-MapIterator. It is not stepped.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("InputObject")]
    [ValidateNotNull]
    public MapIterator Iterator { get; set; } = null!;

    /// <summary>Text, Svg, or a state diagram with the live state marked as Mermaid.</summary>
    [Parameter]
    public PictureForm As { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            WriteObject(PictureOutput.Of(Iterator.Draw(), As));
        }
        catch (GuardedMaps.MapViolationException e)
        {
            WriteError(Errors.Violation(e, Iterator));
        }
    }
}
