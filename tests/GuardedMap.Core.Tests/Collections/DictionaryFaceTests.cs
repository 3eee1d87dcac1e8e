using System.Collections;
using System.Diagnostics;
using System.Reflection;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Collections;

/// <summary>The interfaces of a dictionary, held against Dictionary itself: the same calls, the same answers, the same kinds of errors.</summary>
public sealed class DictionaryFaceTests
{
    private static readonly KeyValuePair<string, int>[] s_entries = [new("a", 1), new("b", 2), new("c", 3)];

    private static GuardedMap<string, int> Map() => new(s_entries, StringComparer.Ordinal);

    /// <summary>Runs the same on a map and on a Dictionary, and compares the answer, or the kind of error, and the content afterwards.</summary>
    private static void Same<TFace>(Func<TFace, object?> call)
        where TFace : class
    {
        var map = new GuardedMap<string, int>(s_entries, StringComparer.Ordinal);
        var dictionary = new Dictionary<string, int>(s_entries, StringComparer.Ordinal);
        (object? expected, Exception? expectedError) = Try((TFace)(object)dictionary);
        (object? got, Exception? error) = Try((TFace)(object)map);
        if (expectedError is ArgumentOutOfRangeException) Assert.IsAssignableFrom<ArgumentException>(error);
        else Assert.Equal(expectedError?.GetType(), error?.GetType());
        Assert.Equal(expected, got);
        Assert.Equal(dictionary.OrderBy(entry => entry.Key, StringComparer.Ordinal), map.OrderBy(entry => entry.Key, StringComparer.Ordinal));
        map.CheckInvariants();

        (object?, Exception?) Try(TFace face)
        {
            try
            {
                return (call(face), null);
            }
            catch (Exception e) when (e is ArgumentException or KeyNotFoundException or NotSupportedException or InvalidOperationException)
            {
                return (null, e);
            }
        }
    }

    [Fact]
    public void IDictionary_of_T_behaves_as_Dictionarys()
    {
        Same<IDictionary<string, int>>(d => d["a"]);
        Same<IDictionary<string, int>>(d => d["x"]);
        Same<IDictionary<string, int>>(d => d[null!]);
        Same<IDictionary<string, int>>(d => d["x"] = 9);
        Same<IDictionary<string, int>>(d => d["a"] = 9);
        Same<IDictionary<string, int>>(d => d[null!] = 9);
        Same<IDictionary<string, int>>(d => Do(() => d.Add("x", 9)));
        Same<IDictionary<string, int>>(d => Do(() => d.Add("a", 9)));
        Same<IDictionary<string, int>>(d => Do(() => d.Add(null!, 9)));
        Same<IDictionary<string, int>>(d => d.ContainsKey("a"));
        Same<IDictionary<string, int>>(d => d.ContainsKey("x"));
        Same<IDictionary<string, int>>(d => d.ContainsKey(null!));
        Same<IDictionary<string, int>>(d => d.Remove("a"));
        Same<IDictionary<string, int>>(d => d.Remove("x"));
        Same<IDictionary<string, int>>(d => d.Remove(null!));
        Same<IDictionary<string, int>>(d => (d.TryGetValue("a", out int value), value));
        Same<IDictionary<string, int>>(d => (d.TryGetValue("x", out int value), value));
        Same<IDictionary<string, int>>(d => d.TryGetValue(null!, out _));
        Same<IDictionary<string, int>>(d => string.Join(",", d.Keys.Order(StringComparer.Ordinal)));
        Same<IDictionary<string, int>>(d => string.Join(",", d.Values.Order()));
    }

