using System.Globalization;
using Spectre.Console;

namespace GuardedMaps.Cli;

// Two ways of printing. In a terminal: colours, a moving progress bar, text wrapped at the window's edge. Redirected, or
// with NO_COLOR set: nothing but text, and no line broken by us, so that a message can be searched for as a whole.

/// <summary>Where the commands print.</summary>
internal sealed class Screen
{
    private const int RedirectedWidth = 200;
    private const int BarWidth = 20;
    private readonly IAnsiConsole _console;
    private readonly bool _isPlain;

    public Screen()
    {
        _isPlain = Console.IsOutputRedirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = _isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = _isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        if (Console.IsOutputRedirected) _console.Profile.Width = RedirectedWidth;
    }

    /// <summary>A number as people read it: 4,907.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number of bytes in the unit that fits.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["bytes", "KB", "MB", "GB", "TB"];
        double size = bytes;
        int unit = 0;
        while (size >= 1000 && unit < units.Length - 1)
        {
            size /= 1000;
            unit++;
        }

        return size.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + units[unit];
    }

    public void Heading(string text)
    {
        Line();
        text = SafeText.Lines(text);
        if (_isPlain) Console.Out.WriteLine(text);
        else _console.WriteLine(text, new Style(decoration: Decoration.Bold));
    }

    public void Line(string text = "") => Paragraph(text, Style.Plain);

    /// <summary>Something quoted: code that was run.</summary>
    public void Code(string text) => Paragraph("    " + text, new Style(Color.Teal));

    /// <summary>An error's message, as it was raised.</summary>
    public void Error(string text) => Paragraph("    " + text, new Style(Color.Red));

    public void Table(IReadOnlyList<string> columns, IReadOnlySet<int> rightAligned, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = _isPlain ? TableBorder.Ascii : TableBorder.Rounded };
        for (int i = 0; i < columns.Count; i++)
        {
            var column = new TableColumn(new Text(SafeText.Lines(columns[i]))) { Alignment = rightAligned.Contains(i) ? Justify.Right : Justify.Left };
            if (i == 0) column.NoWrap(); // A name broken in two is no name.
            table.AddColumn(column);
        }

        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(SafeText.Lines(cell))));
        _console.Write(table);
    }

    /// <summary>
    /// Runs several pieces of work one after the other, each with a bar of its own; all bars are shown from the start, one
    /// below the other. Redirected, each piece is one line when it begins.
    /// </summary>
    public void WithBars(IReadOnlyList<string> titles, Action<int, Action<double, string>> work)
    {
        if (_isPlain || !_console.Profile.Capabilities.Interactive)
        {
            for (int i = 0; i < titles.Count; i++)
            {
                Line($"{titles[i]} ...");
                work(i, static (_, _) => { });
            }

            return;
        }

        _console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = BarWidth }, new PercentageColumn())
            .Start(progress =>
            {
                var bars = titles.Select(title => progress.AddTask(Markup.Escape(SafeText.Line(title)), autoStart: false)).ToList();
                for (int i = 0; i < bars.Count; i++)
                {
                    var bar = bars[i];
                    string title = titles[i];
                    bar.StartTask();
                    work(i, (fraction, state) =>
                    {
                        bar.Value = fraction * bar.MaxValue;
                        bar.Description = Markup.Escape(SafeText.Line(state.Length > 0 ? $"{title}: {state}" : title));
                    });
                    bar.Value = bar.MaxValue;
                    bar.StopTask();
                }
            });
    }

    private void Paragraph(string text, Style style)
    {
        text = SafeText.Lines(text);
        if (_isPlain) Console.Out.WriteLine(text);
        else _console.WriteLine(text, style);
    }
}
