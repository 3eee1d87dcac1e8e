using System.Text;

namespace GuardedMaps.Cli;

/// <summary>
/// The user's file: decides what it holds, by its extension, or by its beginning where the extension says nothing, and
/// reads it row by row.
/// </summary>
internal sealed class InputFile : IDisposable
{
    private const int SampleLines = 20;
    private readonly FileStream _stream;

    private InputFile(string path, FileStream stream, InputFormat format)
    {
        Path = path;
        _stream = stream;
        Format = format;
    }

    public string Path { get; }

    public InputFormat Format { get; }

    /// <summary>How much of the file has been read, 0 to 1.</summary>
    public double Fraction => _stream.Length == 0 ? 1 : (double)_stream.Position / _stream.Length;

    /// <summary>Opens a file.</summary>
    /// <exception cref="InputException">It is not there, is a folder, or may not be read.</exception>
    public static InputFile Open(string path)
    {
        if (Directory.Exists(path)) throw new InputException(SafeText.Message($"'{path}' is a folder. Give a file: CSV, JSON lines or plain text."));
        try
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16);
            return new InputFile(path, stream, FormatOf(path, stream));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(SafeText.Message($"There is no file '{path}' (looked for '{System.IO.Path.GetFullPath(path)}'). Check the path."), error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(SafeText.Message($"'{path}' cannot be read: {error.Message}"), error);
        }
    }

    /// <summary>All rows, in order.</summary>
    /// <exception cref="InputException">A row is malformed; the message names its line.</exception>
    public IEnumerable<InputRow> Rows()
    {
        _stream.Position = 0;
        var reader = new StreamReader(_stream, StrictUtf8(), detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        return Format switch
        {
            InputFormat.Csv => CsvRows.Read(Path, reader),
            InputFormat.JsonLines => JsonLineRows.Read(Path, reader),
            _ => TextRows.Read(Path, reader),
        };
    }

    public void Dispose() => _stream.Dispose();

    // Without a byte order mark the file is taken as UTF-8, and bytes that are none are an error: replacing them by
    // question marks would make different keys equal.
    private static UTF8Encoding StrictUtf8() => new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static InputFormat FormatOf(string path, FileStream stream) => System.IO.Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".CSV" or ".TSV" => InputFormat.Csv,
        ".JSONL" or ".NDJSON" or ".JSON" => InputFormat.JsonLines,
        ".TXT" or ".LOG" or ".MD" => InputFormat.Text,
        _ => FormatByContent(stream),
    };

    private static InputFormat FormatByContent(FileStream stream)
    {
        // Lenient here, so that looking does not fail; reading is strict and says where it fails.
        var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var lines = new List<string>();
        while (lines.Count < SampleLines && reader.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line)) lines.Add(line);
        }

        if (lines.Count == 0) return InputFormat.Text;
        if (lines.TrueForAll(line => line.TrimStart().StartsWith('{'))) return InputFormat.JsonLines;
        return lines.Count > 1 && LooksSeparated(lines) ? InputFormat.Csv : InputFormat.Text;
    }

    // A table has the same separator the same number of times in each line; prose does not.
    private static bool LooksSeparated(List<string> lines) => CsvRows.Separators.Any(separator =>
    {
        int expected = lines[0].Count(c => c == separator);
        return expected > 0 && lines.TrueForAll(line => line.Contains('"', StringComparison.Ordinal) || line.Count(c => c == separator) == expected);
    });
}
