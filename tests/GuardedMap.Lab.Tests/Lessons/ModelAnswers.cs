using System.Collections;

namespace GuardedMaps.Lab.Tests.Lessons;

/// <summary>
/// An exercise's answers, found as a learner would: by reading them off the map, by searching, or with a pencil. Nothing here asks the exercise.
/// </summary>
/// <param name="Number">The exercise.</param>
/// <param name="Right">Answers that must be accepted.</param>
/// <param name="Wrong">Answers of the right kind that must not be.</param>
/// <param name="NoAnswer">What is no answer to the question at all.</param>
/// <param name="Secrets">Words and numbers that no hint may contain; the right answer, in pieces.</param>
internal sealed record ModelAnswer(string Number, object[] Right, object[] Wrong, object[] NoAnswer, params string[] Secrets);

internal static class ModelAnswers
{
    public static IReadOnlyList<ModelAnswer> All { get; } =
    [
        new("0.1", [2, 2L, 2.0], [3, 0, -2], ["2", 2.5, true], "2"),
        new("0.2", [Bucket(1, "lesson")], [Bucket(1, "lesson") + 1, 8], ["one", new Hashtable()], "bucket 5"),
        new("0.3", [Over(Empty)], [Over(m => m.Remove(0)), Over(_ => { })], [7, "{ $_.Clear() }"], "Remove()"),

        new("1.1", [Buckets()], [new[] { 0, 0, 0, 0, 0 }, Shifted(Buckets())], [3, new[] { 1, 2 }, new object[] { 1, 2, "3", 4, 5 }], string.Join(", ", Buckets())),
        new("1.2", [100], [0, 400, 700], ["hundred", new[] { 100 }], "100"),
        new("1.3", [SharedSeed()], [SharedSeed() == 0 ? 1 : SharedSeed() - 1], ["seed", -1, 1.5], $"{SharedSeed()}"),
        new("1.4", [Twins()], [new object[] { "apple", "pear" }, new object[] { "apple", "APPLE" }], ["apple", new object[] { 1 }, 12], $"{Twins()[0]}", $"{Twins()[1]}"),

        new("2.1", [FirstOverflow()], [FirstOverflow() - 1, 9, 100], ["ninth", null!], $"{FirstOverflow()}"),
        new("2.2", [80], [128, 79, 81], ["80", 5.5], "80"),
        new("2.3", [new[] { 1, 5, 3, 4 }], [new[] { 1, 3, 4, 5 }, new[] { 1, 6, 3, 4 }], ["5", new[] { 1, 5 }, 3], "1, 5", "5, 3"),
        new("2.4", [Chain(20)], [Enumerable.Range(1, 20).ToArray(), Chain(19).Append(Chain(1)[0]).ToArray()], [Chain(19), "1..20", 20], $"{Chain(2)[1]}"),

        new("3.1", [Evacuated(), Evacuated().Reverse().ToArray()], [Evacuated().Skip(1).ToArray(), Enumerable.Range(0, 8).ToArray()], ["all", new object[] { 0, "1" }], string.Join(", ", Evacuated())),
        new("3.2", [Arrays()], [Arrays().Select(a => a == "old" ? "new" : "old").ToArray(), Enumerable.Repeat("new", 6).ToArray()], ["old", new[] { 1, 2, 3, 4, 5, 6 }], string.Join(", ", Arrays())),
        new("3.3", [new[] { 2, 64 }], [new[] { 1, 64 }, new[] { 2, 128 }, new[] { 64, 2 }], [2, "two", new[] { 2, 64, 1 }], "64", "2"),
        new("3.4", [Over(Churn)], [Over(m => { for (int i = 0; i < 200; i++) m[i] = i; }), Over(_ => { })], ["churn", 9], "Remove("),

        new("4.1", [Order()], [Enumerable.Range(1, 6).ToArray(), Order().Reverse().ToArray()], [5, new[] { 1, 2, 3 }], string.Join(", ", Order())),
        new("4.2", ["NextBucket", "nextbucket", IteratorState.NextBucket], ["Bucket", "Done"], ["Growing", 3], "NextBucket"),
        new("4.3", [new[] { false, false, false }], [new[] { true, false, false }, new[] { false, false, true }], [false, new object[] { 0, 0, 0 }, "no"], "false"),
        new("4.4", [BeginningSeed()], [BeginningSeed() - 1], ["17", -3], $"{BeginningSeed()}"),

        new("5.1", [new[] { 4, 2, 3, 4, 4 }], [new[] { 4, 4, 4, 4, 4 }, new[] { 4, 2, 3, 4, 3 }], [4, new[] { 4, 2 }], "4, 2", "3, 4"),
        new("5.2", [new[] { false, true, false }], [new[] { true, true, false }, new[] { false, false, false }], [true, new[] { 1, 1, 0 }], "$false", "$true"),
        new("5.3", [Over(RemoveLarge)], [Over(m => { foreach (object k in m.Keys) { if ((int)m[k]! > 10) m.Remove(k); } }), Over(m => m.Clear()), Over(_ => { })], ["@($_.Keys)", 10], "@($_.Keys)"),
        new("5.4", [Over(DoubleOrRemove)], [Over(m => { foreach (DictionaryEntry e in m) m[e.Key] = (int)e.Value! * 2; }), Over(m => m.Clear())], ["*2", 100], "$_.Value =", "$_.Remove()"),

        new("6.1", [56], [8, 15, 40320], ["56", 1.5], "56"),
        new("6.2", [4], [2, 6, 3], ["four", 4.5], "4"),
        new("6.3", [1], [0, 2], ["once"], "1"),
        new("6.4", ["A1B2A1", "A1B1A1B1", "B1A2B1", LostToken()], ["A2B2", "B2A2"], ["A1B1", "A3B1", "hello", "GMR1:LostUpdate:Hashtable:s0:A1B2A1:0000", 4], "A1B"),

        new("7.1", ["B", "b"], ["A", "both"], ["C", 2, true], "B is"),
        new("7.2", [SilentToken("ReadDuringEvacuation", "GuardedMapNone"), SilentToken("ReadDuringEvacuation", "GuardedMapNone").ToString()], [OtherToken("ReadDuringEvacuation", "GuardedMapNone")], ["luck", 40000], SilentToken("ReadDuringEvacuation", "GuardedMapNone").Schedule.ToString()),
        new("7.3", [Over(m => ((IGuardedMap)m).Increment("n"))], [Over(m => m["n"] = (int)m["n"]! + 1), Over(m => m["n"] = 2), Over(_ => { })], ["Increment", 1], "Increment"),
        new("7.4", [Transfers()], [LossyTransfers(), new object[] { Over(m => m["a"] = 90), Over(m => m["b"] = 110) }], [Over(_ => { }), new object[] { 30, 20 }], "Increment("),

        new("8.1", [BlocksOfTheToken() - 2], [BlocksOfTheToken(), BlocksOfTheToken() - 1, 0], ["many", 1.5], $"{BlocksOfTheToken() - 2}"),
        new("8.2", [new[] { 2, 1, 4, 5, 3, 6 }], [new[] { 1, 2, 3, 4, 5, 6 }, new[] { 2, 1, 4, 3, 5, 6 }, new[] { 6, 2, 1, 4, 5, 3 }], [2, new[] { 1, 1, 2, 3, 4, 5 }, "2 1 4 5 3 6"], "2, 1", "5, 3"),
        new("8.3", [Simplest("TwoWritersSameBucket", "GuardedMapNone", LongOutcome())], ["A99", Longest()], ["GMR1:LostUpdate:Hashtable:s0:A1B2A1:5e0c", 1.5], Simplest("TwoWritersSameBucket", "GuardedMapNone", LongOutcome()).Schedule.ToString()),
        new("8.4", [SilentToken("DeleteDuringIteration", "GuardedMapFlag")], [OtherToken("DeleteDuringIteration", "GuardedMapFlag")], ["A1", SilentToken("DeleteDuringIteration", "GuardedMapNone").ToString(), 7], SilentToken("DeleteDuringIteration", "GuardedMapFlag").Schedule.ToString()),
    ];

