using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace GuardedMaps.Tests.Alternate;

/// <summary>
/// A map of texts that is asked by spans of chars answers as .NET's dictionary does, whatever its comparer, and as it would answer to the string; and where it
/// says so it makes no string.
/// </summary>
public sealed class AlternateLookupTests
{
    private static readonly Dictionary<string, IEqualityComparer<string>?> s_comparers = new(StringComparer.Ordinal)
    {
        ["none"] = null,
        ["ordinal"] = StringComparer.Ordinal,
        ["ignoring case"] = StringComparer.OrdinalIgnoreCase,
        ["culture"] = StringComparer.InvariantCultureIgnoreCase,
        ["foreign"] = new ByLength(),
    };

    public static TheoryData<string, string> KindsAndComparers
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (string kind in new[] { "Guarded", "Named", "Traced", "Detecting", "Synchronized", "None", "Snapshot", "Sync" })
            {
                foreach (string comparer in s_comparers.Keys) all.Add(kind, comparer);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(KindsAndComparers))]
    public void Random_operations_by_spans_are_those_of_a_dictionary(string kind, string comparer)
    {
        var random = new Random(comparer.Length + (kind.Length * 31));
        (IDictionary<string, int> map, var lookup) = Make(kind, s_comparers[comparer]);
        var oracle = new Dictionary<string, int>(s_comparers[comparer]).GetAlternateLookup<ReadOnlySpan<char>>();
        string[] texts = Texts(random);
        for (int step = 0; step < 4000; step++)
        {
            // In the middle of something longer, so that what is read beside it would show.
            string text = texts[random.Next(texts.Length)];
            if (random.Next(3) == 0) text = text.ToUpperInvariant();
            ReadOnlySpan<char> key = $"\0x{text}\uFFFF".AsSpan(2, text.Length);
            switch (random.Next(step < 2000 ? 8 : 12))
            {
                case 0 or 1:
                    lookup[key] = oracle[key] = step;
                    break;
                case 2:
                    Assert.Equal(oracle.TryAdd(key, step), lookup.TryAdd(key, step));
                    break;
                case 3:
                    map[text] = oracle.Dictionary[text] = -step;
                    break;
                case >= 8 and <= 10:
                    Assert.Equal(oracle.Remove(key, out _, out int was), lookup.Remove(key, out int removed));
                    Assert.Equal(was, removed);
                    break;
                default:
                    Assert.Equal(oracle.TryGetValue(key, out int expected), lookup.TryGetValue(key, out int value));
                    Assert.Equal(expected, value);
                    Assert.Equal(oracle.ContainsKey(key), lookup.ContainsKey(key));
                    Assert.Equal(map.ContainsKey(text), lookup.ContainsKey(key));
                    break;
            }

            if (step % 100 == 0) Check(map);
        }

        Check(map);
        // A SyncMap may give a key that comes back its old entry, and so another spelling of the same key: the entries are compared as the comparer sees them.
        Assert.Equal(oracle.Dictionary.Count, map.Count);
        foreach ((string text, int value) in map) Assert.Equal(oracle.Dictionary[text], value);
    }

    [Theory]
    [InlineData("Guarded", "none", true)]
    [InlineData("Guarded", "ignoring case", true)]
    [InlineData("Named", "none", true)]
    [InlineData("Sync", "none", true)]
    [InlineData("Sync", "ignoring case", true)]
    [InlineData("Snapshot", "none", false)]
    [InlineData("Snapshot", "ignoring case", false)]
    public void Lookups_make_no_string_and_writes_to_what_is_there_make_none_where_the_page_says_so(string kind, string comparer, bool isWriteFree)
    {
        (IDictionary<string, int> map, var lookup) = Make(kind, s_comparers[comparer]);
        for (int i = 0; i < 50; i++) map["key " + i] = i;
        // All of them in the read part.
        if (kind == "Sync") lookup = Lookup(new SyncMap<string, int>(map, s_comparers[comparer]));
        const string Text = "which key 17 is it, key 1701 or none?";
        Assert.Equal(0, Allocated(() =>
        {
            bool right = lookup.TryGetValue(Text.AsSpan(6, 6), out int value) && value == 17 && lookup.ContainsKey(Text.AsSpan(6, 6)) && !lookup.ContainsKey(Text.AsSpan(20, 8));
            if (!right) throw new InvalidOperationException("A wrong answer.");
        }));
        if (isWriteFree) Assert.Equal(0, Allocated(() => lookup[Text.AsSpan(6, 6)] = 17));

        static long Allocated(Action action)
        {
            for (int i = 0; i < 3; i++) action();
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++) action();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Words_are_counted_as_the_page_shows()
    {
        var map = new GuardedMap<string, int>(StringComparer.OrdinalIgnoreCase);
        var lookup = map.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlySpan<char> text = "the cat and the hat and The bat";
        foreach (Range word in text.Split(' ')) lookup[text[word]] = lookup.TryGetValue(text[word], out int n) ? n + 1 : 1;
        Assert.Equal("and 2,bat 1,cat 1,hat 1,the 3", string.Join(',', map.OrderBy(static entry => entry.Key, StringComparer.Ordinal).Select(static entry => $"{entry.Key} {entry.Value}")));
    }

    [Fact]
    public void A_write_is_refused_as_the_map_s_own_and_changes_nothing()
    {
        var map = new GuardedMap<string, int>(StringComparer.Ordinal) { ["a"] = 1, ["b"] = 2 };
        var lookup = map.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (KeyValuePair<string, int> _ in map)
        {
            Assert.Equal(MapViolationKind.ConcurrentIterationAndWrite, Refused(() => lookup["a"] = 5));
            Assert.Equal(MapViolationKind.ConcurrentIterationAndWrite, Refused(() => lookup.TryAdd("a", 5)));
            Assert.Equal(MapViolationKind.ConcurrentIterationAndWrite, Refused(() => lookup.TryAdd("c", 5)));
            Assert.Equal(MapViolationKind.ConcurrentIterationAndWrite, Refused(() => lookup.Remove("no")));
            Assert.Equal(1, lookup["a"]);
        }

        map.CheckInvariants();
        Assert.Equal([1, 2], map.Values.Order());

        static MapViolationKind Refused(Action write) => Assert.Throws<MapViolationException>(write).Violation.Kind;
    }

    [Fact]
    public void What_is_read_by_a_span_counts_as_read_where_lost_updates_are_detected()
    {
        var map = new GuardedMap<string, int>(new MapOptions<string> { DetectLostUpdates = true }) { ["n"] = 1 };
        var lookup = map.GetAlternateLookup<ReadOnlySpan<char>>();
        int read = lookup["n"];
        var other = new Thread(() => map["n"] = 100);
        other.Start();
        other.Join();
        Assert.Equal(MapViolationKind.StaleWrite, Assert.Throws<MapViolationException>(() => lookup["n"] = read + 1).Violation.Kind);
        Assert.Equal(100, map["n"]);
    }

    [Fact]
    public void A_traced_map_records_lookups_by_span()
    {
        var map = new GuardedMap<string, int>(new MapOptions<string> { Trace = true }) { ["n"] = 1 };
        int before = map.GetEvents().Count;
        Assert.True(map.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey("n"));
        Assert.True(map.GetEvents().Count > before);
    }

    [Theory]
    [InlineData("Guarded")]
    [InlineData("Detecting")]
    [InlineData("Synchronized")]
    [InlineData("None")]
    [InlineData("Snapshot")]
    [InlineData("Sync")]
    public void An_operation_in_which_the_comparer_throws_has_not_taken_place(string kind)
    {
        int thrown = 0;
        (string Name, Action<AlternateLookup<string, int, ReadOnlySpan<char>>> Run)[] operations =
        [
            ("get", static lookup => _ = lookup["b"]), ("contains", static lookup => lookup.ContainsKey("gone")), ("set", static lookup => lookup["b"] = 5), ("set new", static lookup => lookup["gone"] = 5),
            ("add", static lookup => lookup.TryAdd("gone", 5)), ("add present", static lookup => lookup.TryAdd("b", 5)), ("remove", static lookup => lookup.Remove("b", out _)),
            ("remove missing", static lookup => lookup.Remove("gone")),
        ];
        foreach ((string name, var run) in operations)
        {
            for (int call = 1; ; call++)
            {
                var comparer = new ByLength();
                (IDictionary<string, int> map, var lookup) = Make(kind, comparer);
                (map["a"], map["b"], map["cc"]) = (1, 2, 3);
                comparer.CallsLeft = call;
                Exception? exception = Record.Exception(() => run(lookup));
                comparer.CallsLeft = int.MaxValue;
                Check(map);
                if (exception is null) break;
                Assert.IsType<TimeZoneNotFoundException>(exception);
                thrown++;
                Assert.True(map is { Count: 3 } && map["a"] == 1 && map["b"] == 2 && map["cc"] == 3, $"{name}, call {call}");
                map["dd"] = 4;
                Assert.Equal(4, lookup["dd"]);
            }
        }

        Assert.True(thrown > 15, $"The comparer threw {thrown} times only.");
    }

    [Fact]
    public void A_missing_key_and_a_comparer_that_cannot_are_told()
    {
        var map = new GuardedMap<string, int>(new MapOptions<string> { Name = "words" });
        string missing = Assert.Throws<KeyNotFoundException>(() => map.GetAlternateLookup<ReadOnlySpan<char>>()["gone"]).Message;
        Assert.Equal("The key 'gone' is not in the map 'words'.", missing);
        Assert.False(map.TryGetAlternateLookup<int>(out _));
        string message = Assert.Throws<InvalidOperationException>(() => new SyncMap<string, int>(name: "words").GetAlternateLookup<int>()).Message;
        Assert.Contains("'words'", message, StringComparison.Ordinal);
        Assert.Contains("IAlternateEqualityComparer", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Synchronized")]
    [InlineData("Snapshot")]
    [InlineData("Sync")]
    public async Task Keys_that_stay_are_found_by_spans_beside_writers_that_make_the_map_grow_and_shrink(string kind)
    {
        (IDictionary<string, int> map, _) = Make(kind, null);
        for (int i = 0; i < 20; i++) map["stays " + i] = i;
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(() =>
        {
            for (int round = 0; !stop.IsCancellationRequested; round++)
            {
                for (int i = 0; i < 300; i++) map["goes " + i] = round;
                for (int i = 0; i < 300; i++) map.Remove("goes " + i);
            }
        }, CancellationToken.None);
        try
        {
            Look(map);
        }
        finally
        {
            await stop.CancelAsync();
            await writer;
        }

        Check(map);

        void Look(IDictionary<string, int> map)
        {
            var lookup = Lookup(map);
            Span<char> key = stackalloc char[12];
            for (int n = 0; n < 20_000; n++)
            {
                Assert.True(key.TryWrite(CultureInfo.InvariantCulture, $"stays {n % 20}", out int length));
                Assert.True(lookup.TryGetValue(key[..length], out int value));
                Assert.Equal(n % 20, value);
            }
        }
    }

    private static (IDictionary<string, int> Map, AlternateLookup<string, int, ReadOnlySpan<char>> Lookup) Make(string kind, IEqualityComparer<string>? comparer)
    {
        var options = new MapOptions<string>
        {
            Comparer = comparer,
            Trace = kind == "Traced",
            HashSeed = kind == "Named" ? 7 : null,
            DetectLostUpdates = kind == "Detecting",
            Protection = Enum.TryParse(kind, out MapProtection protection) ? protection : MapProtection.Guarded,
        };
        IDictionary<string, int> map = kind switch
        {
            "Snapshot" => new SnapshotMap<string, int>(comparer),
            "Sync" => new SyncMap<string, int>(comparer),
            _ => new GuardedMap<string, int>(options),
        };
        return (map, Lookup(map));
    }

    private static AlternateLookup<string, int, ReadOnlySpan<char>> Lookup(IDictionary<string, int> map) => map switch
    {
        SnapshotMap<string, int> snapshot => snapshot.GetAlternateLookup<ReadOnlySpan<char>>(),
        SyncMap<string, int> sync => sync.GetAlternateLookup<ReadOnlySpan<char>>(),
        _ => ((GuardedMap<string, int>)map).GetAlternateLookup<ReadOnlySpan<char>>(),
    };

    private static void Check(IDictionary<string, int> map)
    {
        switch (map)
        {
            case GuardedMap<string, int> guarded: guarded.CheckInvariants(); break;
            case MapBase<string, int> other: other.CheckInvariants(); break;
        }
    }

    // Every length that the hash treats in a way of its own, with and without chars outside ASCII, pairs of surrogates and halves of them.
    private static string[] Texts(Random random)
    {
        List<string> texts = [string.Empty];
        foreach (int length in new[] { 1, 2, 3, 4, 5, 8, 9, 16, 17, 63, 64, 65, 200 })
        {
            for (int n = 0; n < 12; n++)
            {
                char[] text = [.. Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(2)))];
                if (n % 4 == 1) text[random.Next(length)] = 'ä';
                if (n % 4 == 2) text[random.Next(length)] = '\uD801';
                if (n % 4 == 3 && length > 1) "\U00010428".CopyTo(0, text, random.Next(length - 1), 2);
                texts.Add(new string(text));
            }
        }

        return [.. texts.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>A comparer of somebody's own, with many equal hash codes, that knows spans, and throws when its calls are used up.</summary>
    private sealed class ByLength : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
    {
        public int CallsLeft { get; set; } = int.MaxValue;

        public bool Equals(string? x, string? y) => Call() && string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode([DisallowNull] string obj) => Call() ? obj.Length : 0;

        public bool Equals(ReadOnlySpan<char> alternate, string other) => Call() && alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<char> alternate) => Call() ? alternate.Length : 0;

        public string Create(ReadOnlySpan<char> alternate) => Call() ? alternate.ToString() : "";

        private bool Call()
        {
            if (--CallsLeft <= 0) throw new TimeZoneNotFoundException();
            return true;
        }
    }
}
