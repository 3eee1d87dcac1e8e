using System.Globalization;

namespace GuardedMaps.Lab.Lessons;

/// <summary>An exercise whose answer is a whole number.</summary>
internal abstract class NumberExercise : MapExercise
{
    public override string Expects => "a whole number";

    protected abstract long Truth();

    private protected override ExerciseResult Judge(object answer, ExerciseLab lab, CancellationToken cancellation)
    {
        long given = AnswerReader.Whole(answer);
        long off = given - Truth();
        return off == 0
            ? Right(string.Create(CultureInfo.InvariantCulture, $"{given} is what the lab found."))
            : Wrong(string.Create(CultureInfo.InvariantCulture, $"{given} is too {(off > 0 ? "large" : "small")}, by {Math.Abs(off)}."), offBy: off);
    }
}

/// <summary>An exercise whose answer is a list of whole numbers, each in its place.</summary>
internal abstract class NumbersExercise : MapExercise
{
    /// <summary>What an answer might look like: right in form.</summary>
    protected abstract string Example { get; }

    protected abstract IReadOnlyList<long> Truth();

    /// <summary>What stands at a place of the list, from 0.</summary>
    protected abstract string Place(int at);

    private protected override ExerciseResult Judge(object answer, ExerciseLab lab, CancellationToken cancellation)
    {
        var truth = Truth();
        long[] given = [.. AnswerReader.List(answer, truth.Count, Example).Select(AnswerReader.Whole)];
        for (int i = 0; i < given.Length; i++)
        {
            if (given[i] != truth[i])
                return Wrong(string.Create(CultureInfo.InvariantCulture, $"Number {i + 1}, {Place(i)}: {given[i]} is not what the lab found. {Before(i)}"), given[i] - truth[i], i + 1);
        }

        return Right("All of them are what the lab found.");
    }

    private static string Before(int right) => right == 0 ? "It is the first." : right == 1 ? "The one before it is right." : string.Create(CultureInfo.InvariantCulture, $"The {right} before it are right.");
}

/// <summary>An exercise whose answer is some whole numbers, in any order.</summary>
internal abstract class NumberSetExercise : MapExercise
{
    /// <summary>What one of the numbers is called.</summary>
    protected abstract string Thing { get; }

    protected abstract IReadOnlyCollection<long> Truth();

    private protected override ExerciseResult Judge(object answer, ExerciseLab lab, CancellationToken cancellation)
    {
        long[] given = [.. AnswerReader.List(answer, -1, "").Select(AnswerReader.Whole)];
        var truth = Truth();
        if (given.Length != given.Distinct().Count()) throw new AnswerTypeException("A number occurs twice.");
        if (given.FirstOrDefault(n => !truth.Contains(n), -1) is var extra and not -1)
            return Wrong(string.Create(CultureInfo.InvariantCulture, $"{Thing} {extra} is not among them."), differsAt: Array.IndexOf(given, extra) + 1);
        return given.Length == truth.Count
            ? Right("These are what the lab found.")
            : Wrong(string.Create(CultureInfo.InvariantCulture, $"All you name are among them, but {(truth.Count - given.Length == 1 ? "one is" : "some are")} missing."), offBy: given.Length - truth.Count);
    }
}

/// <summary>An exercise whose answer is one word, or several in their places, of a few there are.</summary>
internal abstract class WordsExercise : MapExercise
{
    protected abstract IReadOnlyList<string> Choices { get; }

    protected abstract IReadOnlyList<string> Truth();

    /// <summary>What stands at a place, from 0.</summary>
    protected virtual string Place(int at) => "the word";

    /// <summary>A schedule in which the truth can be seen, where there is one.</summary>
    protected virtual ScheduleToken? Token => null;

    private protected override ExerciseResult Judge(object answer, ExerciseLab lab, CancellationToken cancellation)
    {
        var truth = Truth();
        string example = string.Join(", ", Enumerable.Range(0, truth.Count).Select(i => $"'{Choices[i % Choices.Count]}'"));
        string[] given = truth.Count == 1 ? [AnswerReader.Word(answer, Choices)] : [.. AnswerReader.List(answer, truth.Count, example).Select(a => AnswerReader.Word(a, Choices))];
        for (int i = 0; i < given.Length; i++)
        {
            if (given[i] != truth[i])
                return Wrong(truth.Count == 1 ? $"{given[i]} is not what the lab found." : string.Create(CultureInfo.InvariantCulture, $"Number {i + 1}, {Place(i)}: {given[i]} is not what the lab found."), differsAt: truth.Count == 1 ? null : i + 1, token: Token);
        }

        return Right(truth.Count == 1 ? $"{given[0]} is what the lab found." : "All of them are what the lab found.", Token);
    }
}

/// <summary>An exercise whose answer is several times true or false.</summary>
internal abstract class TruthsExercise : MapExercise
{
    protected abstract IReadOnlyList<bool> Truth();

    /// <summary>What stands at a place, from 0.</summary>
    protected abstract string Place(int at);

    private protected override ExerciseResult Judge(object answer, ExerciseLab lab, CancellationToken cancellation)
    {
        var truth = Truth();
        string example = string.Join(", ", Enumerable.Range(0, truth.Count).Select(i => i % 2 == 0 ? "$true" : "$false"));
        bool[] given = [.. AnswerReader.List(answer, truth.Count, example).Select(AnswerReader.Truth)];
        for (int i = 0; i < given.Length; i++)
        {
            if (given[i] != truth[i]) return Wrong(string.Create(CultureInfo.InvariantCulture, $"Number {i + 1}, {Place(i)}: the lab found otherwise."), differsAt: i + 1);
        }

        return Right("All of them are what the lab found.");
    }
}

/// <summary>An exercise whose answer is a schedule: a token, or runs of letters and numbers.</summary>
internal abstract class ScheduleExercise : MapExercise
{
    public override string Expects => "a schedule, such as 'A2B2', or a token of one";

    /// <summary>The model it is a schedule of.</summary>
    protected abstract RaceModel Model { get; }

    protected abstract ExerciseResult Judge(ScheduleReplay replay, ScheduleToken token);

    private protected override ExerciseResult Judge(object answer, ExerciseLab lab, CancellationToken cancellation)
    {
        var schedule = AnswerReader.ScheduleOf(answer, Model);
        var replay = Replay(Model, schedule, strict: true);
        return Judge(replay, new ScheduleToken(Model, replay.Run));
    }

    protected static ScheduleReplay Replay(RaceModel model, Schedule schedule, bool strict)
    {
        var replay = new ScheduleReplay(model, schedule, strict, maxSteps: 400);
        try
        {
            replay.ToEnd();
        }
        catch (ScheduleTokenException e)
        {
            throw new AnswerTypeException(e.Message);
        }

        return replay;
    }

    protected static bool IsSilent(ScheduleOutcome outcome) => outcome.Kind is not (ScheduleOutcomeKind.Clean or ScheduleOutcomeKind.Violation);
}
