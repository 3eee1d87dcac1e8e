using System.Collections;
using System.Globalization;

namespace GuardedMaps.Lab.Lessons;

// Lesson 7: repairing. Who is refused, why luck is no proof, and one operation instead of two.

/// <summary>7.1: who is refused.</summary>
internal sealed class WhichSideFaults : WordsExercise
{
    private static RaceModel Model => RaceModels.Get("TwoWritersSameBucket", "GuardedMap");

    public override string Number => "7.1";

    public override ExerciseStage Stage => ExerciseStage.Predict;

    public override string Question => $"TwoWritersSameBucket under the guard, by the schedule of {Token}: A has taken the map for its write when B comes. Who is refused, 'A', 'B' or 'both'?";

    public override string Expects => "one of the words A, B, both";

    public override IReadOnlyList<string> Hints =>
    [
        "The guard decides before anybody has touched the table.",
        "Draw the schedule: Show-MapRace -Token with the token of the question.",
        "Whoever takes the map by compare-and-swap finds it free or not. Follow the one word that both must swap.",
    ];

    protected override IReadOnlyList<string> Choices => ["A", "B", "both"];

    // The simplest schedule in which somebody is refused; the same in every run, since the search is.
    protected override ScheduleToken Token => Explorer.Run(Model, new ExploreOptions { Mode = ExploreMode.Bounded, MaxPreemptions = 1, StopAt = o => o.Kind == ScheduleOutcomeKind.Violation })
        .Outcomes.Single(o => o.Outcome.Kind == ScheduleOutcomeKind.Violation).SimplestToken;

    protected override IReadOnlyList<string> Truth()
    {
        var timeline = RaceTimeline.Of(Token);
        int[] refused = [.. timeline.Steps.Where(s => s.Note?.Contains(timeline.Violation!.Kind, StringComparison.Ordinal) == true).Select(s => s.Actor).Append(timeline.Violation!.Current.Actor).Distinct()];
        return [refused.Length > 1 ? "both" : Schedule.Letter(refused[0]).ToString()];
    }
}

/// <summary>7.2: luck is no proof.</summary>
internal sealed class FortyThousandTimesRight : ScheduleExercise
{
    public override string Number => "7.2";

    public override ExerciseStage Stage => ExerciseStage.Run;

    public override string Question => "Somebody ran a lookup beside a growing table without a guard (ReadDuringEvacuation, -Target GuardedMapNone) 40,000 times with real threads, and 40,000 times it was right. Show that this was luck: give a schedule that is silently wrong.";

    public override IReadOnlyList<string> Hints =>
    [
        "Real threads are interrupted seldom, and always in the same places. A search has no such habits.",
        "Start-MapRace ReadDuringEvacuation -Target GuardedMapNone explores it.",
        "MostTelling of the result is the outcome worth looking at, and it has a token.",
    ];

    protected override RaceModel Model => RaceModels.Get("ReadDuringEvacuation", "GuardedMapNone");

    protected override ExerciseResult Judge(ScheduleReplay replay, ScheduleToken token) => IsSilent(replay.Outcome!)
        ? Right($"It ends with '{replay.Outcome}', and nobody is told.", token)
        : Wrong($"It ends with '{replay.Outcome}', which is not silently wrong.", token: token);
}

/// <summary>7.3: count without loss.</summary>
internal sealed class CountWithoutLoss : ProgramExercise
{
    public override string Number => "7.3";

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

/// <summary>7.4: two transfers.</summary>
internal sealed class TwoTransfers : ProgramExercise
{
    public override string Number => "7.4";

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
