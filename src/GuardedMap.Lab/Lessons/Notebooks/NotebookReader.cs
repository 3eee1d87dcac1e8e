using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GuardedMaps.Lab.Lessons;

// Reading takes two passes over the bytes. The first only asks where the cells begin, token by token; it gets as far as the JSON is
// good, so that a comma too many can be reported as "cell 7, line 212" and not as a byte offset. The second reads the values.

/// <summary>Reads notebooks.</summary>
internal static class NotebookReader
{
    private const int Major = 4;

    /// <summary>Reads a notebook from a file.</summary>
    /// <exception cref="NotebookException">It is broken. The message says where.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static Notebook ReadFile(string path) => Parse(File.ReadAllBytes(path), path);

    /// <summary>Reads a notebook from text.</summary>
    /// <param name="text">The text of the file.</param>
    /// <param name="path">What errors call the file.</param>
    /// <exception cref="NotebookException">It is broken. The message says where.</exception>
    public static Notebook Parse(string text, string path = "(text)") => Parse(Encoding.UTF8.GetBytes(text), path);

    private static Notebook Parse(byte[] bytes, string path)
    {
        if (bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        var places = new CellPlaces(bytes);
        JsonObject root;
        try
        {
            root = JsonNode.Parse(bytes) as JsonObject
                ?? throw new NotebookException(path, 1, cell: null, "it is JSON, but no object. A notebook is an object with 'cells', 'metadata' and 'nbformat'.");
        }
        catch (JsonException e)
        {
            int line = (int)(e.LineNumber ?? 0) + 1;
            throw new NotebookException(path, line, places.CellAt(line), $"this is no JSON. {WithoutPlace(e.Message)}", e);
        }
        Read(root, path, places);
        return new Parser(root, path, places).Notebook();
    }

    // Values of a node are read when asked for, and that a name occurs twice, or that a string is no text, is noticed only then. Here all of it is asked for.
    private static void Read(JsonObject root, string path, CellPlaces places)
    {
        int? cell = null;
        try
        {
            foreach (var (name, value) in root)
            {
                if (name != "cells" || value is not JsonArray cells)
                {
                    ReadAll(value);
                    continue;
                }

                for (int i = 0; i < cells.Count; i++)
                {
                    cell = i + 1;
                    ReadAll(cells[i]);
                }

                cell = null;
            }
        }
        catch (ArgumentException e)
        {
            throw new NotebookException(path, cell is { } at ? places.LineOf(at - 1) : 1, cell, $"a name occurs twice. {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new NotebookException(path, cell is { } at ? places.LineOf(at - 1) : 1, cell, "a string has one half of a surrogate pair (\\ud800 to \\udfff) or bytes that are not UTF-8, which is no text.", e);
        }
    }

    private static void ReadAll(JsonNode? node)
    {
        if (node is JsonObject inner)
        {
            foreach (var (_, value) in inner) ReadAll(value);
        }
        else if (node is JsonArray list)
        {
            foreach (JsonNode? value in list) ReadAll(value);
        }
        else if (node?.GetValueKind() == JsonValueKind.String)
        {
            _ = node.GetValue<string>();
        }
    }

    // The message ends with a path, a line from 0 and a byte, of which the exception says the line better.
    private static string WithoutPlace(string message)
    {
        int place = message.IndexOf(" Path: ", StringComparison.Ordinal);
        if (place < 0) place = message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return place < 0 ? message : message[..place];
    }

    private sealed class Parser(JsonObject root, string path, CellPlaces places)
    {
        private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
        private int _cell;

        public Notebook Notebook()
        {
            if (root["nbformat"] is not { } major) throw Outside("it has no 'nbformat', so it is no notebook, or one from before 2011. Open and save it with Jupyter.");
            if (Whole(major) is not Major)
                throw Outside($"its 'nbformat' is {major.ToJsonString()}, and the lessons are written in format {Major}. Open and save it with Jupyter, which converts it.");
            int minor = Whole(root["nbformat_minor"]) ?? throw Outside("its 'nbformat_minor' is no whole number.");
            if (minor < 5) throw Outside(string.Create(CultureInfo.InvariantCulture, $"its format is {Major}.{minor}, whose cells have no ids. Open and save it with a Jupyter of 2021 or later, which makes it {Major}.5."));
            if (root["cells"] is not JsonArray cells) throw Outside("it has no list 'cells'.");
            if (root["metadata"] is not JsonObject metadata) throw Outside("it has no object 'metadata'.");
            return new Notebook { Cells = [.. cells.Select(Cell)], Metadata = metadata, FormatMinor = minor };
        }

        private NotebookCell Cell(JsonNode? node, int index)
        {
            _cell = index + 1;
            if (node is not JsonObject cell) throw Inside("it is no object.");
            string id = Text(cell["id"], "id") ?? throw Inside("it has no 'id'.");
            if (!IsId(id)) throw Inside($"its id is '{id}'. An id has 1 to 64 letters, digits, '-' and '_'.");
            if (!_ids.Add(id)) throw Inside($"its id is '{id}', and an earlier cell has it already. Each cell needs an id of its own.");
            string kind = Text(cell["cell_type"], "cell_type") ?? throw Inside("it has no 'cell_type'.");
            if (cell["metadata"] is not JsonObject metadata) throw Inside("it has no object 'metadata'.");
            var kindOf = kind switch
            {
                "code" => NotebookCellKind.Code,
                "markdown" => NotebookCellKind.Markdown,
                "raw" => NotebookCellKind.Raw,
                _ => throw Inside($"its 'cell_type' is '{kind}'. There are code, markdown and raw."),
            };
            bool isCode = kindOf == NotebookCellKind.Code;
            if (isCode && cell["outputs"] is not JsonArray) throw Inside("it is a code cell and has no list 'outputs'.");
            return new NotebookCell
            {
                Id = id,
                Kind = kindOf,
                Source = Text(cell["source"], "source") ?? throw Inside("it has no 'source'."),
                Metadata = metadata,
                Attachments = cell["attachments"],
                ExecutionCount = isCode ? Count(cell["execution_count"]) : null,
                Outputs = isCode ? [.. ((JsonArray)cell["outputs"]!).Select(Output)] : [],
                Line = places.LineOf(index),
            };
        }

        private NotebookOutput Output(JsonNode? node, int index)
        {
            if (node is not JsonObject output) throw Bad(index, "it is no object.");
            string? type = Text(output["output_type"], "output_type");
            return type switch
            {
                "stream" => new StreamOutput(
                    Text(output["name"], "name") ?? throw Bad(index, "it is a stream without a 'name'."),
                    Text(output["text"], "text") ?? throw Bad(index, "it is a stream without a 'text'.")),
                "display_data" or "execute_result" => new DisplayOutput(Data(output["data"] as JsonObject ?? throw Bad(index, $"it is a {type} without an object 'data'.")))
                {
                    Metadata = output["metadata"] as JsonObject ?? [],
                    IsResult = type == "execute_result",
                    ExecutionCount = Count(output["execution_count"]),
                },
                "error" => new ErrorOutput(
                    Text(output["ename"], "ename") ?? "",
                    Text(output["evalue"], "evalue") ?? "",
                    output["traceback"] is JsonArray trace ? [.. trace.Select(t => t?.ToString() ?? "")] : []),
                _ => throw Bad(index, $"its 'output_type' is '{type}'. There are stream, display_data, execute_result and error."),
            };
        }

        private Dictionary<string, JsonNode> Data(JsonObject data)
        {
            var forms = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
            foreach (var (type, node) in data)
            {
                if (node is null) continue;
                forms.Add(type, NotebookWriter.IsSplit(type) ? JsonValue.Create(Text(node, type) ?? "")! : node.DeepClone());
            }

            return forms;
        }

        // Text may be one string, or a list of lines.
        private string? Text(JsonNode? node, string name) => node switch
        {
            null => null,
            JsonArray lines => string.Concat(lines.Select(l => OneText(l) ?? throw Inside($"its '{name}' is a list with something in it that is no text."))),
            _ => OneText(node) ?? throw Inside($"its '{name}' is {node.GetValueKind()}, and text was expected."),
        };

        private static string? OneText(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

        private int? Count(JsonNode? node) => node is null ? null : Whole(node) ?? throw Inside("its 'execution_count' is no whole number.");

        private static int? Whole(JsonNode? node) => node is JsonValue value && value.TryGetValue(out int number) ? number : null;

        private static bool IsId(string id) => id.Length is >= 1 and <= 64 && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

        private NotebookException Outside(string what) => new(path, line: 0, cell: null, what);

        private NotebookException Inside(string what) => new(path, places.LineOf(_cell - 1), _cell, what);

        private NotebookException Bad(int output, string what) => Inside(string.Create(CultureInfo.InvariantCulture, $"in output {output + 1}, {what}"));
    }

    /// <summary>In which lines the cells begin, as far as the file is JSON.</summary>
    private sealed class CellPlaces
    {
        private readonly List<int> _lines = [];

        public CellPlaces(byte[] bytes)
        {
            try
            {
                Find(bytes);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // The second pass says what is wrong; what was found until here is what it says it with.
            }
        }

        public int LineOf(int index) => index < _lines.Count ? _lines[index] : 0;

        /// <summary>The number of the cell a line is in; null for before the first.</summary>
        public int? CellAt(int line)
        {
            int begun = _lines.Count(l => l <= line);
            return begun == 0 ? null : begun;
        }

        private void Find(byte[] bytes)
        {
            var reader = new Utf8JsonReader(bytes);
            bool inCells = false;
            int line = 1;
            int counted = 0;
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName) inCells = reader.ValueTextEquals("cells");
                if (!inCells || reader.CurrentDepth != 2 || reader.TokenType != JsonTokenType.StartObject) continue;
                int at = (int)reader.TokenStartIndex;
                line += bytes.AsSpan(counted, at - counted).Count((byte)'\n');
                counted = at;
                _lines.Add(line);
            }
        }
    }
}
