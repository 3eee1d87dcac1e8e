using System.Globalization;
using System.Text.RegularExpressions;

using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Lab.Tests.Lessons;

/// <summary>
/// The form every lesson has, checked: <see cref="Problems"/> lists what a notebook lacks, in sentences that say where. A test applies it to each notebook
/// there is, so a lesson that somebody adds is held to the same form.
/// </summary>
/// <remarks>
/// The form in short: title, goals, the cell that imports the module; something to predict before it is run; what Go does, what .NET does, what
/// GuardedMap does; three or four exercises in the order predict, run, investigate, modify, make; a summary of one paragraph. Metadata with which the
/// notebook opens as PowerShell everywhere, outputs saved, and nothing in a cell that only some front ends understand.
/// </remarks>
internal static partial class LessonForm
{
    /// <summary>The code of the first code cell: the same in all lessons, since it must work in every front end, installed or from a checkout.</summary>
    public const string FirstCell =
        "# The module: installed, or the one beside this notebook.\n" +
        "if (-not (Get-Module GuardedMap)) { Import-Module GuardedMap -ErrorAction Ignore }\n" +
        "if (-not (Get-Module GuardedMap)) { Import-Module ../GuardedMap.psd1 -ErrorAction Ignore }\n" +
        "if (Get-Module GuardedMap) { 'GuardedMap is here.' }\n" +
        "else { 'GuardedMap is not installed. Run: Install-PSResource GuardedMap. Then run this cell again.' }";

    /// <summary>The text with which a cell asks for a prediction.</summary>
    public const string Predict = "**Predict, then run.**";

    private static readonly string[] s_sections = ["## Goals", "## What Go does", "## What .NET does", "## What GuardedMap does", "## Exercises", "## Summary"];

    /// <summary>What the lesson lacks; empty when its form is right.</summary>
    public static IReadOnlyList<string> Problems(Lesson lesson)
    {
        ArgumentNullException.ThrowIfNull(lesson);
        return [.. OfText(lesson), .. OfExercises(lesson), .. OfMetadata(lesson.Notebook), .. OfCode(lesson.Notebook), .. OfOutputs(lesson.Notebook)];
    }

    private static IEnumerable<string> OfText(Lesson lesson)
    {
        var cells = lesson.Notebook.Cells;
        string title = string.Create(CultureInfo.InvariantCulture, $"# {lesson.Number}. ");
        if (cells.Count == 0 || cells[0].Kind != NotebookCellKind.Markdown || !cells[0].Source.StartsWith(title, StringComparison.Ordinal))
            yield return $"The first cell does not begin with the title: '{title}...'.";

        int last = -1;
        string[] headings = [.. Headings(lesson)];
        foreach (string section in s_sections)
        {
            int at = Array.IndexOf(headings, section);
            if (at < 0) yield return $"There is no heading '{section}'.";
            else if (at < last) yield return $"The heading '{section}' comes too early. The order is: {string.Join(", ", s_sections)}.";
            last = Math.Max(last, at);
        }

        if (lesson.Goals.Count == 0) yield return "Below '## Goals' there is no list: lines that begin with '- '.";
        int[] predictions = [.. Enumerable.Range(0, cells.Count).Where(i => cells[i].Kind == NotebookCellKind.Markdown && cells[i].Source.Contains(Predict, StringComparison.Ordinal))];
        if (predictions.Length == 0) yield return $"Nothing is predicted before it is run: no Markdown cell has '{Predict}'.";
        foreach (int i in predictions)
        {
            if (i + 1 == cells.Count || cells[i + 1].Kind != NotebookCellKind.Code) yield return $"After '{Predict}' in {NotebookCell.Name(cells[i], i + 1)} there is no code cell to run.";
        }

        string[] summary = [.. Markdown(lesson).SkipWhile(l => l != "## Summary").Skip(1)];
        string text = string.Join('\n', summary).Trim();
        if (text.Length == 0) yield return "Below '## Summary' there is no text.";
        else if (text.Contains("\n\n", StringComparison.Ordinal) || text.Contains("\n#", StringComparison.Ordinal)) yield return "The summary is more than one paragraph, or something comes after it.";
    }

    private static IEnumerable<string> OfExercises(Lesson lesson)
    {
        var cells = lesson.Notebook.Cells;
        if (lesson.Exercises.Count is < 3 or > 4) yield return string.Create(CultureInfo.InvariantCulture, $"There are {lesson.Exercises.Count} exercises: headings such as '### Exercise {lesson.Number}.1: predict'. A lesson has three or four.");
        var stage = ExerciseStage.Predict;
        for (int i = 0; i < cells.Count; i++)
        {
            if (cells[i].Kind != NotebookCellKind.Markdown) continue;
            foreach (var match in cells[i].Source.Split('\n').Select(l => Lesson.ExerciseLine().Match(l)).Where(m => m.Success))
            {
                string number = match.Groups[1].Value;
                string name = $"Exercise {number} in {NotebookCell.Name(cells[i], i + 1)}";
                if (ExerciseCatalogue.Find(number) is not { } exercise)
                {
                    yield return $"{name} is not in the catalogue of exercises, which has {string.Join(", ", ExerciseCatalogue.OfLesson(lesson.Number).Select(e => e.Number))} for this lesson.";
                    continue;
                }

                if (exercise.Lesson != lesson.Number) yield return $"{name} belongs to another lesson.";
                if (!string.Equals(match.Groups[2].Value, exercise.Stage.ToString(), StringComparison.OrdinalIgnoreCase)) yield return $"{name} is called '{match.Groups[2].Value}', and it is one of '{exercise.Stage.ToString().ToLowerInvariant()}'.";
                if (exercise.Stage < stage) yield return $"{name} comes too late: the order is predict, run, investigate, modify, make.";
                stage = exercise.Stage;
                var answer = cells.Skip(i + 1).FirstOrDefault(c => c.Kind == NotebookCellKind.Code);
                if (answer is null || !answer.Source.Contains($"Test-MapExercise {number} ", StringComparison.Ordinal)) yield return $"{name} has no code cell below it that asks 'Test-MapExercise {number} ...'.";
                else if (!answer.HasTag(NotebookCell.ExerciseTag)) yield return $"{name}: the cell with the answer ('{answer.Id}') is not tagged '{NotebookCell.ExerciseTag}'.";
                else if (!answer.Source.Contains(MapExercise.Blank, StringComparison.Ordinal)) yield return $"{name}: the cell with the answer ('{answer.Id}') has no blank: '{MapExercise.Blank}'.";
            }
        }

        foreach (var exercise in ExerciseCatalogue.OfLesson(lesson.Number).Where(e => !lesson.Exercises.Contains(e.Number, StringComparer.Ordinal)))
            yield return $"Exercise {exercise.Number} of the catalogue does not occur.";
    }

