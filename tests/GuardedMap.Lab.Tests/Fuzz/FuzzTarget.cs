using System.Text;
using GuardedMaps.Cli;
using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Lab.Tests.Fuzz;

/// <summary>Something that takes text from outside, with good texts, and what may come of any text at all.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Good">Texts that it takes.</param>
/// <param name="Pieces">What its texts are made of.</param>
/// <param name="Take">Gives a text to it. What it throws is a fault; what it answers with an ordinary error it keeps to itself.</param>
internal sealed record FuzzTarget(string Name, IReadOnlyList<string> Good, IReadOnlyList<string> Pieces, Action<string> Take)
{
    private const int LongestError = 5000;

    /// <summary>All of them that need no shell.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new(
            "tokens",
            [
                "GMR1:LostUpdate:Hashtable:s0:A1B2A1:0123",
                "GMR1:LostUpdate:Hashtable:s0:A2147483646A2B1:0000",
                "GMR1:WriterFlag:Xor:s0:A1B~:ffff",
                .. RaceModels.All.Take(12).Select(static m => new ScheduleToken(m, Schedule.Parse("A1B1A2B2")).ToString()),
                .. RaceModels.All.TakeLast(12).Select(static m => new ScheduleToken(m, Schedule.Parse("A1B~C3")).ToString()),
            ],
            ["GMR1", "A1", "B~", "A2147483646", "s0", "-A1", "-k1_3", "Guarded", "H9"],
            static text => Expect<ScheduleTokenException>(() => RaceModels.For(ScheduleToken.Parse(text)))),
        new(
            "notebooks",
            [
                NotebookWriter.ToText(NotebookReader.Parse(Everything, "everything.ipynb")),
                """{"cells":[{"cell_type":"markdown","id":"a","metadata":{},"source":["# A\n","b"]}],"metadata":{},"nbformat":4,"nbformat_minor":5}""",
                """{"cells":[{"cell_type":"code","execution_count":1,"id":"b","metadata":{},"outputs":[{"name":"stdout","output_type":"stream","text":"x"}],"source":"$m"}],"metadata":{},"nbformat":4,"nbformat_minor":5}""",
            ],
            ["\"id\":", "\"cells\":", "\"outputs\":[]", "\"metadata\":{}", "\"source\":[1]", "\"cell_type\":\"raw\"", "{\"a\":{}}", "\"traceback\":[null]", "\"nbformat\":4,"],
            static text => Expect<NotebookException>(() =>
            {
                // What can be read can be written, and what was written reads as the same again.
                string written = NotebookWriter.ToText(NotebookReader.Parse(text, "fuzzed.ipynb"));
                string again = NotebookWriter.ToText(NotebookReader.Parse(written, "written.ipynb"));
                if (again != written) throw new InvalidOperationException("What was written reads as something else.");
            })),
        OfInput("csv", ["name,size\na,1\nb,2\n", "\"a\";\"b\"\n\"x \"\"y\"\"\";2\n", "a\tb\n1\t2\n", "a|b\r\n1|2\r\n"], [",", "\"\"", "\"\n\"", ";", "\t", "a,a\n"]),
        OfInput("jsonl", ["{\"k\":\"a\",\"n\":1}\n{\"k\":\"b\",\"n\":null}\n", "{\"k\":\"\\ud83d\\ude00\",\"l\":[1,{\"m\":2}]}\n"], ["\"k\":", "{\"k\":\"\\ud800\"}", "\n", "{}", "[]", "1e999", "\"\\u0000\""]),
        OfInput("txt", ["apple\npear\n", "# a\n\n\nb"], ["\n"]),
    ];

    private static string Everything => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", "everything.ipynb"));

    private static FuzzTarget OfInput(string extension, string[] good, string[] pieces) => new(extension, good, pieces, text =>
    {
        string path = Path.Combine(s_folder.Value, $"fuzzed-{Environment.CurrentManagedThreadId}.{extension}");
        // Half a pair has no bytes; what stands for it is three bytes that are not UTF-8.
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (text.Contains('\uD800', StringComparison.Ordinal)) bytes = [.. bytes, 0xED, 0xA0, 0x80];
        File.WriteAllBytes(path, bytes);
        Expect<InputException>(() =>
        {
            using var file = InputFile.Open(path);
            InputMap.Read(file, wantedColumn: null, static () => { }, CancellationToken.None);
        });
    });

    private static readonly Lazy<string> s_folder = new(static () => Path.GetDirectoryName(TestFolder.FileNamed("fuzzed"))!);

    // The ordinary error is an answer, if it is one that can be shown.
    private static void Expect<TException>(Action action)
        where TException : Exception
    {
        try
        {
            action();
        }
        catch (TException e)
        {
            if (e.Message.Length > LongestError) throw new InvalidOperationException($"The error's message has {e.Message.Length} characters.", e);
            if (e.Message.Any(static c => c != '\n' && SafeText.IsActive(c))) throw new InvalidOperationException($"The error's message does more than to be read: {SafeText.Line(e.Message, LongestError)}", e);
        }
    }
}
