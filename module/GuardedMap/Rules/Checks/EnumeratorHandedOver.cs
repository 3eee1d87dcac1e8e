using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>GM1007: an enumerator or iterator is handed to another runspace.</summary>
/// <remarks>
/// An enumerator has a place where it stands. Two runspaces that step it move each other's place: elements are skipped or seen twice. A
/// guarded map's iterator notices (IteratorInUse); those of .NET do not.
/// </remarks>
public sealed class EnumeratorHandedOver() : MapRule("GM1007", "EnumeratorHandedOver", MapFindingSeverity.Error, "An enumerator or iterator is passed to another runspace.")
{
    internal override IEnumerable<MapFinding> Check(ScriptAnalysis script)
    {
        foreach (ParallelBlock block in script.Parallel.All)
        {
            var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            IEnumerable<ExpressionAst> used = block.Block.FindAll(static a => a is UsingExpressionAst, searchNestedScriptBlocks: true).Cast<ExpressionAst>();
            foreach (ExpressionAst handed in used.Concat(block.Arguments).Concat(block.Handed.Values))
            {
                if (script.Values.Resolve(handed) is not { } value || !(value.View == CollectionView.Enumerator || value.Kind == CollectionKind.MapIterator)) continue;
                if (!seen.Add(handed.Extent.Text) || block.Kind == ParallelKind.OtherProcess) continue;
                yield return new MapFinding(
                    this,
                    MapFindingSeverity.Error,
                    handed.Extent,
                    $"{handed.Extent.Text} is an {(value.Kind == CollectionKind.MapIterator ? "iterator" : "enumerator")}, and another runspace gets it: when two of them step it, elements are skipped or seen twice.",
                    "Hand over the map, and let each runspace begin an iteration of its own; or pipe the elements: $keys | ForEach-Object -Parallel { ... }.");
            }
        }
    }
}
