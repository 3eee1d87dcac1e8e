using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab.Rendering;

// Where SVG is written: the one place that knows how text is escaped and numbers are spelt.
//
// Everything is an attribute: no style sheet, no script, no reference, since the places where a drawing shall be seen strip those. It has a
// ground of its own, because as an image it cannot know whether the page is light or dark. Numbers are rounded and culture-free, so that the same
// picture is the same bytes everywhere.

/// <summary>A drawing in the making.</summary>
internal sealed class SvgCanvas
{
    /// <summary>How wide a character of the usual size is taken to be.</summary>
    public const double CharacterWidth = 7.2;

    public const string Ground = "#fdfdfb";
    public const string Text = "#1d1d1f";
    public const string Faint = "#6b6b70";
    public const string Hair = "#c9c9c4";
    public const string Alarm = "#c43c00";

    private readonly StringBuilder _body = new();

    /// <summary>An ink's colour on the drawing's ground: that of Okabe and Ito, taken dark enough to be read.</summary>
    public static string ColourOf(Ink ink) => ink switch
    {
        Ink.Faint => Faint,
        Ink.First => "#1f6fb2",
        Ink.Second => "#b26a00",
        Ink.Third => "#00805c",
        Ink.Fourth => "#98487f",
        Ink.Alarm => Alarm,
        _ => Text,
    };

    /// <summary>Words. The anchor is start, middle or end.</summary>
    public void Words(double x, double y, string text, string colour = Text, int size = 12, bool bold = false, string anchor = "start")
    {
        if (text.Length == 0) return;
        Write($"<text x=\"{x:0.#}\" y=\"{y:0.#}\" fill=\"{colour}\"");
        if (size != 12) Write($" font-size=\"{size}\"");
        if (bold) _body.Append(" font-weight=\"bold\"");
        if (anchor != "start") Write($" text-anchor=\"{anchor}\"");
        if (text.Contains("  ", StringComparison.Ordinal)) _body.Append(" xml:space=\"preserve\"");
        _body.Append('>').Append(PictureText.Xml(text)).Append("</text>\n");
    }

    /// <summary>Words that take exactly their columns, whatever the font.</summary>
    public void Fixed(double x, double y, string text, string colour, bool bold)
    {
        Write($"<text x=\"{x:0.#}\" y=\"{y:0.#}\" textLength=\"{text.Length * CharacterWidth:0.#}\" lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\" fill=\"{colour}\"");
        if (bold) _body.Append(" font-weight=\"bold\"");
        _body.Append('>').Append(PictureText.Xml(text)).Append("</text>\n");
    }

    /// <summary>A box. The title is what a browser shows when the pointer rests on it.</summary>
    public void Box(double x, double y, double width, double height, string fill = "none", double opacity = 1, string stroke = "none", double strokeWidth = 1, double radius = 0, string? title = null, string? dash = null)
    {
        Write($"<rect x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\" fill=\"{fill}\"");
        if (opacity < 1) Write($" fill-opacity=\"{opacity:0.##}\"");
        if (stroke != "none") Write($" stroke=\"{stroke}\"");
        if (stroke != "none" && Math.Abs(strokeWidth - 1) > 0.01) Write($" stroke-width=\"{strokeWidth:0.#}\"");
        if (dash is not null) Write($" stroke-dasharray=\"{dash}\"");
        if (radius > 0) Write($" rx=\"{radius:0.#}\"");
        if (title is null) _body.Append("/>\n");
        else _body.Append("><title>").Append(PictureText.Xml(title)).Append("</title></rect>\n");
    }

    public void Line(double x1, double y1, double x2, double y2, string colour, double width = 1, double opacity = 1)
    {
        Write($"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" stroke=\"{colour}\"");
        if (Math.Abs(width - 1) > 0.01) Write($" stroke-width=\"{width:0.#}\"");
        if (opacity < 1) Write($" stroke-opacity=\"{opacity:0.##}\"");
        _body.Append("/>\n");
    }

    /// <summary>A path, whose data are numbers and letters of our own.</summary>
    public void Path(string data, string fill = "none", double opacity = 1, string stroke = "none", double strokeWidth = 1, double strokeOpacity = 1)
    {
        if (data.Length == 0) return;
        Write($"<path d=\"{data}\" fill=\"{fill}\"");
        if (opacity < 1) Write($" fill-opacity=\"{opacity:0.##}\"");
        if (stroke != "none") Write($" stroke=\"{stroke}\" stroke-width=\"{strokeWidth:0.#}\"");
        if (strokeOpacity < 1) Write($" stroke-opacity=\"{strokeOpacity:0.##}\"");
        _body.Append("/>\n");
    }

    /// <summary>The drawing as a document.</summary>
    public string Finish(string title, int width, int height)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" font-family=\"ui-monospace, 'DejaVu Sans Mono', Consolas, Menlo, monospace\" font-size=\"12\">\n");
        svg.Append("<title>").Append(PictureText.Xml(title)).Append("</title>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"0.5\" y=\"0.5\" width=\"{width - 1}\" height=\"{height - 1}\" rx=\"8\" fill=\"{Ground}\" stroke=\"#d8d8d4\"/>\n");
        return svg.Append(_body).Append("</svg>\n").ToString();
    }

    private void Write(FormattableString text) => _body.Append(text.ToString(CultureInfo.InvariantCulture));
}
