using System.Text.RegularExpressions;

namespace GuardedMaps.Hosting.Tests;

/// <summary>The blocks of code and output on a page.</summary>
internal static partial class Page
{
    /// <summary>The headings below which there are blocks of a kind, each once.</summary>
    public static IEnumerable<string> Headings(string page, string kind) =>
        Blocks(page).Where(block => string.Equals(block.Kind, kind, StringComparison.Ordinal)).Select(block => block.Heading).Distinct(StringComparer.Ordinal);

    /// <summary>The C# samples of a page: each with the heading it stands below and the output that the page shows for it.</summary>
    public static IEnumerable<(string Heading, string Code, string Output)> CSharpSamples(string page)
    {
        (string Heading, string Kind, string Text)[] blocks = [.. Blocks(page)];
        for (int i = 0; i < blocks.Length; i++)
        {
            if (blocks[i].Kind is not "csharp") continue;
            bool hasOutput = i + 1 < blocks.Length && blocks[i + 1].Kind is "text" && string.Equals(blocks[i + 1].Heading, blocks[i].Heading, StringComparison.Ordinal);
            yield return (blocks[i].Heading, blocks[i].Text, hasOutput ? blocks[i + 1].Text : "");
        }
    }

    private static IEnumerable<(string Heading, string Kind, string Text)> Blocks(string page)
    {
        string heading = page;
        string? kind = null;
        var text = new List<string>();
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, page)))
        {
            if (kind is not null && line is "```")
            {
                yield return (heading, kind, string.Join('\n', text));
                kind = null;
            }
            else if (kind is not null) text.Add(line);
            else if (line.StartsWith("```", StringComparison.Ordinal)) (kind, text) = (line[3..].Trim(), []);
            else if (line.StartsWith('#')) heading = line.TrimStart('#').Trim();
        }
    }

    /// <summary>
    /// Text without what differs from run to run: which threads they were, and when. A thread of the pool on which a shell has run <c>ForEach-Object -Parallel</c>
    /// keeps that runspace's name, so the name is left out as well.
    /// </summary>
    public static string Comparable(string text) =>
        Times().Replace(Threads().Replace(text.ReplaceLineEndings("\n").Trim('\n'), "thread N"), "since T");

    [GeneratedRegex(@"thread \d+( '[^']*')?( \(runspace \d+ '[^']*'\))?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Threads();

    [GeneratedRegex(@"since \d\d:\d\d:\d\d\.\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Times();
}
