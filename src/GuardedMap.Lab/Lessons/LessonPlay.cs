using System.Globalization;

namespace GuardedMaps.Lab.Lessons;

/// <summary>Where a lesson is played: what shows cells, runs code and listens to the learner.</summary>
internal interface ILessonStage
{
    /// <summary>Shows Markdown.</summary>
    void ShowText(string markdown);

    /// <summary>Shows code that is about to be run.</summary>
    void ShowCode(string code);

    /// <summary>Runs code, of a cell or the learner's own, and shows what it writes.</summary>
    void Run(string code);

    /// <summary>True for code that is not finished: a bracket is open, a line goes on.</summary>
    bool IsUnfinished(string code);

    /// <summary>Says something about the playing itself.</summary>
    void Say(string text);

    /// <summary>Asks for a line; null when there are no more.</summary>
    string? Ask(string prompt);
}

// A step is the text that leads up to a code cell, and that cell. The learner reads, presses Enter, and the cell is run; or types something
// else first, as often as they like. So the loop has one place to stand at: the first cell of the step.
//
//     text text CODE | text CODE | CODE | text
//     ^ step 1         ^ 2         ^ 3    ^ 4, the end
//
// Only a line that is one of the few words below is meant for the player. Everything else is the learner's PowerShell.

/// <summary>Plays a lesson step by step, with a learner who may type anything in between.</summary>
internal sealed class LessonPlay
{
    private const string Words = "Enter runs the cell and goes on. skip goes on without running it, back goes back a step, again shows the step once more, hint helps with the exercise (hint 3.2 with that one), quit stops here and remembers where. Anything else is run as your own PowerShell, in the same session.";

    private readonly Lesson _lesson;
    private readonly ILessonStage _stage;
    private readonly Action<int> _reached;
    private readonly List<int> _steps = [];
    private readonly Dictionary<string, int> _hints = new(StringComparer.Ordinal);

    /// <param name="lesson">The lesson.</param>
    /// <param name="stage">Where it is played.</param>
    /// <param name="reached">Told whenever a step is done: the index of the first cell that is not.</param>
    public LessonPlay(Lesson lesson, ILessonStage stage, Action<int> reached)
    {
        (_lesson, _stage, _reached) = (lesson, stage, reached);
        var cells = lesson.Notebook.Cells;
        for (int i = 0; i < cells.Count; i++)
        {
            if (i == 0 || cells[i - 1].Kind == NotebookCellKind.Code) _steps.Add(i);
        }
    }

    /// <summary>Plays from the step a cell is in. Returns when the lesson is over or the learner quits.</summary>
    public void Run(int fromCell)
    {
        int step = Math.Max(0, _steps.FindLastIndex(s => s <= fromCell));
        _stage.Say($"{_lesson}. {Words}");
        while (step < _steps.Count)
        {
            if (Play(step) is not { } next) return;
            step = next;
            _reached(step < _steps.Count ? _steps[step] : _lesson.Notebook.Cells.Count);
        }

        _stage.Say($"This was lesson {_lesson}.");
    }

    // One step; gives the next, or null for the end.
    private int? Play(int step)
    {
        NotebookCell? code = null;
        int end = step + 1 < _steps.Count ? _steps[step + 1] : _lesson.Notebook.Cells.Count;
        for (int i = _steps[step]; i < end; i++)
        {
            var cell = _lesson.Notebook.Cells[i];
            if (cell.Kind == NotebookCellKind.Code) code = cell;
            else _stage.ShowText(cell.Source);
        }

        if (code is null) return step + 1;
        _stage.ShowCode(code.Source);
        while (true)
        {
            string? line = Ask(step);
            switch (line?.Trim().ToUpperInvariant())
            {
                case null or "QUIT" or "Q" or "EXIT":
                    _stage.Say(string.Create(CultureInfo.InvariantCulture, $"Stopped. {Again} goes on here."));
                    return null;
                case "" or "NEXT":
                    _stage.Run(code.Source);
                    return step + 1;
                case "SKIP":
                    return step + 1;
                case "BACK":
                    if (step > 0) return step - 1;
                    _stage.Say("This is the first step.");
                    break;
                case "AGAIN":
                    return step;
                case "HELP" or "?":
                    _stage.Say(Words);
                    break;
                case var word when word.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is ["HINT", .. var rest]:
                    Hint(rest.Length > 0 ? rest[0] : ExerciseAt(_steps[step], end));
                    break;
                default:
                    _stage.Run(line!);
                    break;
            }
        }
    }

    private string Again => _lesson.Number > 0
        ? string.Create(CultureInfo.InvariantCulture, $"Start-MapLesson {_lesson.Number}")
        : $"Start-MapLesson -Path '{_lesson.Path}'";

    // A line, and more of them while what was typed is not finished.
    private string? Ask(int step)
    {
        string? text = _stage.Ask(string.Create(CultureInfo.InvariantCulture, $"lesson {_lesson.Number}, step {step + 1} of {_steps.Count}> "));
        while (text is not null && text.Trim().Length > 0 && _stage.IsUnfinished(text))
        {
            // An empty line ends it, as at a prompt: what is wrong with it is then said by whoever runs it.
            if (_stage.Ask(">> ") is not { Length: > 0 } more) break;
            text += "\n" + more;
        }

        return text;
    }

    private string? ExerciseAt(int first, int end)
    {
        for (int i = end - 1; i >= first; i--)
        {
            foreach (string line in Enumerable.Reverse(_lesson.Notebook.Cells[i].Source.Split('\n')))
            {
                if (Lesson.ExerciseLine().Match(line) is { Success: true } match) return match.Groups[1].Value;
            }
        }

        return null;
    }

    // Each time the next level; the last one again when there is none.
    private void Hint(string? number)
    {
        if (number is null)
        {
            _stage.Say($"There is no exercise in this step. The lesson has {string.Join(", ", _lesson.Exercises)}: 'hint {(_lesson.Exercises.Count > 0 ? _lesson.Exercises[0] : "3.2")}' helps with that one.");
            return;
        }

        if (ExerciseCatalogue.Find(number) is not { } exercise)
        {
            _stage.Say($"There is no exercise {number}. The lesson has {string.Join(", ", _lesson.Exercises)}.");
            return;
        }

        int level = _hints.GetValueOrDefault(number);
        _hints[number] = Math.Min(level + 1, exercise.Hints.Count - 1);
        _stage.Say(string.Create(CultureInfo.InvariantCulture, $"Hint {level + 1} of {exercise.Hints.Count}: {exercise.Hints[level]}"));
    }
}