    [Fact]
    public void ICollection_of_pairs_behaves_as_Dictionarys()
    {
        Same<ICollection<KeyValuePair<string, int>>>(c => c.Count);
        Same<ICollection<KeyValuePair<string, int>>>(c => c.IsReadOnly);
        Same<ICollection<KeyValuePair<string, int>>>(c => Do(() => c.Add(new("x", 9))));
        Same<ICollection<KeyValuePair<string, int>>>(c => Do(() => c.Add(new("a", 9))));
        Same<ICollection<KeyValuePair<string, int>>>(c => Do(() => c.Add(new(null!, 9))));
        Same<ICollection<KeyValuePair<string, int>>>(c => c.Contains(new("a", 1)));
        Same<ICollection<KeyValuePair<string, int>>>(c => c.Contains(new("a", 2)));
        Same<ICollection<KeyValuePair<string, int>>>(c => c.Contains(new("x", 0)));
        Same<ICollection<KeyValuePair<string, int>>>(c => c.Remove(new("a", 1)));
        Same<ICollection<KeyValuePair<string, int>>>(c => c.Remove(new("a", 2)));
        Same<ICollection<KeyValuePair<string, int>>>(c => c.Remove(new("x", 0)));
        Same<ICollection<KeyValuePair<string, int>>>(c => c.Remove(new(null!, 0)));
        Same<ICollection<KeyValuePair<string, int>>>(c => Do(c.Clear));
        Same<ICollection<KeyValuePair<string, int>>>(c => Copied(new KeyValuePair<string, int>[5], array => c.CopyTo(array, 1)));
        Same<ICollection<KeyValuePair<string, int>>>(c => Do(() => c.CopyTo(new KeyValuePair<string, int>[3], 1)));
        Same<ICollection<KeyValuePair<string, int>>>(c => Do(() => c.CopyTo(new KeyValuePair<string, int>[3], -1)));
        Same<ICollection<KeyValuePair<string, int>>>(c => Do(() => c.CopyTo(new KeyValuePair<string, int>[3], 4)));
        Same<ICollection<KeyValuePair<string, int>>>(c => Do(() => c.CopyTo(null!, 0)));
    }

    [Fact]
    public void IReadOnlyDictionary_behaves_as_Dictionarys()
    {
        Same<IReadOnlyDictionary<string, int>>(d => d.Count);
        Same<IReadOnlyDictionary<string, int>>(d => d["b"]);
        Same<IReadOnlyDictionary<string, int>>(d => d["x"]);
        Same<IReadOnlyDictionary<string, int>>(d => d.ContainsKey("b"));
        Same<IReadOnlyDictionary<string, int>>(d => string.Join(",", d.Keys.Order(StringComparer.Ordinal)));
        Same<IReadOnlyDictionary<string, int>>(d => string.Join(",", d.Values.Order()));
    }

    [Fact]
    public void The_untyped_IDictionary_behaves_as_Dictionarys()
    {
        Same<IDictionary>(d => d["a"]);
        Same<IDictionary>(d => d["x"]);
        Same<IDictionary>(d => d[7]);
        Same<IDictionary>(d => d[null!]);
        Same<IDictionary>(d => d["a"] = 9);
        Same<IDictionary>(d => d["a"] = "text");
        Same<IDictionary>(d => d["a"] = null);
        Same<IDictionary>(d => d[7] = 9);
        Same<IDictionary>(d => d[null!] = 9);
        Same<IDictionary>(d => Do(() => d.Add("x", 9)));
        Same<IDictionary>(d => Do(() => d.Add("a", 9)));
        Same<IDictionary>(d => Do(() => d.Add("x", "text")));
        Same<IDictionary>(d => Do(() => d.Add("x", null)));
        Same<IDictionary>(d => Do(() => d.Add(7, 9)));
        Same<IDictionary>(d => Do(() => d.Add(null!, 9)));
        Same<IDictionary>(d => d.Contains("a"));
        Same<IDictionary>(d => d.Contains("x"));
        Same<IDictionary>(d => d.Contains(7));
        Same<IDictionary>(d => d.Contains(null!));
        Same<IDictionary>(d => Do(() => d.Remove("a")));
        Same<IDictionary>(d => Do(() => d.Remove("x")));
        Same<IDictionary>(d => Do(() => d.Remove(7)));
        Same<IDictionary>(d => Do(() => d.Remove(null!)));
        Same<IDictionary>(d => d.IsFixedSize);
        Same<IDictionary>(d => d.IsReadOnly);
        Same<IDictionary>(d => d.IsSynchronized);
        Same<IDictionary>(d => d.SyncRoot is not null && ReferenceEquals(d.SyncRoot, d.SyncRoot));
        Same<IDictionary>(d => string.Join(",", d.Keys.Cast<string>().Order(StringComparer.Ordinal)));
        Same<IDictionary>(d => string.Join(",", d.Values.Cast<int>().Order()));
        Same<IDictionary>(d => d.GetEnumerator() is { } e && e.MoveNext() && e.Current is DictionaryEntry entry && entry.Equals(e.Entry) && Equals(e.Key, entry.Key) && Equals(e.Value, entry.Value));
        Same<IEnumerable>(d => d.GetEnumerator() is { } e && e.MoveNext() && e.Current is KeyValuePair<string, int>);
    }

