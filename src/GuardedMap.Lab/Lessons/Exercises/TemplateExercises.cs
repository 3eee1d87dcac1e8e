using System.Collections;

namespace GuardedMaps.Lab.Lessons;

// The exercises of notebooks/template.ipynb: as small as exercises can be, to be copied.

/// <summary>0.1: how many entries.</summary>
internal sealed class CountOfWrites : NumberExercise
{
    public override string Number => "0.1";

    public override ExerciseStage Stage => ExerciseStage.Predict;

    public override string Question => "A new map gets $m['a'] = 1, $m['b'] = 2 and $m['A'] = 3. What is its Count?";

    public override IReadOnlyList<string> Hints =>
    [
        "Do all three writes make an entry?",
        "Make the map and look at $m.Keys.",
        "String keys are compared without regard to case, so one of the writes found its key already there.",
    ];

    protected override long Truth()
    {
        var map = ExerciseMaps.OfAny(seed: 1);
        map["a"] = 1;
        map["b"] = 2;
        map["A"] = 3;
        return map.Count;
    }
}

/// <summary>0.2: which bucket.</summary>
internal sealed class BucketOfTheTemplate : NumberExercise
{
    private const string Key = "lesson";

    public override string Number => "0.2";

    public override ExerciseStage Stage => ExerciseStage.Run;

    public override string Question => $"In New-GuardedMap -HashSeed 1 -Capacity 40, in which bucket does the key '{Key}' lie?";

    public override IReadOnlyList<string> Hints =>
    [
        "Put the key in and look at the buckets.",
        "Show-MapLayout -Detailed draws each bucket with its keys.",
        "Get-MapLayout $m | Where-Object Live",
    ];

    protected override long Truth()
    {
        var map = ExerciseMaps.OfAny(seed: 1, capacity: 40);
        map[Key] = 1;
        return ExerciseMaps.PlaceOf(map, Key).Bucket;
    }
}

/// <summary>0.3: empty a map while iterating.</summary>
internal sealed class EmptyTheMap : ProgramExercise
{
    public override string Number => "0.3";

    public override ExerciseStage Stage => ExerciseStage.Make;

    public override string Question => "Write a script block that removes every entry of the map $_ in one iteration over it.";

    public override string Expects => "a script block that works on the map $_";

    public override IReadOnlyList<string> Hints =>
    [
        "A write during an iteration is refused, unless it is the iteration's own.",
        "Inside Invoke-MapIteration, $_ is the entry the iteration stands on.",
        "An entry has a method that takes it out of its map.",
    ];

    protected override IEnumerable<ProgramTrial> Trials() =>
        from count in (int[])[1, 9, 30]
        select new ProgramTrial(
            () => ExerciseMaps.OfAny(seed: 1),
            map => Fill(map, count),
            map => map.Count == 0 ? null : $"of {count} entries {map.Count} are still there");

    private static void Fill(IDictionary map, int count)
    {
        for (int i = 0; i < count; i++) map[i] = i;
    }
}
