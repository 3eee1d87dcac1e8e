namespace GuardedMaps.Tests.Support;

/// <summary>Assertions on violations and on what they must leave alone.</summary>
internal static class Expect
{
    public static MapViolation Violation(MapViolationKind kind, Action action)
    {
        MapViolation violation = Assert.Throws<MapViolationException>(action).Violation;
        Assert.Equal(kind, violation.Kind);
        return violation;
    }

    public static MapViolation ViolationElsewhere(MapViolationKind kind, Action action)
    {
        MapViolation violation = Assert.IsType<MapViolationException>(Elsewhere.Run(action)).Violation;
        Assert.Equal(kind, violation.Kind);
        return violation;
    }

    /// <summary>The map holds exactly these entries, its invariants hold, and its guard is free: it can be written, read and iterated.</summary>
    public static void HoldsAndIsFree<TKey>(IReadOnlyDictionary<TKey, int> expected, GuardedMap<TKey, int> map, TKey absent)
        where TKey : notnull
    {
        Holds(expected, map);
        Assert.False(map.ContainsKey(absent));
        map.Add(absent, -1);
        Assert.Equal(-1, map[absent]);
        Assert.True(map.Remove(absent));
        Holds(expected, map);
    }

    /// <summary>The map holds exactly these entries and its invariants hold.</summary>
    public static void Holds<TKey>(IReadOnlyDictionary<TKey, int> expected, GuardedMap<TKey, int> map)
        where TKey : notnull
    {
        map.CheckInvariants();
        Assert.Equal(expected.Count, map.Count);
        foreach (KeyValuePair<TKey, int> entry in expected)
        {
            Assert.True(map.TryGetValue(entry.Key, out int value), $"the key {entry.Key} is missing");
            Assert.Equal(entry.Value, value);
        }
    }

    /// <summary>A view of keys or values as what it is to a caller who knows only the interface.</summary>
    public static ICollection<T> View<T>(ICollection<T> view) => view;

    /// <summary>What the map holds now, read by lookups only, so that it works while the map is leased.</summary>
    public static Dictionary<TKey, int> Copy<TKey>(GuardedMap<TKey, int> map, IEnumerable<TKey> keys)
        where TKey : notnull
    {
        var copy = new Dictionary<TKey, int>(map.Comparer);
        foreach (TKey key in keys)
        {
            if (map.TryGetValue(key, out int value)) copy[key] = value;
        }

        Assert.Equal(map.Count, copy.Count);
        return copy;
    }
}
