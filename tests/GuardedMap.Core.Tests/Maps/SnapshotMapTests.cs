using System.Collections;

namespace GuardedMaps.Tests.Maps;

/// <summary>SnapshotMap against a dictionary, with good hashes and bad ones, and what each version keeps.</summary>
public sealed class SnapshotMapTests
{
    public static TheoryData<string> Hashes => ["good", "seven values", "one value"];

    [Theory]
    [MemberData(nameof(Hashes))]
    public void Any_mixture_of_writes_leaves_what_a_dictionary_has_and_every_snapshot_stays_as_it_was(string hash)
    {
        var map = new SnapshotMap<int, int>(Comparer(hash));
        var model = new Dictionary<int, int>();
        var kept = new List<(Snapshot<int, int> Snapshot, Dictionary<int, int> Model)>();
        var random = new Random(7);
        const int Steps = 12_000;
        for (int step = 0; step < Steps; step++)
        {
            // Waves of growing and shrinking, so that groups split and merge again and again.
            bool grows = step / (Steps / 6) % 2 == 0;
            int key = random.Next(hash == "good" ? 2_000 : 200);
            if (random.Next(10) < (grows ? 7 : 2))
            {
                map[key] = step;
                model[key] = step;
            }
            else
            {
                Assert.Equal(model.Remove(key, out int was), map.Remove(key, out int removed));
                Assert.Equal(was, removed);
            }

            map.CheckInvariants();
            Assert.Equal(model.Count, map.Count);
            Assert.Equal(model.TryGetValue(key + 1, out int there), map.TryGetValue(key + 1, out int found));
            Assert.Equal(there, found);
            if (step % 400 == 0) kept.Add((map.GetSnapshot(), new Dictionary<int, int>(model)));
        }

        foreach (var (snapshot, then) in kept)
        {
            Assert.Equal(then.Count, snapshot.Count);
            Assert.Equal(then.OrderBy(e => e.Key), snapshot.OrderBy(e => e.Key));
            Assert.All(then, e => Assert.Equal(e.Value, snapshot[e.Key]));
        }

        foreach (int key in model.Keys.ToList())
        {
            Assert.True(map.Remove(key));
            map.CheckInvariants();
        }

        Assert.Empty(map);
        Assert.IsType<Group<int, int>>(map.CurrentRoot); // The tree has shrunk to what an empty map is.
    }

    [Fact]
    public void A_write_copies_a_few_kilobytes_of_a_large_map_and_a_snapshot_none()
    {
        var map = new SnapshotMap<int, long>(Enumerable.Range(0, 200_000).Select(i => KeyValuePair.Create(i, (long)i)));
        map[5] = 1;
        _ = map.GetSnapshot().Count;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++) map[i * 199] = i;
        long perWrite = (GC.GetAllocatedBytesForCurrentThread() - before) / 1_000;
        Assert.InRange(perWrite, 100, 3_000);

