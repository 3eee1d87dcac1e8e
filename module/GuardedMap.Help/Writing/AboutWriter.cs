using System.Globalization;
using System.Text;
using GuardedMaps.Help.Pages;
using GuardedMaps.Lab;
using Markdig.Syntax;

namespace GuardedMaps.Help.Writing;

/// <summary>Makes a topic's page into the text that <c>Get-Help about_...</c> shows: headings at the margin, all else indented, 78 columns.</summary>
internal static class AboutWriter
{
    private const int Width = 78;
    private const string Indent = "    ";

    public static void Write(string source, string target)
    {
        string name = Path.GetFileNameWithoutExtension(source);
        MarkdownDocument document = Markdig.Markdown.Parse(File.ReadAllText(source), PageReader.Markdown);
        List<Block> blocks = [.. document.Where(b => b is not Markdig.Extensions.Yaml.YamlFrontMatterBlock)];
        if (blocks is not [HeadingBlock { Level: 1 } title, HeadingBlock { Level: 2 } first, ..]
            || !string.Equals(PlainText.Of(title), name, StringComparison.Ordinal)
            || !string.Equals(PlainText.Of(first), "Short description", StringComparison.Ordinal))
        {
            // Get-Help takes the line below this very heading for the synopsis of a topic.
            throw new PageException(source, 1, $"A topic begins with the headings '# {name}' and '## Short description'.");
        }

        if (blocks is not [_, _, ParagraphBlock summary, ..] || Indent.Length + PlainText.Of(summary).Length > Width)
            throw new PageException(source, first.Line + 1, string.Create(CultureInfo.InvariantCulture, $"The short description is one paragraph of at most {Width - Indent.Length} characters: lists of topics show its first line."));

        var text = new StringBuilder();
        text.Append("TOPIC\n").Append(Indent).Append(name).Append('\n');
        var paragraphs = new List<Block>();
        foreach (Block block in blocks.Skip(1))
        {
            if (block is not HeadingBlock heading)
            {
                paragraphs.Add(block);
                continue;
            }

            Flush(text, paragraphs);
            string line = PlainText.Of(heading);
            text.Append('\n').Append(heading.Level == 2 ? line.ToUpperInvariant() : "  " + line).Append('\n');
        }

        Flush(text, paragraphs);
        WholeFile.Write(target, text.ToString());
    }

    private static void Flush(StringBuilder text, List<Block> blocks)
    {
        bool isFirst = true;
        bool wasTight = false;
        foreach (TextParagraph paragraph in TextBlocks.Of(blocks, Indent))
        {
            if (!isFirst && !(wasTight && paragraph.IsTight)) text.Append('\n');
            foreach (string line in (paragraph.IsFixed ? paragraph with { FirstIndent = paragraph.Indent + Indent, Indent = paragraph.Indent + Indent } : paragraph).Lines(Width))
                text.Append(line).Append('\n');
            (isFirst, wasTight) = (false, paragraph.IsTight);
        }

        blocks.Clear();
    }
}
