// A finding can be answered in the script, with a reason for the next reader:
//
//   $h.Remove($k)   # GuardedMap: disable GM1001 - the loop is left at once by the caller
//
//   # GuardedMap: disable GM1003, GM1005 - one worker only          (alone on a line: the next line of code)
//
//   # GuardedMap: disable-begin GM1004 - all workers have ended     (everything up to the end, or to the end of the file)
//   # GuardedMap: disable-end GM1004
//
// Without ids all rules are meant. PowerShell's own way works too, for a whole function or script:
// [Diagnostics.CodeAnalysis.SuppressMessageAttribute('GM1003', '', Justification = '...')] param()
using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace GuardedMaps.Shell.Rules;

/// <summary>What a script says about findings that shall not be reported.</summary>
internal sealed partial class Suppressions
{
    private readonly List<(int First, int Last, string[] Rules)> _lines = [];

    public Suppressions(ScriptAnalysis script, IReadOnlyList<Token> tokens)
    {
        var begun = new List<(int Line, string[] Rules)>();
        for (int i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind != TokenKind.Comment || !tokens[i].Text.Contains("GuardedMap", StringComparison.OrdinalIgnoreCase)) continue;
            Match match = Directive().Match(tokens[i].Text);
            if (!match.Success) continue;
            string[] rules = [.. RuleId().Matches(match.Groups["rules"].Value).Select(m => m.Value.ToUpperInvariant())];
            int line = tokens[i].Extent.StartLineNumber;
            switch (match.Groups["form"].Value.ToUpperInvariant())
            {
                case "DISABLE-BEGIN":
                    begun.Add((line, rules));
                    break;
                case "DISABLE-END":
                    End(begun, rules, line);
                    break;
                default:
                    int target = IsAlone(tokens, i) ? NextCode(tokens, i) : line;
                    _lines.Add((target, target, rules));
                    break;
            }
        }

        foreach ((int line, string[] rules) in begun) _lines.Add((line, int.MaxValue, rules));
        foreach (AttributeAst attribute in script.Nodes.Attributes) AddAttribute(attribute);
    }

    public bool Covers(MapFinding finding) => _lines.Exists(l =>
        finding.Line >= l.First && finding.Line <= l.Last && (l.Rules.Length == 0 || l.Rules.Contains(finding.Rule, StringComparer.OrdinalIgnoreCase)));

    [GeneratedRegex(@"^(#|<#)\s*GuardedMap:\s*(?<form>disable-begin|disable-end|disable)\b\s*(?<rules>((,\s*)?GM\d{4}\s*)*)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Directive();

    [GeneratedRegex(@"GM\d{4}", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RuleId();

    private static bool IsAlone(IReadOnlyList<Token> tokens, int at) => at == 0 || tokens[at - 1].Kind == TokenKind.NewLine
        || tokens[at - 1].Extent.EndLineNumber < tokens[at].Extent.StartLineNumber;

    private static int NextCode(IReadOnlyList<Token> tokens, int at)
    {
        for (int i = at + 1; i < tokens.Count; i++)
        {
            if (tokens[i].Kind is not (TokenKind.NewLine or TokenKind.Comment)) return tokens[i].Extent.StartLineNumber;
        }

        return int.MaxValue;
    }

    private void End(List<(int Line, string[] Rules)> begun, string[] rules, int line)
    {
        for (int i = begun.Count - 1; i >= 0; i--)
        {
            if (rules.Length > 0 && begun[i].Rules.Length > 0 && !begun[i].Rules.Intersect(rules, StringComparer.OrdinalIgnoreCase).Any()) continue;
            _lines.Add((begun[i].Line, line, begun[i].Rules));
            begun.RemoveAt(i);
            if (rules.Length > 0) return;
        }
    }

    private void AddAttribute(AttributeAst attribute)
    {
        if (!attribute.TypeName.Name.EndsWith("SuppressMessage", StringComparison.OrdinalIgnoreCase)
            && !attribute.TypeName.Name.EndsWith("SuppressMessageAttribute", StringComparison.OrdinalIgnoreCase)) return;
        var named = attribute.NamedArguments.Where(a => a.ArgumentName.Equals("Category", StringComparison.OrdinalIgnoreCase) || a.ArgumentName.Equals("CheckId", StringComparison.OrdinalIgnoreCase)).Select(a => a.Argument);
        string[] rules = [.. attribute.PositionalArguments.Take(2).Concat(named).OfType<StringConstantExpressionAst>().SelectMany(text => RuleId().Matches(text.Value)).Select(m => m.Value)];
        Ast? owner = attribute.Parent;
        while (owner is not (null or ScriptBlockAst or TypeDefinitionAst or FunctionDefinitionAst)) owner = owner.Parent;
        if (rules.Length > 0 && owner is not null) _lines.Add((owner.Extent.StartLineNumber, owner.Extent.EndLineNumber, rules));
    }
}
