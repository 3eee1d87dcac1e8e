using System.Collections;
using System.Globalization;

namespace GuardedMaps.Lab.Lessons;

// Lesson 8: choosing and fixing.

/// <summary>8.1: luck is no proof.</summary>
internal sealed class FortyThousandTimesRight : ScheduleExercise
{
    public override string Number => "8.1";

    public override ExerciseStage Stage => ExerciseStage.Run;

    public override string Question => "Somebody ran a lookup beside a growing table without a guard (ReadDuringEvacuation, -Protection None) 40,000 times with real threads, and 40,000 times it was right. Show that this was luck: give a schedule that is silently wrong.";

    public override IReadOnlyList<string> Hints =>
    [
        "Real threads are interrupted seldom, and always in the same places. A search has no such habits.",
        "Start-MapRace ReadDuringEvacuation -Protection None explores it.",
        "MostTelling of the result is the outcome worth looking at, and it has a token.",
    ];

    protected override RaceModel Model => RaceModels.Get("ReadDuringEvacuation", nameof(RaceProtection.None));

    protected override ExerciseResult Judge(ScheduleReplay replay, ScheduleToken token) => IsSilent(replay.Outcome!)
        ? Right($"It ends with '{replay.Outcome}', and nobody is told.", token)
        : Wrong($"It ends with '{replay.Outcome}', which is not silently wrong.", token: token);
}

/// <summary>8.2: linearize a history.</summary>
internal sealed class OrderThatExplains : MapExercise
{
    // Moments overlap on purpose: 1 and 2 are both under way at once, and so are 3, 4 and 5.
    private static readonly HistoryOperation[] s_history =
    [
        new(Actor: 0, HistoryVerb.Set, Key: 1, Value: 10, Result: null, Invoked: 1, Returned: 6),
        new(Actor: 1, HistoryVerb.Get, Key: 1, Value: 0, Result: null, Invoked: 2, Returned: 4),
        new(Actor: 1, HistoryVerb.Set, Key: 1, Value: 20, Result: null, Invoked: 7, Returned: 12),
        new(Actor: 0, HistoryVerb.Get, Key: 1, Value: 0, Result: 10, Invoked: 8, Returned: 11),
        new(Actor: 2, HistoryVerb.Remove, Key: 1, Value: 0, Result: 1, Invoked: 9, Returned: 14),
        new(Actor: 0, HistoryVerb.Count, Key: 0, Value: 0, Result: 1, Invoked: 15, Returned: 16),
    ];

    public override string Number => "8.2";

    public override ExerciseStage Stage => ExerciseStage.Investigate;

    public override string Question => $"A map was empty. Three actors did this, each operation from the first moment to the second: {string.Join("; ", s_history.Select(Line))}. In which order, one after the other, would a map used by one thread have given the same answers?";

    public override string Expects => "the numbers 1 to 6 in that order";

    public override IReadOnlyList<string> Hints =>
    [
        "What had returned before something else was called stays before it. What overlaps may come in either order.",
        "Begin with the lookup that found nothing, and with the one that found a value: what must have happened in between?",
        "The count at the very end says whether the removal or the second Set came last.",
    ];

    private protected override ExerciseResult Judge(object answer, ExerciseLab lab, CancellationToken cancellation)
    {
        int[] order = [.. AnswerReader.List(answer, s_history.Length, "1, 2, 3, 4, 5, 6").Select(a => (int)Math.Clamp(AnswerReader.Whole(a), 0, int.MaxValue))];
        if (!order.Order().SequenceEqual(Enumerable.Range(1, s_history.Length))) throw new AnswerTypeException($"{string.Join(", ", order)} came. Each of the numbers 1 to {s_history.Length} must occur once.");
        var map = ExerciseMaps.OfAny(seed: 8);
        for (int i = 0; i < order.Length; i++)
        {
            var operation = s_history[order[i] - 1];
            if (order.Skip(i + 1).FirstOrDefault(later => s_history[later - 1].Returned < operation.Invoked) is var before and not 0)
                return Wrong(string.Create(CultureInfo.InvariantCulture, $"Number {order[i]} was called when number {before} had already returned, so {before} comes before it."), differsAt: i + 1);
            long? given = Perform(map, operation);
            if (operation.Verb is HistoryVerb.Set || given == operation.Result) continue;
            return Wrong(string.Create(CultureInfo.InvariantCulture, $"At place {i + 1}, number {order[i]} ({operation}) would answer {Text(given)}."), differsAt: i + 1);
        }

        return Right("In this order a map used by one thread gives the same answers: the history is linearizable.");
    }

