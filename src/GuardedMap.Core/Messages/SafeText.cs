using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace GuardedMaps;

// Keys, values and names are chosen by whoever fills the map, and end up in terminals, logs and error messages. There an escape sequence moves the cursor, renames
// the window or hides the rest of the line; a carriage return overwrites what stands before it; a line break forges a line of the log; a bidirectional mark turns
// the text around; and a megabyte of text buries the message that it is a part of. So whatever is written for people goes through here:
//
//   a character that does something       its escape, visibly: \n, \r, \t, else \u with four digits: \u001b
//   half a surrogate pair                 the same: it is no text, and encoders stumble over it
//   a line break in somebody's message    stays, for such a message may be a page of text; but its further lines are set in by four blanks, so
//                                         that none passes for a line of ours
//   more than so many characters          the beginning, and how long it was: 'aaaa... (1,048,576 characters)'
//
// A backslash stays one: what is shown is to be read, not to be read back. Objects that are put out keep what they hold; this is for text alone.

/// <summary>Makes text that somebody else has chosen safe to show on a line.</summary>
internal static class SafeText
{
    /// <summary>As much of a text as one message shows.</summary>
    public const int Longest = 200;

    private const string SetIn = "    ";

    /// <summary>A text on one line, of at most <paramref name="longest"/> characters and a note of how many there were. O(shown).</summary>
    public static string Line(string? text, int longest = Longest)
    {
        if (text is null) return "";
        bool isCut = text.Length > longest;
        int end = isCut ? longest : text.Length;
        if (isCut && end > 0 && char.IsHighSurrogate(text[end - 1])) end--;
        string shown = Escaped(text, end, keepsLines: false);
        return isCut ? string.Create(CultureInfo.InvariantCulture, $"{shown}... ({text.Length:N0} characters)") : shown;
    }

    /// <summary>Text of several lines, whose line breaks and tabs stay. O(length).</summary>
    public static string Lines(string? text) => text is null ? "" : Escaped(text, text.Length, keepsLines: true);

    /// <summary>A message that somebody else has written, or that holds such a one: its lines after the first are set in, so that none passes for a line of ours. O(length).</summary>
    public static string Told(string? text)
    {
        string safe = Lines(text);
        if (!safe.Contains('\n', StringComparison.Ordinal)) return safe;
        string[] lines = safe.Split('\n');
        for (int i = 1; i < lines.Length; i++)
        {
            if (lines[i].AsSpan().Trim().Length > 0 && !lines[i].StartsWith(SetIn, StringComparison.Ordinal)) lines[i] = SetIn + lines[i];
        }

        return string.Join('\n', lines);
    }

    /// <summary>An object in quotes, of which at most 80 characters are shown: <c>'aaaa...' (500 characters)</c>.</summary>
    public static string Quoted(object? value)
    {
        const int Longest = 80;
        const int Kept = Longest - 3;
        string text = TextOf(value);
        if (text.Length <= Longest) return $"'{Line(text)}'";
        int end = char.IsHighSurrogate(text[Kept - 1]) ? Kept - 1 : Kept;
        return string.Create(CultureInfo.InvariantCulture, $"'{Escaped(text, end, keepsLines: false)}...' ({text.Length:N0} characters)");
    }

    /// <summary>An object as a message names it. Its ToString is somebody else's code, and must not replace the message by an error of its own.</summary>
    public static string Of(object? value, int longest = Longest) => Line(TextOf(value), longest);

    /// <summary>A message of which all that was filled in is made safe: <c>Message($"The key '{key}' is not there.")</c>.</summary>
    public static string Message(Filled message) => message.Text;

    /// <summary>True if a character does something other than to be seen.</summary>
    public static bool IsActive(char c) => c switch
    {
        < ' ' or (>= '\u007F' and <= '\u009F') => true,
        < '\u061C' => false,
        '\u061C' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u206F') => true,
        '\uFEFF' or (>= '\uFFF9' and <= '\uFFFB') or '\uFFFE' or '\uFFFF' => true,
        _ => false,
    };

    private static string TextOf(object? value)
    {
        if (value is string text) return text;
        try
        {
            return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"<{value!.GetType().Name}, whose ToString threw {e.GetType().Name}>";
        }
    }

    private static string Escaped(string text, int end, bool keepsLines)
    {
        int i = 0;
        while (i < end && !IsActive(text[i]) && !char.IsSurrogate(text[i])) i++;
        if (i == end) return end == text.Length ? text : text[..end];
        var safe = new StringBuilder(end + 16).Append(text, 0, i);
        for (; i < end; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < end && char.IsLowSurrogate(text[i + 1])) safe.Append(c).Append(text[++i]);
            else if (keepsLines && (c is '\n' or '\t' || (c == '\r' && i + 1 < end && text[i + 1] == '\n'))) safe.Append(c);
            else if (IsActive(c) || char.IsSurrogate(c)) AppendEscape(safe, c);
            else safe.Append(c);
        }

        return safe.ToString();
    }

    private static void AppendEscape(StringBuilder safe, char c)
    {
        switch (c)
        {
            case '\n':
                safe.Append("\\n");
                break;
            case '\r':
                safe.Append("\\r");
                break;
            case '\t':
                safe.Append("\\t");
                break;
            default:
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                break;
        }
    }

    /// <summary>An interpolated string whose holes go through the cleaner, and whose other text is ours.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Filled
    {
        private readonly StringBuilder _text;

        public Filled(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (formattedCount * 16));

        public string Text => _text.ToString();

        public void AppendLiteral(string text) => _text.Append(text);

        public void AppendFormatted<T>(T value) => _text.Append(Of(value));

        /// <param name="value">A text that may be long: a list, the message of another error.</param>
        /// <param name="format"><c>all</c>: it is not cut.</param>
        public void AppendFormatted(string? value, string format) => _text.Append(format == "all" ? Told(value) : throw new FormatException($"A text is filled in as it is, or with :all, and not with :{format}."));

        public void AppendFormatted<T>(T value, string format)
            where T : IFormattable => _text.Append(value.ToString(format, CultureInfo.InvariantCulture));
    }
}
