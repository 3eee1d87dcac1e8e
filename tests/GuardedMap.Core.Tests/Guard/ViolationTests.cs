using System.Globalization;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

/// <summary>What a violation says: every field, the message, and who is told.</summary>
public sealed class ViolationTests
{
    private static GuardedMap<string, int> Named(bool trace = false)
    {
        var map = new GuardedMap<string, int>(new MapOptions<string> { Name = "stock", Trace = trace });
        for (int i = 0; i < 10; i++) map[$"k{i}"] = i;
        return map;
    }

    [Fact]
    public void A_rejected_write_names_both_sides_the_key_the_contract_and_the_remedy()
    {
        GuardedMap<string, int> map = Named();
        DateTimeOffset before = DateTimeOffset.Now;
        using MapIterator<string, int> iterator = map.Iterate();
        MapViolationException exception = Assert.Throws<MapViolationException>(() => map.Remove("k3"));
        MapViolation violation = exception.Violation;

        Assert.Equal(MapViolationKind.ConcurrentIterationAndWrite, violation.Kind);
        Assert.Equal("stock", violation.MapName);
        Assert.Equal(MapOperation.Remove, violation.Operation);
        Assert.Equal("k3", violation.Key);
        Assert.Equal(Environment.CurrentManagedThreadId, violation.Offender.ThreadId);
        Assert.Equal(Thread.CurrentThread.Name, violation.Offender.ThreadName);
        Assert.Equal(MapOperation.Remove, violation.Offender.Operation);
        MapActor holder = Assert.IsType<MapActor>(violation.Holder);
        Assert.Equal(Environment.CurrentManagedThreadId, holder.ThreadId);
        Assert.Equal(MapOperation.Iterate, holder.Operation);
        Assert.InRange(holder.Since!.Value, before, DateTimeOffset.Now);
        Assert.Null(holder.Stack);
        Assert.Equal(IterationContract.Reject, violation.Contract);
        Assert.Null(violation.IteratorState);
        Assert.Equal(map.Version, violation.VersionExpected);
        Assert.Equal(map.Version, violation.VersionFound);
        Assert.InRange(violation.DetectedAt, before, DateTimeOffset.Now);
        Assert.Contains("Entry.Remove", violation.Remedy, StringComparison.Ordinal);

        // The exception says the same without a detour.
        Assert.Equal(
            (violation.Kind, violation.MapName, violation.Operation, violation.Key, violation.Offender, violation.Holder, violation.Remedy),
            (exception.Kind, exception.MapName, exception.Operation, exception.Key, exception.Offender, exception.Holder, exception.Remedy));
        Assert.Equal(violation.Message, exception.Message);
        Assert.EndsWith("violations.md#concurrentiterationandwrite", exception.HelpLink, StringComparison.Ordinal);
        Assert.IsAssignableFrom<InvalidOperationException>(exception);
        Assert.Equal(
            string.Create(
                CultureInfo.InvariantCulture,
                $"concurrent map iteration and map write: Remove of key 'k3' on map 'stock' by {violation.Offender with { Operation = MapOperation.None }}, while {holder} (contract Reject). {violation.Remedy} If that iteration is over, the iterator was never disposed: call EndIterations()."),
            exception.Message);
    }

    [Fact]
    public void A_foreach_as_holder_is_named_with_its_thread_and_takes_no_clock()
    {
        // Its own map: one that comes from another thread is handed over first, on a path that has the time to look at the clock.
        GuardedMap<string, int> map = null!;
        using var looping = new HeldThread(hold =>
        {
            map = Named();
            foreach (KeyValuePair<string, int> _ in map) hold();
        });
        MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map.Clear());
        Assert.Null(violation.Key);
        Assert.Equal(MapOperation.Clear, violation.Operation);
        Assert.Equal(looping.ThreadId, violation.Holder?.ThreadId);
        Assert.Equal(MapOperation.Iterate, violation.Holder?.Operation);
        Assert.Null(violation.Holder!.Since);
        Assert.DoesNotContain("of key", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_traced_map_records_where_the_lease_began()
    {
        GuardedMap<string, int> map = Named(trace: true);
        using MapIterator<string, int> iterator = map.Iterate();
        MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map.Clear());
        Assert.Contains(nameof(A_traced_map_records_where_the_lease_began), violation.Holder?.Stack, StringComparison.Ordinal);
        Assert.Contains(map.GetEvents(), e => e.Point == ProbePoint.ViolationDetected && e.Data == (ulong)MapViolationKind.ConcurrentIterationAndWrite);
    }