    private static long? Perform(GuardedMap map, HistoryOperation operation)
    {
        switch (operation.Verb)
        {
            case HistoryVerb.Set:
                map[operation.Key] = operation.Value;
                return null;
            case HistoryVerb.Remove:
                return map.Remove(operation.Key, out _) ? 1 : 0;
            case HistoryVerb.Count:
                return map.Count;
            default:
                return (long?)map[operation.Key];
        }
    }

    private static string Text(long? answer) => answer is null ? "that the key is missing" : string.Create(CultureInfo.InvariantCulture, $"{answer}");

    private static string Line(HistoryOperation operation, int at) => string.Create(CultureInfo.InvariantCulture, $"({at + 1}) {operation}, moments {operation.Invoked} to {operation.Returned}");
}

/// <summary>8.3: count without loss.</summary>
internal sealed class CountWithoutLoss : ProgramExercise
{
    public override string Number => "8.3";

    public override ExerciseStage Stage => ExerciseStage.Modify;

    public override string Question => "Change { $_['n']++ } so that nothing is lost however often and in whatever order it runs beside itself. It is tried with two and with three actors, from several beginnings.";

    public override string Expects => "a script block that works on the map $_";

    public override IReadOnlyList<string> Hints =>
    [
        "A read and a write are two operations, and between two operations there is always room for a third.",
        "The map has methods that do both in one.",
        "Get-Member -InputObject (New-GuardedMap) -MemberType Method lists them. Look for one that adds to a number.",
    ];

    protected override IEnumerable<ProgramTrial> Trials() =>
        from begin in (int[])[0, 5, 41]
        from actors in (int[][])[[0], [0, 0], [0, 0, 0]]
        select new ProgramTrial(
            () => ExerciseMaps.OfAny(seed: 8),
            map => map["n"] = begin,
            map => Whole(map["n"]) == begin + actors.Length ? null : string.Create(CultureInfo.InvariantCulture, $"{actors.Length} actors counted from {begin} and came to {map["n"]}"),
            actors);

    private static long? Whole(object? value) => value is int or long ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;
}

/// <summary>8.4: two transfers.</summary>
internal sealed class TwoTransfers : ProgramExercise
{
    public override string Number => "8.4";

    public override ExerciseStage Stage => ExerciseStage.Make;

    public override string Question => "The map $_ holds two accounts, 'a' and 'b'. Write two script blocks as actors: the first moves 30 from 'a' to 'b', the second moves 20 from 'b' to 'a'. In every order of their operations each transfer must take effect, and nothing may be lost.";

    public override string Expects => "two script blocks that work on the map $_";

    public override IReadOnlyList<string> Hints =>
    [
        "A transfer is two changes. Each of them must be one operation.",
        "The amount that is moved may be negative.",
        "Try yours first: Start-MapRace -Actor { ... }, { ... } -Setup { $_['a'] = 100; $_['b'] = 100 } -Check { $_['a'] -eq 90 -and $_['b'] -eq 110 } -Target GuardedMap",
    ];

    protected override int Count => 2;

    protected override IEnumerable<ProgramTrial> Trials() =>
        from begin in new[] { (A: 100, B: 100), (A: 35, B: 1000) }
        from who in new (int[] Actors, int Change)[] { ([0], -30), ([1], 20), ([0, 1], -10) }
        select new ProgramTrial(
            () => ExerciseMaps.OfAny(seed: 8),
            map => (map["a"], map["b"]) = (begin.A, begin.B),
            map => Account(map, "a", begin.A + who.Change) ?? Account(map, "b", begin.B - who.Change) ?? (map.Count == 2 ? null : "the map has other entries than the two accounts"),
            who.Actors);

    private static string? Account(IDictionary map, string name, int expected)
    {
        object? value = map[name];
        return value is int or long && Convert.ToInt64(value, CultureInfo.InvariantCulture) == expected
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"account '{name}' has {value ?? "nothing"} and should have {expected}");
    }
}
