using System.Collections;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

/// <summary>
/// A map made for a shell that swallows what a getter throws: the lookup gives the right value in the end, and the violation is thrown
/// by the same actor's next operation that can throw.
/// </summary>
[Collection(GlobalState.Name)]
public sealed class ShellMapTests : IDisposable
{
    private readonly GuardedMap _map = new(new MapOptions<object> { Name = "shell" }) { ["a"] = 1, ["b"] = 2 };

    public void Dispose() => MapHost.ActorLabel = null;

    /// <summary>Looks "new" up on the calling thread while another one is in the middle of writing it, and lets that one go on once the overlap is noticed.</summary>
    private object? ReadDuringAWrite(Func<object?>? read = null)
    {
        using var holder = new HeldThread(hold => _map.GetOrAdd("new", _ =>
        {
            hold();
            return "right";
        }));
        MapViolation? noticed = null;
        void Handler(object? sender, MapViolation violation)
        {
            noticed = violation;
            Assert.Null(holder.Release());
        }

        _map.ViolationDetected += Handler;
        object? value = (read ?? (() => _map["new"]))();
        _map.ViolationDetected -= Handler;
        Assert.Equal(MapViolationKind.ConcurrentReadAndWrite, noticed?.Kind);
        Assert.Equal(holder.ThreadId, noticed?.Holder?.ThreadId);
        Assert.Same(noticed, _map.LastViolation);
        return value;
    }

    public static TheoryData<string> NextOperations => [.. Next.Keys];

    private static Dictionary<string, Action<GuardedMap>> Next { get; } = new(StringComparer.Ordinal)
    {
        ["set"] = map => map["a"] = 9,
        ["Add"] = map => map.Add("c", 9),
        ["Remove"] = map => map.Remove("a"),
        ["Clear"] = map => map.Clear(),
        ["Increment"] = map => map.Increment("a"),
        ["GetOrAdd present"] = map => map.GetOrAdd("a", 9),
        ["GetOrAdd absent"] = map => map.GetOrAdd("c", 9),
        ["Update"] = map => map.Update("a", (_, _) => 9),
        ["Get"] = map => map.Get("a"),
        ["TryGet"] = map => map.TryGet("a", out _),
        ["Iterate"] = map => map.Iterate().Dispose(),
        ["GetEnumerator"] = map => map.GetEnumerator(),
        ["Keys"] = map => map.Keys.GetEnumerator().Dispose(),
        ["TrimExcess"] = map => map.TrimExcess(),
    };

    [Theory]
    [MemberData(nameof(NextOperations))]
    public void A_lookup_that_overlapped_a_write_is_right_and_the_actors_next_operation_throws_once(string operation)
    {
        Assert.Equal("right", ReadDuringAWrite());
        MapViolation latched = _map.LastViolation!;
        Assert.Equal(3, _map.Count);

        // Properties and lookups swallow what they throw, so they do not.
        Assert.Equal(1, _map["A"]);
        Assert.Equal(3, _map.Count);

        // Another actor has done nothing wrong.
        Elsewhere.RunWell(() => _map["other"] = 1);

        MapViolation thrown = Expect.Violation(MapViolationKind.ConcurrentReadAndWrite, () => Next[operation](_map));
        Assert.Same(latched, thrown);
        Assert.Equal(Environment.CurrentManagedThreadId, thrown.Offender.ThreadId);
        // The operation that threw was not done, and the next one is.
        Assert.Equal(4, _map.Count);
        Assert.Equal(1, _map["a"]);
        Assert.Equal("right", _map["new"]);
        Next[operation](_map);
        _map["d"] = 4;
        Assert.Equal(4, _map["d"]);
        _map.CheckInvariants();
    }

