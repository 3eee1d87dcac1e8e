using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab.Rendering;

/// <summary>
/// The detection matrix: for each scenario and each way of guarding, the shares of schedules that were detected, silently wrong
/// and clean.
/// </summary>
/// <remarks>The three parts of a bar always stand in the same order and their figures are written beside it, so colours only help.</remarks>
public sealed record MatrixPicture : MapPicture
{
    private const int CellColumns = 21;
    // So narrow that it can be read at the width of a phone, which is some 400 pixels.
    private const int Margin = 12;
    private const int NameWidth = 176;
    private const int CellWidth = 120;
    private const int BarWidth = 108;
    private const int RowHeight = 38;
    private const int Head = 104;
    private const string Small = " font-size=\"12\"";

    private readonly string[] _variants;
    private readonly string _coverage;
    private readonly int? _furthest;
    private readonly (string Scenario, ExploreResult?[] Cells)[] _rows;

    /// <summary>Makes the picture of what was explored.</summary>
    public MatrixPicture(IReadOnlyList<ExploreResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        _variants = [.. results.Select(r => r.Target).Distinct(StringComparer.Ordinal)];
        _furthest = results.Max(r => r.PreemptionsCovered);
        bool isEachCovered = results.All(r => r.Exhaustive || r.PreemptionsCovered >= 0);
        _coverage = results.All(r => r.Exhaustive) ? "percent of all schedules"
            : isEachCovered ? string.Create(CultureInfo.InvariantCulture, $"percent of the schedules with up to {_furthest} preemptions (all: of every schedule)")
            : "percent of what was covered (in brackets: of the schedules that were run, not of all; ~: an estimate)";
        _rows =
        [
            .. results.GroupBy(r => r.Scenario, StringComparer.Ordinal)
                .Select(row => (row.Key, _variants.Select(v => row.FirstOrDefault(r => r.Target == v)).ToArray())),
        ];
    }

    /// <inheritdoc/>
    public override string Title => $"Detection matrix: detected / silently wrong / clean, in {_coverage}";

    /// <inheritdoc/>
    public override IReadOnlyList<PictureLine> Draw(PictureFormat format)
    {
        var lines = new List<PictureLine> { new PictureLine().Add("Detected / ", Ink.First).Add("silently wrong", Ink.Alarm).Add($" / clean, in {_coverage}"), new() };
        int names = _rows.Select(r => r.Scenario.Length).Append("scenario".Length).Max() + 1;
        var head = new PictureLine().Add("scenario", Ink.Faint);
        for (int i = 0; i < _variants.Length; i++) head.PadTo(names + (i * CellColumns)).Add(_variants[i], Ink.Strong);
        lines.Add(head);
        foreach (var (scenario, cells) in _rows)
        {
            var line = new PictureLine().Add(scenario);
            for (int i = 0; i < cells.Length; i++)
            {
                line.PadTo(names + (i * CellColumns));
                if (cells[i] is not { } result) continue;
                var cell = DetectionMatrix.Cell(result);
                string[] mark = SearchCoverage.Mark("|", result.Shares).Split('|');
                line.Add(mark[0], Ink.Faint).Add(DetectionCell.Percent(cell.Detected), Ink.First).Add(" / ", Ink.Faint)
                    .Add(DetectionCell.Percent(cell.SilentlyWrong), cell.SilentlyWrong == default ? Ink.Faint : Ink.Alarm)
                    .Add(" / ", Ink.Faint).Add(DetectionCell.Percent(cell.Clean), Ink.Faint)
                    .Add(mark[1] + cell.Reach(_furthest), Ink.Faint);
            }

            lines.Add(line);
        }

        return lines;
    }