    [Fact]
    public void The_untyped_ICollection_behaves_as_Dictionarys()
    {
        Same<ICollection>(c => Copied(new KeyValuePair<string, int>[4], array => c.CopyTo(array, 1)));
        Same<ICollection>(c => Copied(new DictionaryEntry[3], array => c.CopyTo(array, 0)));
        Same<ICollection>(c => Copied(new object[3], array => c.CopyTo(array, 0)));
        Same<ICollection>(c => Do(() => c.CopyTo(new string[3], 0)));
        Same<ICollection>(c => Do(() => c.CopyTo(new int[3], 0)));
        Same<ICollection>(c => Do(() => c.CopyTo(new object[2], 0)));
        Same<ICollection>(c => Do(() => c.CopyTo(new object[3], -1)));
        Same<ICollection>(c => Do(() => c.CopyTo(new KeyValuePair<string, int>[3, 1], 0)));
        Same<ICollection>(c => Do(() => c.CopyTo(null!, 0)));
    }

    [Fact]
    public void The_views_behave_as_Dictionarys()
    {
        Same<IDictionary<string, int>>(d => Expect.View(d.Keys).Contains("a"));
        Same<IDictionary<string, int>>(d => Expect.View(d.Keys).Contains("x"));
        Same<IDictionary<string, int>>(d => Expect.View(d.Values).Contains(2));
        Same<IDictionary<string, int>>(d => Expect.View(d.Values).Contains(9));
        Same<IDictionary<string, int>>(d => (d.Keys.Count, d.Values.Count));
        Same<IDictionary<string, int>>(d => (d.Keys.IsReadOnly, d.Values.IsReadOnly));
        Same<IDictionary<string, int>>(d => Do(() => d.Keys.Add("x")));
        Same<IDictionary<string, int>>(d => d.Keys.Remove("a"));
        Same<IDictionary<string, int>>(d => Do(d.Keys.Clear));
        Same<IDictionary<string, int>>(d => Do(() => d.Values.Add(1)));
        Same<IDictionary<string, int>>(d => d.Values.Remove(1));
        Same<IDictionary<string, int>>(d => Do(d.Values.Clear));
        Same<IDictionary<string, int>>(d => Copied(new string[4], array => d.Keys.CopyTo(array, 1)));
        Same<IDictionary<string, int>>(d => Copied(new int[3], array => d.Values.CopyTo(array, 0)));
        Same<IDictionary<string, int>>(d => Do(() => d.Keys.CopyTo(new string[2], 0)));
        Same<IDictionary<string, int>>(d => Do(() => d.Values.CopyTo(new int[3], -1)));
        Same<IDictionary<string, int>>(d => Do(() => d.Values.CopyTo(null!, 0)));
        Same<IDictionary>(d => Copied(new object[3], array => d.Keys.CopyTo(array, 0)));
        Same<IDictionary>(d => Do(() => d.Keys.CopyTo(new Version[3], 0)));
        Same<IDictionary>(d => Do(() => d.Values.CopyTo(new string[3], 0)));
        Same<IDictionary>(d => Do(() => d.Values.CopyTo(new long[3], 0)));
        Same<IDictionary>(d => (d.Keys.IsSynchronized, d.Keys.Count));
    }