    [Fact]
    public void A_failed_iteration_names_the_version_it_expected_the_one_it_found_and_who_wrote()
    {
        GuardedMap<string, int> map = Named();
        using MapIterator<string, int> iterator = map.Iterate(IterationContract.FailFast);
        Assert.True(iterator.MoveNext());
        long expected = map.Version;
        int writer = Elsewhere.Get(() =>
        {
            map.Remove("k1");
            map["k2"] = 0;
            return Environment.CurrentManagedThreadId;
        });
        MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => iterator.MoveNext());
        Assert.Equal(expected, violation.VersionExpected);
        Assert.Equal(expected + 2, violation.VersionFound);
        Assert.Equal(writer, violation.Holder?.ThreadId);
        Assert.Equal(MapOperation.Set, violation.Holder?.Operation);
        Assert.Equal(MapOperation.Iterate, violation.Operation);
        Assert.Equal(IterationContract.FailFast, violation.Contract);
        Assert.Equal(IteratorState.Bucket, violation.IteratorState);
        Assert.Null(violation.Key);
    }

    public static TheoryData<MapViolationKind, string> Headlines => new()
    {
        { MapViolationKind.ConcurrentWrites, "concurrent map writes" },
        { MapViolationKind.ConcurrentReadAndWrite, "concurrent map read and map write" },
        { MapViolationKind.ConcurrentIterationAndWrite, "concurrent map iteration and map write" },
    };

    [Theory]
    [MemberData(nameof(Headlines))]
    public void The_message_begins_with_the_words_of_Go(MapViolationKind kind, string words)
    {
        GuardedMap<string, int> map = Named();
        using HeldThread holder = new(hold => map.GetOrAdd("new", _ =>
        {
            hold();
            return 0;
        }));
        MapViolationException exception = Assert.Throws<MapViolationException>(() =>
        {
            if (kind == MapViolationKind.ConcurrentWrites) map.Clear();
            else if (kind == MapViolationKind.ConcurrentReadAndWrite) map.ContainsKey("k1");
            else map.Iterate();
        });
        Assert.Equal(kind, exception.Kind);
        Assert.StartsWith(words + ":", exception.Message, StringComparison.Ordinal);
        Assert.Equal(words, exception.Violation.Headline);
        Assert.Equal(exception.Message, exception.Violation.ToString());
    }

    [Fact]
    public void Every_kind_has_words_of_its_own()
    {
        var headlines = Enum.GetValues<MapViolationKind>().Select(kind => new MapViolation
        {
            Kind = kind,
            MapName = "m",
            Operation = MapOperation.None,
            Offender = new MapActor(),
            Remedy = "",
        }.Headline).ToList();
        Assert.Equal(headlines.Count, headlines.Distinct(StringComparer.Ordinal).Count());
        Assert.DoesNotContain(headlines, headline => Enum.TryParse<MapViolationKind>(headline, out _));
    }

    [Fact]
    public void The_last_violation_is_kept_and_every_one_is_raised_on_the_offenders_thread()
    {
        GuardedMap<string, int> map = Named();
        Assert.Null(map.LastViolation);
        var raised = new List<(object? Sender, int Thread, MapViolation Violation)>();
        void Handler(object? sender, MapViolation violation) => raised.Add((sender, Environment.CurrentManagedThreadId, violation));
        map.ViolationDetected += Handler;
        using (map.Iterate())
        {
            MapViolation first = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map.Clear());
            Assert.Same(first, map.LastViolation);
            MapViolation second = Expect.ViolationElsewhere(MapViolationKind.ConcurrentIterationAndWrite, () => map["k1"] = 0);
            Assert.Same(second, map.LastViolation);
            Assert.Equal([(map, Environment.CurrentManagedThreadId, first), (map, second.Offender.ThreadId, second)], raised);
            map.ViolationDetected -= Handler;
            Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map.Clear());
            Assert.Equal(2, raised.Count);
        }
    }

    [Fact]
    public void The_newest_violations_are_kept_in_order_and_all_are_counted()
    {
        GuardedMap<string, int> map = Named();
        Assert.Empty(map.GetViolations());
        Assert.Equal(0, map.ViolationCount);
        var thrown = new List<MapViolation>();
        using (map.Iterate())
        {
            for (int i = 0; i < 70; i++) thrown.Add(Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map.Clear()));
        }

        Assert.Equal(70, map.ViolationCount);
        Assert.Equal(thrown.Skip(6), map.GetViolations(), ReferenceEqualityComparer.Instance);
    }

    [Fact]
    public void A_handler_may_use_the_map_also_from_another_thread()
    {
        // It would wait for ever if the guard's own lock were held while it runs.
        GuardedMap<string, int> map = Named();
        int seen = 0;
        map.ViolationDetected += (_, _) => Elsewhere.RunWell(() =>
        {
            foreach (KeyValuePair<string, int> _ in map) seen++;
            using MapIterator<string, int> iterator = map.Iterate(IterationContract.Tolerate);
            while (iterator.MoveNext()) seen++;
        });
        using (map.Iterate()) Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map.Clear());
        Assert.Equal(20, seen);
    }

    [Fact]
    public void Maps_without_a_name_get_different_ones()
    {
        Assert.NotEqual(new GuardedMap<int, int>().Name, new GuardedMap<int, int>().Name, StringComparer.Ordinal);
        Assert.Equal("x", new GuardedMap<int, int>(new MapOptions<int> { Name = "x" }).Name);
    }

    [Fact]
    public void A_long_key_is_shortened_in_the_message_and_kept_in_the_field()
    {
        GuardedMap<string, int> map = Named();
        string key = new('x', 500);
        using MapIterator<string, int> iterator = map.Iterate();
        MapViolationException exception = Assert.Throws<MapViolationException>(() => map[key] = 0);
        Assert.Equal(key, exception.Key);
        Assert.Contains($"'{new string('x', 77)}...'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_whose_ToString_throws_does_not_replace_the_violation()
    {
        var map = new GuardedMap<object, int> { ["a"] = 1 };
        using MapIterator<object, int> iterator = map.Iterate();
        MapViolationException exception = Assert.Throws<MapViolationException>(() => map[new Mute()] = 0);
        Assert.IsType<Mute>(exception.Key);
        Assert.Contains("<Mute, whose ToString threw ComparerException>", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_actor_describes_itself_in_one_line()
    {
        var actor = new MapActor
        {
            ThreadId = 7,
            ThreadName = "worker",
            Label = "runspace 3",
            Operation = MapOperation.Set,
            Since = new DateTimeOffset(2026, 1, 2, 12, 0, 1, 5, TimeSpan.Zero),
            Position = "script.ps1:4",
        };
        Assert.Equal("thread 7 'worker' (runspace 3) in Set since 12:00:01.005 at script.ps1:4", actor.ToString());
        Assert.Equal("an unknown thread", new MapActor().ToString());
    }

    private sealed class Mute
    {
        public override string ToString() => throw new ComparerException();
    }
}
