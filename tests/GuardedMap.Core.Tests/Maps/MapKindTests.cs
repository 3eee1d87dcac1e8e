using System.Collections;

namespace GuardedMaps.Tests.Maps;

/// <summary>What every map shows to those who know it as an <see cref="IMap"/> only, and what a shell's user gets.</summary>
public sealed class MapKindTests
{
    public static TheoryData<MapKind> Kinds => [.. Enum.GetValues<MapKind>()];

    public static TheoryData<MapKind> Others => [MapKind.Snapshot, MapKind.Sync, MapKind.Ordered];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_map_says_what_it_is(MapKind kind)
    {
        IMap typed = Typed(kind), shell = Shell(kind);
        Assert.Equal((kind, typeof(string), typeof(int)), (typed.Kind, typed.KeyType, typed.ValueType));
        Assert.Equal((kind, typeof(object), typeof(object)), (shell.Kind, shell.KeyType, shell.ValueType));
        Assert.False(typed.IsTraced);
        Assert.Empty(typed.GetEvents());
        Assert.IsAssignableFrom<MapBase>(typed);
        IterationContract contract = kind switch
        {
            MapKind.Guarded => IterationContract.Reject,
            MapKind.Snapshot => IterationContract.Snapshot,
            _ => IterationContract.WeaklyConsistent,
        };
        Assert.Equal((contract, contract), (typed.Contract, shell.Contract));
        Assert.Equal(kind == MapKind.Guarded, typed is IGuardedMap);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Atomic_updates_are_there_for_keys_and_values_of_any_type(MapKind kind)
    {
        foreach (IMap map in new[] { Typed(kind), Shell(kind) })
        {
            Assert.Equal(3, map.Increment("n", 3));
            Assert.Equal(7, map.AddOrUpdate("n", present => (int)present! + 4));
            Assert.Equal(1, map.AddOrUpdate("new", present => present is null ? 1 : 2));
            Assert.Equal(7, map["n"]);
            map.CheckInvariants();
        }

        IMap lists = Shell(kind);
        lists.Append("l", "a");
        Assert.Equal(["a", "b"], ((IEnumerable)lists.Append("l", "b")!).Cast<object>());

        var wrong = Assert.Throws<ArgumentException>(() => Typed(kind).Increment(5));
        Assert.Contains("System.String", wrong.Message, StringComparison.Ordinal);
        IMap unchanged = Typed(kind);
        Assert.Throws<ArgumentException>(() => unchanged.AddOrUpdate("k", _ => "no number"));
        Assert.Empty(unchanged);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_iteration_writes_through_its_cursor(MapKind kind)
    {
        foreach (IMap map in new[] { Typed(kind), Shell(kind) })
        {
            for (int i = 0; i < 100; i++) map[$"k{i}"] = i;
            var seen = new HashSet<object?>();
            using (IMapIteration iteration = map.Iterate())
            {
                while (iteration.MoveNext())
                {
                    Assert.True(seen.Add(iteration.Entry.Key));
                    if ((int)iteration.Entry.Value! % 2 == 0) Assert.True(iteration.Entry.Remove());
                    else iteration.Entry.Value = -(int)iteration.Entry.Value;
                }

                Assert.False(iteration.MoveNext());
            }

            Assert.Equal(100, seen.Count);
            Assert.Equal(50, map.Count);
            Assert.All(map.Values.Cast<int>(), value => Assert.True(value < 0));
            map.CheckInvariants();
        }
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void A_cursor_does_not_bring_a_removed_key_back(MapKind kind)
    {
        IMap map = Typed(kind);
        map["a"] = 1;
        using IMapIteration iteration = map.Iterate();
        Assert.Throws<InvalidOperationException>(() => iteration.Entry);
        Assert.True(iteration.MoveNext());
        var cursor = (MapCursor<string, int>)iteration.Entry;
        map.Remove("a");
        Assert.False(cursor.SetValue(5));
        Assert.Equal(1, cursor.Value);
        Assert.False(cursor.Remove());
        Assert.Empty(map);
        Assert.Throws<ArgumentException>(() => ((IMapEntry)cursor).Value = "no number");
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void A_contract_that_the_kind_does_not_have_is_refused_and_the_one_it_has_is_named(MapKind kind)
    {
        IMap map = Typed(kind);
        using (IMapIteration same = map.Iterate(map.Contract)) Assert.Equal(map.Contract, same.Contract);
        foreach (IterationContract other in Enum.GetValues<IterationContract>().Where(c => c != map.Contract))
        {
            var refused = Assert.Throws<ArgumentException>(() => map.Iterate(other));
            Assert.Contains($"{kind}, whose iterations all have the contract {map.Contract}, and {other} was asked for", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void An_iteration_is_over_when_it_is_disposed_of(MapKind kind)
    {
        IMap map = Typed(kind);
        for (int i = 0; i < 10; i++) map[$"{i}"] = i;
        IMapIteration iteration = map.Iterate();
        Assert.True(iteration.MoveNext());
        iteration.Dispose();
        Assert.False(iteration.MoveNext());
        iteration.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_snapshot_stays_as_it_is_and_says_what_it_is(MapKind kind)
    {
        foreach (IMap map in new[] { Typed(kind, "prices"), Shell(kind, "prices") })
        {
            for (int i = 0; i < 50; i++) map[$"k{i}"] = i;
            IMapSnapshot snapshot = map.GetSnapshot();
            object?[] before = [.. map.Keys];
            map["k0"] = -1;
            map.Remove("k1");
            map["k50"] = 50;
            Assert.Equal("prices", snapshot.MapName);
            Assert.Equal(kind is MapKind.Guarded or MapKind.Snapshot, snapshot.IsOneMoment);
            Assert.Equal(kind is MapKind.Guarded or MapKind.Snapshot, snapshot.Version > 0);
            Assert.Equal(50, snapshot.Count);
            Assert.Equal(0, snapshot["k0"]);
            Assert.Equal(1, snapshot["k1"]);
            Assert.True(snapshot.Contains("k1"));
            Assert.False(snapshot.Contains("k50"));
            Assert.Null(snapshot["k50"]);
            Assert.Null(snapshot[7]);
            var entries = new DictionaryEntry[50];
            snapshot.CopyTo(entries, 0);
            Assert.Equal(snapshot.Keys.Cast<object>(), entries.Select(e => e.Key));
            if (kind == MapKind.Ordered) Assert.Equal(before, snapshot.Keys.Cast<object>());
            Assert.Throws<NotSupportedException>(() => snapshot.Add("x", 1));
            Assert.Throws<NotSupportedException>(() => snapshot["k0"] = 1);
            Assert.Throws<NotSupportedException>(() => snapshot.Remove("k0"));
            Assert.Throws<NotSupportedException>(snapshot.Clear);
        }
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void A_traced_map_tells_of_its_writes(MapKind kind)
    {
        IMap map = Shell(kind, trace: true);
        map["a"] = 1;
        map["a"] = 2;
        map.Increment("n");
        map.Increment("n");
        map.Remove("a");
        map.Remove("a");
        map.Clear();
        Assert.True(map.IsTraced);
        Assert.Equal(
            ["inserted", "updated", "inserted", "updated", "removed", "cleared"],
            map.GetEvents().Where(e => e.Point is not (ProbePoint.DirtyMade or ProbePoint.DirtyPromoted or ProbePoint.MissCounted)).Select(e => (object)e.Text));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_shells_map_is_what_a_hashtable_is(MapKind kind)
    {
        IDictionary map = Shell(kind);
        map["Key"] = 1;
        map["kEY"] = 2;
        map[1] = "int";
        map[1L] = "long";
        Assert.Equal(3, map.Count);
        Assert.Equal(2, map["KEY"]);
        Assert.Null(map["missing"]);
        Assert.Null(map[2.5]);
        Assert.All(map.Cast<object>(), entry => Assert.IsType<DictionaryEntry>(entry));
        var copied = new object[3];
        map.CopyTo(copied, 0);
        Assert.All(copied, entry => Assert.IsType<DictionaryEntry>(entry));
        Assert.Equal("Key", map.Keys.OfType<string>().Single());
        var clone = (IDictionary)((ICloneable)map).Clone();
        map.Remove("KEY");
        Assert.Equal((2, 3, map.GetType()), (map.Count, clone.Count, clone.GetType()));
        lock (map.SyncRoot) map["x"] = 1;
        Assert.Throws<ArgumentNullException>(() => map[null!] = 1);
        Assert.Throws<ArgumentNullException>(() => map.Contains(null!));
        Assert.Throws<ArgumentNullException>(() => map.Remove(null!));
        ((IMap)map).CheckInvariants();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_shells_map_is_made_of_a_hashtable_and_not_of_one_with_colliding_keys(MapKind kind)
    {
        IDictionary made = From(kind, new Hashtable { ["a"] = 1, [2] = "two" });
        Assert.Equal((2, 1, "two"), (made.Count, made["A"], made[2]));
        Assert.Throws<ArgumentException>(() => From(kind, new Hashtable { ["a"] = 1, ["A"] = 2 }));
        Assert.Throws<ArgumentNullException>(() => From(kind, null!));
    }

    [Fact]
    public void An_ordered_shells_map_orders_keys_of_any_type_and_refuses_those_without_an_order()
    {
        var map = new OrderedMap(new Hashtable { ["b"] = 1, [10] = 2, ["A"] = 3, [9.5] = 4 });
        Assert.Equal([9.5, 10, "A", "b"], map.Keys);
        Assert.Equal(9.5, map.GetFirst()!.Value.Key);
        Assert.Equal("b", map.GetLast()!.Value.Key);
        Assert.Equal(10, map.GetFloor(11)!.Value.Key);
        Assert.Equal("A", map.GetCeiling(11)!.Value.Key);
        Assert.Null(map.GetFloor(9));
        Assert.Equal([2, 3], map.GetRange(10, "a").Select(e => e.Value));

        var empty = new OrderedMap();
        var key = new Uri("urn:a");
        Assert.Throws<KeyOrderException>(() => empty[key] = 1);
        Assert.Throws<KeyOrderException>(() => empty.Add(key, 1));
        Assert.Throws<KeyOrderException>(() => empty.Increment(key));
        Assert.Throws<KeyOrderException>(() => empty.GetFloor(key));
        Assert.Empty((IDictionary)empty);
        // What cannot be there is not there.
        Assert.Null(empty[key]);
        Assert.False(map.ContainsKey(key));
        map.Remove(key);
        Assert.False(map.Remove(key, out _));
        Assert.Equal(4, map.Count);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void An_array_is_made_while_the_map_grows_and_shrinks(MapKind kind)
    {
        var map = (MapBase<string, int>)Typed(kind);
        map["stays"] = 1;
        bool stop = false;
        var writer = MapThreads.Begin(1, _ =>
        {
            for (int i = 0; !Volatile.Read(ref stop); i++)
            {
                if (i % 200 < 100) map[$"k{i % 100}"] = i;
                else map.Remove($"k{i % 100}");
            }
        });
        for (int i = 0; i < 2_000; i++)
        {
            var entries = map.ToArray();
            Assert.All(entries, e => Assert.NotNull(e.Key));
            Assert.Single(entries, e => e.Key == "stays");
        }

        Volatile.Write(ref stop, true);
        MapThreads.End(writer);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Two_threads_cannot_step_one_iteration_at_once(MapKind kind)
    {
        // The comparer of nobody runs while an iteration steps, so this one is held up by its own enumerator.
        using var inside = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var iteration = new MapIteration<string, int>((MapBase<string, int>)Typed(kind), Slow());
        var first = Task.Run(iteration.MoveNext);
        Assert.True(inside.Wait(TimeSpan.FromSeconds(30)));
        Assert.Throws<InvalidOperationException>(() => iteration.MoveNext());
        go.Set();
        Assert.True(await first);
        Assert.Equal("a", iteration.Entry.Key);

        IEnumerator<KeyValuePair<string, int>> Slow()
        {
            inside.Set();
            go.Wait();
            yield return KeyValuePair.Create("a", 1);
        }
    }

    private static IMap Typed(MapKind kind, string? name = null) => kind switch
    {
        MapKind.Guarded => new GuardedMap<string, int>(new MapOptions<string> { Name = name }),
        MapKind.Snapshot => new SnapshotMap<string, int>(name: name),
        MapKind.Sync => new SyncMap<string, int>(name: name),
        _ => new OrderedMap<string, int>(name: name),
    };

    private static IMap Shell(MapKind kind, string? name = null, bool trace = false) => kind switch
    {
        MapKind.Guarded => new GuardedMap(new MapOptions<object> { Name = name, Trace = trace }),
        MapKind.Snapshot => new SnapshotMap(new SnapshotMapOptions<object> { Name = name, Trace = trace }),
        MapKind.Sync => new SyncMap(new SyncMapOptions<object> { Name = name, Trace = trace }),
        _ => new OrderedMap(new OrderedMapOptions<object> { Name = name, Trace = trace }),
    };

    private static IDictionary From(MapKind kind, IDictionary entries) => kind switch
    {
        MapKind.Guarded => new GuardedMap(entries),
        MapKind.Snapshot => new SnapshotMap(entries),
        MapKind.Sync => new SyncMap(entries),
        _ => new OrderedMap(entries),
    };
}
