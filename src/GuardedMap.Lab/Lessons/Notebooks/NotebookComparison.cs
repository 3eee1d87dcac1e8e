using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace GuardedMaps.Lab.Lessons;

/// <summary>
/// Tells whether a cell shows again what was saved.
/// </summary>
/// <remarks>
/// Text and drawings are compared exactly. Front ends cut one stream into pieces as they like, so neighbours of one stream count as one;
/// everything else that differs is a difference. Only in a cell tagged <see cref="NotebookCell.VariesTag"/> numbers of threads and
/// runspaces, and times, count as equal to each other.
/// </remarks>
internal static partial class NotebookComparison
{
    /// <summary>What differs, in a sentence; null when nothing does.</summary>
    public static string? Difference(NotebookCell saved, IReadOnlyList<NotebookOutput> shown)
    {
        ArgumentNullException.ThrowIfNull(saved);
        bool varies = saved.HasTag(NotebookCell.VariesTag);
        List<(string What, string Text)> expected = [.. Parts(saved.Outputs, varies)];
        List<(string What, string Text)> actual = [.. Parts(shown, varies)];
        for (int i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            if (i == actual.Count) return $"saved is {expected[i].What} that is not shown any more:\n{expected[i].Text}";
            if (i == expected.Count) return $"{actual[i].What} is shown that is not saved:\n{actual[i].Text}";
            if (expected[i].What != actual[i].What) return $"saved is {expected[i].What}, and shown is {actual[i].What}:\n{actual[i].Text}";
            if (expected[i].Text != actual[i].Text) return FirstLine(expected[i].What, expected[i].Text, actual[i].Text);
        }

        return null;
    }

    /// <summary>The outputs with neighbours of one stream made one, as they are saved.</summary>
    public static IReadOnlyList<NotebookOutput> Merged(IEnumerable<NotebookOutput> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        var merged = new List<NotebookOutput>();
        foreach (var output in outputs)
        {
            if (output is StreamOutput next && merged.Count > 0 && merged[^1] is StreamOutput before && before.Name == next.Name)
                merged[^1] = before with { Printed = before.Printed + next.Printed };
            else
                merged.Add(output);
        }

        return merged;
    }

    private static IEnumerable<(string What, string Text)> Parts(IEnumerable<NotebookOutput> outputs, bool varies)
    {
        foreach (var output in Merged(outputs))
        {
            switch (output)
            {
                case StreamOutput stream:
                    yield return ($"text on {stream.Name}", Comparable(stream.Printed, varies));
                    break;
                case DisplayOutput display:
                    foreach (var (type, node) in display.Data.OrderBy(d => d.Key, StringComparer.Ordinal)) yield return ($"a display of {type}", Comparable(node.ToString(), varies));
                    break;
                case ErrorOutput error:
                    yield return ("an error", Comparable($"{error.Name}: {error.Message}", varies));
                    break;
            }
        }
    }

    private static string Comparable(string text, bool varies)
    {
        text = text.ReplaceLineEndings("\n");
        return varies ? Time().Replace(Thread().Replace(text, "$1 N"), "T") : text;
    }

    private static string FirstLine(string what, string saved, string shown)
    {
        string[] expected = saved.Split('\n');
        string[] actual = shown.Split('\n');
        int line = 0;
        while (line < expected.Length && line < actual.Length && expected[line] == actual[line]) line++;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{what} differs from the saved one in line {line + 1}");
        text.Append(CultureInfo.InvariantCulture, $"\nsaved: {(line < expected.Length ? expected[line] : "(nothing more)")}");
        text.Append(CultureInfo.InvariantCulture, $"\nshown: {(line < actual.Length ? actual[line] : "(nothing more)")}");
        return text.ToString();
    }

    [GeneratedRegex(@"\b(thread|runspace) \d+( '[^']*')?( \(runspace \d+( '[^']*')?\))?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Thread();

    [GeneratedRegex(@"\b\d{1,2}:\d\d:\d\d([.,]\d+)?\b|\b\d+([.,]\d+)* ?(ns|µs|us|ms|s|seconds?)\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Time();
}
