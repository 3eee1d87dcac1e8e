namespace GuardedMaps.Shell.Rules;

/// <summary>All rules, in the order of their ids.</summary>
public static class RuleCatalogue
{
    /// <summary>The rule that a syntax error is reported under. It is none that can be left out: a script that does not parse is not checked whole.</summary>
    public static MapRule ParseError { get; } = new ScriptDoesNotParse();

    /// <summary>Every rule that looks at a parsed script.</summary>
    public static IReadOnlyList<MapRule> All { get; } =
    [
        new ChangedInForEach(),
        new ChangedInPipeline(),
        new PlainCollectionShared(),
        new SynchronizedEnumerated(),
        new ReadModifyWrite(),
        new LoopVariableCaptured(),
        new EnumeratorHandedOver(),
        new UnprotectedMap(),
    ];

    private sealed class ScriptDoesNotParse() : MapRule("GM0001", "ParseError", MapFindingSeverity.Error, "A script, or a part of it, does not parse.")
    {
        internal override IEnumerable<MapFinding> Check(ScriptAnalysis script) => [];
    }
}
