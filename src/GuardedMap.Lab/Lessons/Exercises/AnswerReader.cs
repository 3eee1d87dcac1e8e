using System.Collections;
using System.Globalization;

namespace GuardedMaps.Lab.Lessons;

/// <summary>An answer is not of the kind that was expected. The message says what came instead, and what to do.</summary>
internal sealed class AnswerTypeException(string message) : Exception(message);

/// <summary>
/// Reads answers. Generous where nothing can be meant otherwise (a number of any type, a list of any kind), strict where a guess might hide a
/// misunderstanding: text is no number.
/// </summary>
internal static class AnswerReader
{
    /// <summary>A whole number.</summary>
    public static long Whole(object? answer) => answer switch
    {
        sbyte or byte or short or ushort or int or uint or long => Convert.ToInt64(answer, CultureInfo.InvariantCulture),
        ulong n when n <= long.MaxValue => (long)n,
        System.Numerics.BigInteger n when n >= long.MinValue && n <= long.MaxValue => (long)n,
        ulong or System.Numerics.BigInteger => throw new AnswerTypeException($"{Described(answer)} came, which is far too large."),
        double d when d % 1 == 0 && Math.Abs(d) < 1L << 53 => (long)d,
        decimal d when d % 1 == 0 && Math.Abs(d) < long.MaxValue => (long)d,
        double or float or decimal => throw new AnswerTypeException($"{Described(answer)} came, which is not whole."),
        string text => throw new AnswerTypeException($"{Described(text)} came. {(long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? "Write the number without quotation marks." : "Write a number.")}"),
        _ => throw new AnswerTypeException($"{Described(answer)} came."),
    };

    /// <summary>A list of so many; -1 for any number.</summary>
    public static object?[] List(object answer, int count, string example)
    {
        if (answer is string or IDictionary or not IEnumerable)
        {
            if (count == -1) return [answer];
            throw new AnswerTypeException(string.Create(CultureInfo.InvariantCulture, $"{Described(answer)} came. Write {count} of them, with commas: {example}."));
        }

        object?[] items = [.. ((IEnumerable)answer).Cast<object?>()];
        if (count >= 0 && items.Length != count)
            throw new AnswerTypeException(string.Create(CultureInfo.InvariantCulture, $"A list of {items.Length} came. Write {count}, with commas: {example}."));
        int blank = Array.FindIndex(items, i => i is null or MapExercise.Blank);
        if (blank >= 0) throw new AnswerTypeException(string.Create(CultureInfo.InvariantCulture, $"Number {blank + 1} of the list is still blank."));
        return items;
    }

    /// <summary>One of several words; case does not matter.</summary>
    public static string Word(object? answer, IReadOnlyList<string> choices)
    {
        string? text = answer switch
        {
            string s => s.Trim(),
            Enum e => e.ToString(),
            char c => c.ToString(),
            _ => throw new AnswerTypeException($"{Described(answer)} came. Write one of these, in quotation marks: {string.Join(", ", choices)}."),
        };
        return choices.FirstOrDefault(c => string.Equals(c, text, StringComparison.OrdinalIgnoreCase))
            ?? throw new AnswerTypeException($"{Described(text)} came, which is none of these: {string.Join(", ", choices)}.");
    }

    /// <summary>True or false.</summary>
    public static bool Truth(object? answer) => answer is bool truth ? truth : throw new AnswerTypeException($"{Described(answer)} came. Write $true or $false.");

    /// <summary>A schedule: as a token of this model, or as runs of letters and numbers.</summary>
    public static Schedule ScheduleOf(object? answer, RaceModel model)
    {
        try
        {
            switch (answer)
            {
                case Schedule schedule:
                    return schedule;
                case ScheduleToken token:
                    token.RequireFit(model);
                    return token.Schedule;
                case ExploredOutcome outcome:
                    return ScheduleOf(outcome.SimplestToken, model);
                case string text when text.StartsWith(ScheduleToken.Format, StringComparison.Ordinal):
                    return ScheduleOf(ScheduleToken.Parse(text.Trim()), model);
                case string text:
                    return Schedule.Parse(text.Trim());
                default:
                    throw new AnswerTypeException($"{Described(answer)} came.");
            }
        }
        catch (Exception e) when (e is ScheduleTokenException or FormatException)
        {
            throw new AnswerTypeException(e.Message);
        }
    }

    /// <summary>An answer as a message shows it: short, with its type.</summary>
    public static string Described(object? answer)
    {
        if (answer is null) return "Nothing";
        string text = (answer switch
        {
            string s => $"'{s}'",
            IDictionary d => string.Create(CultureInfo.InvariantCulture, $"of {d.Count} entries"),
            IEnumerable e => string.Create(CultureInfo.InvariantCulture, $"of {e.Cast<object?>().Count()}"),
            _ => Convert.ToString(answer, CultureInfo.InvariantCulture) ?? "",
        });
        text = SafeText.Line(text.Length > 60 ? string.Concat(text.AsSpan(0, 57), "...") : text, int.MaxValue);
        return answer switch
        {
            string => $"The text {text}",
            IDictionary or IEnumerable => $"A {answer.GetType().Name} {text}",
            _ => $"{text} ({answer.GetType().Name})",
        };
    }
}
