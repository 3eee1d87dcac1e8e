using System.Text;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell.Rules;

/// <summary>A script's file as text, with what it takes to write it back byte for byte where nothing was changed.</summary>
/// <param name="Path">The file.</param>
/// <param name="Text">The text, its line ends as they are.</param>
/// <param name="Encoding">How the bytes become text. It writes no byte order mark by itself.</param>
/// <param name="Mark">The byte order mark, as it stands in the file.</param>
internal sealed record ScriptText(string Path, string Text, Encoding Encoding, byte[] Mark)
{
    private static readonly Encoding[] s_marked =
    [
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: false),
        new UTF32Encoding(bigEndian: false, byteOrderMark: true),
        new UnicodeEncoding(bigEndian: false, byteOrderMark: true),
        new UnicodeEncoding(bigEndian: true, byteOrderMark: true),
    ];

    /// <summary>Reads a file: by its byte order mark, else as UTF-8, else as Latin-1, which gives every byte back as it was.</summary>
    public static ScriptText Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        foreach (Encoding encoding in s_marked)
        {
            byte[] mark = encoding.GetPreamble();
            if (bytes.AsSpan().StartsWith(mark)) return new ScriptText(path, encoding.GetString(bytes, mark.Length, bytes.Length - mark.Length), encoding, mark);
        }

        try
        {
            var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
            return new ScriptText(path, strict.GetString(bytes), strict, []);
        }
        catch (DecoderFallbackException)
        {
            return new ScriptText(path, Encoding.Latin1.GetString(bytes), Encoding.Latin1, []);
        }
    }

    /// <summary>Writes another text into the file, in the file's own encoding.</summary>
    public void Write(string text) => WholeFile.Write(Path, [.. Mark, .. Encoding.GetBytes(text)]);
}
