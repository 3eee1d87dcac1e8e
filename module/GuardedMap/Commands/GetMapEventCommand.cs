using System.Management.Automation;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Gets what a traced map has recorded.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "MapEvent")]
[OutputType(typeof(MapEvent))]
public sealed class GetMapEventCommand : MapCommand
{
    /// <summary>Only events of these kinds.</summary>
    [Parameter(Position = 1)]
    public ProbePoint[]? Point { get; set; }

    /// <summary>Only the newest so many of those.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Newest { get; set; }

    private protected override void Process(IMap map)
    {
        if (!map.IsTraced)
        {
            WriteError(Errors.NotTraced(map));
            return;
        }

        foreach (MapEvent e in map.GetEvents().Where(e => Point is null || Array.IndexOf(Point, e.Point) >= 0).TakeLast(Newest > 0 ? Newest : int.MaxValue)) WriteObject(e);
    }
}
