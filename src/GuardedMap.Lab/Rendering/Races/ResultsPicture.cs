using System.Globalization;

namespace GuardedMaps.Lab.Rendering;

/// <summary>
/// What races came to, a line for each: how often the race was detected, silently wrong, without end, or clean, as figures and as a bar.
/// </summary>
/// <remarks>
/// <code>
///   scenario     on          schedules   detected%   silent%   clean%
///   LostUpdate   Hashtable           6           0      66.7     33.3   ▓▓▓▓▓▓▓▓▓▓▓▓▓·······
/// </code>
/// Explored races are told in percent of their schedules, raced ones in trials. Of the latter some may not have come to an end. The parts of a bar always stand in the order of the columns, each with a sign
/// of its own, so colours only help. What exists has at least one sign, however rare it is.
/// </remarks>
internal sealed record ResultsPicture : MapPicture
{
    private const int LongestBar = 20;
    private const int ShortestBar = 10;
    private const int LongestName = 26;
    private const string Gap = "   ";

    private static readonly Sign s_detected = new("detected", '█', Ink.First, "detected: somebody was refused, and nothing is damaged");
    private static readonly Sign s_silent = new("silent", '▓', Ink.Alarm, "silently wrong: damage that nobody was told of");
    private static readonly Sign s_stuck = new("no end", '◆', Ink.Fourth, "no end: it hung or crashed");
    private static readonly Sign s_clean = new("clean", '·', Ink.Faint, "clean");

    private readonly string _counted;
    private readonly string _unit;
    private readonly Sign[] _signs;
    private readonly Line[] _lines;

    private ResultsPicture(string counted, string unit, Sign[] signs, IEnumerable<Line> lines) => (_counted, _unit, _signs, _lines) = (counted, unit, signs, [.. lines]);

    /// <inheritdoc/>
    public override string Title => _lines.Length == 1 ? $"{_lines[0].Scenario} on {_lines[0].Target}" : string.Create(CultureInfo.InvariantCulture, $"{_lines.Length} races");

    /// <summary>The picture of races that were explored.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="results"/> is null.</exception>
    public static ResultsPicture Of(IEnumerable<ExploreResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        return new ResultsPicture("schedules", "%", [s_detected, s_silent, s_clean], results.Select(static result =>
        {
            DetectionCell cell = DetectionMatrix.Cell(result);
            ExactFraction[] shares = [cell.Detected, cell.SilentlyWrong, cell.Clean];
            string count = result.AllSchedules is { } all && all > 999_999_999 ? string.Create(CultureInfo.InvariantCulture, $"{(double)all:0.0e+0}") : string.Create(CultureInfo.InvariantCulture, $"{result.AllSchedules ?? result.Schedules:N0}");
            return new Line(result.Scenario, result.Target, count + (result.Shares == ShareMeaning.All ? "" : "+"), [.. shares.Select(s => (SearchCoverage.Mark(DetectionCell.Percent(s), result.Shares), s.ToDouble()))]);
        }));
    }

    /// <summary>The picture of races that were run with real threads.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="results"/> is null.</exception>
    public static ResultsPicture Of(IEnumerable<MapRaceResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        return new ResultsPicture("trials", "", [s_detected, s_silent, s_stuck, s_clean], results.Select(static result =>
        {
            int[] counts = [result.Detected, result.SilentlyWrong, result.Hung + result.Crashed, result.Clean];
            double trials = Math.Max(1, result.Trials);
            return new Line(result.Scenario, result.Target, Number(result.Trials), [.. counts.Select(n => (Number(n), n / trials))]);
        }));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<PictureLine> Draw(PictureFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        int width = Math.Max(PictureFormat.LeastWidth, format.Width);
        string[] heads = ["scenario", "on", _counted, .. _signs.Select(s => s.Head + _unit)];
        string[][] cells = [.. _lines.Select(static line => (string[])[PictureText.Cut(line.Scenario, LongestName), PictureText.Cut(line.Target, LongestName), line.Count, .. line.Parts.Select(static p => p.Text)])];
        int[] widths = [.. heads.Select((head, i) => cells.Select(row => row[i].Length).Append(head.Length).Max())];
        int room = Math.Min(LongestBar, width - widths.Sum() - (heads.Length * Gap.Length));
        bool hasRoom = room >= ShortestBar;

        var lines = new List<PictureLine> { Row(heads, widths, static _ => Ink.Faint) };
        for (int row = 0; row < _lines.Length; row++)
        {
            Line one = _lines[row];
            PictureLine line = Row(cells[row], widths, column => column == 0 ? Ink.Strong : column < 3 ? Ink.Plain : one.Parts[column - 3].Share > 0 ? _signs[column - 3].Ink : Ink.Faint);
            if (hasRoom) AddBar(line.Add(Gap), one, room);
            lines.Add(line);
        }

        // Where there is no room for all of a line, what stands on its right goes: the figures stand before the bar.
        lines = [.. lines.Select(line => line.Width <= width ? line : new PictureLine().Add(PictureText.Clip(line.ToString(), width)))];
        if (hasRoom) lines.AddRange(PictureLine.Legend([.. _signs.Where((_, i) => _lines.Any(l => l.Parts[i].Share > 0)).Select(static s => ($"{s.Mark}", s.Ink, s.Meaning))], width));
        return PictureLine.For(format, lines);
    }

    private static PictureLine Row(string[] cells, int[] widths, Func<int, Ink> ink)
    {
        var line = new PictureLine();
        for (int i = 0; i < cells.Length; i++)
        {
            if (i > 0) line.Add(Gap);
            // Names begin at the left, numbers end at the right.
            string text = i < 2 ? cells[i].PadRight(widths[i]) : cells[i].PadLeft(widths[i]);
            line.Add(text, ink(i));
        }

        return line;
    }

    private void AddBar(PictureLine line, Line one, int length)
    {
        int[] signs = [.. one.Parts.Select(p => p.Share <= 0 ? 0 : Math.Max(1, (int)Math.Round(p.Share * length, MidpointRounding.AwayFromZero)))];
        // What rounding and the one sign at least have given too much is taken where there is most, and what is missing is given there.
        while (signs.Sum() is var sum && sum != length && sum > 0) signs[Array.IndexOf(signs, signs.Max())] += sum > length ? -1 : 1;
        for (int i = 0; i < signs.Length; i++) line.Add(new string(_signs[i].Mark, signs[i]), _signs[i].Ink);
    }

    private static string Number(int n) => n.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record Sign(string Head, char Mark, Ink Ink, string Meaning);

    private sealed record Line(string Scenario, string Target, string Count, (string Text, double Share)[] Parts);
}
