using System.Collections;
using System.Diagnostics;
using System.Runtime.Serialization;
using System.Text.Json;

namespace GuardedMaps.Tests.Maps;

/// <summary>What .NET's own maps have, on maps of every kind.</summary>
public sealed class ParityTests
{
    private static readonly Func<string, int, long, int> s_add = static (_, present, by) => present + (int)by;

    public static TheoryData<string> Kinds => ["Guarded", "Synchronized", "None", "Snapshot", "Sync", "Ordered"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_pair_is_removed_and_replaced_only_while_it_is_one(string kind)
    {
        Face map = Make(kind);
        Assert.True(map.IsEmpty());
        map.Entries["a"] = 1;
        Assert.False(map.IsEmpty());
        Assert.False(map.TryRemovePair(new("a", 2)));
        Assert.False(map.TryUpdate("a", 5, 2));
        Assert.False(map.TryUpdate("b", 5, 0));
        Assert.Equal(1, map.Entries["a"]);
        Assert.True(map.TryUpdate("a", 5, 1));
        Assert.Equal(5, map.Entries["a"]);
        Assert.True(map.TryRemovePair(new("a", 5)));
        Assert.True(map.IsEmpty());
        map.Entries["a"] = 7;
        Assert.Equal((true, 7), map.TryRemove("a"));
        Assert.Equal((false, 0), map.TryRemove("a"));
        map.Check();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Callbacks_are_given_their_argument(string kind)
    {
        Face map = Make(kind);
        Assert.Equal(41, map.GetOrAdd("a", static (_, by) => (int)by, 41));
        Assert.Equal(41, map.GetOrAdd("a", static (_, by) => (int)by, 7));
        Assert.Equal(3, map.AddOrUpdate("b", static (_, by) => (int)by, s_add, 3));
        Assert.Equal(7, map.AddOrUpdate("b", static (_, by) => (int)by, s_add, 4));
        Assert.True(map.Update("b", static (_, present) => present * 2));
        Assert.False(map.Update("c", static (_, present) => present * 2));
        Assert.Equal(14, map.Entries["b"]);
        Assert.Equal(2, map.Entries.Count);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Room_is_made_and_given_back(string kind)
    {
        Face map = Make(kind);
        for (int i = 0; i < 100; i++) map.Entries["k" + i] = i;
        Assert.True(map.Capacity() >= 100);
        for (int i = 3; i < 100; i++) map.Entries.Remove("k" + i);
        Assert.Throws<ArgumentOutOfRangeException>(() => map.Trim(2));
        map.Trim(10);
        Assert.True(map.Capacity() is >= 3 and < 100, $"{map.Capacity()}");
        Assert.Equal(3, map.Entries.Count);
        Assert.Equal(2, map.Entries["k2"]);
        map.Entries["k3"] = 3;
        map.Check();
    }

    [Fact]
    public void A_sync_map_keeps_the_room_it_was_made_with_and_forgets_what_was_removed()
    {
        var map = new SyncMap<string, int>(1000);
        Assert.True(map.Capacity >= 1000);
        map["a"] = 1;
        _ = map.ToArray();
        map.Remove("a");
        Assert.Equal(SyncEntryState.Removed, Assert.Single(map.GetLayout().Entries).State);
        map.TrimExcess();
        Assert.Empty(map.GetLayout().Entries);
        Assert.True(map.Capacity < 1000);
        Assert.True(map.EnsureCapacity(500) >= 500);
        map["b"] = 2;
        Assert.True(map.EnsureCapacity(5000) >= 5000);
        Assert.Equal(2, map["b"]);
        map.CheckInvariants();
        Assert.Throws<ArgumentOutOfRangeException>(() => new SyncMap<string, int>(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.EnsureCapacity(-1));
    }

    [Fact]
    public void A_sync_map_is_trimmed_while_others_write()
    {
        var map = new SyncMap<int, int>();
        MapThreads.Together(3, worker =>
        {
            for (int i = 0; i < 3000; i++)
            {
                int key = (worker * 10) + (i % 10);
                map[key] = i;
                Assert.Equal(i, map[key]);
                if (i % 3 == 0) Assert.True(map.Remove(key));
                if (i % 50 == worker) map.TrimExcess();
            }
        });
        map.CheckInvariants();
        Assert.Equal(map.Count, map.ToArray().Length);
    }

    [Fact]
    public void A_collection_expression_makes_a_map()
    {
        KeyValuePair<string, int>[] entries = [new("a", 1), new("b", 2)];
        GuardedMap<string, int> guarded = [.. entries, new("c", 3)];
        SnapshotMap<string, int> snapshot = [.. guarded.ToArray()];
        SyncMap<string, int> sync = [.. snapshot.ToArray()];
        OrderedMap<string, int> ordered = [.. sync.ToArray()];
        foreach (IDictionary<string, int> map in new IDictionary<string, int>[] { guarded, snapshot, sync, ordered })
        {
            Assert.Equal(3, map.Count);
            Assert.Equal(2, map["b"]);
        }

        Assert.Throws<ArgumentException>(() =>
        {
            SyncMap<string, int> twice = [.. entries, .. entries];
            return twice;
        });
    }

    [Theory]
    [InlineData(typeof(GuardedMap<string, int>))]
    [InlineData(typeof(SnapshotMap<string, int>))]
    [InlineData(typeof(SyncMap<string, int>))]
    [InlineData(typeof(OrderedMap<string, int>))]
    public void A_map_comes_back_from_what_it_was_written_to(Type type)
    {
        var map = (IDictionary<string, int>)Activator.CreateInstance(type)!;
        map["a"] = 1;
        map["b"] = 2;
        string json = JsonSerializer.Serialize(map, type);
        Same((IDictionary<string, int>)JsonSerializer.Deserialize(json, type)!);

        var contract = new DataContractSerializer(type);
        using var stream = new MemoryStream();
        contract.WriteObject(stream, map);
        stream.Position = 0;
        Same((IDictionary<string, int>)contract.ReadObject(stream)!);

        void Same(IDictionary<string, int> read)
        {
            Assert.IsType(type, read);
            Assert.Equal(2, read.Count);
            Assert.Equal(1, read["a"]);
            Assert.Equal(2, read["b"]);
        }
    }

    [Theory]
    [InlineData(typeof(GuardedMap))]
    [InlineData(typeof(SnapshotMap))]
    [InlineData(typeof(SyncMap))]
    [InlineData(typeof(OrderedMap))]
    public void A_shells_map_is_read_and_written_as_a_hashtable_is(Type type)
    {
        const string Json = """{"a":1,"b":null,"c":[1,2],"d":{"e":"f"}}""";
        var read = (IDictionary)JsonSerializer.Deserialize(Json, type)!;
        var table = JsonSerializer.Deserialize<Hashtable>(Json)!;
        Assert.IsType(type, read);
        Assert.Equal(table.Count, read.Count);
        foreach (string key in table.Keys) Assert.Equal(JsonSerializer.Serialize(table[key]), JsonSerializer.Serialize(read[key]));
        Assert.IsType<JsonElement>(read["A"]);
        Assert.Null(JsonSerializer.Deserialize("null", type));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("[1]", type));

        var written = (IDictionary)Activator.CreateInstance(type)!;
        written["x"] = 1;
        Assert.Equal("""{"x":1}""", JsonSerializer.Serialize(written, type));
        Assert.Equal("""{"Map":{"x":1}}""", JsonSerializer.Serialize(new { Map = (object)written }));
    }

    [Theory]
    [InlineData(typeof(GuardedMap<string, int>))]
    [InlineData(typeof(SnapshotMap<string, int>))]
    [InlineData(typeof(SyncMap<string, int>))]
    [InlineData(typeof(OrderedMap<string, int>))]
    public void A_debugger_is_shown_the_entries(Type type)
    {
        var map = (IDictionary<string, int>)Activator.CreateInstance(type)!;
        map["a"] = 1;
        var attribute = (DebuggerTypeProxyAttribute)type.GetCustomAttributes(typeof(DebuggerTypeProxyAttribute), inherit: true).Single();
        Type view = Type.GetType(attribute.ProxyTypeName)!.MakeGenericType(typeof(string), typeof(int));
        object shown = view.GetProperty("Entries")!.GetValue(Activator.CreateInstance(view, map))!;
        Assert.Equal([new("a", 1)], (KeyValuePair<string, int>[])shown);
    }

    [Fact]
    public void A_sync_map_whose_keys_are_never_equal_to_themselves_is_whole()
    {
        var map = new SyncMap<double, int>(new NeverEqual()) { [1.0] = 1 };
        map[1.0] = 2;
        map.CheckInvariants();
        Assert.Equal(2, map.ToArray().Length);
        map[1.0] = 3;
        map.CheckInvariants();
        Assert.Equal(3, map.Count);
    }

    [Fact]
    public void A_swap_that_is_deferred_is_answered_from_the_queue()
    {
        var map = new GuardedMap<string, int>(new MapOptions<string> { Contract = IterationContract.Defer }) { ["a"] = 1 };
        using (MapIterator<string, int> it = map.Iterate())
        {
            Assert.True(it.MoveNext());
            Assert.True(map.TryUpdate("a", 2, 1));
            Assert.False(map.TryUpdate("a", 3, 1));
            Assert.False(map.TryUpdate("b", 3, 1));
            Assert.Equal(1, map["a"]);
        }

        Assert.Equal(2, map["a"]);
        Assert.Single(map.ToArray());
    }

    private static Face Make(string kind) => kind switch
    {
        "Snapshot" => new KindFace(new SnapshotMap<string, int>()),
        "Sync" => new KindFace(new SyncMap<string, int>()),
        "Ordered" => new KindFace(new OrderedMap<string, int>()),
        _ => new GuardedFace(new GuardedMap<string, int>(new MapOptions<string> { Protection = Enum.Parse<MapProtection>(kind) })),
    };

    private sealed class NeverEqual : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => false;

        public int GetHashCode(double obj) => obj.GetHashCode();
    }

    /// <summary>The members under test, of whichever map.</summary>
    private abstract class Face(IDictionary<string, int> entries)
    {
        public IDictionary<string, int> Entries => entries;

        public abstract bool IsEmpty();

        public abstract int Capacity();

        public abstract (bool, int) TryRemove(string key);

        public abstract bool TryRemovePair(KeyValuePair<string, int> pair);

        public abstract bool TryUpdate(string key, int value, int comparison);

        public abstract int GetOrAdd(string key, Func<string, long, int> make, long argument);

        public abstract int AddOrUpdate(string key, Func<string, long, int> add, Func<string, int, long, int> update, long argument);

        public abstract bool Update(string key, Func<string, int, int> update);

        public abstract void Trim(int capacity);

        public abstract void Check();
    }

    private sealed class GuardedFace(GuardedMap<string, int> map) : Face(map)
    {
        public override bool IsEmpty() => map.IsEmpty;

        public override int Capacity() => map.Capacity;

        public override (bool, int) TryRemove(string key) => (map.TryRemove(key, out int value), value);

        public override bool TryRemovePair(KeyValuePair<string, int> pair) => map.TryRemove(pair);

        public override bool TryUpdate(string key, int value, int comparison) => map.TryUpdate(key, value, comparison);

        public override int GetOrAdd(string key, Func<string, long, int> make, long argument) => map.GetOrAdd(key, make, argument);

        public override int AddOrUpdate(string key, Func<string, long, int> add, Func<string, int, long, int> update, long argument) => map.AddOrUpdate(key, add, update, argument);

        public override bool Update(string key, Func<string, int, int> update) => map.Update(key, update);

        public override void Trim(int capacity) => map.TrimExcess(capacity);

        public override void Check() => map.CheckInvariants();
    }

    private sealed class KindFace(MapBase<string, int> map) : Face((IDictionary<string, int>)map)
    {
        public override bool IsEmpty() => map.IsEmpty;

        public override int Capacity() => map.Capacity;

        public override (bool, int) TryRemove(string key) => (map.TryRemove(key, out int value), value);

        public override bool TryRemovePair(KeyValuePair<string, int> pair) => map.TryRemove(pair);

        public override bool TryUpdate(string key, int value, int comparison) => map.TryUpdate(key, value, comparison);

        public override int GetOrAdd(string key, Func<string, long, int> make, long argument) => map.GetOrAdd(key, make, argument);

        public override int AddOrUpdate(string key, Func<string, long, int> add, Func<string, int, long, int> update, long argument) => map.AddOrUpdate(key, add, update, argument);

        public override bool Update(string key, Func<string, int, int> update) => map.Update(key, update);

        public override void Trim(int capacity) => map.TrimExcess(capacity);

        public override void Check() => map.CheckInvariants();
    }
}
