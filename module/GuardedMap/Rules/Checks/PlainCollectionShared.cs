namespace GuardedMaps.Shell.Rules;

/// <summary>GM1003: a collection that is not made for it is written by a block that runs beside others.</summary>
/// <remarks>
/// Nothing in a Hashtable, a List or an ArrayList keeps two writers apart: entries are lost, or the table's links form a ring and a reader
/// never ends. Only a write is reported, since readers alone do no harm. Start-Job works on copies in another process, so nothing is shared.
/// </remarks>
public sealed class PlainCollectionShared() : MapRule("GM1003", "PlainCollectionShared", MapFindingSeverity.Error, "A plain collection is written by several runspaces at once.")
{
    internal override IEnumerable<MapFinding> Check(ScriptAnalysis script)
    {
        foreach (Change change in script.Changes.All)
        {
            if (!CollectionKinds.IsPlain(change.Target.Kind) || script.Parallel.Around(change.Node) is not { Shares: true } block) continue;
            if (!ScriptSharing.IsFromOutside(change.Target, block) || script.Sharing.IsLocked(change.Node)) continue;
            string kind = CollectionKinds.Describe(change.Target.Kind);
            string where = block.Kind switch
            {
                ParallelKind.ForEachParallel => "ForEach-Object -Parallel",
                ParallelKind.ThreadJob => "Start-ThreadJob",
                _ => "another runspace",
            };
            yield return new MapFinding(
                this,
                change.Target.IsDeclared ? MapFindingSeverity.Warning : MapFindingSeverity.Error,
                change.Node.Extent,
                $"{change.Operation} writes to the {kind} {change.TargetExpression?.Extent.Text ?? ""} from {where}, and it is shared: {("ao".Contains(char.ToLowerInvariant(kind[0]), StringComparison.Ordinal) ? "an" : "a")} {kind} loses entries, or breaks, when two runspaces write to it."
                    + (change.Target.IsDeclared ? " (Unless every caller hands over a synchronized one.)" : ""),
                "Share a guarded map (New-GuardedMap; -Protection Synchronized lets writers wait for each other), a ConcurrentDictionary, or put the results out and collect them after the loop.")
            {
                Edits = GuardedMapFix.For(script, change.Target),
            };
        }
    }
}
