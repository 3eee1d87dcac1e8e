using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab.Choosing;

/// <summary>A choice in words and a table, for a terminal and for a page.</summary>
internal static class ChoiceText
{
    private static readonly string[] s_heads = ["map", "operations/s", "p50", "p99", "p99.9", "GC", "bytes/entry", "refused"];

    /// <summary>The load, the table, and the recommendation with its reasons.</summary>
    public static string Of(MapChoice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var text = new StringBuilder();
        text.Append("Load ").Append(choice.Load.Name).Append(": ").Append(choice.Load).Append('\n').Append('\n');
        string[][] rows = [s_heads, .. choice.Figures.Select(Row)];
        int[] widths = [.. s_heads.Select((_, column) => rows.Max(r => r[column].Length))];
        foreach (var row in rows) text.Append(string.Join("  ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])))).Append('\n');
        text.Append('\n').Append(Headline(choice)).Append('\n');
        foreach (string reason in choice.Reasons) text.Append("- ").Append(reason).Append('\n');
        if (choice.Basis.Length > 0) text.Append('\n').Append(choice.Basis).Append('\n');
        return text.ToString();
    }

    /// <summary>The recommendation in one line.</summary>
    public static string Headline(MapChoice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        return choice.Sureness switch
        {
            _ when choice.Recommended is null => "Take none of these.",
            ChoiceSureness.Clear => $"Take {choice.Recommended}.",
            ChoiceSureness.Open => $"Take {choice.Recommended}, or one that did as well.",
            _ => $"Take {choice.Recommended}; there was nothing to compare it with.",
        };
    }

    /// <summary>Operations per second in the unit that fits.</summary>
    public static string Rate(double perSecond) => $"{Scaled(perSecond)} operations per second";

    /// <summary>A time, given in nanoseconds, in the unit that fits.</summary>
    public static string Time(double? nanoseconds) => nanoseconds switch
    {
        null => "-",
        < 1e3 => Invariant($"{nanoseconds:0} ns"),
        < 1e6 => Invariant($"{nanoseconds / 1e3:0.#} µs"),
        _ => Invariant($"{nanoseconds / 1e6:0.#} ms"),
    };

    /// <summary>A part of a whole, in percent.</summary>
    public static string Share(long part, long whole)
    {
        double share = (double)part / whole * 100;
        return share is > 0 and < 0.01 ? "< 0.01 %" : Invariant($"{share:0.##} %");
    }

    private static string[] Row(ChoiceFigures f) =>
    [
        f.Map, Scaled(f.Throughput), Time(f.P50), Time(f.P99), Time(f.P999), Invariant($"{f.PausedShare * 100:0.0} %"), Invariant($"{f.BytesPerEntry:0}"),
        f.Refused == 0 ? "0" : Share(f.Refused, f.Operations),
    ];

    private static string Scaled(double n) => n switch
    {
        >= 1e6 => Invariant($"{n / 1e6:0.0} M"),
        >= 1e3 => Invariant($"{n / 1e3:0.0} k"),
        _ => Invariant($"{n:0}"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
