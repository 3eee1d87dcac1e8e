using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

/// <summary>Strings take a way of their own into a shell's map. It calls nobody's code, and ends where the careful way ends.</summary>
public sealed class ShellTextTests
{
    [Fact]
    public void A_string_is_stored_and_found_without_a_call_to_the_other_keys_also_through_growth()
    {
        var map = new GuardedMap();
        Touchy[] others = [.. Enumerable.Range(0, 200).Select(static i => new Touchy(i))];
        foreach (Touchy other in others) map[other] = other;
        Touchy.Armed = true;
        try
        {
            for (int i = 0; i < 3_000; i++) map[$"text {i}"] = i;
            for (int i = 0; i < 3_000; i++) Assert.Equal(i, map[$"TEXT {i}"]);
            Assert.False(map.ContainsKey("nobody"));
        }
        finally
        {
            Touchy.Armed = false;
        }

        map.CheckInvariants();
        Assert.Equal(3_200, map.Count);
        foreach (Touchy other in others) Assert.Same(other, map[other]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_agrees_with_a_dictionary_whatever_is_done_with_keys_of_whatever_type(int seed)
    {
        var random = new Random(seed);
        var map = new GuardedMap();
        var model = new Dictionary<object, object?>(ShellKeyComparer.CaseInsensitive);
        for (int step = 0; step < 20_000; step++)
        {
            int number = random.Next(600);
            object key = random.Next(5) switch
            {
                0 => number,
                1 => (DayOfWeek)(number % 7),
                2 => $"KEY {number}",
                3 => $"ключ {number}",
                _ => $"key {number}",
            };
            switch (random.Next(10))
            {
                case < 5:
                    map[key] = step;
                    model[key] = step;
                    break;
                case 5:
                    Assert.Equal(model.TryAdd(key, step), map.TryAdd(key, step));
                    break;
                case 6:
                    map.Remove(key);
                    model.Remove(key);
                    break;
                case 7 when random.Next(1000) == 0:
                    map.Clear();
                    model.Clear();
                    break;
                default:
                    Assert.Equal(model.TryGetValue(key, out object? value), map.ContainsKey(key));
                    Assert.Equal(value, map[key]);
                    break;
            }
        }

        map.CheckInvariants();
        Assert.Equal(model.Count, map.Count);
        foreach ((object key, object? value) in model) Assert.Equal(value, map[key]);
    }

    [Fact]
    public void A_fixed_seed_fixes_where_strings_lie()
    {
        // Known figures: the same in every process, unlike those of String.GetHashCode.
        var map = new GuardedMap(new MapOptions<object> { HashSeed = 1 }) { ["apple"] = 1, ["PEAR"] = 2 };
        string[] tophashes = [.. map.GetLayout().Buckets.SelectMany(static bucket => bucket.Chain[0]).Where(static slot => slot.IsLive).Select(static slot => slot.State)];
        Assert.Equal(Tophashes("apple", "pear"), tophashes, StringComparer.Ordinal);

        static IEnumerable<string> Tophashes(params string[] keys) => keys.Select(static key => GuardedMaps.Tophash.Name(GuardedMaps.Tophash.Of(HashMix.OrdinalIgnoreCase(key, 1))));
    }

    [Fact]
    public void A_lease_a_snapshot_and_another_thread_are_noticed_on_this_way_too()
    {
        var map = new GuardedMap { ["a"] = 1 };
        using (map.Iterate()) Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map["a"] = 2);
        MapSnapshot<object, object?> snapshot = map.GetSnapshot();
        map["a"] = 2;
        Assert.Equal(1, snapshot["a"]);
        using (map.Iterate(IterationContract.Defer))
        {
            map["a"] = 3;
            Assert.Equal(2, map["a"]);
        }

        Assert.Equal(3, map["a"]);
        map.Update("a", (_, _) =>
        {
            Expect.ViolationElsewhere(MapViolationKind.ConcurrentWrites, () => map["b"] = 1);
            Expect.Violation(MapViolationKind.ReentrantWrite, () => map["b"] = 1);
            return 4;
        });
        Assert.Equal(4, map["A"]);
        Assert.False(map.ContainsKey("b"));
    }

    /// <summary>A key whose methods, once armed, nobody may call.</summary>
    private sealed class Touchy(int number)
    {
        public static bool Armed { get; set; }

        public override bool Equals(object? obj) => Armed ? throw new InvalidOperationException("Equals was called.") : obj is Touchy other && other.GetHashCode() == GetHashCode();

        public override int GetHashCode() => Armed ? throw new InvalidOperationException("GetHashCode was called.") : number;
    }
}
