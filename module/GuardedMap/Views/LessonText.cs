using System.Text;
using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Shell;

/// <summary>The texts that the views of lessons show. PowerShell calls these methods from the view file, nobody else does.</summary>
public static class LessonText
{
    private const int Width = 80;

    /// <summary>What was said of an answer, broken into lines at words.</summary>
    public static string Result(ExerciseResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        string verdict = result.Verdict switch
        {
            ExerciseVerdict.Right => "right.",
            ExerciseVerdict.Wrong => "not yet.",
            ExerciseVerdict.WrongType => "this is no answer to the question.",
            _ => "",
        };
        string text = Wrap(SafeText.Lines($"Exercise {result.Exercise}: {(verdict.Length > 0 ? verdict + " " : "")}{result.Text}"));
        // The token stays on one line, to be copied.
        if (result.Token is not null) text += $"\nLook at it: Show-MapRace -Token {result.Token}";
        if (result.Verdict is ExerciseVerdict.Wrong or ExerciseVerdict.WrongType) text += $"\nA hint: Test-MapExercise {result.Exercise} -Hint 1";
        return text;
    }

    /// <summary>A cell that was run: its text, or its code and what that showed.</summary>
    public static string Cell(MapLessonCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        if (cell.Kind != NotebookCellKind.Code) return SafeText.Lines(cell.Source.TrimEnd()) + "\n";
        string code = string.Join('\n', SafeText.Lines(cell.Source.TrimEnd()).Split('\n').Select(l => $"    {l}"));
        return $"{code}\n\n{SafeText.Lines(cell.Text)}\n";
    }

    /// <summary>Breaks text at words.</summary>
    internal static string Wrap(string text)
    {
        var wrapped = new StringBuilder();
        foreach (string line in text.Split('\n'))
        {
            if (wrapped.Length > 0) wrapped.Append('\n');
            int column = 0;
            foreach (string word in line.Split(' '))
            {
                if (column > 0 && column + 1 + word.Length > Width)
                {
                    wrapped.Append('\n');
                    column = 0;
                }
                else if (column > 0)
                {
                    wrapped.Append(' ');
                    column++;
                }

                wrapped.Append(word);
                column += word.Length;
            }
        }

        return wrapped.ToString();
    }
}
