using System.Globalization;

namespace GuardedMaps.Lab.Lessons;

/// <summary>A file is no notebook, or a broken one. The message says in which cell and in which line.</summary>
internal sealed class NotebookException : Exception
{
    private const int LongestPath = 1000;

    internal NotebookException(string path, int line, int? cell, string what, Exception? cause = null)
        : base(Sentence(path, line, cell, what), cause) => (Path, Line, Cell) = (path, line, cell);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The line of the file, from 1; 0 when it is about the file as a whole.</summary>
    public int Line { get; }

    /// <summary>The number of the cell, from 1; null when it is outside of the cells.</summary>
    public int? Cell { get; }

    private static string Sentence(string path, int line, int? cell, string what)
    {
        string at = line > 0 ? string.Create(CultureInfo.InvariantCulture, $", line {line}") : "";
        string inside = cell is { } number ? string.Create(CultureInfo.InvariantCulture, $", cell {number}") : "";
        return $"The notebook '{SafeText.Line(path, LongestPath)}'{inside}{at}: {SafeText.Line(what, LongestPath)}";
    }
}
