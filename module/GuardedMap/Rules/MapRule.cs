namespace GuardedMaps.Shell.Rules;

/// <summary>One rule: what it is called, and how it looks at an analysed script.</summary>
/// <remarks>A rule holds no state: one object serves all scripts, on any thread.</remarks>
public abstract class MapRule
{
    private protected MapRule(string id, string name, MapFindingSeverity severity, string summary)
    {
        Id = id;
        Name = name;
        Severity = severity;
        Summary = summary;
    }

    /// <summary>The rule's id, such as GM1001. It is never used for a second purpose.</summary>
    public string Id { get; }

    /// <summary>The rule's name, such as ChangedInOwnLoop.</summary>
    public string Name { get; }

    /// <summary>The severity of its plainest findings.</summary>
    public MapFindingSeverity Severity { get; }

    /// <summary>The rule in one sentence.</summary>
    public string Summary { get; }

    /// <summary>The rule's page.</summary>
    public string HelpLink => $"https://github.com/guardedmap/guardedmap/blob/main/docs/rules/{Id}.md";

    /// <summary>Everything the rule finds in one script, in no particular order.</summary>
    internal abstract IEnumerable<MapFinding> Check(ScriptAnalysis script);
}
