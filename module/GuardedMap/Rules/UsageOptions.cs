using System.Management.Automation;

namespace GuardedMaps.Shell.Rules;

/// <summary>From which severity on findings are an error of the cmdlet.</summary>
public enum MapFindingLevel
{
    /// <summary>Findings are output and no error.</summary>
    None = 0,

    /// <summary>Any finding, information too.</summary>
    Information = 1,

    /// <summary>Warnings and errors.</summary>
    Warning = 2,

    /// <summary>Errors alone.</summary>
    Error = 3,
}

/// <summary>Which findings are wanted: by rule, by severity.</summary>
internal sealed class UsageOptions
{
    private readonly List<WildcardPattern> _included;
    private readonly List<WildcardPattern> _excluded;
    private readonly MapFindingSeverity[] _severities;

    public UsageOptions(string[] rules, string[] excluded, MapFindingSeverity[] severities)
    {
        _included = [.. rules.Select(Pattern)];
        _excluded = [.. excluded.Select(Pattern)];
        _severities = severities;
    }

    /// <summary>The first of some names that no rule has, or null.</summary>
    public static string? FirstUnknown(IEnumerable<string> names) => names.FirstOrDefault(name =>
    {
        WildcardPattern pattern = Pattern(name);
        return !RuleCatalogue.All.Append(RuleCatalogue.ParseError).Any(rule => pattern.IsMatch(rule.Id) || pattern.IsMatch(rule.Name));
    });

    public bool IsWanted(MapFinding finding)
    {
        if (_severities.Length > 0 && !_severities.Contains(finding.Severity)) return false;
        if (_excluded.Exists(p => p.IsMatch(finding.Rule) || p.IsMatch(finding.RuleName))) return false;

        // A script that does not parse has not been checked whole, whichever rules were asked for.
        return finding.Rule == RuleCatalogue.ParseError.Id || _included.Count == 0 || _included.Exists(p => p.IsMatch(finding.Rule) || p.IsMatch(finding.RuleName));
    }

    private static WildcardPattern Pattern(string name) => NamePattern.Of(name);
}
