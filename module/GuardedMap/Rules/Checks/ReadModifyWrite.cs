using System.Globalization;
using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>GM1005: a value of a shared map is read, changed and written back in two operations.</summary>
/// <remarks>
/// Each of the two is whole and legal, on a synchronized table and on a guarded map too, and between them another one's update is lost. No
/// guard can see that (docs/race-lab.md counts how often it happens), so the text is the place to find it.
/// </remarks>
public sealed class ReadModifyWrite() : MapRule("GM1005", "ReadModifyWrite", MapFindingSeverity.Warning, "A shared map's value is read and written back in two operations.")
{
    internal override IEnumerable<MapFinding> Check(ScriptAnalysis script)
    {
        foreach (Change change in script.Changes.All)
        {
            if (!change.IsReadModifyWrite || !CollectionKinds.IsShareable(change.Target.Kind)) continue;
            bool isMadeToBeShared = change.Target.Kind == CollectionKind.SynchronizedTable;
            if (!script.Sharing.IsShared(change.Target, change.Node, unlessSeen: isMadeToBeShared) || script.Sharing.IsLocked(change.Node)) continue;
            bool isGuarded = change.Target.Kind is CollectionKind.Guarded or CollectionKind.GuardedSynchronized;
            yield return new MapFinding(
                this,
                MapFindingSeverity.Warning,
                change.Node.Extent,
                $"{change.Node.Extent.Text} reads and writes {change.TargetExpression?.Extent.Text} in two operations: an update that another runspace makes in between is lost, in silence.",
                isGuarded
                    ? "Update it in one operation: Update-MapEntry $map key -Increment 1, or in another runspace $map.Increment('key'), $map.AddOrUpdate('key', { ... })."
                    : "Use a guarded map and its atomic updates (Update-MapEntry -Increment, -Append, -ScriptBlock), or hold one lock around reading and writing.")
            {
                Edits = isGuarded ? Increment(script, change) : GuardedMapFix.For(script, change.Target),
            };
        }
    }

    // $m.n++ as a statement of its own: its value, which a script might go on to use, is the old one.
    private static IReadOnlyList<ScriptEdit> Increment(ScriptAnalysis script, Change change)
    {
        if (change.Node is not UnaryExpressionAst { Parent: CommandExpressionAst { Parent: PipelineAst { PipelineElements.Count: 1, Parent: StatementBlockAst or NamedBlockAst } } } unary) return [];
        if (change.TargetExpression is not { } target || change.Key is not (StringConstantExpressionAst or VariableExpressionAst or ConstantExpressionAst)) return [];
        int by = unary.TokenKind is TokenKind.PlusPlus or TokenKind.PostfixPlusPlus ? 1 : -1;
        string key = change.Key is StringConstantExpressionAst text ? $"'{text.Value.Replace("'", "''", StringComparison.Ordinal)}'" : change.Key.Extent.Text;

        // A runspace of its own may not have the module's cmdlets; the map's methods it has.
        string atomic = script.Parallel.Around(change.Node) is not null
            ? $"$null = {target.Extent.Text}.Increment({key}{(by == 1 ? "" : ", -1")})"
            : string.Create(CultureInfo.InvariantCulture, $"Update-MapEntry {target.Extent.Text} {key} -Increment {by}");
        return [new ScriptEdit(unary.Extent.StartOffset, unary.Extent.EndOffset, atomic)];
    }
}
