using System.Management.Automation;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Gets the violations that were detected on a guarded map, or on one that detects lost updates.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "MapViolation")]
[OutputType(typeof(MapViolation))]
public sealed class GetMapViolationCommand : MapCommand
{
    /// <summary>Only violations of these kinds.</summary>
    [Parameter(Position = 1)]
    public MapViolationKind[]? Kind { get; set; }

    /// <summary>Only the newest so many of those.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Newest { get; set; }

    private protected override void Process(IMap map)
    {
        if (map is not IGuardedMap and not IRefusingMap { DetectsLostUpdates: true })
        {
            WriteError(Errors.NotGuarded(map, "a map of another kind cannot race. It refuses nothing, so it has no violations to tell of."));
            return;
        }

        var refusing = (IRefusingMap)map;
        IReadOnlyList<MapViolation> kept = refusing.GetViolations();
        if (refusing.ViolationCount > kept.Count) WriteVerbose($"Of {refusing.ViolationCount} violations on the map '{SafeText.Line(map.Name)}' the newest {kept.Count} are kept.");
        foreach (MapViolation violation in kept.Where(v => Kind is null || Array.IndexOf(Kind, v.Kind) >= 0).TakeLast(Newest > 0 ? Newest : int.MaxValue)) WriteObject(violation);
    }
}