    private static IEnumerable<string> OfMetadata(Notebook notebook)
    {
        if (NotebookMetadata.Lacking(notebook.Metadata) is { } lacking) yield return $"The notebook's {lacking}; front ends would not open it as PowerShell.";
        foreach (var (cell, number) in Code(notebook))
        {
            if (NotebookMetadata.LackingInCell(cell.Metadata) is { } missing) yield return $"In {NotebookCell.Name(cell, number)} {missing}.";
            if (cell.Tags.FirstOrDefault(t => t is not (NotebookCell.VariesTag or NotebookCell.ExerciseTag)) is { } unknown)
                yield return $"In {NotebookCell.Name(cell, number)} the tag '{unknown}' means nothing. There are '{NotebookCell.VariesTag}' and '{NotebookCell.ExerciseTag}'.";
        }
    }

    private static IEnumerable<string> OfCode(Notebook notebook)
    {
        var (first, at) = Code(notebook).FirstOrDefault();
        if (first is null)
        {
            yield return "There is no code cell.";
            yield break;
        }

        if (first.Source.TrimEnd() != FirstCell) yield return $"The first code cell, {NotebookCell.Name(first, at)}, is not the one that all lessons begin with:\n{FirstCell}";
        foreach (var (cell, number) in Code(notebook))
        {
            string name = NotebookCell.Name(cell, number);
            if (cell.Source.Trim().Length == 0) yield return $"In {name} there is no code.";
            if (cell.Source.StartsWith("#!", StringComparison.Ordinal)) yield return $"In {name} the first line begins with '#!', which Verso takes for a magic command.";
            if (Using().IsMatch(cell.Source)) yield return $"In {name} there is a 'using' statement, which some front ends cannot run. Write the type's full name.";
            if (FrontEnd().Match(cell.Source) is { Success: true } match) yield return $"In {name} there is '{match.Value}', which only some front ends have. A picture at the end of a cell shows itself.";
            if (cell.Source.Split('\n').Any(l => l.TrimEnd().EndsWith('^'))) yield return $"In {name} a line ends with '^', which one front end takes for its prompt.";
        }
    }

    private static IEnumerable<string> OfOutputs(Notebook notebook)
    {
        int expected = 0;
        foreach (var (cell, number) in Code(notebook))
        {
            expected++;
            string name = NotebookCell.Name(cell, number);
            if (cell.ExecutionCount is null) yield return $"In {name} no output is saved: it was never run. Renew the outputs: ./build.ps1 Notebooks.";
            else if (cell.ExecutionCount != expected) yield return string.Create(CultureInfo.InvariantCulture, $"In {name} the saved output is of run {cell.ExecutionCount} and should be of run {expected}: cells were run out of order. Renew the outputs: ./build.ps1 Notebooks.");
            if (cell.Outputs.OfType<ErrorOutput>().FirstOrDefault() is { } error) yield return $"In {name} the saved output is an error ({error.Name}: {error.Message}). Front ends end there. Show faults as objects.";
            if (cell.Outputs.OfType<StreamOutput>().FirstOrDefault(s => s.Name == StreamOutput.StandardError) is { } stream) yield return $"In {name} something is written as an error, and some front ends end there: {stream.Printed.Trim()}";
        }

        if (notebook.Cells.All(c => c.Outputs.Count == 0)) yield return "No cell has a saved output. Renew the outputs: ./build.ps1 Notebooks.";
    }

    private static IEnumerable<(NotebookCell Cell, int Number)> Code(Notebook notebook) =>
        notebook.Cells.Select((cell, i) => (cell, i + 1)).Where(c => c.cell.Kind == NotebookCellKind.Code);

    private static IEnumerable<string> Markdown(Lesson lesson) =>
        lesson.Notebook.Cells.Where(c => c.Kind == NotebookCellKind.Markdown).SelectMany(c => c.Source.Split('\n').Append("")).Select(l => l.TrimEnd());

    private static IEnumerable<string> Headings(Lesson lesson) => Markdown(lesson).Where(l => l.StartsWith('#'));

    [GeneratedRegex(@"^\s*using\s+(namespace|module|assembly|type)\b", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Using();

    [GeneratedRegex(@"\b(Out-Display|Display\s+\$\w+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FrontEnd();
}
