using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

/// <summary>DetectLostUpdates: a set that would bury another thread's write is refused before the table is touched.</summary>
public sealed class LostUpdateTests
{
    public static TheoryData<MapProtection> Protections => [MapProtection.Guarded, MapProtection.Synchronized];

    private static GuardedMap<string, int> Map(MapProtection protection = MapProtection.Guarded, ViolationResponse onViolation = ViolationResponse.Throw) =>
        new(new MapOptions<string> { Name = "counts", DetectLostUpdates = true, Protection = protection, OnViolation = onViolation }) { ["n"] = 5, ["other"] = 1 };

    [Theory]
    [MemberData(nameof(Protections))]
    public void A_set_of_what_another_has_changed_since_it_was_read_is_refused(MapProtection protection)
    {
        var map = Map(protection);
        int read = map["n"];
        int other = 0;
        Elsewhere.RunWell(() =>
        {
            other = Environment.CurrentManagedThreadId;
            map["n"]++;
        });
        long version = map.Version;
        var violation = Expect.Violation(MapViolationKind.StaleWrite, () => map["n"] = read + 1);
        Assert.Equal(("n", MapOperation.Set), (violation.Key, violation.Operation));
        Assert.Equal(Environment.CurrentManagedThreadId, violation.Offender.ThreadId);
        Assert.Equal(other, violation.Holder!.ThreadId);
        Assert.Contains("Increment", violation.Remedy, StringComparison.Ordinal);
        Assert.Equal(6, map["n"]);
        Assert.Equal(version, map.Version);
        map.CheckInvariants();
    }

    [Theory]
    [MemberData(nameof(Protections))]
    public void What_was_refused_is_refused_again_until_the_key_is_read_anew(MapProtection protection)
    {
        var map = Map(protection);
        int read = map["n"];
        Elsewhere.RunWell(() => map["n"] = 100);
        Expect.Violation(MapViolationKind.StaleWrite, () => map["n"] = read + 1);
        Expect.Violation(MapViolationKind.StaleWrite, () => map["n"] = read + 1);
        map["n"] = map["n"] + 1;
        Assert.Equal(101, map["n"]);
    }

    [Fact]
    public void Check_then_act_is_the_same_race()
    {
        var map = Map();
        Assert.False(map.ContainsKey("x"));
        Elsewhere.RunWell(() => map["x"] = 1);
        Expect.Violation(MapViolationKind.StaleWrite, () => map["x"] = 2);
        Assert.True(map.ContainsKey("n"));
        Elsewhere.RunWell(() => map.Remove("n"));
        Expect.Violation(MapViolationKind.StaleWrite, () => map["n"] = 2);
        Assert.False(map.ContainsKey("n"));
    }

    [Fact]
    public void Writes_of_other_keys_and_one_that_left_the_same_value_disturb_nobody()
    {
        var map = Map();
        int read = map["n"];
        Elsewhere.RunWell(() =>
        {
            for (int i = 0; i < 100; i++) map["k" + i] = i;
            map["n"] = 17;
            map["n"] = read;
        });
        map["n"] = read + 1;
        Assert.Equal(6, map["n"]);
        Assert.Equal(0, map.ViolationCount);
    }

    [Fact]
    public void Who_sets_what_he_has_not_read_or_has_written_himself_since_is_never_refused()
    {
        var map = Map();
        _ = map["n"];
        map["n"] = 1;
        Elsewhere.RunWell(() => map["n"] = 2);
        map["n"] = 3;
        _ = map["n"];
        map.Increment("n");
        Elsewhere.RunWell(() => map["n"] = 2);
        map["n"] = 4;
        _ = map["n"];
        map.Clear();
        map["n"] = 5;
        _ = map["n"];
        Assert.True(map.Remove("n"));
        map["n"] = 6;
        using (var it = map.Iterate())
        {
            Assert.True(it.MoveNext());
            _ = map["n"];
            Assert.True(it.Entry.SetValue(7));
        }

        map["n"] = 8;
        Assert.Equal(0, map.ViolationCount);
    }

    [Fact]
    public void Eight_lookups_are_remembered_and_the_ninth_takes_the_place_of_the_first()
    {
        foreach (int between in (int[])[7, 8])
        {
            var map = Map();
            int read = map["n"];
            for (int i = 0; i < between; i++) map.ContainsKey("k" + i);
            Elsewhere.RunWell(() => map["n"] = 100);
            if (between < 8) Expect.Violation(MapViolationKind.StaleWrite, () => map["n"] = read + 1);
            else map["n"] = read + 1;
            Assert.Equal(between < 8 ? 100 : 6, map["n"]);
        }
    }

    [Fact]
    public void Maps_are_told_apart_and_what_is_remembered_does_not_keep_them()
    {
        var map = Map();
        var another = Map();
        int read = map["n"];
        Elsewhere.RunWell(() => another["n"] = 100);
        another["n"] = 7;
        map["n"] = read + 1;
        Assert.Equal((6, 7), (map["n"], another["n"]));
        var dropped = Dropped();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(dropped.IsAlive);

        static WeakReference Dropped()
        {
            var map = Map();
            _ = map["n"];
            return new WeakReference(map);
        }
    }

