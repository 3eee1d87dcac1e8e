using System.Management.Automation;

namespace GuardedMaps.Shell;

/// <summary>Names with wildcards, as the parameters of cmdlets take them.</summary>
internal static class NamePattern
{
    /// <summary>The pattern, without regard to case. What is no pattern, such as a bracket that is not closed, stands for itself.</summary>
    /// <remarks>So it fits no name, and the cmdlet says which names there are, in place of PowerShell's error about the syntax of patterns.</remarks>
    public static WildcardPattern Of(string text)
    {
        try
        {
            var pattern = new WildcardPattern(text, WildcardOptions.IgnoreCase);
            _ = pattern.IsMatch(""); // A wrong one is noticed at its first use.
            return pattern;
        }
        catch (WildcardPatternException)
        {
            return new WildcardPattern(WildcardPattern.Escape(text), WildcardOptions.IgnoreCase);
        }
    }
}
