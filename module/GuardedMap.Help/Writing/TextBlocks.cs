using System.Globalization;
using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace GuardedMaps.Help.Writing;

/// <summary>Markdown blocks as paragraphs of text, one string each. Nothing is wrapped here except that code and tables keep their lines.</summary>
internal static class TextBlocks
{
    public static IEnumerable<TextParagraph> Of(IEnumerable<Block> blocks, string indent = "")
    {
        foreach (Block block in blocks)
        {
            switch (block)
            {
                case CodeBlock code:
                    yield return new TextParagraph(indent, indent, code.Lines.ToString().ReplaceLineEndings("\n"), IsFixed: true);
                    break;
                case LeafBlock leaf:
                    yield return new TextParagraph(indent, indent, PlainText.Of(leaf), IsFixed: false);
                    break;
                case Table table:
                    foreach (TextParagraph row in OfTable(table, indent)) yield return row;
                    break;
                case ListBlock list:
                    foreach (TextParagraph item in OfList(list, indent)) yield return item;
                    break;
                case QuoteBlock quote:
                    foreach (TextParagraph inner in Of(quote, indent + "    ")) yield return inner;
                    break;
                default:
                    throw new NotSupportedException($"Help cannot show {block.GetType().Name}.");
            }
        }
    }

    private static IEnumerable<TextParagraph> OfList(ListBlock list, string indent)
    {
        int number = list.IsOrdered && int.TryParse(list.OrderedStart, CultureInfo.InvariantCulture, out int start) ? start : 1;
        foreach (ListItemBlock item in list.OfType<ListItemBlock>())
        {
            string mark = list.IsOrdered ? string.Create(CultureInfo.InvariantCulture, $"{number++}. ") : "- ";
            string hanging = indent + new string(' ', mark.Length);
            bool isFirst = true;
            foreach (TextParagraph paragraph in Of(item, hanging))
            {
                yield return isFirst ? paragraph with { FirstIndent = indent + mark, IsTight = true } : paragraph;
                isFirst = false;
            }
        }
    }

    /// <summary>A table becomes a list: a row's first cell, then the others, each behind its column's name. Columns seldom fit 80 characters.</summary>
    private static IEnumerable<TextParagraph> OfTable(Table table, string indent)
    {
        string[] names = [];
        foreach (TableRow row in table.OfType<TableRow>())
        {
            string[] cells = [.. row.OfType<TableCell>().Select(PlainText.Of)];
            if (row.IsHeader)
            {
                names = cells;
                continue;
            }

            IEnumerable<string> rest = cells.Length == 2 ? cells[1..] : cells.Zip(names, (cell, name) => name.Length == 0 ? cell : $"{name}: {cell}").Skip(1);
            yield return new TextParagraph(indent + "- ", indent + "  ", $"{cells[0]}: {string.Join("; ", rest.Where(r => r.Length > 0))}", IsFixed: false, IsTight: true);
        }
    }
}

/// <summary>A paragraph of text: how its first and its other lines are indented, and whether its lines are to stay as they are.</summary>
internal sealed record TextParagraph(string FirstIndent, string Indent, string Text, bool IsFixed, bool IsTight = false)
{
    /// <summary>The paragraph's lines, none longer than the width unless it is fixed or a single word is.</summary>
    public IEnumerable<string> Lines(int width)
    {
        string indent = FirstIndent;
        if (IsFixed)
        {
            foreach (string line in Text.Split('\n'))
            {
                yield return line.Length == 0 ? "" : indent + line;
                indent = Indent;
            }

            yield break;
        }

        string current = "";
        foreach (string word in Text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (current.Length > 0 && indent.Length + current.Length + 1 + word.Length > width)
            {
                yield return indent + current;
                (indent, current) = (Indent, word);
            }
            else
            {
                current = current.Length == 0 ? word : $"{current} {word}";
            }
        }

        if (current.Length > 0) yield return indent + current;
    }
}