    public static Action<IDictionary> Over(Action<IDictionary> program) => program;

    private static GuardedMap Named(ulong seed) => new(new MapOptions<object> { HashSeed = seed, Capacity = 40 });

    private static GuardedMap<int, object?> Ints(ulong seed, int count = 0, int capacity = 0)
    {
        var map = new GuardedMap<int, object?>(new MapOptions<int> { HashSeed = seed, Capacity = capacity, Trace = true, TraceCapacity = 1 << 12 });
        for (int i = 1; i <= count; i++) map[i] = i;
        return map;
    }

    private static (int Bucket, string State) Place(IGuardedMap map, object key) => (
        from bucket in map.GetLayout().Buckets
        from slot in bucket.Chain.SelectMany(p => p)
        where slot.IsLive && Equals(slot.Key, key)
        select (bucket.Number, slot.State)).Single();

    private static int Bucket(ulong seed, params string[] keys)
    {
        var map = Named(seed);
        foreach (string key in keys) map[key] = 1;
        return Place(map, keys[^1]).Bucket;
    }

    // From the hashes, with the pencil: the three lowest bits.
    private static int[] Buckets()
    {
        var map = new GuardedMap(new MapOptions<object> { HashSeed = 7, Capacity = 40, Trace = true });
        foreach (string key in (string[])["apple", "pear", "plum", "fig", "kiwi"]) map[key] = 1;
        return [.. map.GetEvents().Where(e => e.Point == ProbePoint.HashComputed).Select(e => (int)(e.Data & 7))];
    }

