using System.Collections.Immutable;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Collections;

/// <summary>Appending and updating are one operation each, and what fails in the middle of one changes nothing.</summary>
public sealed class AtomicUpdateTests
{
    [Fact]
    public void Append_lengthens_a_list_and_leaves_the_one_that_was_read_as_it_is()
    {
        var map = new GuardedMap { ["array"] = new object[] { 1 }, ["nothing"] = null };
        var first = (ImmutableList<object?>)map.Append("new", 1)!;
        map.Append("new", null);
        Assert.Equal([1], first);
        Assert.Equal([1, null], (ImmutableList<object?>)map["new"]!);
        Assert.Equal([1, 2], (ImmutableList<object?>)map.Append("array", 2)!);
        Assert.Equal([3], (ImmutableList<object?>)map.Append("nothing", 3)!);

        var arrays = new GuardedMap<string, int[]>(StringComparer.Ordinal);
        int[] one = arrays.Append("k", 1);
        Assert.Equal([1, 2], arrays.Append("k", 2));
        Assert.Equal([1], one);
    }

    [Fact]
    public void Append_refuses_what_is_no_list_and_changes_nothing()
    {
        var map = new GuardedMap { ["text"] = "ab", ["number"] = 1, ["table"] = new Dictionary<int, int>() };
        foreach (string key in (string[])["text", "number", "table"])
        {
            object? before = map[key];
            long version = map.Version;
            Assert.Contains($"'{key}'", Assert.Throws<InvalidOperationException>(() => map.Append(key, 1)).Message, StringComparison.Ordinal);
            Assert.Same(before, map[key]);
            Assert.Equal(version, map.Version);
        }

        Assert.Throws<ArgumentNullException>(() => map.Append(null!, 1));
        Assert.Throws<ArgumentException>(() => new GuardedMap<string, int[]>(StringComparer.Ordinal).Append("k", "not a number"));
        Assert.Throws<InvalidOperationException>(() => new GuardedMap<string, int>(StringComparer.Ordinal).Append("k", 1));
    }

    [Fact]
    public void AddOrUpdate_runs_one_of_its_factories_once()
    {
        var map = new GuardedMap<string, int>(StringComparer.Ordinal);
        int added = 0;
        int updated = 0;
        for (int i = 0; i < 3; i++) map.AddOrUpdate("k", _ => ++added, (_, present) => present + (10 * ++updated));
        Assert.Equal((1, 2, 31), (added, updated, map["k"]));

        Assert.Throws<InvalidOperationException>(() => map.AddOrUpdate("new", _ => throw new InvalidOperationException("no"), (_, present) => present));
        Assert.False(map.ContainsKey("new"));
        map.AddOrUpdate(
            "new",
            key =>
            {
                Expect.Violation(MapViolationKind.ReentrantWrite, () => map[key] = 2);
                return 1;
            },
            (_, present) => present);
        Assert.Equal(1, map["new"]);
    }

    [Fact]
    public void The_untyped_face_updates_too_and_refuses_other_types()
    {
        IGuardedMap map = new GuardedMap<string, int>(StringComparer.Ordinal);
        Assert.Equal(1, map.AddOrUpdate("k", present => present is null ? 1 : 0));
        Assert.Equal(11, map.AddOrUpdate("k", present => (int)present! + 10));
        Assert.Equal(12, map.Increment("k"));
        Assert.Throws<ArgumentException>(() => map.AddOrUpdate("k", _ => "text"));
        Assert.Throws<ArgumentNullException>(() => map.AddOrUpdate("k", _ => null));
        Assert.Throws<ArgumentException>(() => map.AddOrUpdate(1, _ => 1));
        Assert.Throws<ArgumentException>(() => map.Increment(1));
        Assert.Equal(12, map["k"]);
        Assert.Throws<InvalidOperationException>(() => map.Append("k", 1));
    }
}
