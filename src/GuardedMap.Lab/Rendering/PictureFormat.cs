namespace GuardedMaps.Lab.Rendering;

/// <summary>Where a picture is to be shown: how wide it may be, and what can be shown there.</summary>
public sealed record PictureFormat
{
    /// <summary>The width of a terminal that does not say how wide it is.</summary>
    public const int DefaultWidth = 80;

    /// <summary>Less than this no picture fits in.</summary>
    public const int LeastWidth = 40;

    /// <summary>How many columns there are.</summary>
    public int Width { get; init; } = DefaultWidth;

    /// <summary>True for 24-bit colour.</summary>
    public bool Colour { get; init; }

    /// <summary>True for signs that every font and every encoding has.</summary>
    public bool Ascii { get; init; }

    /// <summary>
    /// What the process's terminal can show: no colours when <c>NO_COLOR</c> is set (https://no-color.org), when output goes elsewhere or the terminal is
    /// a dumb one; only ASCII where the output's encoding has no more.
    /// </summary>
    public static PictureFormat OfTerminal()
    {
        bool dumb = string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal);
        return new PictureFormat
        {
            Width = Console.IsOutputRedirected || Console.WindowWidth <= 0 ? DefaultWidth : Console.WindowWidth,
            Colour = !dumb && !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            Ascii = dumb || !IsUnicode(Console.OutputEncoding.CodePage),
        };
    }

    /// <summary>True for the Unicode encodings' code pages: UTF-8, UTF-16 and UTF-32, either byte order.</summary>
    private static bool IsUnicode(int codePage) => codePage is 65001 or 1200 or 1201 or 12000 or 12001;
}
