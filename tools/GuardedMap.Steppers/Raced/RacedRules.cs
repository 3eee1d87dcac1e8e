namespace GuardedMaps.Steppers;

/// <summary>What the generator of the raced maps must be told: where they begin, and the few places that are one step although they touch much.</summary>
internal static class RacedRules
{
    /// <summary>The folder whose types are copied. What they use from elsewhere is used as it is.</summary>
    public const string Folder = "Maps/";

    /// <summary>What actors and oracles call: a type and its members. Everything else follows from the source.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Roots = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["MapBase"] = ["this[]", "TryGetValue", "TryAdd", "Remove", "TryUpdate", "GetOrAdd", "Increment", "Clear", "Count", "Entries"],
        ["SnapshotMap"] = [".ctor(SnapshotMapOptions)"],
        ["SnapshotMapBase"] = ["GetSnapshot", "Write", "CheckInvariants"],
        ["SnapshotBatch"] = ["this[]", "Remove"],
        ["SyncMap"] = [".ctor(SyncMapOptions)"],
        ["SyncMapBase"] = ["CheckInvariants"],
        ["OrderedMap"] = [".ctor(OrderedMapOptions)"],
        ["OrderedMapBase"] = ["CheckInvariants"],
    };

    /// <summary>Classes that are copied with all their members and interfaces.</summary>
    public static readonly IReadOnlySet<string> Whole = new HashSet<string>(StringComparer.Ordinal) { "Snapshot", "OrderedWalk" };

    /// <summary>
    /// Methods that stay as they are, and whose answer counts as what was read: they look at memory that nobody changes any more, or that is changed
    /// under a lock which their caller holds.
    /// </summary>
    public static readonly IReadOnlySet<string> Opaque = new HashSet<string>(StringComparer.Ordinal) { "SyncKeys.Find", "SyncKeys.FindOtherwise", "SyncKeys.Hash" };

    /// <summary>
    /// Classes whose fields no two actors can meet at: a loop's own state, a batch that is not published yet, and what is never changed once it is
    /// published.
    /// </summary>
    public static readonly IReadOnlySet<string> Own = new HashSet<string>(StringComparer.Ordinal) { "TreeWalk", "SnapshotBatch", "OrderedWalk", "OrderedBlock", "OrderedLane" };

    /// <summary>
    /// Types that are written under their owner's lock only, and never changed once readers without the lock can find them: touching them is no step.
    /// What is stored in their arrays still counts as a part of the situation.
    /// </summary>
    public static readonly IReadOnlySet<string> Locked = new HashSet<string>(StringComparer.Ordinal) { "SyncTable", "SyncSlots", "SyncRoom" };

    /// <summary>Calls that change nothing, or only what a thread remembers for itself; and the refusal of a stale set, which describes what no raced map is asked to detect.</summary>
    public static readonly IReadOnlySet<string> Dropped = new HashSet<string>(StringComparer.Ordinal) { "Prefetch", "Loads", "Stores", "NoteOwnWrite", "RefuseStale" };

    /// <summary>Calls with a counterpart; # stands for the yield point.</summary>
    public static readonly IReadOnlyDictionary<string, string> Replaced = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["HashMix.NewSeed"] = "Raced.Seed",
        ["Object.MemberwiseClone"] = "Raced.Cloned(Raced.Whole(this, #), MemberwiseClone())",
    };
}