    [Fact]
    public void The_views_are_live()
    {
        GuardedMap<string, int> map = Map();
        GuardedMap<string, int>.KeyCollection keys = map.Keys;
        GuardedMap<string, int>.ValueCollection values = map.Values;
        map["d"] = 4;
        map.Remove("a");
        Assert.Equal(3, keys.Count);
        Assert.Equal(["b", "c", "d"], keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal([2, 3, 4], values.Order());
        Assert.Same(keys, map.Keys);
    }

    [Fact]
    public void A_search_that_a_write_comes_into_fails_as_a_whole_under_every_setting()
    {
        foreach (IterationContract unleased in (IterationContract[])[IterationContract.FailFast, IterationContract.Tolerate, IterationContract.Snapshot])
        {
            var comparer = new WritingComparer();
            // The values' own Equals writes, as the worst of neighbours would.
            var values = new GuardedMap<int, WritingComparer.Value>(new MapOptions<int> { UnleasedContract = unleased });
            for (int i = 0; i < 20; i++) values[i] = new WritingComparer.Value(comparer, i);
            comparer.OnEquals = () => values[99] = new WritingComparer.Value(comparer, 99);
            Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => values.ContainsValue(new WritingComparer.Value(comparer, -1)));
            comparer.OnEquals = null;
            Assert.Equal(21, values.Count);
        }
    }

    [Fact]
    public void A_null_value_is_a_value_like_any_other()
    {
        var map = new GuardedMap<string, string?>(StringComparer.Ordinal) { ["a"] = null };
        Assert.True(map.TryGetValue("a", out string? value));
        Assert.Null(value);
        Assert.True(map.ContainsValue(null));
        Assert.False(map.ContainsValue("x"));
        ((IDictionary)map)["b"] = null;
        Assert.Equal(2, map.Count);
        Assert.Null(map.GetOrAdd("a", "x"));
    }

