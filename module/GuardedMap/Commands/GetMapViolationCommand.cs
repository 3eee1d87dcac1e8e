using System.Management.Automation;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Gets the violations that were detected on a guarded map.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "MapViolation")]
[OutputType(typeof(MapViolation))]
public sealed class GetMapViolationCommand : GuardedMapCommand
{
    /// <summary>Only violations of these kinds.</summary>
    [Parameter(Position = 1)]
    public MapViolationKind[]? Kind { get; set; }

    /// <summary>Only the newest so many of those.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Newest { get; set; }

    private protected override string Lacks => "a map of another kind cannot race. It refuses nothing, so it has no violations to tell of.";

    private protected override void Process(IGuardedMap map)
    {
        IReadOnlyList<MapViolation> kept = map.GetViolations();
        if (map.ViolationCount > kept.Count) WriteVerbose($"Of {map.ViolationCount} violations on the map '{SafeText.Line(map.Name)}' the newest {kept.Count} are kept.");
        foreach (MapViolation violation in kept.Where(v => Kind is null || Array.IndexOf(Kind, v.Kind) >= 0).TakeLast(Newest > 0 ? Newest : int.MaxValue)) WriteObject(violation);
    }
}
