using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>How sure a finding is, and how much it costs.</summary>
public enum MapFindingSeverity
{
    /// <summary>Works in this PowerShell, fails in another one.</summary>
    Information = 0,

    /// <summary>Goes wrong under some schedules, or if a variable holds what its use suggests.</summary>
    Warning = 1,

    /// <summary>Goes wrong as soon as it runs, or as soon as two runspaces meet.</summary>
    Error = 2,
}

/// <summary>One place in a script that misuses a collection, as <c>Test-MapUsage</c> emits it.</summary>
public sealed class MapFinding
{
    internal MapFinding(MapRule rule, MapFindingSeverity severity, IScriptExtent extent, string message, string suggestedFix)
    {
        Rule = rule.Id;
        RuleName = rule.Name;
        Severity = severity;
        File = string.IsNullOrEmpty(extent.File) ? null : extent.File;
        Line = extent.StartLineNumber;
        Column = extent.StartColumnNumber;
        Extent = extent;
        Message = message;
        SuggestedFix = suggestedFix;
        HelpLink = rule.HelpLink;
    }

    /// <summary>The rule's id, such as GM1001.</summary>
    public string Rule { get; }

    /// <summary>The rule's name in words, such as ChangedInOwnLoop.</summary>
    public string RuleName { get; }

    /// <summary>How sure the finding is.</summary>
    public MapFindingSeverity Severity { get; }

    /// <summary>The script's file, or null for a text or a script block that has none.</summary>
    public string? File { get; }

    /// <summary>The line, counted from 1.</summary>
    public int Line { get; }

    /// <summary>The column, counted from 1.</summary>
    public int Column { get; }

    /// <summary>What is wrong, as it stands in the script.</summary>
    public IScriptExtent Extent { get; }

    /// <summary>What happens there, and to which collection.</summary>
    public string Message { get; }

    /// <summary>What to write instead.</summary>
    public string SuggestedFix { get; }

    /// <summary>The rule's page.</summary>
    public string HelpLink { get; }

    /// <summary>True if <c>Test-MapUsage -Fix</c> would change this place by itself, because the result is certain to be equivalent.</summary>
    public bool IsFixable => Edits.Count > 0;

    /// <summary>The edits that repair this place, all or none.</summary>
    internal IReadOnlyList<ScriptEdit> Edits { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{(File is null ? "(text)" : SafeText.Line(File, int.MaxValue))}:{Line}:{Column}: {Severity} {Rule}: {SafeText.Line(Message, int.MaxValue)}";
}