    [Fact]
    public void A_shells_map_compares_numbers_by_what_they_are_and_objects_by_which_they_are()
    {
        var map = new GuardedMap(new MapOptions<object> { DetectLostUpdates = true, Name = "shell" });
        var list = new List<int>();
        map["n"] = 5;
        map["list"] = list;
        object? n = map["n"];
        _ = map["list"];
        Elsewhere.RunWell(() =>
        {
            map["n"] = 7;
            map["N"] = 5;
        });
        map["n"] = (int)n! + 1;
        Elsewhere.RunWell(() => map["list"] = new List<int>());
        Expect.Violation(MapViolationKind.StaleWrite, () => map["LIST"] = list);
        Assert.Equal(6, map["n"]);
        Assert.Equal(1, map.ViolationCount);
    }

    /// <summary>Texts take a way of their own into a shell's map, and are refused there exactly where a C# map refuses them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_shells_map_refuses_texts_where_a_map_of_strings_does(int seed)
    {
        var random = new Random(seed);
        var shell = new GuardedMap(new MapOptions<object> { DetectLostUpdates = true });
        var typed = new GuardedMap<string, object?>(new MapOptions<string> { DetectLostUpdates = true, Comparer = StringComparer.OrdinalIgnoreCase });
        string[] keys = ["a", "A", "b", "B", "c", "d", "e", "f", "g", "h", "i", "j"];
        int refused = 0;
        for (int step = 0; step < 4000; step++)
        {
            string key = keys[random.Next(random.Next(2) == 0 ? 4 : keys.Length)];
            object value = random.Next(4);
            switch (random.Next(8))
            {
                case <= 2:
                    Assert.Equal(typed.TryGetValue(key, out object? expected) ? expected : null, shell[key]);
                    break;
                case 3:
                    Assert.Equal(typed.ContainsKey(key), shell.ContainsKey(key));
                    break;
                case 4:
                    Assert.Equal(typed.TryAdd(key, value), shell.TryAdd(key, value));
                    break;
                case 5:
                    Elsewhere.RunWell(() => shell[key] = typed[key] = value);
                    break;
                default:
                    MapViolationKind? kind = Refusal(() => typed[key] = value);
                    Assert.Equal(kind, Refusal(() => shell[key] = value));
                    if (kind is not null) refused++;
                    break;
            }
        }

        Assert.True(refused > 40, $"Only {refused} were refused.");
        Assert.Equal(typed.Count, shell.Count);
        foreach ((string key, object? value) in typed) Assert.Equal(value, shell[key]);

        static MapViolationKind? Refusal(Action set) => Record.Exception(set) is { } refused ? Assert.IsType<MapViolationException>(refused).Violation.Kind : null;
    }

    [Fact]
    public void A_map_that_reports_lets_the_update_be_lost_and_says_so()
    {
        var map = Map(onViolation: ViolationResponse.Report);
        int read = map["n"];
        Elsewhere.RunWell(() => map["n"] = 100);
        map["n"] = read + 1;
        Assert.Equal(6, map["n"]);
        Assert.Equal(MapViolationKind.StaleWrite, Assert.Single(map.GetViolations()).Kind);
    }

    [Fact]
    public void A_comparer_that_throws_lets_no_write_be_done_and_what_a_callback_reads_is_not_held_against_its_thread()
    {
        var comparer = new CallbackComparer();
        var map = new GuardedMap<int, int>(new MapOptions<int> { DetectLostUpdates = true, Comparer = comparer }) { [1] = 10 };
        for (int call = 0; ; call++)
        {
            _ = map[1];
            int left = call;
            comparer.OnEquals = () =>
            {
                if (left-- == 0) throw new ComparerException();
            };
            try
            {
                map[1] = 20;
                break;
            }
            catch (ComparerException)
            {
                comparer.OnEquals = null;
                Assert.Equal(10, map[1]);
                map.CheckInvariants();
            }
        }

        comparer.OnEquals = null;
        map.AddOrUpdate(1, 0, (key, present) => map[key] + 1);
        map[1] = 30;
        Assert.Equal((30, 0L), (map[1], map.ViolationCount));
    }

    [Theory]
    [MemberData(nameof(Protections))]
    public void Threads_that_count_by_hand_lose_nothing_that_is_not_refused(MapProtection protection)
    {
        var map = Map(protection);
        map["n"] = 0;
        int done = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 3000; i++)
            {
                try
                {
                    map["n"] = map["n"] + 1;
                    Interlocked.Increment(ref done);
                }
                catch (MapViolationException)
                {
                    // Not counted.
                }
            }
        }))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.Equal(done, map["n"]);
        map.CheckInvariants();
    }

    [Fact]
    public void Without_the_option_nothing_is_detected_and_without_protection_the_option_is_refused()
    {
        var map = new GuardedMap<string, int>(new MapOptions<string>()) { ["n"] = 5 };
        Assert.False(map.DetectsLostUpdates);
        int read = map["n"];
        Elsewhere.RunWell(() => map["n"] = 100);
        map["n"] = read + 1;
        Assert.Equal(6, map["n"]);
        Assert.Throws<ArgumentException>(() => new GuardedMap<string, int>(new MapOptions<string> { DetectLostUpdates = true, Protection = MapProtection.None }));
    }
}
