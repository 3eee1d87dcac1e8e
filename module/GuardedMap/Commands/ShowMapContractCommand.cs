using System.Management.Automation;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Draws what happens, under each contract, when somebody writes during an iteration.</para>
/// </summary>
[Cmdlet(VerbsCommon.Show, "MapContract")]
[OutputType(typeof(ContractPicture), typeof(string))]
public sealed class ShowMapContractCommand : PSCmdlet
{
    /// <summary>Lets another thread write than the one that iterates.</summary>
    [Parameter]
    public SwitchParameter FromOtherThread { get; set; }

    /// <summary>Text or Svg.</summary>
    [Parameter]
    [ValidateSet("Text", "Svg")]
    public PictureForm As { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing() => WriteObject(PictureOutput.Of(new ContractPicture(FromOtherThread), As));
}
