using System.Management.Automation;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Measures a guarded map's table: how full, how even, how far from its next growth.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Measure, "GuardedMap")]
[OutputType(typeof(LayoutFigures))]
public sealed class MeasureGuardedMapCommand : GuardedMapCommand
{
    private protected override string Lacks => "it measures the buckets of its table.";

    private protected override void Process(IGuardedMap map) => WriteObject(LayoutFigures.Of(map.GetLayout()));
}
