using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>GM1004: a synchronized table is walked, and others may write meanwhile.</summary>
/// <remarks>
/// [hashtable]::Synchronized makes single operations wait for each other. A walk is many, and between two of its steps anybody may write; the
/// next step then fails. Copying with @(...) is a walk as well. What is safe: holding SyncRoot for the whole walk, Clone(), and walking when
/// all others have ended, which is why a script that shares the table only with blocks it has waited for gets no finding.
/// </remarks>
public sealed class SynchronizedEnumerated()
    : MapRule("GM1004", "SynchronizedTableEnumerated", MapFindingSeverity.Warning, "A synchronized table is enumerated without holding its SyncRoot.")
{
    internal override IEnumerable<MapFinding> Check(ScriptAnalysis script)
    {
        foreach ((ExpressionAst walked, MapValue value) in Walks(script))
        {
            if (!script.Sharing.IsShared(value, walked, unlessSeen: true) || script.Sharing.IsLocked(walked, value.Id + ".SyncRoot")) continue;
            yield return new MapFinding(
                this,
                MapFindingSeverity.Warning,
                walked.Extent,
                $"{walked.Extent.Text} walks a {CollectionKinds.Describe(value.Kind)} that others may write to meanwhile: the walk then fails, for only single operations are synchronized.",
                "Walk a copy taken in one operation, .Clone(), or hold its SyncRoot for the whole walk: [Threading.Monitor]::Enter(...SyncRoot), try, finally. A guarded map's Get-MapSnapshot needs no lock.");
        }
    }

    private static IEnumerable<(ExpressionAst Walked, MapValue Value)> Walks(ScriptAnalysis script)
    {
        var loops = new HashSet<ExpressionAst>();
        foreach (Loop loop in script.Loops.All)
        {
            bool isPart = loop.Value.View != CollectionView.Whole && loop.Source is VariableExpressionAst;
            bool isList = loop.Value is { Kind: CollectionKind.SynchronizedList, View: CollectionView.Whole };
            if ((isPart && IsSynchronized(loop.Value)) || isList)
            {
                if (loops.Add(loop.Source)) yield return (loop.Source, loop.Value);
            }
        }

        foreach (ExpressionAst part in script.Nodes.Members.Cast<ExpressionAst>().Concat(script.Nodes.Calls))
        {
            if (part.Parent is MemberExpressionAst outer && outer.Expression == part && IsOneOperation(outer)) continue;
            if (IsAssigned(part) || script.Values.Resolve(part) is not { } value || value.View == CollectionView.Whole || !IsSynchronized(value)) continue;
            if (part is MemberExpressionAst { Static: false } own && script.Values.Resolve(own.Expression) is { View: CollectionView.Whole } && !loops.Contains(part)) yield return (part, value);
        }
    }

    private static bool IsSynchronized(MapValue value) => value.Kind is CollectionKind.SynchronizedTable or CollectionKind.SynchronizedList;

    private static bool IsOneOperation(MemberExpressionAst outer) =>
        ScriptAnalysis.MemberName(outer)?.ToUpperInvariant() is "COUNT" or "SYNCROOT" or "ISSYNCHRONIZED" or "PSBASE" or "MOVENEXT";

    // $keys = $table.Keys walks nothing yet.
    private static bool IsAssigned(ExpressionAst part) => part.Parent is CommandExpressionAst
    {
        Parent: AssignmentStatementAst or PipelineAst { PipelineElements.Count: 1, Parent: AssignmentStatementAst },
    };
}
