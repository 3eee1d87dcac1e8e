using System.Text;
using CsvHelper;

namespace GuardedMaps.Cli;

/// <summary>Comma-separated values with a header line; the separator is found by CsvHelper in the first lines.</summary>
internal static class CsvRows
{
    /// <summary>The separators that are recognised.</summary>
    public static IReadOnlyList<char> Separators { get; } = [',', '\t', ';', '|'];

    public static IEnumerable<InputRow> Read(string file, TextReader text)
    {
        // The field count is checked below and not by the reader, because the columns' names belong into the message.
        using var reader = CsvReader.Create(text, new CsvReaderOptions
        {
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
        });
        var header = Header(file, reader);
        while (Next(file, reader))
        {
            if (reader.FieldCount != header.Count)
            {
                throw InputException.At(file, reader.LineNumber, FormattableString.Invariant(
                    $"this row has {Count(reader.FieldCount)}, the header has {header.Count} ({string.Join(", ", header)}). Check for a missing or surplus separator."));
            }

            var columns = new KeyValuePair<string, string?>[header.Count];
            for (int i = 0; i < columns.Length; i++) columns[i] = new(header[i], reader.GetString(i));
            yield return new InputRow(reader.LineNumber, columns, string.Join(" | ", columns.Select(column => column.Value)));
        }
    }

    private static IReadOnlyList<string> Header(string file, CsvReader reader)
    {
        Guarded(file, reader, () =>
        {
            reader.ReadHeader();
            return true;
        });

        if (reader.Headers is not { Count: > 0 } names) throw new InputException(SafeText.Message($"'{file}' is empty. The first line of a CSV file must name its columns."));
        string[] header = [.. names.Select(name => name.Trim())];
        int blank = Array.FindIndex(header, string.IsNullOrEmpty);
        if (blank >= 0)
            throw InputException.At(file, 1, FormattableString.Invariant($"column {blank + 1} has no name. The first line of a CSV file must name every column."));

        string? twice = header.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null) throw InputException.At(file, 1, $"two columns are named '{twice}'. Give each column a name of its own.");
        return header;
    }

    private static bool Next(string file, CsvReader reader) => Guarded(file, reader, reader.Read);

    private static bool Guarded(string file, CsvReader reader, Func<bool> read)
    {
        try
        {
            return read();
        }
        catch (CsvFormatException error)
        {
            throw InputException.At(
                file,
                error.LineNumber,
                "a quote is not closed, or text follows a closing quote. A field with quotes, separators or line breaks must stand in quotes, and quotes in it must be doubled.",
                error);
        }
        catch (DecoderFallbackException error)
        {
            throw InputException.At(file, reader.LineNumber + 1, "from here on there are bytes that are not UTF-8 text. Convert the file to UTF-8.", error);
        }
    }

    private static string Count(int fields) => fields == 1 ? "1 field" : FormattableString.Invariant($"{fields} fields");
}
