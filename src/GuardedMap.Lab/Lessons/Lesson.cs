using System.Globalization;
using System.Text.RegularExpressions;

namespace GuardedMaps.Lab.Lessons;

/// <summary>
/// A lesson: what a notebook says of itself. Everything here is read from the notebook; there is no list of lessons to keep in step with it.
/// </summary>
/// <remarks>
/// <code>
///   03-growing.ipynb        number and name
///   # 3. Growing            title
///   ## Goals                the list below it: goals
///   ### Exercise 3.2: run   an exercise
/// </code>
/// What else a lesson must have is the business of the tests.
/// </remarks>
internal sealed partial record Lesson
{
    /// <summary>The number; 0 for the template.</summary>
    public required int Number { get; init; }

    /// <summary>The name: the file's, without number and extension.</summary>
    public required string Name { get; init; }

    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>What a learner can do afterwards.</summary>
    public required IReadOnlyList<string> Goals { get; init; }

    /// <summary>The exercises the notebook announces, by number.</summary>
    public required IReadOnlyList<string> Exercises { get; init; }

    /// <summary>The notebook.</summary>
    public required Notebook Notebook { get; init; }

    /// <summary>Where the notebook lies.</summary>
    public required string Path { get; init; }

    /// <summary>Reads a lesson.</summary>
    /// <exception cref="NotebookException">The notebook is broken. The message says where.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static Lesson Read(string path) => Of(NotebookReader.ReadFile(path), path);

    /// <summary>The lesson that a notebook is.</summary>
    public static Lesson Of(Notebook notebook, string path)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        string file = System.IO.Path.GetFileNameWithoutExtension(path);
        var numbered = NumberedName().Match(file);
        string[] lines = [.. notebook.Cells.Where(c => c.Kind == NotebookCellKind.Markdown).SelectMany(c => c.Source.Split('\n').Append(""))];
        return new Lesson
        {
            Number = numbered.Success ? int.Parse(numbered.Groups[1].Value, CultureInfo.InvariantCulture) : 0,
            Name = numbered.Success ? numbered.Groups[2].Value : file,
            Title = lines.Select(l => TitleLine().Match(l)).FirstOrDefault(m => m.Success)?.Groups[1].Value.Trim() ?? file,
            Goals = [.. lines.SkipWhile(l => l.Trim() != "## Goals").Skip(1).TakeWhile(l => !l.StartsWith('#')).Where(l => l.StartsWith("- ", StringComparison.Ordinal)).Select(l => l[2..].Trim())],
            Exercises = [.. lines.Select(l => ExerciseLine().Match(l)).Where(m => m.Success).Select(m => m.Groups[1].Value)],
            Notebook = notebook,
            Path = path,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}. {Title}");

    /// <summary>Matches a file's name such as <c>03-growing</c>.</summary>
    [GeneratedRegex(@"^(\d{2})-([a-z0-9-]+)$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    internal static partial Regex NumberedName();

    [GeneratedRegex(@"^# (?:\d+\. )?(.+)$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TitleLine();

    /// <summary>Matches the heading of an exercise, such as <c>### Exercise 3.2: run</c>.</summary>
    [GeneratedRegex(@"^### Exercise (\d+\.\d+): (\w+)\s*$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    internal static partial Regex ExerciseLine();
}
