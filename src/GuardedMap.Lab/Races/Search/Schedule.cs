using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab;

/// <summary>
/// The order in which actors make their steps, as runs: <c>A5B8A3</c> is five steps of A, eight of B, three of A. A
/// <c>~</c> in place of a number means until that actor is finished.
/// </summary>
public sealed record Schedule
{
    private const int ToTheEnd = int.MaxValue;

    // Of programs that never come to the map there is one schedule, without a step; in a token it must be seen that nothing is missing.
    private const string NoStep = "-";

    private readonly (int Actor, int Steps)[] _runs;

    private Schedule(List<(int Actor, int Steps)> runs) => _runs = [.. runs];

    /// <summary>The runs: which actor, and how many steps; <see cref="int.MaxValue"/> for until it is finished.</summary>
    public IReadOnlyList<(int Actor, int Steps)> Runs => _runs;

    /// <summary>The letter of an actor in schedules and pictures.</summary>
    public static char Letter(int actor) => (char)('A' + actor);

    /// <summary>Makes a schedule from the actor of each step.</summary>
    public static Schedule FromSteps(ReadOnlySpan<int> actors)
    {
        var runs = new List<(int Actor, int Steps)>();
        foreach (int actor in actors) Append(runs, actor, 1);
        return new Schedule(runs);
    }

    /// <summary>Makes a schedule from runs; neighbours of the same actor become one, and empty ones go.</summary>
    public static Schedule FromRuns(IEnumerable<(int Actor, int Steps)> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var list = new List<(int Actor, int Steps)>();
        foreach (var (actor, steps) in runs) Append(list, actor, steps);
        return new Schedule(list);
    }

    /// <summary>Reads <c>A5B8A3</c>, or <c>-</c>, a schedule without a step.</summary>
    /// <exception cref="FormatException">It is no schedule. The message says at which character.</exception>
    public static Schedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var runs = new List<(int Actor, int Steps)>();
        if (text == NoStep) return new Schedule(runs);
        int at = 0;
        while (at < text.Length)
        {
            int actor = text[at] - 'A';
            if (actor is < 0 or >= RaceModel.MaxActors) throw Malformed(text, at, $"an actor's letter from A to {Letter(RaceModel.MaxActors - 1)} was expected");
            int start = ++at;
            if (at < text.Length && text[at] == '~')
            {
                at++;
                Append(runs, actor, ToTheEnd);
                continue;
            }

            while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
            if (!int.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int steps) || steps is 0 or ToTheEnd)
                throw Malformed(text, start, "a number of steps from 1, or ~, was expected");
            // Runs of one actor after another are one.
            if (runs.Count > 0 && runs[^1].Actor == actor && (long)runs[^1].Steps + steps >= ToTheEnd && runs[^1].Steps != ToTheEnd)
                throw Malformed(text, start, $"fewer steps were expected: with those of the run before, {Letter(actor)} would make more than {ToTheEnd - 1}, which no schedule has");
            Append(runs, actor, steps);
        }

        return runs.Count > 0 ? new Schedule(runs) : throw Malformed(text, 0, "it is empty");
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        if (_runs.Length == 0) return NoStep;
        var text = new StringBuilder();
        foreach (var (actor, steps) in _runs)
        {
            text.Append(Letter(actor));
            if (steps == ToTheEnd) text.Append('~');
            else text.Append(CultureInfo.InvariantCulture, $"{steps}");
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(Schedule? other) => other is not null && _runs.AsSpan().SequenceEqual(other._runs);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var run in _runs) hash.Add(run);
        return hash.ToHashCode();
    }

    private static void Append(List<(int Actor, int Steps)> runs, int actor, int steps)
    {
        if (steps == 0) return;
        if (runs.Count == 0 || runs[^1].Actor != actor)
        {
            runs.Add((actor, steps));
            return;
        }

        int before = runs[^1].Steps;
        runs[^1] = (actor, before == ToTheEnd || steps == ToTheEnd ? ToTheEnd : checked(before + steps));
    }

    private static FormatException Malformed(string text, int at, string expected) =>
        new(SafeText.Message($"'{text}' is no schedule: at character {at + 1} {expected}. A schedule is runs of a letter and a number, such as A5B8A3."));
}
