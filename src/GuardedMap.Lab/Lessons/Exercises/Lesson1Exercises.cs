using System.Globalization;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Lab.Lessons;

// Lesson 1: from the hash to the slot.

/// <summary>1.1: the buckets of five keys.</summary>
internal sealed class BucketsOfFiveKeys : NumbersExercise
{
    private static readonly string[] s_keys = ["apple", "pear", "plum", "fig", "kiwi"];

    public override string Number => "1.1";

    public override ExerciseStage Stage => ExerciseStage.Predict;

    public override string Question => "In New-GuardedMap -HashSeed 7 -Capacity 40, in which of the eight buckets (0 to 7) will 'apple', 'pear', 'plum', 'fig' and 'kiwi' lie? Their hashes are enough to tell.";

    public override string Expects => "five whole numbers, in the order of the keys";

    public override IReadOnlyList<string> Hints =>
    [
        "With eight buckets, three bits of the hash choose. Which end of the hash are they at?",
        "A map made with -Trace records each hash: Get-MapEvent $m | Where-Object Point -EQ HashComputed",
        "Take the last hexadecimal digit of each hash and keep its three lowest bits: digit -band 7.",
    ];

    protected override string Example => "0, 1, 2, 3, 4";

    protected override string Place(int at) => $"the bucket of '{s_keys[at]}'";

    protected override IReadOnlyList<long> Truth()
    {
        var map = ExerciseMaps.OfAny(seed: 7, capacity: 40);
        foreach (string key in s_keys) map[key] = 1;
        return [.. s_keys.Select(k => (long)ExerciseMaps.PlaceOf(map, k).Bucket)];
    }
}

/// <summary>1.2: how many keys are compared in seven hundred lookups.</summary>
internal sealed class KeysComparedInAll : NumberExercise
{
    private const ulong Seed = 7;
    private const int Entries = 400;
    private const int FirstLookup = 301;
    private const int LastLookup = 1000;

    public override string Number => "1.2";

    public override ExerciseStage Stage => ExerciseStage.Run;

    public override string Question => string.Create(
        CultureInfo.InvariantCulture,
        $"$m = New-GuardedMap -HashSeed {Seed}; foreach ($i in 1..{Entries}) {{ $m[\"k$i\"] = $i }}. Then 'k{FirstLookup}' to 'k{LastLookup}' are looked up, once each. How many keys does the map compare in all?");

    public override IReadOnlyList<string> Hints =>
    [
        "A key is compared only where the card is the same. Of how many of the lookups is there such a card?",
        "Some of those keys are there, and the others are not. Ask how many keys a lookup of the one kind compares, and of the other.",
        "(Show-MapHash $m 'k7').Lookup.Compares is the number for one lookup. Let a loop add them up, or Measure-Object -Sum.",
    ];

    protected override long Truth()
    {
        var map = ExerciseMaps.OfAny(Seed);
        for (int i = 1; i <= Entries; i++) map[Key(i)] = i;
        return Enumerable.Range(FirstLookup, LastLookup - FirstLookup + 1).Sum(i => (long)MapLookup.Of(map, Key(i)).Compares);
    }

    private static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"k{number}");
}

/// <summary>1.3: a seed under which two keys share a bucket.</summary>
internal sealed class SeedThatBringsTogether : MapExercise
{
    public override string Number => "1.3";

    public override ExerciseStage Stage => ExerciseStage.Modify;

    public override string Question => "Change the seed: for which -HashSeed do 'apple', 'pear' and 'plum' all lie in one bucket of New-GuardedMap -Capacity 40?";

    public override string Expects => "a whole number from 0, the seed";

    public override IReadOnlyList<string> Hints =>
    [
        "Under another seed every key gets another hash. How likely is it that three keys meet in one of eight buckets?",
        "Try seeds in a loop: make the map, put the keys in, look at Get-MapLayout.",
        "foreach ($seed in 0..500) { ... } and keep the seeds for which one bucket has Live -EQ 3.",
    ];

    private protected override ExerciseResult Judge(object answer, ExerciseLab lab, CancellationToken cancellation)
    {
        long seed = AnswerReader.Whole(answer);
        if (seed < 0) throw new AnswerTypeException(string.Create(CultureInfo.InvariantCulture, $"{seed} came, which is less than 0."));
        var map = ExerciseMaps.OfAny((ulong)seed, capacity: 40);
        string[] keys = ["apple", "pear", "plum"];
        foreach (string key in keys) map[key] = 1;
        int[] buckets = [.. keys.Select(k => ExerciseMaps.PlaceOf(map, k).Bucket)];
        string where = string.Join(", ", keys.Zip(buckets, (k, b) => string.Create(CultureInfo.InvariantCulture, $"'{k}' lies in bucket {b}")));
        return buckets.Distinct().Count() == 1
            ? Right(string.Create(CultureInfo.InvariantCulture, $"Under seed {seed} all three lie in bucket {buckets[0]}."))
            : Wrong(string.Create(CultureInfo.InvariantCulture, $"Under seed {seed} {where}."));
    }
}

/// <summary>1.4: two keys that share bucket and tophash.</summary>
internal sealed class TwoKeysOfOneKind : MapExercise
{
    public override string Number => "1.4";

    public override ExerciseStage Stage => ExerciseStage.Make;

    public override string Question => "Find two different keys that share bucket and tophash in New-GuardedMap -HashSeed 7 -Capacity 40: in a picture their cards look alike.";

    public override string Expects => "two keys of the map";

    public override IReadOnlyList<string> Hints =>
    [
        "About one pair in two thousand does. You need not look for it by hand.",
        "Put some hundred keys into a table by bucket and tophash, and see which cell gets a second one.",
        "Make the map with room for the keys of your search in the same eight buckets: test one key at a time in a fresh map, and take Number and the live slot's State from Get-MapLayout.",
    ];

    private protected override ExerciseResult Judge(object answer, ExerciseLab lab, CancellationToken cancellation)
    {
        object?[] keys = AnswerReader.List(answer, 2, "'one', 'two'");
        (int Bucket, byte Tophash)[] places = [.. keys.Select(PlaceOf)];
        if (ShellKeyComparer.CaseInsensitive.Equals(keys[0], keys[1])) return Wrong($"'{keys[0]}' and '{keys[1]}' are one key to the map.");
        string where = string.Join(", ", keys.Zip(places, (k, p) => string.Create(CultureInfo.InvariantCulture, $"'{k}' lies in bucket {p.Bucket} with tophash {ExerciseMaps.Hex(p.Tophash)}")));
        return places[0] == places[1] ? Right($"{where}.") : Wrong($"{where}.", differsAt: 2);
    }

    private static (int Bucket, byte Tophash) PlaceOf(object? key)
    {
        var map = ExerciseMaps.OfAny(seed: 7, capacity: 40);
        map[key!] = 1;
        return ExerciseMaps.PlaceOf(map, key!);
    }
}
