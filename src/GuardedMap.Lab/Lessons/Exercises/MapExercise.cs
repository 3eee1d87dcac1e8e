using System.Globalization;

namespace GuardedMaps.Lab.Lessons;

/// <summary>What kind of work an exercise is, in the order in which a lesson has them.</summary>
public enum ExerciseStage
{
    /// <summary>Say what will happen, before anything is run.</summary>
    Predict,

    /// <summary>Run it and read the answer off.</summary>
    Run,

    /// <summary>Find out why.</summary>
    Investigate,

    /// <summary>Change something that is there.</summary>
    Modify,

    /// <summary>Make something of one's own.</summary>
    Make,
}

/// <summary>
/// An exercise that checks itself. What is right is found out by running the map or the lab when the answer is given: there is no key that could
/// leak, and none that could be out of date.
/// </summary>
/// <remarks>
/// <code>
///   answer ──▶ read as what is expected ── cannot ──▶ WrongType: what was expected, what came
///                  │
///                  ▼
///              run the lab ──▶ compare ──▶ Right, or Wrong: off by how much, from which place on, a token to look at
/// </code>
/// An exercise is a small class: number, question, what an answer looks like, three hints, and how the truth is computed. Its bases
/// (<see cref="NumberExercise"/> and the others) do the reading and the comparing. It is added by writing it and naming it in
/// <see cref="ExerciseCatalogue"/>. A hint says where to look, which command shows it, and how to go about it; never what comes out.
/// </remarks>
public abstract class MapExercise
{
    /// <summary>What stands in a notebook where an answer goes.</summary>
    public const string Blank = "__";

    /// <summary>The number: lesson, point, place in it.</summary>
    public abstract string Number { get; }

    /// <summary>The lesson; 0 for the template's.</summary>
    public int Lesson => int.Parse(Number.AsSpan(0, Number.IndexOf('.', StringComparison.Ordinal)), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>What kind of work it is.</summary>
    public abstract ExerciseStage Stage { get; }

    /// <summary>The question.</summary>
    public abstract string Question { get; }

    /// <summary>What an answer looks like: <c>a whole number</c>.</summary>
    public abstract string Expects { get; }

    /// <summary>Three hints, each telling more than the one before, none telling the answer.</summary>
    public abstract IReadOnlyList<string> Hints { get; }

    /// <summary>Checks an answer by running the map or the lab.</summary>
    /// <param name="answer">The answer; null or <see cref="Blank"/> for none yet.</param>
    /// <param name="lab">How programs in the answer are run.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal ExerciseResult Check(object? answer, ExerciseLab? lab = null, CancellationToken cancellationToken = default)
    {
        if (answer is null or Blank)
            return new ExerciseResult { Exercise = Number, Verdict = ExerciseVerdict.NotAnswered, Text = $"No answer yet. {Question} Expected: {Expects}." };
        try
        {
            return Judge(answer, lab ?? new ExerciseLab(), cancellationToken);
        }
        catch (AnswerTypeException e)
        {
            return new ExerciseResult { Exercise = Number, Verdict = ExerciseVerdict.WrongType, Text = $"Expected: {Expects}. {e.Message}" };
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Number} ({Stage.ToString().ToLowerInvariant()}): {Question}";

    /// <summary>Reads the answer and compares it with the truth.</summary>
    /// <exception cref="AnswerTypeException">It is not of the kind that is expected.</exception>
    private protected abstract ExerciseResult Judge(object answer, ExerciseLab lab, CancellationToken cancellation);

    private protected ExerciseResult Right(string text, ScheduleToken? token = null) => new() { Exercise = Number, Verdict = ExerciseVerdict.Right, Text = text, Token = token?.ToString() };

    private protected ExerciseResult Wrong(string text, decimal? offBy = null, int? differsAt = null, ScheduleToken? token = null) =>
        new() { Exercise = Number, Verdict = ExerciseVerdict.Wrong, Text = text, OffBy = offBy, DiffersAt = differsAt, Token = token?.ToString() };
}
