namespace GuardedMaps.Lab.Rendering;

/// <summary>
/// A picture of something about a map: lines of inked text, which every face shows in its own way.
/// </summary>
/// <remarks>
/// <code>
///                          ┌─▶ ToText      plain, or in 24-bit colour      terminal, file
///   Draw(format) ─ lines ──┤
///                          └─▶ ToSvg       the same lines on a drawing     notebook, page
///                              ToMermaid   a diagram, where one fits       Markdown
/// </code>
/// A picture that has more to show than lines draws its SVG itself, from the same facts. A picture is immutable, and made from copies: the
/// map goes on. The same facts give the same bytes.
/// </remarks>
public abstract record MapPicture
{
    private const int LineHeight = 17;
    private const int Margin = 14;

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

    /// <summary>
    /// The picture as an SVG document: well-formed XML without script, style sheet or reference to anything outside. It brings a ground of its own, so
    /// it can be read on light and on dark.
    /// </summary>
    public virtual string ToSvg(int columns = 100)
    {
        IReadOnlyList<PictureLine> lines = Draw(new PictureFormat { Width = columns });
        var canvas = new SvgCanvas();
        for (int row = 0; row < lines.Count; row++)
        {
            int column = 0;
            foreach ((string text, Ink ink) in lines[row].Pieces)
            {
                if (!string.IsNullOrWhiteSpace(text))
                {
                    // Placed and stretched to its columns: whatever font there is, what is below one another stays below one another.
                    double x = Margin + (column * SvgCanvas.CharacterWidth);
                    canvas.Fixed(x, Margin + (row * LineHeight) + 13, text, SvgCanvas.ColourOf(ink), Palette.IsBold(ink));
                }

                column += text.Length;
            }
        }

        int width = (int)Math.Ceiling(lines.Select(static line => line.Width).DefaultIfEmpty().Max() * SvgCanvas.CharacterWidth) + (2 * Margin);
        return canvas.Finish(Title, width, (lines.Count * LineHeight) + (2 * Margin));
    }

    /// <summary>The picture as a Mermaid diagram for a Markdown page; null where no diagram of Mermaid's fits.</summary>
    public virtual string? ToMermaid() => null;
}
