using System.Globalization;

namespace GuardedMaps.Lab.Lessons;

// Lesson 2: the full bucket.

/// <summary>2.1: which insert adds the first overflow bucket.</summary>
internal sealed class FirstOverflow : NumberExercise
{
    public override string Number => "2.1";

    public override ExerciseStage Stage => ExerciseStage.Predict;

    public override string Question => "$m = New-GuardedMap -KeyType int -HashSeed 183; then foreach ($i in 1..100) { $m[$i] = $i }. At which $i does the map get its first overflow bucket?";

    public override IReadOnlyList<string> Hints =>
    [
        "A bucket has eight slots, and the table doubles when the average would pass 5 entries for each bucket. Which bucket is full before that depends on the keys.",
        "After each insert, Measure-GuardedMap tells the number of overflow buckets.",
        "Stop the loop at the first insert after which (Measure-GuardedMap $m).OverflowBuckets is more than 0.",
    ];

    protected override long Truth()
    {
        var map = ExerciseMaps.OfInts(seed: 183, trace: true);
        for (int key = 1; ; key++)
        {
            if (ExerciseMaps.EventsOf(map, () => map[key] = key).Any(e => e.Point == ProbePoint.OverflowAdded)) return key;
        }
    }
}

/// <summary>2.2: the load factor.</summary>
internal sealed class RoomInSixteenBuckets : NumberExercise
{
    public override string Number => "2.2";

    public override ExerciseStage Stage => ExerciseStage.Run;

    public override string Question => "How many entries does a table of 16 buckets hold at most, before the next insert makes it double?";

    public override IReadOnlyList<string> Hints =>
    [
        "It is fewer than there are slots.",
        "Insert keys one by one and watch the number of buckets: (Get-MapLayout $m | Where-Object IsOld -EQ $false).Count",
        "Multiply the number of buckets by the load factor at which a table doubles.",
    ];

    protected override long Truth()
    {
        var map = ExerciseMaps.OfInts(seed: 11);
        for (int key = 1; ; key++)
        {
            int before = map.GetLayout().Buckets.Count;
            map[key] = key;
            if (before == 16 && map.GetLayout().Buckets.Count > before) return key - 1;
        }
    }
}

/// <summary>2.3: who closes the gaps.</summary>
internal sealed class GapsThatAreClosed : NumbersExercise
{
    public override string Number => "2.3";

    public override ExerciseStage Stage => ExerciseStage.Investigate;

    public override string Question => "$m = New-GuardedMap -KeyType int; the cards of the keys 1 to 6 lie in slots 0 to 5 of its one bucket. After $m.Remove(2) and $m.Remove(6): the cards of which keys lie in slots 0 to 3?";

    public override string Expects => "four whole numbers, in the order of the slots";

    public override IReadOnlyList<string> Hints =>
    [
        "No gap may stay between cards: a search stops at the first free slot.",
        "The card that closes the gap is the one that leaves none where it was.",
        "(Get-MapLayout $m).Chain[0] shows the slots, each with the key that its card leads to. Look after the first removal, and again after the second.",
    ];

    protected override string Example => "10, 20, 30, 40";

    protected override string Place(int at) => string.Create(CultureInfo.InvariantCulture, $"slot {at}");

    protected override IReadOnlyList<long> Truth()
    {
        var map = ExerciseMaps.OfInts(seed: 11, count: 6);
        map.Remove(2);
        map.Remove(6);
        return [.. map.GetLayout().Buckets[0].Chain[0].Where(static slot => slot.IsLive).Select(static slot => (long)(int)slot.Key!)];
    }
}

/// <summary>2.4: twenty keys in one chain.</summary>
internal sealed class TwentyInOneChain : MapExercise
{
    private const int Wanted = 20;

    public override string Number => "2.4";

    public override ExerciseStage Stage => ExerciseStage.Make;

    public override string Question => "Choose 20 different whole numbers that, as the only keys of New-GuardedMap -KeyType int -HashSeed 11 -Capacity 80, all lie in the chain of one bucket.";

    public override string Expects => "20 whole numbers";

    public override IReadOnlyList<string> Hints =>
    [
        "Of 16 buckets each gets about every sixteenth key.",
        "Put a hundred keys in, group what Get-MapLayout shows by bucket, and take the keys of one bucket. A hundred are too few for twenty.",
        "Test key by key in a fresh map with that seed and that capacity; keep those that lie in bucket 0, until there are enough.",
    ];

    private protected override ExerciseResult Judge(object answer, ExerciseLab lab, CancellationToken cancellation)
    {
        long[] given = [.. AnswerReader.List(answer, Wanted, "1, 2, 3, ...").Select(AnswerReader.Whole)];
        if (given.FirstOrDefault(k => k is < int.MinValue or > int.MaxValue) is var large and not 0) throw new AnswerTypeException(string.Create(CultureInfo.InvariantCulture, $"{large} is too large for a key of type int."));
        if (given.GroupBy(k => k).FirstOrDefault(g => g.Count() > 1) is { } twice) return Wrong(string.Create(CultureInfo.InvariantCulture, $"{twice.Key} occurs twice."));
        var map = ExerciseMaps.OfInts(seed: 11, capacity: 80);
        foreach (long key in given) map[(int)key] = true;
        int[] buckets = [.. given.Select(k => ExerciseMaps.PlaceOf(map, (int)k).Bucket)];
        int stray = Array.FindIndex(buckets, b => b != buckets[0]);
        if (stray >= 0) return Wrong(string.Create(CultureInfo.InvariantCulture, $"{given[0]} lies in bucket {buckets[0]}, and {given[stray]} in bucket {buckets[stray]}."), differsAt: stray + 1);
        var bucket = map.GetLayout().Buckets[buckets[0]];
        return Right(string.Create(CultureInfo.InvariantCulture, $"All of them lie in bucket {bucket.Number}, in a chain with {bucket.Overflow} overflow buckets."));
    }
}
