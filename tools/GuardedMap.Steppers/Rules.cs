namespace GuardedMaps.Steppers;

/// <summary>
/// What the generator must be told, since no analysis can know it: which types are shared between actors, where
/// translation begins, and what is left out and why. Everything else follows from the source.
/// </summary>
internal static class Rules
{
    /// <summary>Types whose objects actors share: each field that is not readonly is a location of its own.</summary>
    public static readonly IReadOnlyDictionary<string, string> Shared = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["GuardedMapBase"] = "SteppedMap",
        ["BucketTable"] = "SteppedTable",
        ["BucketIndex"] = "SteppedIndex",
        ["BucketIndex.OverflowArea"] = "SteppedIndex.OverflowArea",
        ["Reborn"] = "SteppedReborn",
        ["MapIterator"] = "SteppedIterator",
    };

    /// <summary>Structs that are an actor's own. They are handed down by reference, so they become classes that are copied where the source copies.</summary>
    public static readonly IReadOnlyDictionary<string, string> Own = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["EntryWalk"] = "SteppedWalk",
        ["GuardedMapBase.ReadAction"] = "SteppedMap.ReadAction",
        ["GuardedMapBase.WriteRequest"] = "SteppedMap.WriteRequest",
        ["GuardedMapBase.WalkAction"] = "SteppedMap.WalkAction",
        ["GuardedMapBase.CursorWriteAction"] = "SteppedMap.CursorWriteAction",
        ["GuardedMapBase.CopyArraysAction"] = "SteppedMap.CopyArraysAction",
        ["BucketTable.Destination"] = "SteppedTable.Destination",
    };

    /// <summary>Small values, copied as they are.</summary>
    public static readonly IReadOnlyDictionary<string, string> Values = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["CardPlace"] = "SteppedPlace",
        ["EntryPlace"] = "SteppedEntry",
        ["GuardedMapBase.WriteTicket"] = "SteppedMap.WriteTicket",
        ["GuardedMapBase.Way"] = "SteppedMap.Way",
        ["GuardedMapBase.WriteMode"] = "SteppedMap.WriteMode",
    };

    /// <summary>Types with a counterpart written by hand, with members of the same names.</summary>
    public static readonly IReadOnlyDictionary<string, string> Twins = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["MapGate"] = "SteppedGate",
        ["BucketTable.Segment"] = "SteppedTable.Segment",
        ["GuardedMapBase.ITableAction"] = "ISteppedAction",
        ["MapViolation"] = "StepViolationException",
        ["MapViolationException"] = "StepViolationException",
    };

    /// <summary>Types of the product whose own state may be used without steps: immutable, or only touched under a lock that is a step.</summary>
    public static readonly IReadOnlySet<string> Known = new HashSet<string>(StringComparer.Ordinal)
    {
        "Lease", "ContractRule", "MapActor", "DeferredFailures", "ReadNote", "BuiltInOps", "IKeyOps", "IProbe", "MapOptions", "Slot",
    };

    /// <summary>Where translation begins: what actors call. Of several methods of a name the one with so many parameters, or with parameters of these names.</summary>
    public static readonly IReadOnlyList<string> Roots =
    [
        "GuardedMapBase.Set", "GuardedMapBase.TryAdd", "GuardedMapBase.Remove/2", "GuardedMapBase.Clear", "GuardedMapBase.TryGetValue", "GuardedMapBase.Count",
        "GuardedMapBase.Increment", "GuardedMapBase.StepSnapshot", "GuardedMapBase.GetOrAdd/key,value", "GuardedMapBase.AddOrUpdate/key,addValue,updateValueFactory",
        "GuardedMapBase.TryUpdate", "GuardedMapBase.EnsureCapacity", "GuardedMapBase.TrimExcess/0", "GuardedMapBase.BeginAnonymousLease", "GuardedMapBase.EndAnonymousLease",
        "MapIterator.MoveNext", "MapIterator.Dispose", "MapIterator.Begin", "MapIterator.WriteThroughCursor", "MapIterator.StepInside", "MapIterator.Current", "BucketTable.EntriesSideBySide", "BucketTable.EntriesFrom",
    ];

    /// <summary>
    /// Members written by hand beside the generated ones. Describing a violation is no part of what is explored; waiting for one's turn is a lock and what is
    /// asked under it; deferral and the shell's latch are not reached: a stepper that comes there stops with an error.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, bool> ByHand = new Dictionary<string, bool>(StringComparer.Ordinal)
    {
        // Name, and whether it may stop.
        ["GuardedMapBase.Run"] = true,
        ["GuardedMapBase.Gate"] = false,
        // Who runs is asked of the runtime, or of the stack, and neither is memory that actors share.
        ["GuardedMapBase.IsOwner"] = false,
        ["GuardedMapBase.IsOwnerItself"] = false,
        ["GuardedMapBase.Observe"] = false,
        ["GuardedMapBase.Violation"] = false,
        ["GuardedMapBase.Describe"] = false,
        ["GuardedMapBase.ReadOverlap"] = false,
        ["GuardedMapBase.NoteRead"] = false,
        ["GuardedMapBase.RecallRead"] = false,
        ["GuardedMapBase.CheckRead"] = false,
        ["GuardedMapBase.ForgetRead"] = false,
        ["GuardedMapBase.EnterWaiting"] = true,
        ["GuardedMapBase.EndTurn"] = true,
        ["GuardedMapBase.ReadLocked"] = true,
        ["GuardedMapBase.BeginWatched"] = true,
        ["GuardedMapBase.Defer"] = true,
        ["GuardedMapBase.TryDefer"] = true,
        ["GuardedMapBase.DrainDeferred"] = true,
        ["GuardedMapBase.ApplyDeferred"] = true,
        ["GuardedMapBase.Latch"] = true,
        ["GuardedMapBase.IteratorViolation"] = false,
        ["GuardedMapBase.AnonymousHolder"] = false,
        ["BucketIndex.Unallocated"] = false,
        // A bucket as a whole, card by card.
        ["Card.At"] = true,
        ["Card.Match"] = true,
        ["Card.LiveOnes"] = true,
        ["Card.Put"] = true,
        ["Card.Take"] = true,
        ["Card.Deal"] = true,
        // No scenario has so many entries that they lie in segments.
        ["BucketTable.SegmentEntryOf"] = true,
        ["BucketTable.SegmentEntryOrNull"] = true,
        ["BucketTable.SegmentFrom"] = true,
        ["BucketTable.AddSegments"] = true,
        ["BucketTable.CopySegments"] = true,
    };

    /// <summary>Methods that only throw; their counterpart by hand makes the exception instead.</summary>
    public static readonly IReadOnlyDictionary<string, string> Throwing = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ThrowOverlap"] = "OverlapError",
        ["ThrowRefused"] = "RefusedError",
        ["ThrowStale"] = "StaleError",
        ["ThrowDeferring"] = "DeferringError",
    };

    /// <summary>Calls that have no meaning where steps are whole and orders are sequentially consistent, or that only tell others.</summary>
    public static readonly IReadOnlySet<string> Dropped = new HashSet<string>(StringComparer.Ordinal)
    {
        "GuardedMapBase.TellGrowth", "GuardedMapBase.ReportRead", "GuardedMapBase.ReportStale", "GuardedMapBase.ReportDeferredFailed", "LastReads.Forget", "LastReads.Find", "GuardedMapBase.NoteWriter", "GuardedMapBase.ClaimIfMet", "GuardedMapBase.WantPositions", "GuardedMapBase.TellChain", "GuardedMapBase.SampleKey", "ChainWatch.Note", "Fence.Loads", "Fence.Stores",
        "ActorThread.CountHandover", "Interlocked.MemoryBarrierProcessWide", "Interlocked.MemoryBarrier",
    };

    /// <summary>Fields that never change in a race, though the source does not say readonly.</summary>
    public static readonly IReadOnlyDictionary<string, string> Constant = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // A scenario fixes the seed, and a fixed seed is never replaced.
        ["BucketTable._seed"] = "the seed is fixed",
        ["BucketTable._segments"] = "there are none",
    };

    /// <summary>Expressions with a fixed text in the steppers.</summary>
    public static readonly IReadOnlyDictionary<string, string> Replaced = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ActorThread.Id"] = "StepWorld.Current.MyThread",
        ["Environment.CurrentManagedThreadId"] = "StepWorld.Current.MyThread",
        ["Environment.TickCount64"] = "0L",
        ["Environment.StackTrace"] = "null",
        ["DateTimeOffset.Now"] = "default(DateTimeOffset)",
        ["MapOptions.ForShell"] = "false",
        ["GuardedMapBase.IsTraced"] = "false",
        ["GuardedMapBase._readOf"] = "Memory",
        ["MapIterator.Watched"] = "((ContractRule?)null)",
    };

    /// <summary>Names of locations in the catalogue of yield points, where the field's own name does not say it.</summary>
    public static string LocationClass(string subject) => subject switch
    {
        "current" or "old" or "cards" or "entries" or "holes" => "array",
        "overflow" => "overflow",
        "first" or "next" => "link",
        "writer" => "stamp",
        "growAt" or "evacuationMark" or "growReason" or "reborn" or "Clears" or "Count" or "top" or "newBelow" or "room" or "hint" => "table",
        _ => subject,
    };
}
