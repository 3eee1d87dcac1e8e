using System.Management.Automation;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Gets the buckets of a guarded map's table.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "MapLayout")]
[OutputType(typeof(BucketLayout))]
public sealed class GetMapLayoutCommand : GuardedMapCommand
{
    /// <summary>Only buckets with these numbers.</summary>
    [Parameter(Position = 1)]
    [ValidateRange(0, int.MaxValue)]
    public int[]? Bucket { get; set; }

    private protected override string Lacks => "it shows the buckets of its table.";

    private protected override void Process(IGuardedMap map)
    {
        MapLayout layout = map.GetLayout();
        foreach (BucketLayout bucket in layout.OldBuckets.Concat(layout.Buckets))
        {
            if (Bucket is null || Array.IndexOf(Bucket, bucket.Number) >= 0) WriteObject(bucket);
        }
    }
}
