using System.Text.Json;

namespace GuardedMaps.Cli;

/// <summary>JSON lines: each line that is not blank is one JSON object, its properties are the columns.</summary>
internal static class JsonLineRows
{
    public static IEnumerable<InputRow> Read(string file, TextReader reader)
    {
        long number = 0;
        while (TextRows.NextLine(file, reader, ref number) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            yield return Parse(file, number, line);
        }
    }

    private static InputRow Parse(string file, long number, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw InputException.At(file, number, $"each line must be a JSON object, like {{\"name\": \"a\"}}; this one is {Name(document.RootElement.ValueKind)}.");

            var columns = document.RootElement.EnumerateObject()
                .Select(property => KeyValuePair.Create(property.Name, property.Value.ValueKind == JsonValueKind.Null ? null : property.Value.ToString()))
                .ToList();
            return new InputRow(number, columns, line.Trim());
        }
        catch (InvalidOperationException error)
        {
            // Only a string that is no text: half a surrogate pair, such as "\ud800" without its second half.
            throw InputException.At(file, number, "in this line there is a string with one half of a surrogate pair (\\ud800 to \\udfff), which is no text. Write both halves, or the character itself.", error);
        }
        catch (JsonException error)
        {
            throw InputException.At(file, number, $"this line is not valid JSON, at character {error.BytePositionInLine + 1}. Each line must be a whole JSON object of its own.", error);
        }
    }

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
