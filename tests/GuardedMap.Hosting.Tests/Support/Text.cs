using System.Text.RegularExpressions;

namespace GuardedMaps.Hosting.Tests;

/// <summary>Assertions on texts that are longer than what a failure shows of them.</summary>
internal static class Text
{
    /// <summary>Fails with the whole text where it does not match.</summary>
    public static void Matches(string pattern, string? text) =>
        Assert.True(text is not null && Regex.IsMatch(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(5)), $"There is no '{pattern}' in:{Environment.NewLine}{text}");
}
