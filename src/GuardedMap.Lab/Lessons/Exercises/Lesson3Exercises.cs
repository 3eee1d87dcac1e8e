using System.Globalization;

namespace GuardedMaps.Lab.Lessons;

// Lesson 3: growing.

/// <summary>The map in the middle of its growth that the exercises are about.</summary>
internal static class GrowingMap
{
    public const ulong Seed = 5;
    public const int Full = 40;
    public const string Words = "$m = New-GuardedMap -KeyType int -HashSeed 5 -Trace; foreach ($i in 1..43) { $m[$i] = $i }";

    /// <summary>Eight buckets were full at 40 entries; three writes later the table is growing.</summary>
    public static GuardedMap<int, object?> Make() => ExerciseMaps.OfInts(Seed, Full + 3, trace: true);
}

/// <summary>3.1: which buckets have moved.</summary>
internal sealed class EvacuatedAfterThreeWrites : NumberSetExercise
{
    public override string Number => "3.1";

    public override ExerciseStage Stage => ExerciseStage.Predict;

    public override string Question => $"{GrowingMap.Words}. Eight buckets are full with 40 entries, so 41 makes the table double, and 42 and 43 are written while it grows. Which of the old buckets 0 to 7 are evacuated then?";

    public override string Expects => "the numbers of the buckets, in any order";

    public override IReadOnlyList<string> Hints =>
    [
        "Each write while the table grows moves the bucket it needs, and one more.",
        "The one more is always the first that has not moved yet. The one it needs is that of its key in the old array.",
        "Get-MapEvent $m | Where-Object Point -EQ BucketEvacuated tells them in order.",
    ];

    protected override string Thing => "Bucket";

    protected override IReadOnlyCollection<long> Truth() => [.. GrowingMap.Make().GetLayout().OldBuckets.Where(b => b.IsEvacuated).Select(b => (long)b.Number)];
}

/// <summary>3.2: in which array a lookup looks.</summary>
internal sealed class WhereLookupsLook : WordsExercise
{
    private static readonly int[] s_keys = [1, 2, 3, 4, 5, 6];

    public override string Number => "3.2";

    public override ExerciseStage Stage => ExerciseStage.Run;

    public override string Question => $"The same map: {GrowingMap.Words}. In which array do lookups of the keys 1, 2, 3, 4, 5 and 6 look, 'old' or 'new'?";

    public override string Expects => "six times 'old' or 'new', in the order of the keys";

    public override IReadOnlyList<string> Hints =>
    [
        "A lookup moves nothing. It looks where the entry is.",
        "Look a key up and read the newest event of the kind BucketChosen: its text says when the bucket is one of the old array.",
        "An entry is in the old array as long as its old bucket is not evacuated. Compare with the exercise before.",
    ];

    protected override IReadOnlyList<string> Choices => ["old", "new"];

    protected override string Place(int at) => string.Create(CultureInfo.InvariantCulture, $"key {s_keys[at]}");

    protected override IReadOnlyList<string> Truth()
    {
        var map = GrowingMap.Make();
        return [.. s_keys.Select(key => ExerciseMaps.EventsOf(map, () => map.ContainsKey(key)).Last(e => e.Point == ProbePoint.BucketChosen).Data == 1 ? "old" : "new")];
    }
}

/// <summary>3.3: the longest pause, in buckets.</summary>
internal sealed class LongestPause : NumbersExercise
{
    public override string Number => "3.3";

    public override ExerciseStage Stage => ExerciseStage.Investigate;

    public override string Question => "A table doubles from 64 to 128 buckets. How many old buckets does one write evacuate at most, and how many would it be if the write that starts the growth moved everything at once?";

    public override string Expects => "two whole numbers";

    public override IReadOnlyList<string> Hints =>
    [
        "This is why the growth of a map does not stop the program for a moment that grows with the map.",
        "Trace a map of 320 entries, insert on, and count the events BucketEvacuated after each insert.",
        "For the second number, ask how many buckets the old array has.",
    ];

    protected override string Example => "10, 20";

    protected override string Place(int at) => at == 0 ? "the most buckets of one write" : "all at once";

    protected override IReadOnlyList<long> Truth()
    {
        var map = ExerciseMaps.OfInts(seed: GrowingMap.Seed, count: 320, trace: true, traceCapacity: 1 << 14);
        int old = map.GetLayout().Buckets.Count;
        int most = 0;
        for (int key = 321; key < 460; key++)
            most = Math.Max(most, ExerciseMaps.EventsOf(map, () => map[key] = key).Count(e => e.Point == ProbePoint.BucketEvacuated));
        return [most, old];
    }
}

/// <summary>3.4: make a table repack itself.</summary>
internal sealed class RepackAtTheSameSize : ProgramExercise
{
    private const int Kept = 1 << 18;

    public override string Number => "3.4";

    public override ExerciseStage Stage => ExerciseStage.Make;

    public override string Question => "Write a script block that makes the map $_ (New-GuardedMap -HashSeed 5, empty at first) grow at the same size: repack its entries because of too many overflow buckets, without doubling at that moment.";

    public override string Expects => "a script block that works on the map $_";

    public override IReadOnlyList<string> Hints =>
    [
        "A table has too many overflow buckets when there are as many as buckets. How do overflow buckets get left over?",
        "Removing entries leaves their overflow buckets in the chains. New keys need others.",
        "Keep about 19 entries, which nearly fill four buckets, and change which keys are there: remove the oldest, insert a new one, some hundred times. Numbers in a row lie too evenly; take $i * $i. The event GrowStarted says its reason.",
    ];

    protected override IEnumerable<ProgramTrial> Trials() =>
    [
        new ProgramTrial(
            () => ExerciseMaps.OfAny(GrowingMap.Seed, trace: true, traceCapacity: Kept),
            static _ => { },
            map => Judge((IGuardedMap)map)),
    ];

    private static string? Judge(IGuardedMap map)
    {
        var events = map.GetEvents();
        var growths = events.Where(e => e.Point == ProbePoint.GrowStarted).Select(e => (GrowReason)e.Data).ToList();
        if (growths.Contains(GrowReason.TooManyOverflowBuckets)) return null;
        if (events.Count > 0 && events[0].Sequence > 1) return "it did so much that the map could not record it all; do it with fewer operations";
        return growths.Count == 0 ? "the table never grew" : $"the table grew {growths.Count} times, and the reasons were {string.Join(", ", growths.Distinct())}";
    }
}
