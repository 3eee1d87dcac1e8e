using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab.Rendering;

/// <summary>One line of a picture: pieces of text, each in one ink. Every character is one column wide.</summary>
public sealed class PictureLine
{
    // No screen is that wide. What is longer is somebody's name or key.
    private const int LongestPiece = 2000;

    private readonly List<(string Text, Ink Ink)> _pieces = [];

    /// <summary>How many columns the line takes.</summary>
    public int Width { get; private set; }

    /// <summary>The pieces, from left to right.</summary>
    internal IReadOnlyList<(string Text, Ink Ink)> Pieces => _pieces;

    /// <summary>Adds a piece on the right. Gives the line, so that pieces can be added in a row.</summary>
    internal PictureLine Add(string text, Ink ink = Ink.Plain)
    {
        if (text.Length == 0) return this;
        text = SafeText.Line(text, LongestPiece);
        // Runs of one ink are one piece: fewer escape sequences, and an SVG that can be read.
        if (_pieces.Count > 0 && _pieces[^1].Ink == ink) _pieces[^1] = (_pieces[^1].Text + text, ink);
        else _pieces.Add((text, ink));
        Width += text.Length;
        return this;
    }

    /// <summary>Fills the line with spaces up to a column.</summary>
    public PictureLine PadTo(int column) => Add(new string(' ', Math.Max(0, column - Width)));

    /// <summary>The line without its inks.</summary>
    public override string ToString() => string.Concat(_pieces.Select(static piece => piece.Text)).TrimEnd();

    /// <summary>The lines as a place can show them that knows no signs but ASCII's: a sign for a sign, so that no width changes.</summary>
    internal static IReadOnlyList<PictureLine> For(PictureFormat format, IReadOnlyList<PictureLine> lines)
    {
        if (!format.Ascii) return lines;
        return [.. lines.Select(static line =>
        {
            var plain = new PictureLine();
            foreach ((string text, Ink ink) in line.Pieces) plain.Add(string.Concat(text.Select(AsciiOf)), ink);
            return plain;
        })];
    }

    /// <summary>The lines that say what signs mean, after an empty one; none where there are no signs.</summary>
    internal static IEnumerable<PictureLine> Legend(IReadOnlyList<(string Sign, Ink Ink, string Meaning)> parts, int width)
    {
        if (parts.Count == 0) yield break;
        yield return new PictureLine();
        var line = new PictureLine();
        foreach ((string sign, Ink ink, string meaning) in parts)
        {
            if (line.Width > 0 && line.Width + 3 + sign.Length + 1 + meaning.Length > width)
            {
                yield return line;
                line = new PictureLine();
            }

            if (line.Width > 0) line.Add("   ");
            line.Add(sign, ink).Add(" " + PictureText.Clip(meaning, width - line.Width - 1), Ink.Faint);
        }

        yield return line;
    }

    private static char AsciiOf(char c) => c switch
    {
        < '\u0080' => c,
        '…' => '~',
        '→' or '▶' or '▸' => '>',
        '█' or '■' or '▓' => '#',
        '·' or '░' => '.',
        '○' or '□' => 'o',
        '◆' => '@',
        '◂' => '<',
        '▼' => 'V',
        '✓' => '+',
        '≠' or '✗' => '!',
        '│' or '┊' => '|',
        '↔' => '=',
        '─' or '–' => '-',
        _ => '?',
    };

    /// <summary>The line with ANSI escape sequences in 24-bit colour.</summary>
    internal string ToAnsi()
    {
        var text = new StringBuilder();
        foreach ((string piece, Ink ink) in _pieces)
        {
            (byte Red, byte Green, byte Blue)? colour = Palette.ColourOf(ink);
            bool bold = Palette.IsBold(ink);
            if (bold) text.Append("\u001b[1m");
            if (colour is { } c) text.Append(CultureInfo.InvariantCulture, $"\u001b[38;2;{c.Red};{c.Green};{c.Blue}m");
            text.Append(piece);
            if (bold || colour is not null) text.Append("\u001b[0m");
        }

        return text.ToString();
    }
}
