using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using GuardedMaps.Lab;
using GuardedMaps.Lab.Rendering;
using GuardedMaps.Shell.Rules;

namespace GuardedMaps.Shell;

/// <summary>
/// What PowerShell lists of the module's objects where no view applies: below objects of another type, and in another shape than the view's
/// (<c>Format-List</c> where the view is a table).
/// </summary>
/// <remarks>
/// By itself it would list every property, with keys, values and names as they are, and a control character in one of them would do what it does. Here
/// it lists what says nothing that somebody else has chosen, and the rest as <c>Shown</c> or <c>Map</c>, where such text is made safe.
/// <para>
/// A file of types (<c>TypesToProcess</c>) would say the same, but PowerShell takes none of which it has a copy already, and then refuses the import before
/// the module can say why. The table of types is not public, so it is reached by reflection, as that of the type accelerators is; where a future version has
/// moved it, PowerShell lists every property, and everything else works.
/// </para>
/// </remarks>
internal static class DisplayProperties
{
    private const string Shown = nameof(Shown);
    private const string Map = nameof(Map);

    private static readonly (string Type, string[] Properties)[] s_types =
    [
        (typeof(MapEntry).FullName!, [Shown]),
        (typeof(SlotLayout).FullName!, ["State", Shown]),
        (typeof(BucketLayout).FullName!, ["Number", "IsOld", "IsEvacuated", "Live", "Overflow", Shown]),
        (typeof(TreeNodeLayout).FullName!, ["Id", "Depth", "Bits", "IsFrozen", Shown]),
        (typeof(SyncEntryLayout).FullName!, [Shown, "State", "IsInRead", "IsInDirty"]),
        (typeof(OrderedNodeLayout).FullName!, ["Number", Shown, "State", "Levels"]),
        (typeof(MapLayout).FullName!, [Map, "Count", "Version", "OverflowBuckets", "LoadFactor", "Capacity"]),
        (typeof(LayoutFigures).FullName!, [Map, "Count", "Version", "Buckets", "OverflowBuckets", "LoadFactor", "Capacity", "EmptyBuckets", "FullestBucket", "LongestChain", "BucketsPerHit"]),
        (typeof(SnapshotFigures).FullName!, [Map, "Count", "Version", "Branches", "Groups", "Steps", "EntriesPerGroup", "FullestGroup", "Tombstones", "LongestChain", "FrozenNodes"]),
        (typeof(SyncFigures).FullName!, [Map, "Count", "ReadKeys", "HasDirty", "DirtyKeys", "NewKeys", "Misses", "PromotedAt", "Removed", "Expunged"]),
        (typeof(OrderedFigures).FullName!, [Map, "Count", "Levels", "NodesPerLevel", "Tombstones"]),
        (typeof(HotKey).FullName!, [Shown, "Count", "Error"]),
        (typeof(MapViolation).FullName!, ["Kind", "Operation", Shown, "DetectedAt"]),
        (typeof(MapIterationState).FullName!, ["Step", "State", "Bucket", "Slot", "Wrapped", Shown]),
        (typeof(MapIterator).FullName!, [Shown, "Contract", "Steps", "Bucket", "Slot", "Wrapped"]),
        (typeof(MapRecording).FullName!, [Shown, "LeftOut"]),
        (typeof(MapLessonInfo).FullName!, ["Number", Shown, "Done"]),
        (typeof(MapFinding).FullName!, ["Rule", "Severity", Shown]),
    ];

    /// <summary>Tells the runspace that imports the module.</summary>
    public static void Register()
    {
        if (Table() is not { } table) return;
        foreach ((string type, string[] properties) in s_types)
        {
            // Another import of the module may have been here.
            var data = new TypeData(type) { IsOverride = true, DefaultDisplayPropertySet = new PropertySetData(properties) };
            foreach (string name in (string[])[Shown, Map])
            {
                if (properties.Contains(name, StringComparer.Ordinal)) data.Members.Add(name, new CodePropertyData(name, typeof(DisplayProperties).GetMethod($"{name}Of")));
            }

            table.AddType(data);
        }
    }

    /// <summary>Takes it back.</summary>
    public static void Unregister()
    {
        if (Table() is not { } table) return;
        foreach ((string type, _) in s_types) table.RemoveType(type);
    }

    /// <summary>What an object holds. PowerShell calls it.</summary>
    public static object ShownOf(PSObject shown) => ViewText.Of(shown);

    /// <summary>The name of the map that an object tells of. PowerShell calls it.</summary>
    public static object MapOf(PSObject shown) => SafeText.Of(shown?.Properties["Name"]?.Value);

    private static TypeTable? Table()
    {
        const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        if (Runspace.DefaultRunspace is not { } runspace) return null;
        object? context = typeof(Runspace).GetProperty("ExecutionContext", Hidden)?.GetValue(runspace);
        return context?.GetType().GetProperty("TypeTable", Hidden)?.GetValue(context) as TypeTable;
    }
}
