using System.CommandLine;

namespace GuardedMaps.Cli;

/// <summary><c>guardedmap iterate</c>: the main job on the user's own file. Reads it into a guarded map, iterates, and shows a delete from inside being refused.</summary>
internal static class IterateCommand
{
    private const int ShownEntries = 10;
    private const int ShownWidth = 100;

    public static Command Create()
    {
        var input = new Option<string>("--input") { Description = "A CSV file with a header line, JSON lines, or plain text. Told apart by the extension, else by the content.", Required = true, HelpName = "FILE" };
        var key = new Option<string?>("--key") { Description = "The column whose values are the keys. The default is the first.", HelpName = "COLUMN" };
        var command = new Command("iterate", "Read a file into a guarded map, iterate over it, and see a delete during the iteration being refused.") { input, key };
        command.Runs((parsed, cancellation) =>
        {
            try
            {
                Run(new Screen(), parsed.GetRequiredValue(input), parsed.GetValue(key), cancellation);
                return 0;
            }
            catch (InputException error)
            {
                return Program.Fail(error.Message);
            }
            catch (OperationCanceledException)
            {
                return Program.Fail("stopped while reading; nothing was done.", Program.Stopped);
            }
        });
        return command;
    }

    private static void Run(Screen screen, string path, string? key, CancellationToken cancellation)
    {
        using var file = InputFile.Open(path);
        var input = Read(screen, file, key, cancellation);

        screen.Line(Describe(input, file));
        Iterate(screen, input);
        RefusedDelete.Show(screen, input.Map);
    }

    private static InputMap Read(Screen screen, InputFile file, string? key, CancellationToken cancellation)
    {
        InputMap? input = null;
        screen.WithBars([SafeText.Message($"Reading {file.Path}")], (_, show) =>
        {
            long rows = 0;
            input = InputMap.Read(
                file,
                key,
                () =>
                {
                    if (++rows % 1000 == 0) show(file.Fraction, $"{Screen.Number(rows)} rows");
                },
                cancellation);
        });
        return input!;
    }

    private static string Describe(InputMap input, InputFile file)
    {
        string keys = input.KeyColumn is null ? "the lines are the keys" : SafeText.Message($"columns {string.Join(", ", input.Columns)}; keys from '{input.KeyColumn}'");
        string repeated = input.Repeated switch
        {
            0 => "every key is its own",
            1 => "1 row had the key of an earlier one; the last one wins",
            var n => $"{Screen.Number(n)} rows had the key of an earlier one; the last one wins",
        };
        string format = file.Format switch
        {
            InputFormat.Csv => "CSV",
            InputFormat.JsonLines => "JSON lines",
            _ => "plain text",
        };
        return $"{format}, {keys}. {Screen.Number(input.Rows)} rows, {Screen.Number(input.Map.Count)} entries: {repeated}.";
    }

    private static void Iterate(Screen screen, InputMap input)
    {
        screen.Heading("Iterating");
        int visited = 0;
        foreach (var entry in input.Map)
        {
            if (visited++ < ShownEntries) screen.Line(Shorten(SafeText.Message($"    {entry.Key}  (line {entry.Value.Line}): {entry.Value.Text}")));
        }

        if (visited > ShownEntries) screen.Line($"    ... and {Screen.Number(visited - ShownEntries)} more.");
        screen.Line($"{Screen.Number(visited)} entries visited, in the order of insertion; Count is {Screen.Number(input.Map.Count)}.");
    }

    private static string Shorten(string text) => text.Length <= ShownWidth ? text : string.Concat(text.AsSpan(0, ShownWidth - 3), "...");
}