    /// <inheritdoc/>
    public override string ToSvg(int columns = 100)
    {
        var svg = new StringBuilder();
        // What few scenarios are run on gets rows of its own below theirs, and no column that would be empty nearly everywhere.
        int[] columnsOf = [.. Enumerable.Range(0, _variants.Length).Where(v => _rows.Count(r => r.Cells[v] is not null) * 2 >= _rows.Length)];
        var rows = new List<(string Name, string On, (int Column, ExploreResult Result)[] Cells)>();
        foreach (var (scenario, cells) in _rows)
        {
            rows.Add((scenario, "", [.. columnsOf.Select((v, column) => (column, cells[v])).Where(c => c.Item2 is not null).Select(c => (c.column, c.Item2!))]));
            foreach (int v in Enumerable.Range(0, _variants.Length).Except(columnsOf).Where(v => cells[v] is not null))
                rows.Add(("", $"on {_variants[v]}", [(Math.Max(0, columnsOf.Length - 1), cells[v]!)]));
        }

        int width = (2 * Margin) + NameWidth + (Math.Max(1, columnsOf.Length) * CellWidth);
        int height = Head + (rows.Count * RowHeight) + Margin;
        Write($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" font-family=\"system-ui, 'DejaVu Sans', sans-serif\" font-size=\"13\">\n");
        Write($"<title>{PictureText.Xml(Title)}</title>\n<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#fdfdfb\" stroke=\"#d8d8d4\"/>\n");
        int x = Margin;
        foreach (var (colour, text) in ((string, string)[])[("#5b8fc4", "detected"), ("#e07a3f", "silently wrong"), ("#dfe3da", "clean")])
        {
            Write($"<rect x=\"{x}\" y=\"18\" width=\"13\" height=\"13\" rx=\"2\" fill=\"{colour}\" stroke=\"#8a8a86\" stroke-width=\"0.5\"/>");
            Words(x + 19, 29, text, "#1d1d1f");
            x += 44 + (text.Length * 8);
        }

        // A long line is set as two: in pixels a letter takes some seven.
        string[] coverage = _coverage.Length * 7 > width - (2 * Margin) && _coverage.IndexOf('(', StringComparison.Ordinal) is var at and > 0 ? [_coverage[..at].TrimEnd(), _coverage[at..]] : [_coverage];
        for (int i = 0; i < coverage.Length; i++) Words(Margin, 49 + (i * 16), coverage[i], "#55555a", Small);
        for (int i = 0; i < columnsOf.Length; i++) Words(Margin + NameWidth + (i * CellWidth), Head - 16, _variants[columnsOf[i]], "#1d1d1f", Small);
        for (int row = 0; row < rows.Count; row++)
        {
            int y = Head + (row * RowHeight);
            if (rows[row].Name.Length > 0) Write($"<line x1=\"{Margin}\" y1=\"{y - 8}\" x2=\"{width - Margin}\" y2=\"{y - 8}\" stroke=\"#e4e4e0\"/>");
            Words(Margin, y + 14, rows[row].Name + rows[row].On, rows[row].Name.Length > 0 ? "#1d1d1f" : "#55555a");
            foreach (var (column, result) in rows[row].Cells) Bar(Margin + NameWidth + (column * CellWidth), y, result);
        }

        return svg.Append("</svg>\n").ToString();

        void Bar(int left, int y, ExploreResult result)
        {
            var cell = DetectionMatrix.Cell(result);
            Write($"<g><title>{PictureText.Xml(string.Create(CultureInfo.InvariantCulture, $"{result.Scenario}, {result.Target}: {cell}; {result.Coverage}"))}</title>");
            Words(left, y + 6, cell.ToString(_furthest), "#1d1d1f", Small);
            double from = left;
            foreach (var (share, colour) in ((ExactFraction, string)[])[(cell.Detected, "#5b8fc4"), (cell.SilentlyWrong, "#e07a3f"), (cell.Clean, "#dfe3da")])
            {
                // What exists is seen, however little it is.
                double part = share == default ? 0 : Math.Max(2, share.ToDouble() * BarWidth);
                if (part > 0) Write($"<rect x=\"{from:0.#}\" y=\"{y + 10}\" width=\"{part:0.#}\" height=\"10\" fill=\"{colour}\"/>");
                from += part;
            }

            Write($"</g>\n");
        }

        void Words(int left, int y, string text, string colour, string attributes = "") =>
            Write($"<text x=\"{left}\" y=\"{y}\" fill=\"{colour}\"{attributes}>{PictureText.Xml(text)}</text>\n");

        void Write(FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));
    }
}