        before = GC.GetAllocatedBytesForCurrentThread();
        var snapshot = map.GetSnapshot();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 64);
        Assert.Equal(200_000, snapshot.Count);
    }

    [Fact]
    public void An_iteration_is_of_the_version_it_began_with()
    {
        var map = new SnapshotMap<string, int>(StringComparer.OrdinalIgnoreCase, name: "prices") { ["pear"] = 1, ["fig"] = 2 };
        var seen = new List<string>();
        foreach (var (key, _) in map)
        {
            seen.Add(key);
            map.Clear();
            map["plum"] = 3;
        }

        Assert.Equal(["fig", "pear"], seen.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal("plum", Assert.Single(map.Keys));
        Assert.Equal(3, map["PLUM"]);
        Assert.Equal("prices: 1 entries", map.ToString());
    }

    [Fact]
    public void A_comparer_that_throws_changes_nothing_whenever_it_does()
    {
        var comparer = new MoodyComparer();
        var map = new SnapshotMap<int, int>(comparer);
        for (int i = 0; i < 200; i++) map[i] = i;
        var before = map.ToList();
        for (int call = 1; ; call++)
        {
            comparer.ThrowAt = call;
            try
            {
                map[1_000] = 1;
                map.Remove(3);
                break;
            }
            catch (InvalidOperationException)
            {
                comparer.ThrowAt = 0;
                map.CheckInvariants();
                map.Remove(1_000);
                Assert.Equal(before.Order(ByKey), map.Order(ByKey));
            }
        }

        Assert.True(comparer.Calls > 3);
        Assert.Equal(200, map.Count);
    }

    [Fact]
    public void A_comparer_that_writes_to_the_map_loses_no_write()
    {
        SnapshotMap<int, int>? map = null;
        var comparer = new MoodyComparer { OnEquals = () => map![99] = map.Count };
        map = new SnapshotMap<int, int>(comparer) { [1] = 1 };
        comparer.IsArmed = true;
        map[1] = 2;
        Assert.Equal(2, map[1]);
        Assert.True(map.ContainsKey(99));
        map.CheckInvariants();
    }

    [Fact]
    public void A_batch_is_published_as_one_or_not_at_all()
    {
        var map = new SnapshotMap<int, int> { [1] = 10, [2] = 20 };
        long version = map.Version;
        map.Write(batch =>
        {
            batch[1] -= 5;
            Assert.Equal(10, map[1]);
            batch[2] += 5;
            batch.Add(3, 0);
            Assert.True(batch.Remove(3));
            Assert.False(batch.Remove(3));
            Assert.Equal(2, batch.Count);
        });
        Assert.Equal((5, 25, version + 1), (map[1], map[2], map.Version));

        SnapshotBatch<int, int>? kept = null;
        var snapshot = map.GetSnapshot();
        Assert.Throws<ArgumentException>(() => map.Write(batch =>
        {
            kept = batch;
            batch[1] = 0;
            batch.Add(2, 0);
        }));
        Assert.Equal(5, map[1]);
        Assert.Equal(snapshot.Version, map.Version);
        Assert.Contains("is over", Assert.Throws<InvalidOperationException>(() => kept!.Count).Message, StringComparison.Ordinal);

        var inside = Assert.Throws<InvalidOperationException>(() => map.Write(batch =>
        {
            batch[1] = 0;
            map[7] = 7;
        }));
        Assert.Contains("has written to the map itself", inside.Message, StringComparison.Ordinal);
        Assert.Equal((5, 7), (map[1], map[7]));

        map.Write(batch =>
        {
            Exception? foreign = null;
            var other = new Thread(() => foreign = Record.Exception(() => batch.Count));
            other.Start();
            other.Join();
            Assert.Contains("belongs to thread", foreign!.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Keys_that_equal_nothing_are_entries_of_their_own()
    {
        var map = new SnapshotMap<int, int>(new Unequal());
        for (int i = 0; i < 100; i++) map[7] = i;
        map.CheckInvariants();
        Assert.Equal(100, map.Count);
        Assert.False(map.ContainsKey(7));
        Assert.Equal(100, map.Select(e => e.Value).Distinct().Count());
        map.Clear();
        Assert.Empty(map);
    }

    [Fact]
    public void The_faces_of_a_dictionary_are_there()
    {
        var map = new SnapshotMap<string, int?> { ["a"] = 1 };
        Assert.Throws<ArgumentNullException>(() => map[null!]);
        Assert.Throws<ArgumentNullException>(() => map.Remove(null!));
        Assert.Contains("'b' is not in the map 'SnapshotMap'", Assert.Throws<KeyNotFoundException>(() => map["b"]).Message, StringComparison.Ordinal);
        Assert.Contains("'a' is already in the map", Assert.Throws<ArgumentException>(() => map.Add("a", 2)).Message, StringComparison.Ordinal);
        Assert.False(map.TryAdd("a", 2));
        Assert.False(map.TryUpdate("a", 2, 7));
        Assert.True(map.TryUpdate("a", 2, 1));
        Assert.Equal(2, map.GetOrAdd("a", 5));
        Assert.Equal(5, map.GetOrAdd("b", _ => 5));
        Assert.Equal(6, map.AddOrUpdate("b", 0, (_, present) => present + 1));
        Assert.Equal(0, map.AddOrUpdate("c", 0, (_, present) => present + 1));
        Assert.True(map.ContainsValue(6));

        IDictionary untyped = map;
        untyped["d"] = 4;
        untyped.Add("e", null);
        Assert.Null(untyped["e"]);
        Assert.Null(untyped[3]);
        Assert.False(untyped.Contains(3));
        Assert.Throws<ArgumentException>(() => untyped[3] = 3);
        Assert.Throws<ArgumentException>(() => untyped["x"] = "text");
        untyped.Remove("e");
        Assert.Equal(["a", "b", "c", "d"], untyped.Keys.Cast<string>().Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal(4, untyped.Cast<object>().Count(e => e is KeyValuePair<string, int?>));
        var entries = untyped.GetEnumerator();
        Assert.True(entries.MoveNext());
        Assert.Equal(entries.Entry.Key, entries.Key);

        ICollection<KeyValuePair<string, int?>> pairs = map;
        Assert.False(pairs.Remove(KeyValuePair.Create("a", (int?)99)));
        Assert.True(pairs.Remove(KeyValuePair.Create("a", (int?)2)));
        Assert.Throws<ArgumentException>(() => map.CopyTo(new KeyValuePair<string, int?>[2], 0));
        var array = new KeyValuePair<string, int?>[4];
        map.CopyTo(array, 1);
        Assert.Null(array[0].Key);
        Assert.Throws<NotSupportedException>(() => ((ICollection<string>)map.Keys).Add("x"));
        Assert.Throws<NotSupportedException>(() => ((ICollection)map).SyncRoot);
    }

    private static Comparer<KeyValuePair<int, int>> ByKey { get; } = Comparer<KeyValuePair<int, int>>.Create((a, b) => a.Key.CompareTo(b.Key));

    private static Buckets? Comparer(string hash) => hash switch
    {
        "good" => null,
        "seven values" => new Buckets(7),
        _ => new Buckets(1),
    };

    private sealed class Buckets(int count) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => x == y;

        public int GetHashCode(int obj) => obj % count;
    }

    private sealed class Unequal : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => false;

        public int GetHashCode(int obj) => obj;
    }

    private sealed class MoodyComparer : IEqualityComparer<int>
    {
        public int ThrowAt { get; set; }

        public int Calls { get; private set; }

        public bool IsArmed { get; set; }

        public Action? OnEquals { get; init; }

        public bool Equals(int x, int y)
        {
            Count();
            if (IsArmed)
            {
                IsArmed = false;
                OnEquals?.Invoke();
            }

            return x == y;
        }

        public int GetHashCode(int obj)
        {
            Count();
            return obj % 11;
        }

        private void Count()
        {
            Calls++;
            if (ThrowAt > 0 && --ThrowAt == 0) throw new InvalidOperationException("in a bad mood");
        }
    }
}
