using System.Text.RegularExpressions;
using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Lab.Tests.Notebooks;

/// <summary>Compares what a cell shows on the engine of Polyglot notebooks with what is saved in the notebook, which the module's own player has recorded.</summary>
/// <remarks>
/// Pictures are compared exactly, and so is their place between the text. Of text empty lines, colours and the pieces in which it comes do not count. What the engine shows
/// as a drawing and the player as text (a table of races) has both forms, and its text is compared.
/// </remarks>
internal static partial class ShownAsSaved
{
    /// <summary>The first difference, or null.</summary>
    public static string? Difference(NotebookCell saved, IReadOnlyList<NotebookOutput> shown)
    {
        List<string> expected = [.. saved.Outputs.SelectMany(o => PartsOf(o, _ => true))];
        var pictures = expected.Where(p => p.StartsWith('<')).ToHashSet(StringComparer.Ordinal);
        List<string> found = [.. shown.SelectMany(o => PartsOf(o, pictures.Contains))];
        for (int i = 0; i < Math.Max(expected.Count, found.Count); i++)
        {
            string was = i < expected.Count ? expected[i] : "(nothing)";
            string now = i < found.Count ? found[i] : "(nothing)";
            if (was != now) return $"saved: {Cut(was)}{Environment.NewLine}shown: {Cut(now)}";
        }

        return null;
    }

    // A drawing is one part, and each line of text is one.
    private static IEnumerable<string> PartsOf(NotebookOutput output, Func<string, bool> isPicture)
    {
        if (output is DisplayOutput display && display.Form(NotebookOutput.Svg) is { } svg && isPicture(svg.TrimEnd('\n'))) return [svg.TrimEnd('\n')];
        return Colours().Replace(output.Text, "").Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0);
    }

    private static string Cut(string text) => text.Length <= 200 ? text : text[..200] + "...";

    [GeneratedRegex(@"\u001b\[[0-9;]*m", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Colours();
}
