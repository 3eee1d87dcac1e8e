namespace GuardedMaps;

/// <summary>For each char the first one that equals it without regard to case, so that strings can be hashed as they are compared.</summary>
/// <remarks>
/// What <see cref="StringComparison.OrdinalIgnoreCase"/> calls equal differs with the version of Unicode that the runtime, or the system below it, brings, and no public
/// method says it for one char. So the comparison itself is asked, once for each char, when the first key with a char outside ASCII comes: some milliseconds.
/// Letters with case beyond the first 65,536 chars are all in the next 65,536 (Deseret, Osage and the like; a test tries the rest).
/// </remarks>
internal static class CaseClasses
{
    private const int PageSize = 256;
    private const int PlaneSize = 0x1_0000;

    private static readonly Lazy<char[]?[]> s_first = new(static () => Classes(0));
    private static readonly Lazy<char[]?[]> s_second = new(static () => Classes(PlaneSize));

    /// <summary>Folds as many chars of a text as there is room for, from a place on.</summary>
    public static void Fold(ReadOnlySpan<char> text, int at, Span<char> folded)
    {
        char[]?[] first = s_first.Value;
        for (int i = 0; i < folded.Length; i++)
        {
            char c = text[at + i];
            folded[i] = !char.IsSurrogate(c) ? Look(first, c) : FoldSurrogate(text, at + i);
        }
    }

    private static char FoldSurrogate(ReadOnlySpan<char> text, int at)
    {
        char c = text[at];
        int begin = char.IsLowSurrogate(c) ? at - 1 : at;
        // One without the other is no letter.
        if (begin < 0 || begin + 1 >= text.Length || !char.IsSurrogatePair(text[begin], text[begin + 1])) return c;
        int letter = char.ConvertToUtf32(text[begin], text[begin + 1]) - PlaneSize;
        if (letter >= PlaneSize) return c;
        letter = Look(s_second.Value, (char)letter);
        return (char)(at == begin ? 0xD800 + (letter >> 10) : 0xDC00 + (letter & 0x3FF));
    }

    private static char Look(char[]?[] classes, char c) => classes[c / PageSize] is { } page ? page[c % PageSize] : c;

    // Pages in which every char stands for itself are left out.
    private static char[]?[] Classes(int plane)
    {
        var pages = new char[]?[PlaneSize / PageSize];
        var known = new Dictionary<int, int>(PlaneSize);
        Span<char> letter = stackalloc char[2];
        Span<char> other = stackalloc char[2];
        for (int c = 0; c < PlaneSize; c++)
        {
            ReadOnlySpan<char> text = letter[..Encode(plane + c, letter)];
            // Two that are equal have one hash code; two that have one need not be equal.
            int code = string.GetHashCode(text, StringComparison.OrdinalIgnoreCase);
            int first = c;
            while (!known.TryAdd(code, c))
            {
                first = known[code];
                if (text.Equals(other[..Encode(plane + first, other)], StringComparison.OrdinalIgnoreCase)) break;
                first = c;
                code++;
            }

            if (first == c) continue;
            char[] page = pages[c / PageSize] ??= [.. Enumerable.Range(c / PageSize * PageSize, PageSize).Select(static same => (char)same)];
            page[c % PageSize] = (char)first;
        }

        return pages;
    }

    private static int Encode(int c, Span<char> text)
    {
        if (c < PlaneSize)
        {
            text[0] = (char)c;
            return 1;
        }

        text[0] = (char)(0xD800 + ((c - PlaneSize) >> 10));
        text[1] = (char)(0xDC00 + (c & 0x3FF));
        return 2;
    }
}
