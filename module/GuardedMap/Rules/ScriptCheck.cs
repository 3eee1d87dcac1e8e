using System.Management.Automation.Language;
using System.Runtime.CompilerServices;

namespace GuardedMaps.Shell.Rules;

/// <summary>Checks one script: parses it, asks the rules, leaves out what the script itself answers for.</summary>
/// <remarks>
/// Nothing is run. PowerShell's parser mends what does not parse as well as it can and goes on, so the rest of such a script is checked too,
/// and its parse errors are findings like others.
/// </remarks>
public static class ScriptCheck
{
    // PSScriptAnalyzer asks for one rule at a time, always with the same tree: the findings are kept as long as the tree is.
    private static readonly ConditionalWeakTable<ScriptBlockAst, IReadOnlyList<MapFinding>> s_known = [];

    /// <summary>Checks a text.</summary>
    /// <param name="text">The script.</param>
    /// <param name="path">The file it is from, or null.</param>
    public static IReadOnlyList<MapFinding> CheckText(string text, string? path = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ScriptBlockAst? root = Parser.ParseInput(text, path, out Token[] tokens, out ParseError[] errors);
        return Check(root, path, tokens, errors);
    }

    /// <summary>Checks a syntax tree, as an editor or PSScriptAnalyzer has it. Of a part of a tree, nothing: its rules need the whole.</summary>
    public static IReadOnlyList<MapFinding> CheckTree(ScriptBlockAst root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return root.Parent is not null ? [] : s_known.GetValue(root, static tree =>
        {
            string? path = string.IsNullOrEmpty(tree.Extent.File) ? null : tree.Extent.File;

            // A tree has no comments. Its whole text has them.
            _ = Parser.ParseInput(tree.Extent.StartScriptPosition.GetFullScript() ?? tree.Extent.Text, path, out Token[] tokens, out _);
            return Check(tree, path, tokens, []);
        });
    }

    /// <summary>What to replace to repair a finding, as places and texts; nothing where it takes somebody who knows what the script is for.</summary>
    public static IReadOnlyList<MapCorrection> CorrectionsOf(MapFinding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        if (finding.Edits.Count == 0) return [];

        // One place for all of it: an editor applies one correction, not a set of them.
        string script = finding.Extent.StartScriptPosition.GetFullScript();
        int start = finding.Edits.Min(e => e.Start);
        int end = finding.Edits.Max(e => e.End);
        var text = new System.Text.StringBuilder();
        int done = start;
        foreach (ScriptEdit edit in finding.Edits.OrderBy(e => e.Start))
        {
            text.Append(script, done, edit.Start - done).Append(edit.Text);
            done = edit.End;
        }

        return [new MapCorrection(ExtentOf(script, start, end), text.ToString())];
    }

    private static ScriptExtent ExtentOf(string script, int start, int end) => new(PositionOf(script, start), PositionOf(script, end));

    private static ScriptPosition PositionOf(string script, int offset)
    {
        int line = script.AsSpan(0, offset).Count('\n') + 1;
        int begin = offset == 0 ? 0 : script.LastIndexOf('\n', offset - 1) + 1;
        int stop = script.IndexOf('\n', offset);
        return new ScriptPosition(null, line, offset - begin + 1, script[begin..(stop < 0 ? script.Length : stop)].TrimEnd('\r'));
    }

    private static List<MapFinding> Check(ScriptBlockAst? root, string? path, Token[] tokens, ParseError[] errors)
    {
        var findings = new List<MapFinding>();
        foreach (ParseError error in errors)
        {
            findings.Add(new MapFinding(
                RuleCatalogue.ParseError,
                MapFindingSeverity.Error,
                error.Extent,
                $"The script does not parse here: {error.Message} ({error.ErrorId})",
                "Correct the syntax. What can be read of the script is checked all the same."));
        }

        // Nested deeper than the parser's stack: it says so, and gives no tree at all.
        if (root is null) return findings;
        var script = new ScriptAnalysis(root, path);
        var suppressed = new Suppressions(script, tokens);
        foreach (MapRule rule in RuleCatalogue.All)
        {
            foreach (MapFinding finding in rule.Check(script))
            {
                if (!suppressed.Covers(finding)) findings.Add(finding);
            }
        }

        findings.Sort(static (a, b) => (a.Extent.StartOffset, a.Rule, a.Extent.EndOffset).CompareTo((b.Extent.StartOffset, b.Rule, b.Extent.EndOffset)));
        return findings;
    }
}

/// <summary>A place in a script and what to put there.</summary>
/// <param name="Extent">The place.</param>
/// <param name="Text">What belongs there.</param>
public sealed record MapCorrection(IScriptExtent Extent, string Text);
