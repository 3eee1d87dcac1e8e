using System.Management.Automation;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Gets the latest results of this session's races, the newest first.</para>
/// </summary>
/// <remarks>
/// There because Ctrl+C takes a result away: a pipeline that is being stopped hands nothing on. What was found until then is kept here.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "MapRaceResult")]
[OutputType(typeof(MapRaceResult), typeof(ExploreResult), typeof(RaceTimeline))]
public sealed class GetMapRaceResultCommand : PSCmdlet
{
    /// <summary>At most how many.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(1, 50)]
    public int Newest { get; set; } = 1;

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(RecentRaces.Results.Take(Newest), enumerateCollection: true);
}
