using System.Management.Automation;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Gets a map as it is now, read-only and for good.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "MapSnapshot")]
[OutputType(typeof(IMapSnapshot))]
public sealed class GetMapSnapshotCommand : MapCommand
{
    private protected override void Process(IMap map) => WriteObject(map.GetSnapshot(), enumerateCollection: false);
}
