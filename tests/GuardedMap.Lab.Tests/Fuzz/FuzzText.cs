using System.Text;

namespace GuardedMaps.Lab.Tests.Fuzz;

/// <summary>Makes texts that are nearly right: good ones in which something was changed.</summary>
/// <remarks>
/// Random characters are refused at the first of them, and find nothing. What finds faults is good input with one thing wrong: a number too large, a part twice, a
/// quote too few, half a surrogate pair, a piece of another good input.
/// </remarks>
internal sealed class FuzzText(IReadOnlyList<string> good, IReadOnlyList<string> pieces, ulong seed)
{
    private static readonly string[] s_everywhere =
    [
        "", "0", "1", "-1", "2147483646", "2147483647", "2147483648", "4294967296", "18446744073709551615", "18446744073709551616", "1e400", "-0", "0x10", "٣", "NaN",
        "\"", "'", "`", "\\", "\n", "\r", "\r\n", "\t", "\0", "\u001b[2J", "\u202E", "\uFEFF", "\uD800", "\uDC00", "\U0001F600", "\\ud800", "\\u0000", "{", "}", "[", "]", "(", ")", ":", ",", ";", "|", "null", "true",
    ];

    private readonly RaceRandom _random = new(seed);

    public string Next()
    {
        var text = new StringBuilder(good[Draw(good.Count)]);
        for (int changes = Draw(4); changes >= 0; changes--) Change(text);
        return text.ToString();
    }

    private void Change(StringBuilder text)
    {
        int at = Draw(text.Length + 1);
        int length = Math.Min(Draw(2) == 0 ? 1 : Draw(12), text.Length - at);
        switch (Draw(7))
        {
            case 0:
                text.Remove(at, length);
                break;
            case 1:
                text.Insert(at, Piece());
                break;
            case 2:
                text.Remove(at, length).Insert(at, Piece());
                break;
            case 3:
                text.Insert(at, text.ToString(at, length));
                break;
            case 4:
                string other = good[Draw(good.Count)];
                int from = Draw(other.Length + 1);
                text.Insert(at, other.AsSpan(from, Math.Min(Draw(60), other.Length - from)));
                break;
            case 5:
                if (at < text.Length) text[at] = (char)(text[at] ^ (1 << Draw(16)));
                break;
            default:
                ReplaceNumber(text, at);
                break;
        }
    }

    // Numbers are where the limits are.
    private void ReplaceNumber(StringBuilder text, int from)
    {
        while (from < text.Length && !char.IsAsciiDigit(text[from])) from++;
        int end = from;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        if (end > from) text.Remove(from, end - from).Insert(from, s_everywhere[Draw(15)]);
    }

    private string Piece()
    {
        if (Draw(40) == 0) return new string("a[{(\"1"[Draw(6)], 1 + Draw(400));
        return Draw(2) == 0 && pieces.Count > 0 ? pieces[Draw(pieces.Count)] : s_everywhere[Draw(s_everywhere.Length)];
    }

    private int Draw(int below) => _random.Next(Math.Max(1, below));
}
