namespace GuardedMaps.Tests.Maps;

/// <summary>SyncMap: what a dictionary has, in whichever part it lies.</summary>
public sealed class SyncMapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_mixture_of_operations_leaves_what_a_dictionary_has(int seed)
    {
        var map = new SyncMap<int, int>();
        var model = new Dictionary<int, int>();
        var random = new Random(seed);
        for (int step = 0; step < 20_000; step++)
        {
            int key = random.Next(60);
            switch (random.Next(12))
            {
                case < 4:
                    Assert.Equal(model.TryGetValue(key, out int there), map.TryGetValue(key, out int found));
                    Assert.Equal(there, found);
                    break;
                case < 6:
                    map[key] = step;
                    model[key] = step;
                    break;
                case < 8:
                    Assert.Equal(model.Remove(key, out int was), map.Remove(key, out int removed));
                    Assert.Equal(was, removed);
                    break;
                case 8:
                    Assert.Equal(model.TryAdd(key, step), map.TryAdd(key, step));
                    break;
                case 9:
                    model[key] = model.GetValueOrDefault(key) + 3;
                    Assert.Equal(model[key], map.Increment(key, 3));
                    break;
                case 10:
                    bool fits = model.TryGetValue(key, out int present) && present % 2 == 0;
                    if (fits) model[key] = -step;
                    Assert.Equal(fits, present % 2 == 0 && map.TryUpdate(key, -step, present) && fits);
                    break;
                default:
                    if (random.Next(20) == 0)
                    {
                        map.Clear();
                        model.Clear();
                    }
                    else
                    {
                        Assert.Equal(model.OrderBy(e => e.Key), map.OrderBy(e => e.Key));
                    }

                    break;
            }

            map.CheckInvariants();
            Assert.Equal(model.Count, map.Count);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Values_of_every_width_come_back_as_they_were_stored(int seed)
    {
        Check(i => i % 5 == 0 ? null : $"text {i}");
        Check(i => (decimal)i / 7);
        Check(i => i % 3 == 0);
        Check(i => (byte)i);
        Check(i => (double)i / 3);
        Check(i => (DayOfWeek)(i % 7));
        Check(i => new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(i));
        Check(i => (i, $"{i}"));
        Check(i => i % 4 == 0 ? (int?)null : i);

        void Check<TValue>(Func<int, TValue> make)
        {
            var map = new SyncMap<int, TValue>();
            var model = new Dictionary<int, TValue>();
            var random = new Random(seed);
            for (int step = 0; step < 3_000; step++)
            {
                int key = random.Next(40);
                var value = make(step);
                switch (random.Next(6))
                {
                    case < 2:
                        map[key] = model[key] = value;
                        break;
                    case 2:
                        Assert.Equal(model.Remove(key, out var was), map.Remove(key, out var removed));
                        Assert.Equal(was, removed);
                        break;
                    case 3:
                        bool holds = model.TryGetValue(key, out var there);
                        var guess = random.Next(2) == 0 ? there! : value;
                        bool fits = holds && EqualityComparer<TValue>.Default.Equals(there, guess);
                        if (fits) model[key] = value;
                        Assert.Equal(fits, map.TryUpdate(key, value, guess));
                        break;
                    case 4:
                        Assert.Equal(model.OrderBy(e => e.Key), map.OrderBy(e => e.Key));
                        break;
                    default:
                        Assert.Equal(model.TryGetValue(key, out var expected), map.TryGetValue(key, out var found));
                        Assert.Equal(expected, found);
                        break;
                }
            }

            map.CheckInvariants();
        }
    }

    [Fact]
    public void Keys_whose_hashes_are_all_the_same_or_change_are_found_or_not_but_nothing_hangs()
    {
        var same = new SyncMap<string, int>(EqualityComparer<string>.Create(string.Equals, _ => 1));
        for (int i = 0; i < 100; i++) same[$"{i}"] = i;
        Assert.Equal(Enumerable.Range(0, 100), Enumerable.Range(0, 100).Select(i => same[$"{i}"]));
        for (int i = 0; i < 100; i += 2) Assert.True(same.Remove($"{i}"));
        Assert.Equal(50, same.Count);
        same.CheckInvariants();

        int calls = 0;
        var fickle = new SyncMap<int, int>(EqualityComparer<int>.Create((a, b) => a == b, _ => calls++));
        for (int i = 0; i < 200; i++)
        {
            fickle[i % 20] = i;
            fickle.Remove((i + 3) % 20);
        }

        Assert.Equal(fickle.Count, fickle.Select(e => e.Key).Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Strings_are_compared_as_the_comparer_says_in_either_part(bool isInRead)
    {
        foreach (var comparer in new[] { null, StringComparer.Ordinal, StringComparer.OrdinalIgnoreCase, StringComparer.InvariantCultureIgnoreCase })
        {
            var map = isInRead ? new SyncMap<string, int>([KeyValuePair.Create("Apple", 1)], comparer) : new SyncMap<string, int>(comparer) { ["Apple"] = 1 };
            bool ignoresCase = (comparer ?? StringComparer.Ordinal).Equals("a", "A");
            Assert.Equal(ignoresCase, map.TryGetValue("APPLE", out _));
            Assert.True(map.TryGetValue(new string("Apple".AsSpan()), out _));
            Assert.False(map.Remove("Apples"));
        }
    }

    [Fact]
    public void A_value_that_was_seen_before_its_removal_is_never_seen_after_it()
    {
        // The key is removed and added all the time. A reader that read the value of an addition before that was published would then find
        // the key missing and see the value again after; and one that read a mark for a value would see 0 or 1.
        const int First = 10;
        const int Rounds = 400_000;
        var map = new SyncMap<int, long>([KeyValuePair.Create(1, (long)First)]);
        using var ended = new CancellationTokenSource();
        MapThreads.Together(3, thread =>
        {
            if (thread == 0)
            {
                for (int i = First + 1; i < Rounds; i++)
                {
                    Assert.True(map.Remove(1, out long was));
                    Assert.Equal(i - 1, was);
                    Assert.True(map.TryAdd(1, i));
                }

                ended.Cancel();
                return;
            }

            long last = First;
            bool wasMissing = false;
            while (!ended.IsCancellationRequested)
            {
                if (!map.TryGetValue(1, out long value))
                {
                    wasMissing = true;
                    continue;
                }

                Assert.True(wasMissing ? value > last : value >= last, $"{value} was seen after {last}{(wasMissing ? ", and the key was missing between" : "")}.");
                (last, wasMissing) = (value, false);
            }
        });
        map.CheckInvariants();
    }

    [Fact]
    public void The_events_tell_of_misses_promotion_and_the_dirty_part()
    {
        var map = new SyncMap<string, int>(name: "settings", traceCapacity: 100);
        map["a"] = 1; // The first dirty part, of nothing.
        map["b"] = 2;
        Assert.Equal(1, map["a"]); // A miss.
        Assert.Equal(2, map["b"]); // The second miss: as many as there are keys.
        Assert.Equal(1, map["a"]); // Plain.
        map["a"] = 3;              // Plain as well.
        map["c"] = 4;              // A new key, a new dirty part.
        Assert.Equal(
            [
                "a dirty part was made of 0 keys", "inserted", "inserted",
                "the read part does not know the key: miss 1", "the read part does not know the key: miss 2", "the dirty part of 2 keys became the read part",
                "updated", "a dirty part was made of 2 keys", "inserted",
            ],
            map.GetEvents().Select(e => e.Text),
            StringComparer.Ordinal);
        map.CheckInvariants();
        Assert.Empty(new SyncMap<int, int>().GetEvents());
    }

    [Fact]
    public void A_removed_key_that_was_left_out_comes_back()
    {
        var map = new SyncMap<int, string>(Enumerable.Range(0, 5).Select(i => KeyValuePair.Create(i, $"{i}")));
        Assert.True(map.Remove(3));
        map[10] = "new"; // Makes a dirty part without 3.
        map.CheckInvariants();
        map[3] = "back";
        map.CheckInvariants();
        for (int i = 0; i < 20; i++) map.TryGetValue(99, out _); // Misses until the dirty part is promoted.
        Assert.Equal("back", map[3]);
        Assert.Equal(6, map.Count);
        Assert.Equal(6, map.Select(e => e.Key).Distinct().Count());
        map.CheckInvariants();
    }

    [Fact]
    public void A_comparer_that_throws_or_uses_the_map_changes_nothing()
    {
        SyncMap<int, int>? map = null;
        Action? mood = null;
        map = new SyncMap<int, int>(EqualityComparer<int>.Create(
            (a, b) =>
            {
                mood?.Invoke();
                return a == b;
            },
            a => a % 3));
        for (int i = 0; i < 10; i++) map[i] = i;
        mood = () => throw new InvalidOperationException("in a bad mood");
        Assert.Throws<InvalidOperationException>(() => map[20] = 1);
        mood = null;
        map.CheckInvariants();
        Assert.Equal(10, map.Count);

        mood = () =>
        {
            mood = null;
            map[30] = 1;
        };
        Assert.Contains("comparer of the map 'SyncMap' has used the map", Assert.Throws<InvalidOperationException>(() => map[21] = 1).Message, StringComparison.Ordinal);
        map.CheckInvariants();
        Assert.Equal(10, map.Count);
    }

    [Fact]
    public void Under_threads_no_key_and_no_increment_is_lost_and_no_key_comes_twice()
    {
        const int Writers = 4;
        const int Each = 20_000;
        var map = new SyncMap<int, int>();
        MapThreads.Together(Writers, w =>
        {
            for (int i = 0; i < Each; i++)
            {
                map.Increment(-1 - (i % 7));
                int key = (i * Writers) + w;
                map[key] = i;
                if (i % 3 == 0) Assert.True(map.Remove(key));
                else if (i % 5 == 0) Assert.Equal(i, map[key]);
                if (i % 4_000 != 0) continue;
                var keys = map.Select(e => e.Key).ToList();
                Assert.Equal(keys.Count, keys.Distinct().Count());
            }
        });

        map.CheckInvariants();
        Assert.Equal(Writers * Each, map.Where(e => e.Key < 0).Sum(e => e.Value));
        Assert.Equal(7 + (Writers * (Each - ((Each + 2) / 3))), map.Count);
    }

    [Fact]
    public void Clearing_against_writers_leaves_a_whole_map_and_the_right_number()
    {
        var map = new SyncMap<int, int>();
        MapThreads.Together(4, w =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                if (w == 0 && i % 100 == 0) map.Clear();
                else if (i % 3 == 0) map.Remove(i % 50);
                else map[i % 50] = w;
            }
        });
        map.CheckInvariants();
        Assert.Equal(map.Select(e => e.Key).Count(), map.Count);
    }
}
