using System.Collections;
using System.Globalization;

namespace GuardedMaps.Lab.Lessons;

/// <summary>One way in which an answer's programs are tried: a map filled, and what must be true of it afterwards.</summary>
/// <param name="Create">Makes the map.</param>
/// <param name="Fill">Fills it.</param>
/// <param name="Check">Says what the map is like at the end; the text is null when it is right.</param>
/// <param name="Actors">Which of the programs take part, by place; null for each once.</param>
internal sealed record ProgramTrial(Func<IDictionary> Create, Action<IDictionary> Fill, Func<IDictionary, string?> Check, IReadOnlyList<int>? Actors = null);

/// <summary>
/// An exercise whose answer is a program over a map, or several. They are run by the lab in every order it can interleave them in, on maps of which
/// the learner has seen one: an answer that knows the result by heart is wrong on the others.
/// </summary>
internal abstract class ProgramExercise : MapExercise
{
    /// <summary>How many programs are asked for.</summary>
    protected virtual int Count => 1;

    protected abstract IEnumerable<ProgramTrial> Trials();

    private protected override ExerciseResult Judge(object answer, ExerciseLab lab, CancellationToken cancellation)
    {
        object[] programs = [.. (Count == 1 ? [answer] : AnswerReader.List(answer, Count, "{ ... }, { ... }")).Select(p =>
            lab.IsProgram(p) ? p! : throw new AnswerTypeException($"{AnswerReader.Described(p)} came. Write {lab.ProgramExample}."))];
        long schedules = 0;
        int number = 0;
        foreach (var trial in Trials())
        {
            var actors = trial.Actors is null ? programs : [.. trial.Actors.Select(i => programs[i])];
            ExploreResult result;
            try
            {
                result = lab.Explore(actors, trial, string.Create(CultureInfo.InvariantCulture, $"-- exercise {Number}, trial {++number}"), cancellation);
            }
            catch (RaceModelException e)
            {
                return Wrong(e.Message);
            }

            cancellation.ThrowIfCancellationRequested();
            schedules += result.Schedules;
            if (result.MostTelling is { Outcome.Kind: not ScheduleOutcomeKind.Clean } bad)
            {
                // One program alone has no schedule worth a look.
                if (actors.Length == 1) return Wrong(Sentence(bad, result, isAlone: true));
                lab.Remember(result);
                return Wrong(Sentence(bad, result, isAlone: false), token: bad.SimplestToken);
            }

            if (result.Doubt is { } doubt) return Wrong($"No schedule went wrong, and that means little: {doubt}.");
            if (result.End != ExploreEnd.Finished) return Wrong(string.Create(CultureInfo.InvariantCulture, $"{result.Schedules:N0} schedules went well, and there are more: the programs make too many operations to be tried in every order. Do it in fewer."));
        }

        return Right(schedules == 1 ? "It does what it should." : string.Create(CultureInfo.InvariantCulture, $"It does what it should in all {schedules:N0} runs."));
    }

    private static string Sentence(ExploredOutcome bad, ExploreResult result, bool isAlone)
    {
        string what = bad.Outcome.Text;
        string share = isAlone ? "" : string.Create(CultureInfo.InvariantCulture, $" So end {bad.Count} of {result.Schedules} schedules; the simplest is {bad.SimplestToken.Schedule}.");
        return bad.Outcome.Kind is ScheduleOutcomeKind.Violation or ScheduleOutcomeKind.Failed ? $"It met an error: {what}.{share}" : $"{char.ToUpperInvariant(what[0])}{what[1..]}.{share}";
    }

    /// <summary>What an entry of a map is, compared with what it should be; null when it is that.</summary>
    protected static string? Entry(IDictionary map, object key, object? expected) =>
        Equals(map[key], expected) ? null : string.Create(CultureInfo.InvariantCulture, $"'{key}' is {map[key] ?? "missing"} and should be {expected ?? "missing"}");
}
