using System.Collections;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Iteration;

/// <summary>A snapshot is a dictionary that stays what the map was, whatever is written afterwards, and under every protection.</summary>
public sealed class MapSnapshotTests
{
    public static TheoryData<MapProtection, int> Maps()
    {
        var data = new TheoryData<MapProtection, int>();
        foreach (MapProtection protection in Enum.GetValues<MapProtection>())
        {
            // Empty, in one bucket, in the middle of growth, and settled.
            foreach (int count in new[] { 0, 5, 81, 75 }) data.Add(protection, count);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Maps))]
    public void It_stays_what_the_map_was(MapProtection protection, int count)
    {
        GuardedMap<int, int> map = Filled(protection, count);
        MapSnapshot<int, int> snapshot = map.GetSnapshot();
        long version = map.Version;

        for (int i = 0; i < count; i += 2) map.Remove(i);
        for (int i = 1; i < count; i += 2) map[i] = -1;
        for (int i = 0; i < 300; i++) map[1000 + i] = i;

        Assert.Equal(count, snapshot.Count);
        Assert.Equal(version, snapshot.Version);
        Assert.Equal(map.Name, snapshot.MapName);
        Assert.Equal(Enumerable.Range(0, count), snapshot.Select(static entry => entry.Key).Order());
        Assert.All(snapshot, static entry => Assert.Equal(entry.Key, entry.Value));
        for (int i = 0; i < count; i++) Assert.Equal(i, snapshot[i]);
        Assert.False(snapshot.ContainsKey(1000));
        Assert.Throws<KeyNotFoundException>(() => snapshot[1000]);
        Assert.Equal(Enumerable.Range(0, count), snapshot.Keys.Order());
        Assert.Equal(Enumerable.Range(0, count), snapshot.Values.Order());
    }

    [Fact]
    public void It_is_a_read_only_dictionary_to_those_who_do_not_know_its_types()
    {
        var map = new GuardedMap { ["a"] = 1 };
        IMapSnapshot snapshot = ((IGuardedMap)map).GetSnapshot();
        map["a"] = 2;

        Assert.Equal(1, snapshot["A"]);
        Assert.Null(snapshot["nobody"]);
        Assert.True(snapshot.Contains("a"));
        Assert.True(snapshot.IsReadOnly);
        Assert.Equal("a", Assert.Single(snapshot.Keys.Cast<object>()));
        Assert.Equal(1, Assert.Single(snapshot.Values.Cast<object>()));
        IDictionaryEnumerator entries = snapshot.GetEnumerator();
        Assert.Throws<InvalidOperationException>(() => entries.Key);
        Assert.True(entries.MoveNext());
        Assert.Equal(new DictionaryEntry("a", 1), entries.Current);
        Assert.False(entries.MoveNext());
        Assert.Throws<InvalidOperationException>(() => entries.Current);
        object[] copy = new object[1];
        snapshot.CopyTo(copy, 0);
        Assert.Equal(new DictionaryEntry("a", 1), copy[0]);
        Assert.Throws<ArgumentException>(() => snapshot.CopyTo(copy, 1));

        foreach (Action write in new Action[] { () => snapshot["a"] = 1, () => snapshot.Add("b", 1), () => snapshot.Remove("a"), snapshot.Clear })
            Assert.Contains(map.Name, Assert.Throws<NotSupportedException>(write).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Taking_one_during_a_write_is_refused_and_one_taken_before_can_still_be_read()
    {
        GuardedMap<int, int> map = Filled(MapProtection.Guarded, 10);
        MapSnapshot<int, int> before = map.GetSnapshot();
        map.Update(3, (_, _) =>
        {
            Expect.Violation(MapViolationKind.ReentrantWrite, () => map.GetSnapshot());
            Assert.Equal(3, before[3]);
            Assert.Equal(10, before.Keys.Distinct().Count());
            return 33;
        });
        Assert.Equal(33, map[3]);
        Assert.Equal(3, before[3]);
    }

    private static GuardedMap<int, int> Filled(MapProtection protection, int count)
    {
        var map = new GuardedMap<int, int>(new MapOptions<int> { Protection = protection });
        for (int i = 0; i < count; i++) map[i] = i;
        return map;
    }
}
