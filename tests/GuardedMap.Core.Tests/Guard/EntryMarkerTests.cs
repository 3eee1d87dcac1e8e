using System.Collections;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

/// <summary>Who prints a map enumerates it as an IEnumerable and nothing more; a host may mark what it is given there, and nowhere else.</summary>
[Collection(GlobalState.Name)]
public sealed class EntryMarkerTests : IDisposable
{
    private readonly List<object> _marked = [];

    public EntryMarkerTests() => MapHost.EntryMarker = _marked.Add;

    public static TheoryData<string> Forms => [.. Maps().Keys];

    public void Dispose() => MapHost.EntryMarker = null;

    [Theory]
    [MemberData(nameof(Forms))]
    public void Each_entry_that_is_printed_is_marked_once_in_the_box_that_is_given_out(string form)
    {
        IEnumerable entries = Maps()[form]();
        var given = new List<object>();
        IEnumerator each = entries.GetEnumerator();
        try
        {
            while (each.MoveNext())
            {
                Assert.Same(each.Current, each.Current);
                given.Add(each.Current);
            }
        }
        finally
        {
            (each as IDisposable)?.Dispose();
        }

        Assert.Equal((2, 2), (given.Count, _marked.Count));
        Assert.All(given.Zip(_marked), pair => Assert.Same(pair.First, pair.Second));
    }

    [Fact]
    public void Loops_and_dictionary_enumerators_are_not_marked()
    {
        var map = new GuardedMap { ["a"] = 1 };
        foreach (DictionaryEntry entry in (IDictionary)map) Assert.Equal("a", entry.Key);
        foreach (KeyValuePair<object, object?> entry in (IEnumerable<KeyValuePair<object, object?>>)map) Assert.Equal("a", entry.Key);
        IDictionaryEnumerator each = map.GetEnumerator();
        Assert.True(each.MoveNext());
        Assert.IsType<DictionaryEntry>(each.Current);
        Assert.Empty(_marked);
    }

    private static Dictionary<string, Func<IEnumerable>> Maps() => new(StringComparer.Ordinal)
    {
        ["GuardedMap"] = () => Filled(new GuardedMap()),
        ["SnapshotMap"] = () => Filled(new SnapshotMap()),
        ["SyncMap"] = () => Filled(new SyncMap()),
        ["OrderedMap"] = () => Filled(new OrderedMap()),
        ["GuardedMap of its own types"] = () => Filled(new GuardedMap<string, int>(StringComparer.Ordinal)),
        ["SnapshotMap of its own types"] = () => Filled(new SnapshotMap<string, int>()),
        ["SyncMap of its own types"] = () => Filled(new SyncMap<string, int>()),
        ["OrderedMap of its own types"] = () => Filled(new OrderedMap<string, int>()),
        ["a guarded map's snapshot"] = () => ((GuardedMap)Filled(new GuardedMap())).GetSnapshot(),
        ["a snapshot map's snapshot"] = () => ((SnapshotMap)Filled(new SnapshotMap())).GetSnapshot(),
    };

    private static IDictionary Filled(IDictionary map)
    {
        map["k1"] = 1;
        map["k2"] = 2;
        return map;
    }
}
