using System.Text;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace GuardedMaps.Help.Writing;

/// <summary>Markdown's words without its marks, for places that know no marks: the terminal.</summary>
/// <remarks>Backticks stay: what is code and what is prose must be told apart there too, and PowerShell's own help keeps them.</remarks>
internal static class PlainText
{
    public static string Of(LeafBlock block)
    {
        var text = new StringBuilder();
        Append(text, block.Inline);
        return text.ToString().Trim();
    }

    public static string Of(ContainerInline inline)
    {
        var text = new StringBuilder();
        Append(text, inline);
        return text.ToString();
    }

    /// <summary>A cell of a table.</summary>
    public static string Of(TableCell cell) => string.Join(' ', cell.OfType<LeafBlock>().Select(Of));

    private static void Append(StringBuilder text, ContainerInline? container)
    {
        foreach (Inline inline in container ?? Enumerable.Empty<Inline>())
        {
            switch (inline)
            {
                case LiteralInline literal: text.Append(literal.Content.AsSpan()); break;
                case CodeInline code: text.Append('`').Append(code.Content).Append('`'); break;
                case LineBreakInline: text.Append(' '); break;
                case HtmlEntityInline entity: text.Append(entity.Transcoded.AsSpan()); break;
                case AutolinkInline link: text.Append(link.Url); break;
                case LinkInline link: AppendLink(text, link); break;
                case ContainerInline inner: Append(text, inner); break;
                default: throw new NotSupportedException($"Help cannot show {inline.GetType().Name} ('{inline}').");
            }
        }
    }

    private static void AppendLink(StringBuilder text, LinkInline link)
    {
        Append(text, link);
        // An address within the repository means nothing at a prompt.
        if (link.Url?.StartsWith("http", StringComparison.Ordinal) == true) text.Append(" (").Append(link.Url).Append(')');
    }
}