    [Fact]
    public void The_step_of_an_iterator_throws_what_was_latched_and_the_next_one_goes_on()
    {
        foreach (bool leased in (bool[])[true, false])
        {
            _map.Remove("new");
            IEnumerator iterator = leased ? _map.Iterate(IterationContract.Snapshot) : ((IEnumerable)_map.Keys).GetEnumerator();
            Assert.True(iterator.MoveNext());
            Assert.Equal("right", ReadDuringAWrite());
            Expect.Violation(MapViolationKind.ConcurrentReadAndWrite, () => iterator.MoveNext());
            if (leased) Assert.True(iterator.MoveNext());
            else Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => iterator.MoveNext());
        }
    }

    [Fact]
    public void Lookups_of_every_kind_latch()
    {
        (string Name, Func<object?> Read, object? Expected)[] lookups =
        [
            ("indexer", () => _map["NEW"], "right"),
            ("IDictionary", () => ((IDictionary)_map)["new"], "right"),
            ("TryGetValue", () => _map.TryGetValue("new", out object? value) ? value : null, "right"),
            ("ContainsKey", () => _map.ContainsKey("new"), true),
            ("Contains", () => ((IDictionary)_map).Contains("new"), true),
        ];
        foreach ((string name, Func<object?> read, object? expected) in lookups)
        {
            _map.Remove("new");
            Assert.True(Equals(expected, ReadDuringAWrite(read)), name);
            Expect.Violation(MapViolationKind.ConcurrentReadAndWrite, () => _map.Clear());
        }
    }

    [Fact]
    public void Get_and_TryGet_throw_at_once_and_latch_nothing()
    {
        using (var holder = new HeldThread(hold => _map.GetOrAdd("new", _ =>
        {
            hold();
            return "right";
        })))
        {
            Expect.Violation(MapViolationKind.ConcurrentReadAndWrite, () => _map.Get("a"));
            Expect.Violation(MapViolationKind.ConcurrentReadAndWrite, () => _map.TryGet("a", out _));
        }

        _map["a"] = 2;
        Assert.Equal(2, _map.Get("a"));
    }

    [Fact]
    public void Each_offender_gets_its_own_violation()
    {
        MapViolation? first = null;
        using var waiting = new HeldThread(hold =>
        {
            Assert.Equal("right", ReadDuringAWrite());
            first = _map.LastViolation;
            hold();
            Assert.Same(first, Expect.Violation(MapViolationKind.ConcurrentReadAndWrite, () => _map.Clear()));
            _map["theirs"] = 1;
        });
        _map.Remove("new");
        Assert.Equal("right", ReadDuringAWrite());
        MapViolation second = _map.LastViolation!;
        Assert.NotSame(first, second);
        Assert.Same(second, Expect.Violation(MapViolationKind.ConcurrentReadAndWrite, () => _map.Clear()));
        _map["ours"] = 1;
        Assert.Null(waiting.Release());
        Assert.Equal(1, _map["theirs"]);
        Assert.Equal(1, _map["ours"]);
    }

    [Fact]
    public void An_actor_with_a_label_is_known_by_it_on_whatever_thread_it_goes_on()
    {
        string label = "runspace 1";
        MapHost.ActorLabel = () => Volatile.Read(ref label);
        Assert.Equal("right", ReadDuringAWrite());
        // Another runspace on this very thread is somebody else.
        Volatile.Write(ref label, "runspace 2");
        _map["a"] = 5;
        Volatile.Write(ref label, "runspace 1");
        MapViolation violation = Expect.ViolationElsewhere(MapViolationKind.ConcurrentReadAndWrite, () => _map["a"] = 6);
        Assert.Equal("runspace 1", violation.Offender.Label);
        Assert.Equal(5, _map["a"]);
        _map["a"] = 7;
        Assert.Equal(7, _map["a"]);
    }

    [Fact]
    public void A_read_inside_ones_own_factory_latches_nothing()
    {
        Assert.Equal(3, _map.AddOrUpdate("a", 0, (_, _) => (int)_map["a"]! + (int)_map["b"]!));
        Assert.Null(_map.LastViolation);
        _map["a"] = 1;
    }

    [Fact]
    public void Keys_follow_the_shells_rules()
    {
        _map["A"] = 10;
        Assert.Equal(2, _map.Count);
        Assert.Equal(10, _map["a"]);
        _map[1] = "one";
        Assert.Null(_map["1"]);
        Assert.Equal("one", _map[1]);
        Assert.Null(_map["missing"]);
        Assert.Throws<KeyNotFoundException>(() => _map.Get("missing"));
        Assert.Throws<ArgumentNullException>(() => _map[null!]);
        Assert.Throws<ArgumentNullException>(() => _map[null!] = 1);

        var sensitive = new GuardedMap(new MapOptions<object> { Comparer = ShellKeyComparer.CaseSensitive }) { ["a"] = 1, ["A"] = 2 };
        Assert.Equal(2, sensitive.Count);
        Assert.Throws<ArgumentException>(() => new GuardedMap(sensitive));
    }

    [Fact]
    public void Its_enumerators_hold_no_lease_and_give_DictionaryEntry()
    {
        // A shell that never disposes them.
        IDictionaryEnumerator loop = _map.GetEnumerator();
        Assert.True(loop.MoveNext());
        IEnumerator untyped = ((IEnumerable)_map).GetEnumerator();
        Assert.True(untyped.MoveNext());
        Assert.IsType<DictionaryEntry>(untyped.Current);
        Assert.IsType<DictionaryEntry>(loop.Current);
        Assert.Equal(loop.Entry.Key, loop.Key);
        _map["a"] = 3;
        Assert.Equal(3, _map["a"]);
        Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => loop.MoveNext());

        // Leased iterations are asked for by name.
        using IMapIterator leased = ((IGuardedMap)_map).Iterate();
        Assert.True(leased.MoveNext());
        Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => _map["a"] = 4);
    }

    [Fact]
    public void It_removes_and_copies_as_a_hashtable_does()
    {
        // Through every face, the inherited one of IDictionary too.
        _map.Remove("A");
        _map.Remove("nobody");
        Assert.True(_map.Remove("b", out object? removed));
        Assert.Equal(2, removed);
        ((IDictionary)_map)["c"] = 3;
        ((IDictionary)_map).Remove("C");
        Assert.Empty(_map);

        _map["d"] = 4;
        var entries = new DictionaryEntry[1];
        _map.CopyTo(entries, 0);
        Assert.Equal(new DictionaryEntry("d", 4), entries[0]);
        object[] objects = new object[2];
        ((ICollection)_map).CopyTo(objects, 1);
        Assert.Equal(new DictionaryEntry("d", 4), objects[1]);
        Assert.Throws<ArgumentException>(() => _map.CopyTo(new string[1], 0));
    }

    [Fact]
    public void It_is_made_from_a_hashtable_and_cloned()
    {
        var map = new GuardedMap(new Hashtable { ["x"] = 1, [2] = "two" });
        Assert.Equal(2, map.Count);
        Assert.Equal(1, map["X"]);
        Assert.Equal("two", map[2]);
        var clone = (GuardedMap)((ICloneable)map).Clone();
        clone["x"] = 5;
        Assert.Equal(1, map["x"]);
        Assert.Equal(5, clone["X"]);
        Assert.Equal("two", clone[2]);
        Assert.Throws<ArgumentNullException>(() => new GuardedMap((IDictionary)null!));
        Assert.Throws<ArgumentNullException>(() => new GuardedMap((MapOptions<object>)null!));
    }
}