    private static int[] Shifted(int[] numbers) => [numbers[0], .. numbers[1..].Select(n => (n + 1) % 8)];

    private static int SharedSeed()
    {
        for (int seed = 0; ; seed++)
        {
            var map = Named((ulong)seed);
            foreach (string key in (string[])["apple", "pear", "plum"]) map[key] = 1;
            if (map.GetLayout().Buckets.Any(b => b.Live == 3)) return seed;
        }
    }

    private static object[] Twins()
    {
        var seen = new Dictionary<(int, string), object>();
        for (int key = 1; ; key++)
        {
            var map = Named(7);
            map[key] = 1;
            var place = Place(map, key);
            if (seen.TryGetValue(place, out object? other)) return [other, key];
            seen.Add(place, key);
        }
    }

    private static int FirstOverflow()
    {
        var map = Ints(183);
        for (int key = 1; ; key++)
        {
            map[key] = key;
            if (map.GetLayout().OverflowBuckets > 0) return key;
        }
    }

    private static int[] Chain(int count)
    {
        var keys = new List<int>();
        for (int key = 1; keys.Count < count; key++)
        {
            var map = Ints(11, capacity: 80);
            map[key] = key;
            if (Place(map, key).Bucket == 0) keys.Add(key);
        }

        return [.. keys];
    }

    private static int[] Evacuated() => [.. Ints(5, 43).GetEvents().Where(e => e.Point == ProbePoint.BucketEvacuated).TakeLast(8).Select(e => e.Bucket).Where(b => b < 8).Distinct().Intersect(Ints(5, 43).GetLayout().OldBuckets.Where(b => b.IsEvacuated).Select(b => b.Number)).Order()];

    private static string[] Arrays()
    {
        var old = Ints(5, 43).GetLayout().OldBuckets.SelectMany(b => b.Chain).SelectMany(p => p).Where(s => s.IsLive).Select(s => s.Key).ToHashSet();
        return [.. Enumerable.Range(1, 6).Select(k => old.Contains(k) ? "old" : "new")];
    }

    // From place 4 on, and then from the first: the keys 5 and 6, the keys 1 to 4.
    private static int[] Order() => [5, 6, 1, 2, 3, 4];

