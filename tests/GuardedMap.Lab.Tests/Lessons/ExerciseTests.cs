using System.Text.RegularExpressions;
using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Lab.Tests.Lessons;

/// <summary>Each exercise accepts what is right, refuses what is wrong, explains what is no answer, and gives nothing away.</summary>
public sealed class ExerciseTests
{
    public static TheoryData<string> Numbers => [.. ExerciseCatalogue.All.Select(e => e.Number)];

    [Fact]
    public void Every_exercise_has_model_answers_and_every_lesson_three_or_four_exercises_in_order()
    {
        Assert.Equal(ExerciseCatalogue.All.Select(e => e.Number), ModelAnswers.All.Select(a => a.Number), StringComparer.Ordinal);
        for (int lesson = 0; lesson <= 8; lesson++)
        {
            var exercises = ExerciseCatalogue.OfLesson(lesson);
            Assert.InRange(exercises.Count, 3, 4);
            Assert.Equal(exercises.OrderBy(e => e.Stage).Select(e => e.Number), exercises.Select(e => e.Number), StringComparer.Ordinal);
            Assert.Equal(Enumerable.Range(1, exercises.Count).Select(i => $"{lesson}.{i}"), exercises.Select(e => e.Number), StringComparer.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_right_answer_is_accepted(string number)
    {
        foreach (object answer in Answers(number).Right)
        {
            var result = Exercise(number).Check(answer);
            Assert.True(result.Right, $"{Show(answer)}: {result}");
            Assert.True(result.Text.Length > 10, result.Text);
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_wrong_answer_is_refused_and_the_right_one_not_told(string number)
    {
        Assert.NotEmpty(Answers(number).Wrong);
        foreach (object answer in Answers(number).Wrong)
        {
            var result = Exercise(number).Check(answer);
            Assert.False(result.Right, $"{Show(answer)}: {result}");
            Assert.True(result.Verdict is ExerciseVerdict.Wrong || number is "8.3", $"{Show(answer)}: {result}");
            Assert.True(result.Text.Length > 10, result.Text);
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void What_is_no_answer_is_explained_with_what_was_expected_and_what_came(string number)
    {
        var exercise = Exercise(number);
        foreach (object answer in Answers(number).NoAnswer)
        {
            var result = exercise.Check(answer);
            Assert.False(result.Right);
            if (answer is null) continue;
            Assert.True(result.Verdict == ExerciseVerdict.WrongType, $"{Show(answer)}: {result}");
            Assert.Contains(exercise.Expects, result.Text, StringComparison.Ordinal);
            Assert.True(result.Text.Length > exercise.Expects.Length + "Expected: . ".Length + 5, result.Text);
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_blank_is_no_answer_yet_and_brings_the_question(string number)
    {
        foreach (object? answer in new object?[] { null, MapExercise.Blank })
        {
            var result = Exercise(number).Check(answer);
            Assert.Equal(ExerciseVerdict.NotAnswered, result.Verdict);
            Assert.Contains(Exercise(number).Question, result.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Three_hints_help_and_none_tells_the_answer(string number)
    {
        var hints = Exercise(number).Hints;
        Assert.Equal(3, hints.Count);
        Assert.Equal(3, hints.Distinct(StringComparer.Ordinal).Count());
        foreach (string hint in hints)
        {
            Assert.True(hint.Length > 20, hint);
            foreach (string secret in Answers(number).Secrets)
                Assert.False(Regex.IsMatch(hint, $@"(?<![\w.]){Regex.Escape(secret)}(?!\w)", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)), $"'{hint}' tells '{secret}'.");
        }
    }

    [Fact]
    public void A_number_is_off_by_something_a_list_differs_somewhere_and_a_race_has_a_token_to_look_at()
    {
        Assert.Equal(2, Exercise("6.1").Check(58).OffBy);
        Assert.Equal(-16, Exercise("6.1").Check(40).OffBy);
        Assert.Equal(4, Exercise("4.1").Check((int[])[5, 6, 1, 3, 2, 4]).DiffersAt);
        var lost = Exercise("7.3").Check(ModelAnswers.Over(m => m["n"] = (int)m["n"]! + 1));
        Assert.StartsWith("GMR2:Code:GuardedMap:", lost.Token, StringComparison.Ordinal);
        Assert.StartsWith("GMR1:LostUpdate:Hashtable:", Exercise("6.4").Check("A2B2").Token, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_that_is_cancelled_ends()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => Exercise("7.3").Check(ModelAnswers.Over(m => ((IGuardedMap)m).Increment("n")), lab: null, stop.Token));
    }

    private static MapExercise Exercise(string number) => ExerciseCatalogue.Find(number)!;

    private static ModelAnswer Answers(string number) => ModelAnswers.All.Single(a => a.Number == number);

    private static string Show(object answer) => answer is System.Collections.IEnumerable list and not string ? string.Join(", ", list.Cast<object>()) : $"{answer}";
}
