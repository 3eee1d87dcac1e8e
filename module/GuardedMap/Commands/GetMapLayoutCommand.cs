using System.Management.Automation;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Gets what a map is made of: buckets, nodes of a tree, entries of two parts, or towers.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "MapLayout")]
[OutputType(typeof(BucketLayout), typeof(TreeNodeLayout), typeof(SyncEntryLayout), typeof(OrderedNodeLayout))]
public sealed class GetMapLayoutCommand : MapCommand
{
    /// <summary>Only buckets with these numbers, of a guarded map.</summary>
    [Parameter(Position = 1)]
    [ValidateRange(0, int.MaxValue)]
    public int[]? Bucket { get; set; }

    private protected override void Process(IMap map)
    {
        if (Bucket is not null && map.Kind != MapKind.Guarded)
        {
            WriteError(Errors.ParameterNotOfKind("Bucket", map.Kind, "it has no buckets.", "Leave -Bucket out, and choose what you want with Where-Object."));
            return;
        }

        switch (map.GetLayout())
        {
            case MapLayout layout:
                WriteObject(layout.OldBuckets.Concat(layout.Buckets).Where(bucket => Bucket is null || Array.IndexOf(Bucket, bucket.Number) >= 0), enumerateCollection: true);
                break;
            case SnapshotLayout tree:
                WriteObject(tree.Nodes, enumerateCollection: true);
                break;
            case SyncLayout parts:
                WriteObject(parts.Entries, enumerateCollection: true);
                break;
            case OrderedLayout list:
                WriteObject(list.Nodes, enumerateCollection: true);
                break;
        }
    }
}
