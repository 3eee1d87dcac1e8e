namespace GuardedMaps.Tests.Support;

/// <summary>Compares ints as int does, but as somebody else's code: a map with it takes the careful paths.</summary>
internal sealed class PlainComparer : IEqualityComparer<int>
{
    public bool Equals(int x, int y) => x == y;

    public int GetHashCode(int obj) => obj * 7919;
}

/// <summary>A kind of keys the guard must treat alike, and how to make maps of it.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public abstract class KeyKind<TKey>
    where TKey : notnull
{
    /// <summary>How many entries a map of 32 buckets has just after its growth from 16 began.</summary>
    public const int Growing = 81;

    /// <summary>How many entries a map has that is not growing.</summary>
    public const int Settled = 75;

    public abstract IEqualityComparer<TKey>? Comparer { get; }

    public abstract TKey Key(int number);

    public TKey Absent => Key(1_000_000);

    public IEnumerable<TKey> Keys => Enumerable.Range(0, 300).Select(Key);

    /// <summary>True to hand out maps that several threads have used already, and that therefore belong to none.</summary>
    public bool Shared { get; init; }

    public GuardedMap<TKey, int> Make(bool growing, Func<MapOptions<TKey>, MapOptions<TKey>>? with = null)
    {
        ActorThread.ForgetHandovers();
        var options = new MapOptions<TKey> { Comparer = Comparer };
        var map = new GuardedMap<TKey, int>(with is null ? options : with(options));
        for (int i = 0; i < (growing ? Growing : Settled); i++) map.Add(Key(i), i);
        Assert.Equal(growing, map.IsGrowing);
        if (Shared) Elsewhere.RunWell(() => map.Iterate().Dispose());
        return map;
    }

    public Dictionary<TKey, int> Copy(GuardedMap<TKey, int> map) => Expect.Copy(map, Keys);

    /// <summary>Every operation that writes, each by its name; key 5 is there, <see cref="Absent"/> is not.</summary>
    public IEnumerable<(string Name, Action<GuardedMap<TKey, int>> Do)> Writes =>
    [
        ("set present", map => map[Key(5)] = -5),
        ("set absent", map => map[Absent] = -5),
        ("Add", map => map.Add(Absent, -5)),
        ("TryAdd absent", map => map.TryAdd(Absent, -5)),
        ("TryAdd present", map => map.TryAdd(Key(5), -5)),
        ("Remove present", map => map.Remove(Key(5))),
        ("Remove absent", map => map.Remove(Absent)),
        ("Remove with value", map => map.Remove(Key(5), out _)),
        ("Remove pair", map => ((ICollection<KeyValuePair<TKey, int>>)map).Remove(new(Key(5), 5))),
        ("Clear", map => map.Clear()),
        ("AddOrUpdate", map => map.AddOrUpdate(Key(5), 0, (_, _) => -5)),
        ("Update", map => map.Update(Key(5), (_, _) => -5)),
        ("Increment", map => map.Increment(Key(5))),
        ("EnsureCapacity", map => map.EnsureCapacity(5000)),
        ("TrimExcess", map => map.TrimExcess()),
        ("IDictionary set", map => ((System.Collections.IDictionary)map)[Key(5)] = -5),
        ("IDictionary.Add", map => ((System.Collections.IDictionary)map).Add(Absent, -5)),
        ("IDictionary.Remove", map => ((System.Collections.IDictionary)map).Remove(Key(5))),
    ];

    /// <summary>Every operation that looks one key up; key 5 is there.</summary>
    public IEnumerable<(string Name, Func<GuardedMap<TKey, int>, int> Do)> Lookups =>
    [
        ("indexer", map => map[Key(5)]),
        ("TryGetValue", map => map.TryGetValue(Key(5), out int value) ? value : -1),
        ("Get", map => map.Get(Key(5))),
        ("TryGet", map => map.TryGet(Key(5), out int value) ? value : -1),
        ("ContainsKey", map => map.ContainsKey(Key(5)) ? 5 : -1),
        ("absent", map => map.ContainsKey(Absent) ? -1 : 5),
        ("IDictionary", map => (int)((System.Collections.IDictionary)map)[Key(5)]!),
        ("Keys.Contains", map => Expect.View(map.Keys).Contains(Key(5)) ? 5 : -1),
        ("pair", map => ((ICollection<KeyValuePair<TKey, int>>)map).Contains(new(Key(5), 5)) ? 5 : -1),
        ("GetOrAdd present", map => map.GetOrAdd(Key(5), -1)),
    ];

    /// <summary>Every way to begin an iteration.</summary>
    public IEnumerable<(string Name, Action<GuardedMap<TKey, int>> Do)> Starts =>
    [
        ("foreach", map => map.GetEnumerator().Dispose()),
        ("Reject", map => map.Iterate(IterationContract.Reject).Dispose()),
        ("FailFast", map => map.Iterate(IterationContract.FailFast).Dispose()),
        ("Tolerate", map => map.Iterate(IterationContract.Tolerate).Dispose()),
        ("Snapshot", map => map.Iterate(IterationContract.Snapshot).Dispose()),
        ("Defer", map => map.Iterate(IterationContract.Defer).Dispose()),
        ("first step", map => map.CreateIterator().Step()),
        ("IEnumerable", map => ((IEnumerable<KeyValuePair<TKey, int>>)map).GetEnumerator().Dispose()),
        ("IDictionary", map => ((System.Collections.IDictionary)map).GetEnumerator()),
        ("Keys", map => map.Keys.GetEnumerator().Dispose()),
        ("Values", map => map.Values.GetEnumerator().Dispose()),
    ];

    /// <summary>A write of a new key, held in its factory on a thread of its own.</summary>
    internal HeldThread HoldWrite(GuardedMap<TKey, int> map, int number = 200) => new(hold => map.GetOrAdd(Key(number), _ =>
    {
        hold();
        return number;
    }));
}

public sealed class IntKeys : KeyKind<int>
{
    public override IEqualityComparer<int>? Comparer => null;

    public override int Key(int number) => number;
}

public sealed class CustomKeys : KeyKind<int>
{
    public override IEqualityComparer<int> Comparer { get; } = new PlainComparer();

    public override int Key(int number) => number;
}

public sealed class StringKeys : KeyKind<string>
{
    public override IEqualityComparer<string>? Comparer => null;

    public override string Key(int number) => $"key {number}";
}

public sealed class IgnoreCaseKeys : KeyKind<string>
{
    public override IEqualityComparer<string> Comparer => StringComparer.OrdinalIgnoreCase;

    public override string Key(int number) => $"Key {number}";
}