    [Fact]
    public void The_messages_name_the_key_the_map_and_the_types()
    {
        var map = new GuardedMap<string, int>(new MapOptions<string> { Name = "stock" }) { ["a"] = 1 };
        Assert.Contains("'x' is not in the map 'stock'", Assert.Throws<KeyNotFoundException>(() => map["x"]).Message, StringComparison.Ordinal);
        Assert.Contains("'a' is already in the map 'stock'", Assert.Throws<ArgumentException>(() => map.Add("a", 2)).Message, StringComparison.Ordinal);
        Assert.Contains("System.String, not System.Int32", Assert.Throws<ArgumentException>(() => ((IDictionary)map).Add(7, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("System.Int32, not System.String", Assert.Throws<ArgumentException>(() => ((IDictionary)map).Add("b", "2")).Message, StringComparison.Ordinal);
        Assert.Contains("'stock'", Assert.Throws<NotSupportedException>(() => Expect.View(map.Keys).Clear()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructors_take_entries_and_refuse_doubles_and_nulls()
    {
        Assert.Equal(3, new GuardedMap<string, int>(s_entries).Count);
        Assert.Equal(3, new GuardedMap<string, int>(s_entries.Where(_ => true)).Count);
        Assert.Throws<ArgumentException>(() => new GuardedMap<string, int>([new("a", 1), new("A", 2)], StringComparer.OrdinalIgnoreCase));
        Assert.Throws<ArgumentNullException>(() => new GuardedMap<string, int>((IEnumerable<KeyValuePair<string, int>>)null!));
        Assert.Throws<ArgumentNullException>(() => new GuardedMap<string, int>((MapOptions<string>)null!));
        Assert.Throws<ArgumentNullException>(() => new GuardedMap<string, int>([new(null!, 1)]));
        Assert.Same(StringComparer.OrdinalIgnoreCase, new GuardedMap<string, int>(StringComparer.OrdinalIgnoreCase).Comparer);
        Assert.Same(EqualityComparer<int>.Default, new GuardedMap<int, int>().Comparer);
    }

    [Fact]
    public void Null_callbacks_and_keys_are_refused_before_anything_is_done()
    {
        GuardedMap<string, int> map = Map();
        long version = map.Version;
        Action[] calls =
        [
            () => map.GetOrAdd("a", null!), () => map.GetOrAdd(null!, 1), () => map.GetOrAdd(null!, _ => 1),
            () => map.AddOrUpdate("a", 1, null!), () => map.AddOrUpdate(null!, 1, (_, _) => 1),
            () => map.Update("a", null!), () => map.Update(null!, (_, _) => 1), () => map.Increment(null!),
            () => map.TryAdd(null!, 1), () => map.Remove(null!, out _), () => map.Get(null!), () => map.TryGet(null!, out _),
        ];
        foreach (Action call in calls) Assert.Throws<ArgumentNullException>(call);
        Assert.Equal(version, map.Version);
        using (map.Iterate(IterationContract.Defer))
        {
            map["d"] = 1;
            foreach (Action call in calls) Assert.Throws<ArgumentNullException>(call);
        }

        Assert.Equal(4, map.Count);
    }

    [Fact]
    public void EnsureCapacity_makes_room_and_TrimExcess_gives_it_back()
    {
        var map = new GuardedMap<int, int>();
        var dictionary = new Dictionary<int, int>();
        Assert.Equal(0, map.EnsureCapacity(0));
        Assert.True(map.EnsureCapacity(100) >= 100 && dictionary.EnsureCapacity(100) >= 100);
        int buckets = map.GetLayout().Buckets.Count;
        for (int i = 0; i < 100; i++) map[i] = i;
        Assert.Equal(buckets, map.GetLayout().Buckets.Count);

        // Less than there is changes nothing, not even the version.
        long version = map.Version;
        Assert.Equal(map.EnsureCapacity(0), map.EnsureCapacity(50));
        Assert.Equal(version, map.Version);

        int room = map.EnsureCapacity(10_000);
        Assert.True(room >= 10_000);
        Assert.Equal(Enumerable.Range(0, 100), map.Keys.Order());
        map.CheckInvariants();
        map.TrimExcess();
        Assert.Equal(buckets, map.GetLayout().Buckets.Count);
        Assert.Equal(Enumerable.Range(0, 100), map.Keys.Order());
        map.CheckInvariants();

        // Clear keeps the room, as Dictionary's does; trimming an empty map gives back all.
        map.Clear();
        Assert.Equal(buckets, map.GetLayout().Buckets.Count);
        Assert.Empty(map);
        map.TrimExcess();
        Assert.Empty(map.GetLayout().Buckets);
        map[1] = 1;
        Assert.Single(map);
    }

    [Theory]
    [InlineData(104)]
    [InlineData(105)]
    [InlineData(110)]
    public void A_resize_at_any_moment_of_growth_keeps_every_entry(int count)
    {
        foreach (int capacity in (int[])[0, 1, 104, 105, 1000])
        {
            GuardedMap<string, int> map = new(StringComparer.OrdinalIgnoreCase);
            for (int i = 0; i < count; i++) map[$"k{i}"] = i;
            if (capacity == 0) map.TrimExcess();
            else Assert.True(map.EnsureCapacity(capacity) >= Math.Max(count, capacity));
            Assert.Equal(count, map.Count);
            for (int i = 0; i < count; i++) Assert.Equal(i, map[$"K{i}"]);
            map.CheckInvariants();
        }
    }

    [Fact]
    public void Numbers_of_every_kind_are_incremented_in_their_own_kind()
    {
        Assert.Equal(6, new GuardedMap<int, int> { [1] = 5 }.Increment(1));
        Assert.Equal(3L, new GuardedMap<int, long> { [1] = 5 }.Increment(1, -2));
        Assert.Equal(6.5, new GuardedMap<int, double> { [1] = 5.5 }.Increment(1));
        Assert.Equal(6.5m, new GuardedMap<int, decimal> { [1] = 5.5m }.Increment(1));
        Assert.Equal(ulong.MaxValue, new GuardedMap<int, ulong> { [1] = ulong.MaxValue - 1 }.Increment(1));
        Assert.Equal((byte)6, new GuardedMap<int, byte> { [1] = 5 }.Increment(1));
        Assert.Equal((short)-1, new GuardedMap<int, short>().Increment(1, -1));
        Assert.Equal(6u, new GuardedMap<int, uint> { [1] = 5 }.Increment(1));
        Assert.Equal(new System.Numerics.BigInteger(6), new GuardedMap<int, System.Numerics.BigInteger> { [1] = 5 }.Increment(1));
        Assert.Equal(1, new GuardedMap<int, object>().Increment(1));
        Assert.Equal(6.5f, new GuardedMap<int, object> { [1] = 5.5f }.Increment(1));
        Assert.Throws<InvalidOperationException>(() => new GuardedMap<int, string> { [1] = "x" }.Increment(1));
    }

    [Fact]
    public void A_debugger_sees_the_entries_without_a_lease()
    {
        GuardedMap<string, int> map = Map();
        DebuggerTypeProxyAttribute proxy = typeof(GuardedMap<string, int>).GetCustomAttribute<DebuggerTypeProxyAttribute>()!;
        Type type = Type.GetType(proxy.ProxyTypeName)!.MakeGenericType(typeof(string), typeof(int));
        object view = Activator.CreateInstance(type, map)!;
        using MapIterator<string, int> iterator = map.Iterate();
        var entries = (KeyValuePair<string, int>[])type.GetProperty("Entries")!.GetValue(view)!;
        Assert.Equal(s_entries, entries.OrderBy(entry => entry.Key, StringComparer.Ordinal));
        iterator.Dispose();
        map["d"] = 4;
        DebuggerDisplayAttribute display = typeof(GuardedMap<string, int>).GetCustomAttribute<DebuggerDisplayAttribute>()!;
        Assert.Equal("{Name}: Count = {Count}", display.Value);
    }

    [Fact]
    public void The_untyped_face_says_what_the_map_is()
    {
        var map = new GuardedMap<string, int>(new MapOptions<string> { Name = "x", Contract = IterationContract.Defer, UnleasedContract = IterationContract.Tolerate, Trace = true });
        IGuardedMap face = map;
        Assert.Equal(
            ("x", IterationContract.Defer, IterationContract.Tolerate, MapProtection.Guarded, true, typeof(string), typeof(int)),
            (face.Name, face.Contract, face.UnleasedContract, face.Protection, face.IsTraced, face.KeyType, face.ValueType));
        map["a"] = 1;
        Assert.Equal(map.Version, face.Version);
        Assert.Equal(1, face.GetLayout().Count);
        Assert.NotEmpty(face.GetEvents());
        face.CheckInvariants();
        using IMapIterator iterator = face.CreateIterator(IterationContract.Reject, seed: 1, bound: true);
        Assert.Equal(IteratorState.Nil, iterator.State);
        Assert.True(iterator.MoveNext());
        Assert.Equal("a", iterator.Entry.Key);
    }

    private static object? Do(Action action)
    {
        action();
        return null;
    }

    private static string Copied<T>(T[] array, Action<T[]> copy)
    {
        copy(array);
        return string.Join(";", array.Select(item => item switch
        {
            DictionaryEntry entry => $"{entry.Key}={entry.Value}",
            KeyValuePair<string, int> pair => $"{pair.Key}={pair.Value}",
            _ => item?.ToString(),
        }).Order(StringComparer.Ordinal));
    }

    /// <summary>Values whose own equality calls back.</summary>
    private sealed class WritingComparer
    {
        public Action? OnEquals { get; set; }

        public sealed class Value(WritingComparer owner, int number) : IEquatable<Value>
        {
            private int Number => number;

            public bool Equals(Value? other)
            {
                owner.OnEquals?.Invoke();
                return other is not null && other.Number == number;
            }

            public override bool Equals(object? obj) => Equals(obj as Value);

            public override int GetHashCode() => number;
        }
    }
}
