using System.Management.Automation;
using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Checks the answer to an exercise by running the map or the race lab, or helps with it.</para>
/// </summary>
/// <remarks>A wrong answer is an object and no error: in a notebook an error ends the cell. The answers that are right are remembered.</remarks>
[Cmdlet(VerbsDiagnostic.Test, "MapExercise", DefaultParameterSetName = AnswerSet)]
[OutputType(typeof(ExerciseResult), ParameterSetName = [AnswerSet])]
[OutputType(typeof(string), ParameterSetName = [HintSet])]
public sealed class TestMapExerciseCommand : PSCmdlet, IDisposable
{
    private const string AnswerSet = "Answer";
    private const string HintSet = "Hint";
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Which exercise: lesson and place in it, such as 3.2.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ExerciseCompleter))]
    public string Exercise { get; set; } = null!;

    /// <summary>Your answer: a number, words, a list, a token, script blocks, as the exercise asks. Without it, the question.</summary>
    [Parameter(Position = 1, ParameterSetName = AnswerSet)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Answer { get; set; }

    /// <summary>A hint in place of a check: 1, 2 or 3, each telling more.</summary>
    [Parameter(Mandatory = true, ParameterSetName = HintSet)]
    [ValidateRange(1, 3)]
    public int Hint { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ExerciseCatalogue.Find(Exercise.Trim()) is not { } exercise)
        {
            WriteError(Errors.UnknownExercise(Exercise));
            return;
        }

        if (ParameterSetName == HintSet)
        {
            WriteObject(exercise.Hints[Hint - 1]);
            return;
        }

        try
        {
            ExerciseResult result = exercise.Check(ScriptExerciseLab.Bare(Answer), new ScriptExerciseLab(SessionState), _stop.Token);
            WriteObject(result);
            if (result.Right) Remember(exercise);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped while the answer was being tried: there is nothing to say of it.
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private void Remember(MapExercise exercise)
    {
        LessonLibrary library = LessonShelf.Library();
        if (library.Find(exercise.Lesson.ToString(System.Globalization.CultureInfo.InvariantCulture)) is not { } path) return;
        string name = library.BareNames[library.Files.ToList().IndexOf(path)];
        ProgressFile file = LessonShelf.Progress(this);
        try
        {
            file.Change(name, p => p.Solved.Contains(exercise.Number, StringComparer.Ordinal) ? p : p with { Solved = [.. p.Solved.Append(exercise.Number).Order(StringComparer.Ordinal)] });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            // The answer is right all the same, and a notebook's cell would end with an error.
            WriteVerbose($"That exercise {exercise.Number} is solved could not be kept in '{SafeText.Line(file.Path)}': {SafeText.Lines(e.Message)}");
        }
    }
}
