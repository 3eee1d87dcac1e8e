using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab.Rendering;

/// <summary>Text made safe for where it goes. Keys are the user's and may hold anything.</summary>
internal static class PictureText
{
    private const char Replacement = '\uFFFD';

    /// <summary>For XML and HTML, in text and in attributes. What XML cannot hold at all is replaced.</summary>
    public static string Xml(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = SafeText.Lines(text);
        var safe = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                safe.Append(c).Append(text[++i]);
                continue;
            }

            safe.Append(c switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                '\t' or '\n' or '\r' => c.ToString(),
                < ' ' or '\uFFFE' or '\uFFFF' => Replacement.ToString(),
                _ when char.IsSurrogate(c) => Replacement.ToString(),
                _ => c.ToString(),
            });
        }

        return safe.ToString();
    }

    /// <summary>For a message of a Mermaid diagram, where some characters are syntax and a line ends the statement.</summary>
    public static string Mermaid(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (char c in SafeText.Line(text, int.MaxValue))
        {
            if (c is '#' or ';' or '<' or '>' or '"' or '%' or '{' or '}' or '\\' || c == '`') safe.Append(CultureInfo.InvariantCulture, $"#{(int)c};");
            else safe.Append(c);
        }

        return safe.ToString();
    }

    /// <summary>
    /// A key as it fits on a line: one column per character. A key's ToString is its owner's code and may
    /// throw.
    /// </summary>
    public static string Key(object? key)
    {
        // What is no column wide, or more than one, gets a sign that is.
        return string.Concat(SafeText.Of(key).Select(static c => char.IsSurrogate(c) ? '?' : c));
    }

    /// <summary>A number of things, with the noun in its number.</summary>
    public static string Counted(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");

    /// <summary>At most so many characters, the last one saying that there were more.</summary>
    public static string Cut(string text, int length) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 1), "…");

    /// <summary>At most so many characters, with dots for what is missing; nothing where not even those fit.</summary>
    public static string Clip(string text, int width) => text.Length <= width ? text : width <= 3 ? "" : string.Concat(text.AsSpan(0, width - 3), "...");

    /// <summary>Parts in a row, as many on a line as fit.</summary>
    public static IEnumerable<string> Wrap(IEnumerable<string> parts, string separator, int width)
    {
        string line = "";
        foreach (string part in parts)
        {
            if (line.Length > 0 && line.Length + separator.Length + part.Length + 1 > width)
            {
                yield return line + separator.TrimEnd();
                line = "";
            }

            line += (line.Length > 0 ? separator : "") + part;
        }

        yield return line;
    }
}
