using System.Collections;
using System.Diagnostics;
using System.Reflection;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Collections;

/// <summary>What a guarded map's dictionary faces have beyond those of every map (<see cref="DictionaryConformance"/>).</summary>
public sealed class DictionaryFaceTests
{
    private static readonly KeyValuePair<string, int>[] s_entries = [new("a", 1), new("b", 2), new("c", 3)];

    private static GuardedMap<string, int> Map() => new(s_entries, StringComparer.Ordinal);

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
    [InlineData(80)]
    [InlineData(81)]
    [InlineData(86)]
    public void A_resize_at_any_moment_of_growth_keeps_every_entry(int count)
    {
        foreach (int capacity in (int[])[0, 1, 80, 81, 1000])
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
