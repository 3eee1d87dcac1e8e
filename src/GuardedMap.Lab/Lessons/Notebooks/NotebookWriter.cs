using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GuardedMaps.Lab.Lessons;

/// <summary>
/// Writes notebooks as Jupyter does (nbformat's <c>write</c>): names sorted, one space of indent, text as a list of lines, everything but
/// control characters as it is. A notebook that Jupyter has saved and this has renewed differs only where its content does.
/// </summary>
internal static class NotebookWriter
{
    /// <summary>Writes a notebook to a file: wholly or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void WriteFile(Notebook notebook, string path) => WholeFile.Write(path, ToText(notebook));

    /// <summary>The notebook as the text of a file.</summary>
    public static string ToText(Notebook notebook)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        var root = new JsonObject
        {
            ["cells"] = new JsonArray([.. notebook.Cells.Select(Cell)]),
            ["metadata"] = notebook.Metadata.DeepClone(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = notebook.FormatMinor,
        };
        var text = new StringBuilder();
        Append(text, root, depth: 0);
        return text.Append('\n').ToString();
    }

    /// <summary>True for media types whose data is kept as a list of lines.</summary>
    internal static bool IsSplit(string mediaType) =>
        mediaType.StartsWith("text/", StringComparison.Ordinal) || mediaType is NotebookOutput.Svg or "application/javascript";

    private static JsonNode Cell(NotebookCell cell)
    {
        var node = new JsonObject
        {
            ["cell_type"] = cell.Kind switch { NotebookCellKind.Code => "code", NotebookCellKind.Markdown => "markdown", _ => "raw" },
            ["id"] = cell.Id,
            ["metadata"] = cell.Metadata.DeepClone(),
            ["source"] = Lines(cell.Source),
        };
        if (cell.Attachments is not null) node["attachments"] = cell.Attachments.DeepClone();
        if (cell.Kind != NotebookCellKind.Code) return node;
        node["execution_count"] = cell.ExecutionCount;
        node["outputs"] = new JsonArray([.. cell.Outputs.Select(Output)]);
        return node;
    }

    private static JsonNode Output(NotebookOutput output)
    {
        switch (output)
        {
            case StreamOutput stream:
                return new JsonObject { ["name"] = stream.Name, ["output_type"] = "stream", ["text"] = Lines(stream.Printed) };
            case ErrorOutput error:
                return new JsonObject
                {
                    ["ename"] = error.Name,
                    ["evalue"] = error.Message,
                    ["output_type"] = "error",
                    ["traceback"] = new JsonArray([.. error.Trace.Select(t => (JsonNode)t)]),
                };
            case DisplayOutput display:
                var data = new JsonObject();
                foreach (var (type, node) in display.Data) data[type] = IsSplit(type) ? Lines(node.ToString()) : node.DeepClone();
                var shown = new JsonObject { ["data"] = data, ["metadata"] = display.Metadata.DeepClone(), ["output_type"] = display.IsResult ? "execute_result" : "display_data" };
                if (display.IsResult) shown["execution_count"] = display.ExecutionCount;
                return shown;
            default:
                throw new ArgumentException($"There is no way to write a {output.GetType().Name}.", nameof(output));
        }
    }

    private static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (int at = 0; at < text.Length;)
        {
            int end = text.IndexOf('\n', at);
            int next = end < 0 ? text.Length : end + 1;
            lines.Add((JsonNode)text[at..next]);
            at = next;
        }

        return lines;
    }

    // Not JsonSerializer: it has no indent of one space before .NET 9, and escapes what Jupyter writes as it is.
    private static void Append(StringBuilder text, JsonNode? node, int depth)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject { Count: 0 }:
                text.Append("{}");
                break;
            case JsonArray { Count: 0 }:
                text.Append("[]");
                break;
            case JsonObject members:
                AppendAll(text, '{', '}', depth, members.OrderBy(m => m.Key, StringComparer.Ordinal), member =>
                {
                    AppendText(text, member.Key);
                    text.Append(": ");
                    Append(text, member.Value, depth + 1);
                });
                break;
            case JsonArray items:
                AppendAll(text, '[', ']', depth, items, item => Append(text, item, depth + 1));
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                AppendText(text, value.GetValue<string>());
                break;
            default:
                text.Append(node.ToJsonString());
                break;
        }
    }

    private static void AppendAll<T>(StringBuilder text, char open, char close, int depth, IEnumerable<T> items, Action<T> append)
    {
        text.Append(open);
        bool first = true;
        foreach (T item in items)
        {
            text.Append(first ? "\n" : ",\n").Append(' ', depth + 1);
            append(item);
            first = false;
        }

        text.Append('\n').Append(' ', depth).Append(close);
    }

    private static void AppendText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            switch (c)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case '\b': text.Append("\\b"); break;
                case '\f': text.Append("\\f"); break;
                case < ' ': text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: text.Append(c); break;
            }
        }

        text.Append('"');
    }
}
