using System.Text;

namespace GuardedMaps.Cli;

/// <summary>Plain text: each line that is not blank is a row.</summary>
internal static class TextRows
{
    public static IEnumerable<InputRow> Read(string file, TextReader reader)
    {
        long number = 0;
        while (NextLine(file, reader, ref number) is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line)) yield return new InputRow(number, [], line.Trim());
        }
    }

    /// <summary>The next line, counted; null at the end.</summary>
    /// <exception cref="InputException">The file is not text.</exception>
    public static string? NextLine(string file, TextReader reader, ref long number)
    {
        try
        {
            string? line = reader.ReadLine();
            if (line is not null) number++;
            return line;
        }
        catch (DecoderFallbackException error)
        {
            // The reader decodes ahead, so the spot is somewhere after the last line that could be read.
            throw InputException.At(file, number + 1, "from here on there are bytes that are not UTF-8 text. Convert the file to UTF-8.", error);
        }
    }
}
