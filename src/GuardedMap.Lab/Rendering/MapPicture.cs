using System.Globalization;
using System.Security;
using System.Text;

namespace GuardedMaps.Lab.Rendering;

/// <summary>
/// A picture of something about a map: lines of inked text, which every face shows in its own way.
/// </summary>
/// <remarks>
/// <code>
///                          ┌─▶ ToText   plain, or in 24-bit colour         terminal, file
///   Draw(format) ─ lines ──┤
///                          └─▶ ToSvg    the same lines on a drawing        notebook, page
/// </code>
/// Because the faces share the lines, they cannot show different things. A picture is immutable, and made from copies: the map goes on.
/// </remarks>
public abstract record MapPicture
{
    private const double CharacterWidth = 7.8;
    private const int LineHeight = 17;
    private const int Margin = 12;

    /// <summary>What the picture shows, in a few words.</summary>
    public abstract string Title { get; }

    /// <summary>Draws the picture.</summary>
    public abstract IReadOnlyList<PictureLine> Draw(PictureFormat format);

    /// <summary>The picture as text. No line is wider than the format says.</summary>
    public string ToText(PictureFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return string.Join(Environment.NewLine, Draw(format).Select(line => format.Colour ? line.ToAnsi() : line.ToString()));
    }

    /// <summary>The picture as plain text of 80 columns.</summary>
    public sealed override string ToString() => ToText(new PictureFormat());

    /// <summary>The picture as an SVG document. Its text is in the colour of its surroundings, so it can be read on light and on dark.</summary>
    public virtual string ToSvg(int columns = 100)
    {
        IReadOnlyList<PictureLine> lines = Draw(new PictureFormat { Width = columns });
        int width = (int)Math.Ceiling(lines.Max(static line => line.Width) * CharacterWidth) + (2 * Margin);
        int height = (lines.Count * LineHeight) + (2 * Margin);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\"");
        svg.AppendLine(" font-family=\"ui-monospace, 'DejaVu Sans Mono', Consolas, Menlo, monospace\" font-size=\"13\" fill=\"currentColor\">");
        svg.Append(CultureInfo.InvariantCulture, $"<title>{SecurityElement.Escape(Title)}</title>").AppendLine();
        for (int row = 0; row < lines.Count; row++)
        {
            int column = 0;
            foreach ((string text, Ink ink) in lines[row].Pieces)
            {
                if (!string.IsNullOrWhiteSpace(text)) AppendPiece(svg, text, ink, column, row);
                column += text.Length;
            }
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static void AppendPiece(StringBuilder svg, string text, Ink ink, int column, int row)
    {
        // Placed and stretched to its columns: whatever font there is, what is below one another stays below one another.
        double x = Margin + (column * CharacterWidth);
        int y = Margin + (row * LineHeight) + 13;
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y}\" textLength=\"{text.Length * CharacterWidth:0.#}\" lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\"");
        if (Palette.ColourOf(ink) is { } colour) svg.Append(CultureInfo.InvariantCulture, $" fill=\"#{colour.Red:x2}{colour.Green:x2}{colour.Blue:x2}\"");
        if (Palette.IsBold(ink)) svg.Append(" font-weight=\"bold\"");
        svg.Append(CultureInfo.InvariantCulture, $">{SecurityElement.Escape(text)}</text>").AppendLine();
    }
}