    private static int BeginningSeed()
    {
        var map = Ints(3, 40);
        for (int seed = 0; ; seed++)
        {
            using var it = map.CreateIterator(seed: (ulong)seed);
            if (it.First().Key == 17) return seed;
        }
    }

    private static void Empty(IDictionary map)
    {
        using var it = ((IGuardedMap)map).Iterate();
        while (it.MoveNext()) it.Entry.Remove();
    }

    private static void Churn(IDictionary map)
    {
        // Squares: numbers in a row lie so evenly that no bucket overflows.
        for (int i = 0; i < 19; i++) map[i * i] = i;
        for (int i = 19; i < 500; i++)
        {
            map.Remove((i - 19) * (i - 19));
            map[i * i] = i;
        }
    }

    private static void RemoveLarge(IDictionary map)
    {
        foreach (object key in map.Keys.Cast<object>().ToList())
        {
            if ((int)map[key]! > 10) map.Remove(key);
        }
    }

    private static void DoubleOrRemove(IDictionary map)
    {
        using var it = ((IGuardedMap)map).Iterate();
        while (it.MoveNext())
        {
            if ((int)it.Entry.Value! < 100) it.Entry.Value = (int)it.Entry.Value * 2;
            else it.Entry.Remove();
        }
    }

    private static object[] Transfers() =>
    [
        Over(m => { ((IGuardedMap)m).Increment("a", -30); ((IGuardedMap)m).Increment("b", 30); }),
        Over(m => { ((IGuardedMap)m).Increment("b", -20); ((IGuardedMap)m).Increment("a", 20); }),
    ];

    private static object[] LossyTransfers() =>
    [
        Over(m => { m["a"] = (int)m["a"]! - 30; m["b"] = (int)m["b"]! + 30; }),
        Over(m => { m["b"] = (int)m["b"]! - 20; m["a"] = (int)m["a"]! + 20; }),
    ];

    private static ScheduleToken LostToken() => Explorer.Run(RaceModels.Get("LostUpdate", "Hashtable")).Outcomes.First(o => o.Outcome.Kind == ScheduleOutcomeKind.StaleValue).FirstToken;

    private static bool IsSilent(ExploredOutcome o) => o.Outcome.Kind is not (ScheduleOutcomeKind.Clean or ScheduleOutcomeKind.Violation);

    private static ExploreResult Bounded(string scenario, string variant) => Explorer.Run(RaceModels.Get(scenario, variant), new ExploreOptions { Mode = ExploreMode.Bounded, MaxPreemptions = 2 });

    private static ScheduleToken SilentToken(string scenario, string variant) => Bounded(scenario, variant).Outcomes.First(IsSilent).SimplestToken;

    private static ScheduleToken OtherToken(string scenario, string variant) => Bounded(scenario, variant).Outcomes.First(o => !IsSilent(o)).SimplestToken;

    private static ScheduleToken Simplest(string scenario, string variant, string outcome) => Bounded(scenario, variant).Outcomes.Single(o => o.Outcome.ToString() == outcome).SimplestToken;

    // With the finger: each letter of the token's schedule begins a block, and two of the blocks end because their actor has finished.
    private static int BlocksOfTheToken() => System.Text.RegularExpressions.Regex.Match(GuardedMaps.Lab.Lessons.ExerciseCatalogue.Find("8.1")!.Question, "GMR1:\\w+:\\w+:s\\d+:(\\w+):", default, TimeSpan.FromSeconds(1)).Groups[1].Value.Count(char.IsUpper);

    // Both from the words of the question, where a learner reads them.
    private static string LongOutcome() => System.Text.RegularExpressions.Regex.Match(GuardedMaps.Lab.Lessons.ExerciseCatalogue.Find("8.3")!.Question, "ends with '(.*)'\\. Give", default, TimeSpan.FromSeconds(1)).Groups[1].Value;

    private static string Longest() => System.Text.RegularExpressions.Regex.Match(GuardedMaps.Lab.Lessons.ExerciseCatalogue.Find("8.3")!.Question, "GMR1:\\S+(?=\\.)", default, TimeSpan.FromSeconds(1)).Value;
}
