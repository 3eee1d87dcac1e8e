using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>What GM1001 and GM1002 share: a collection that is changed while it is walked.</summary>
/// <remarks>
/// An enumerator of .NET compares a version at each step and gives up when the collection was changed since the last one. So a change is
/// harmless if no step follows (break, return, throw), if what is walked is a copy, and for the few changes that newer versions of .NET do
/// not count. A dictionary itself, not its Keys, is one object to PowerShell: the loop runs once and cannot fail, which is hardly meant.
/// </remarks>
public abstract class ChangedInLoop : MapRule
{
    private protected ChangedInLoop(string id, string name, string summary)
        : base(id, name, MapFindingSeverity.Error, summary)
    {
    }

    internal override IEnumerable<MapFinding> Check(ScriptAnalysis script)
    {
        var seen = new HashSet<Ast>();
        foreach (Loop loop in script.Loops.All)
        {
            if (!Covers(loop.Form) || !CanFail(loop)) continue;
            foreach (Ast body in loop.Bodies)
            {
                foreach (Change change in script.Changes.Running(body, loop.Value))
                {
                    if (ScriptLoops.IsLastStep(change.Node, loop) || (change.Operation == "Set" && IsGuess(loop)) || !seen.Add(change.Node)) continue;
                    yield return Describe(loop, change);
                }
            }
        }
    }

    private protected abstract bool Covers(LoopForm form);

    private static bool IsGuess(Loop loop) => loop.Value is { Kind: CollectionKind.Unknown, View: CollectionView.Whole };

    private static bool CanFail(Loop loop)
    {
        CollectionKind kind = loop.Value.Kind;
        if (loop.Form == LoopForm.MapIteration)
        {
            return kind is CollectionKind.Guarded or CollectionKind.Unknown
                && (loop.Value.Contract is null || loop.Value.Contract.Equals("Reject", StringComparison.OrdinalIgnoreCase) || loop.Value.Contract.Equals("FailFast", StringComparison.OrdinalIgnoreCase));
        }

        if (loop.IsOverOneObject) return loop.Form == LoopForm.ForEach;
        return CollectionKinds.FailsWhenChanged(kind) || kind == CollectionKind.Unknown;
    }

    private MapFinding Describe(Loop loop, Change change)
    {
        string collection = loop.Source.Extent.Text;
        string what = CollectionKinds.Describe(loop.Value.Kind);
        if (loop.Form == LoopForm.MapIteration)
        {
            return new MapFinding(
                this,
                MapFindingSeverity.Error,
                change.Node.Extent,
                $"{change.Operation} changes the map {collection} inside its own iteration: under its contract the write is refused, or the iteration fails.",
                "Write through the entry, $_.Value = ... or $_.Remove(), or iterate under another contract: -Contract Defer queues the writes, Snapshot walks a copy.");
        }

        if (loop.IsOverOneObject)
        {
            return new MapFinding(
                this,
                MapFindingSeverity.Warning,
                change.Node.Extent,
                $"foreach over the {what} {collection} itself runs once, with the whole table as its element, and changes it ({change.Operation}).",
                $"Walk a copy of its entries or keys: foreach (... in @({collection}.GetEnumerator())).");
        }

        bool tolerated = CollectionKinds.IsToleratedWhileEnumerating(loop.Value.Kind, change.Operation, change.Operation == "Set" && loop.IsOwnKey(change.Key));
        MapFindingSeverity severity = tolerated ? MapFindingSeverity.Information : loop.Value.Kind == CollectionKind.Unknown ? MapFindingSeverity.Warning : MapFindingSeverity.Error;
        string consequence = tolerated
            ? "PowerShell 7 goes on, Windows PowerShell 5.1 fails at the next element: Collection was modified"
            : loop is { Form: LoopForm.Method, Value: { Kind: CollectionKind.List, View: CollectionView.Whole } }
                ? "a list's own ForEach knows no $_, so that what is meant may silently not happen, and a real change fails"
                : "the next element fails: Collection was modified";
        return new MapFinding(
            this,
            severity,
            change.Node.Extent,
            $"{change.Operation} changes the {what} that {collection} is walking; {consequence}.",
            $"Walk a copy: @({collection}).")
        {
            Edits = IsCertain(loop) && !tolerated
                ? [new ScriptEdit(loop.Source.Extent.StartOffset, loop.Source.Extent.StartOffset, "@("), new ScriptEdit(loop.Source.Extent.EndOffset, loop.Source.Extent.EndOffset, ")")]
                : [],
        };
    }

    // The copy has the same elements in the same order; what would have failed goes on. A list's own ForEach would become another method.
    private static bool IsCertain(Loop loop) => loop.Value.Kind != CollectionKind.Unknown && !loop.Value.IsDeclared
        && loop.Form is LoopForm.ForEach or LoopForm.Switch or LoopForm.Pipeline
        && loop.Value.Kind != CollectionKind.Unknown;
}

/// <summary>GM1001: a collection is changed inside of a loop over itself.</summary>
public sealed class ChangedInForEach() : ChangedInLoop("GM1001", "ChangedInOwnLoop", "A collection is changed inside a loop over itself, its keys, its values or its enumerator.")
{
    private protected override bool Covers(LoopForm form) => form is LoopForm.ForEach or LoopForm.Switch or LoopForm.MoveNext or LoopForm.MapIteration;
}

/// <summary>GM1002: a collection is changed by a later stage of the pipeline that walks it.</summary>
public sealed class ChangedInPipeline() : ChangedInLoop("GM1002", "ChangedInOwnPipeline", "A collection is changed by a later stage of a pipeline over itself, or by its own .ForEach().")
{
    private protected override bool Covers(LoopForm form) => form is LoopForm.Pipeline or LoopForm.Method;
}
