using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

/// <summary>What handlers of <see cref="GuardedMapBase{TKey, TValue}.ViolationDetected"/> may do: anything, and the offender sees its violation and nothing else.</summary>
public sealed class HandlerTests
{
    private static GuardedMap<string, int> Make() => new(new MapOptions<string> { Name = "m" }) { ["a"] = 1, ["b"] = 2 };

    [Fact]
    public void A_handler_that_writes_to_the_map_is_refused_as_anybody_is_and_is_not_called_again()
    {
        GuardedMap<string, int> map = Make();
        int called = 0;
        MapViolation? inHandler = null;
        map.ViolationDetected += (_, _) =>
        {
            called++;
            inHandler = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map["log"] = 1);
        };
        using (map.Iterate())
        {
            MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map["x"] = 1);
            Assert.Equal("x", violation.Key);
            Assert.Equal((1, "log"), (called, inHandler!.Key));
            Assert.Equal((string[])["x", "log"], map.GetViolations().Select(v => (string)v.Key!), StringComparer.Ordinal);
            // The next one is told of again.
            Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map["y"] = 1);
            Assert.Equal(2, called);
        }

        map["log"] = 1;
        Assert.Equal(4, map.ViolationCount);
    }

    [Fact]
    public void A_handler_that_throws_changes_nothing_for_the_offender_and_for_the_other_handlers()
    {
        GuardedMap<string, int> map = Make();
        int called = 0;
        map.ViolationDetected += (_, _) => throw new ComparerException();
        map.ViolationDetected += (_, _) => called++;
        using (map.Iterate())
        {
            for (int i = 1; i <= 3; i++)
            {
                MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map["x"] = 1);
                Assert.Same(violation, map.LastViolation);
                Assert.Equal(i, called);
            }
        }

        map["x"] = 1;
    }

    [Fact]
    public void A_handler_may_write_to_the_map_where_nothing_forbids_it()
    {
        GuardedMap<string, int> map = Make();
        map.ViolationDetected += (_, violation) => map.Increment($"seen {violation.Kind}");
        using MapIterator<string, int> iterator = map.Iterate(IterationContract.FailFast);
        Assert.True(iterator.MoveNext());
        map["c"] = 3;
        Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => iterator.MoveNext());
        Assert.Equal(1, map["seen ConcurrentIterationAndWrite"]);
    }

    [Fact]
    public void A_handler_on_one_thread_does_not_keep_violations_of_another_from_being_told()
    {
        GuardedMap<string, int> map = Make();
        int called = 0;
        map.ViolationDetected += (_, violation) =>
        {
            Interlocked.Increment(ref called);
            if (violation.Key is "x") Expect.ViolationElsewhere(MapViolationKind.ConcurrentIterationAndWrite, () => map["y"] = 1);
        };
        using (map.Iterate()) Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map["x"] = 1);
        Assert.Equal(2, called);
    }
}
