using System.Collections;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Collections;

/// <summary>
/// The interfaces of a dictionary, held against Dictionary itself: the same calls, the same answers, the same kinds of errors, for every map and with every
/// bad input. One class below for each map.
/// </summary>
public abstract class DictionaryConformance
{
    private static readonly KeyValuePair<string, int>[] s_entries = [new("a", 1), new("b", 2), new("c", 3)];

    protected abstract IDictionary<string, int> Make(IEnumerable<KeyValuePair<string, int>> entries);

    /// <summary>A map with the letters of ordinal strings in any case as one key.</summary>
    protected abstract IDictionary<string, int> MakeIgnoringCase(IEnumerable<KeyValuePair<string, int>> entries);

    /// <summary>What <see cref="ICollection.IsSynchronized"/> says; where it says true, there is no lock to take by hand.</summary>
    protected abstract bool IsSynchronized { get; }

    /// <summary>Runs the same on a map and on a Dictionary, and compares the answer, or the kind of error, and the content afterwards.</summary>
    private void Same<TFace>(Func<TFace, object?> call)
        where TFace : class
    {
        var map = Make(s_entries);
        var dictionary = new Dictionary<string, int>(s_entries, StringComparer.Ordinal);
        (object? expected, Exception? expectedError) = Try((TFace)(object)dictionary);
        (object? got, Exception? error) = Try((TFace)(object)map);
        if (expectedError is ArgumentOutOfRangeException) Assert.IsAssignableFrom<ArgumentException>(error);
        else Assert.Equal(expectedError?.GetType(), error?.GetType());
        Assert.Equal(expected, got);
        Assert.Equal(dictionary.OrderBy(entry => entry.Key, StringComparer.Ordinal), map.OrderBy(entry => entry.Key, StringComparer.Ordinal));
        ((IMap)map).CheckInvariants();

        (object?, Exception?) Try(TFace face)
        {
            try
            {
                return (call(face), null);
            }
            catch (Exception e) when (e is ArgumentException or KeyNotFoundException or NotSupportedException or InvalidOperationException)
            {
                return (null, e);
            }
        }
    }

    [Fact]
    public void IDictionary_of_T_behaves_as_Dictionarys()
    {
        Same<IDictionary<string, int>>(d => d["a"]);
        Same<IDictionary<string, int>>(d => d["x"]);
        Same<IDictionary<string, int>>(d => d[null!]);
        Same<IDictionary<string, int>>(d => d["x"] = 9);
        Same<IDictionary<string, int>>(d => d["a"] = 9);
        Same<IDictionary<string, int>>(d => d[null!] = 9);
        Same<IDictionary<string, int>>(d => Do(() => d.Add("x", 9)));
        Same<IDictionary<string, int>>(d => Do(() => d.Add("a", 9)));
        Same<IDictionary<string, int>>(d => Do(() => d.Add(null!, 9)));
        Same<IDictionary<string, int>>(d => d.ContainsKey("a"));
        Same<IDictionary<string, int>>(d => d.ContainsKey("x"));
        Same<IDictionary<string, int>>(d => d.ContainsKey(null!));
        Same<IDictionary<string, int>>(d => d.Remove("a"));
        Same<IDictionary<string, int>>(d => d.Remove("x"));
        Same<IDictionary<string, int>>(d => d.Remove(null!));
        Same<IDictionary<string, int>>(d => (d.TryGetValue("a", out int value), value));
        Same<IDictionary<string, int>>(d => (d.TryGetValue("x", out int value), value));
        Same<IDictionary<string, int>>(d => d.TryGetValue(null!, out _));
        Same<IDictionary<string, int>>(d => string.Join(",", d.Keys.Order(StringComparer.Ordinal)));
        Same<IDictionary<string, int>>(d => string.Join(",", d.Values.Order()));
    }

    [Fact]
    public void ICollection_of_pairs_behaves_as_Dictionarys()
    {
        Same<ICollection<KeyValuePair<string, int>>>(c => c.Count);
        Same<ICollection<KeyValuePair<string, int>>>(c => c.IsReadOnly);
        Same<ICollection<KeyValuePair<string, int>>>(c => Do(() => c.Add(new("x", 9))));
        Same<ICollection<KeyValuePair<string, int>>>(c => Do(() => c.Add(new("a", 9))));
        Same<ICollection<KeyValuePair<string, int>>>(c => Do(() => c.Add(new(null!, 9))));
        Same<ICollection<KeyValuePair<string, int>>>(c => c.Contains(new("a", 1)));
        Same<ICollection<KeyValuePair<string, int>>>(c => c.Contains(new("a", 2)));
        Same<ICollection<KeyValuePair<string, int>>>(c => c.Contains(new("x", 0)));
        Same<ICollection<KeyValuePair<string, int>>>(c => c.Remove(new("a", 1)));
        Same<ICollection<KeyValuePair<string, int>>>(c => c.Remove(new("a", 2)));
        Same<ICollection<KeyValuePair<string, int>>>(c => c.Remove(new("x", 0)));
        Same<ICollection<KeyValuePair<string, int>>>(c => c.Remove(new(null!, 0)));
        Same<ICollection<KeyValuePair<string, int>>>(c => Do(c.Clear));
        Same<ICollection<KeyValuePair<string, int>>>(c => Copied(new KeyValuePair<string, int>[5], array => c.CopyTo(array, 1)));
        Same<ICollection<KeyValuePair<string, int>>>(c => Do(() => c.CopyTo(new KeyValuePair<string, int>[3], 1)));
        Same<ICollection<KeyValuePair<string, int>>>(c => Do(() => c.CopyTo(new KeyValuePair<string, int>[3], -1)));
        Same<ICollection<KeyValuePair<string, int>>>(c => Do(() => c.CopyTo(new KeyValuePair<string, int>[3], 4)));
        Same<ICollection<KeyValuePair<string, int>>>(c => Do(() => c.CopyTo(null!, 0)));
    }

    [Fact]
    public void IReadOnlyDictionary_behaves_as_Dictionarys()
    {
        Same<IReadOnlyDictionary<string, int>>(d => d.Count);
        Same<IReadOnlyDictionary<string, int>>(d => d["b"]);
        Same<IReadOnlyDictionary<string, int>>(d => d["x"]);
        Same<IReadOnlyDictionary<string, int>>(d => d.ContainsKey("b"));
        Same<IReadOnlyDictionary<string, int>>(d => string.Join(",", d.Keys.Order(StringComparer.Ordinal)));
        Same<IReadOnlyDictionary<string, int>>(d => string.Join(",", d.Values.Order()));
    }

    [Fact]
    public void The_untyped_IDictionary_behaves_as_Dictionarys()
    {
        Same<IDictionary>(d => d["a"]);
        Same<IDictionary>(d => d["x"]);
        Same<IDictionary>(d => d[7]);
        Same<IDictionary>(d => d[null!]);
        Same<IDictionary>(d => d["a"] = 9);
        Same<IDictionary>(d => d["a"] = "text");
        Same<IDictionary>(d => d["a"] = null);
        Same<IDictionary>(d => d[7] = 9);
        Same<IDictionary>(d => d[null!] = 9);
        Same<IDictionary>(d => Do(() => d.Add("x", 9)));
        Same<IDictionary>(d => Do(() => d.Add("a", 9)));
        Same<IDictionary>(d => Do(() => d.Add("x", "text")));
        Same<IDictionary>(d => Do(() => d.Add("x", null)));
        Same<IDictionary>(d => Do(() => d.Add(7, 9)));
        Same<IDictionary>(d => Do(() => d.Add(null!, 9)));
        Same<IDictionary>(d => d.Contains("a"));
        Same<IDictionary>(d => d.Contains("x"));
        Same<IDictionary>(d => d.Contains(7));
        Same<IDictionary>(d => d.Contains(null!));
        Same<IDictionary>(d => Do(() => d.Remove("a")));
        Same<IDictionary>(d => Do(() => d.Remove("x")));
        Same<IDictionary>(d => Do(() => d.Remove(7)));
        Same<IDictionary>(d => Do(() => d.Remove(null!)));
        Same<IDictionary>(d => d.IsFixedSize);
        Same<IDictionary>(d => d.IsReadOnly);
        Same<IDictionary>(d => string.Join(",", d.Keys.Cast<string>().Order(StringComparer.Ordinal)));
        Same<IDictionary>(d => string.Join(",", d.Values.Cast<int>().Order()));
        Same<IDictionary>(d => d.GetEnumerator() is { } e && e.MoveNext() && e.Current is DictionaryEntry entry && entry.Equals(e.Entry) && Equals(e.Key, entry.Key) && Equals(e.Value, entry.Value));
        Same<IEnumerable>(d => d.GetEnumerator() is { } e && e.MoveNext() && e.Current is KeyValuePair<string, int>);
    }

    [Fact]
    public void The_untyped_ICollection_behaves_as_Dictionarys()
    {
        Same<ICollection>(c => Copied(new KeyValuePair<string, int>[4], array => c.CopyTo(array, 1)));
        Same<ICollection>(c => Copied(new DictionaryEntry[3], array => c.CopyTo(array, 0)));
        Same<ICollection>(c => Copied(new object[3], array => c.CopyTo(array, 0)));
        Same<ICollection>(c => Do(() => c.CopyTo(new string[3], 0)));
        Same<ICollection>(c => Do(() => c.CopyTo(new int[3], 0)));
        Same<ICollection>(c => Do(() => c.CopyTo(new object[2], 0)));
        Same<ICollection>(c => Do(() => c.CopyTo(new object[3], -1)));
        Same<ICollection>(c => Do(() => c.CopyTo(new KeyValuePair<string, int>[3, 1], 0)));
        Same<ICollection>(c => Do(() => c.CopyTo(null!, 0)));
    }

    [Fact]
    public void The_views_behave_as_Dictionarys()
    {
        Same<IDictionary<string, int>>(d => Expect.View(d.Keys).Contains("a"));
        Same<IDictionary<string, int>>(d => Expect.View(d.Keys).Contains("x"));
        Same<IDictionary<string, int>>(d => Expect.View(d.Values).Contains(2));
        Same<IDictionary<string, int>>(d => Expect.View(d.Values).Contains(9));
        Same<IDictionary<string, int>>(d => (d.Keys.Count, d.Values.Count));
        Same<IDictionary<string, int>>(d => (d.Keys.IsReadOnly, d.Values.IsReadOnly));
        Same<IDictionary<string, int>>(d => Do(() => d.Keys.Add("x")));
        Same<IDictionary<string, int>>(d => d.Keys.Remove("a"));
        Same<IDictionary<string, int>>(d => Do(d.Keys.Clear));
        Same<IDictionary<string, int>>(d => Do(() => d.Values.Add(1)));
        Same<IDictionary<string, int>>(d => d.Values.Remove(1));
        Same<IDictionary<string, int>>(d => Do(d.Values.Clear));
        Same<IDictionary<string, int>>(d => Copied(new string[4], array => d.Keys.CopyTo(array, 1)));
        Same<IDictionary<string, int>>(d => Copied(new int[3], array => d.Values.CopyTo(array, 0)));
        Same<IDictionary<string, int>>(d => Do(() => d.Keys.CopyTo(new string[2], 0)));
        Same<IDictionary<string, int>>(d => Do(() => d.Values.CopyTo(new int[3], -1)));
        Same<IDictionary<string, int>>(d => Do(() => d.Values.CopyTo(null!, 0)));
        Same<IDictionary>(d => Copied(new object[3], array => d.Keys.CopyTo(array, 0)));
        Same<IDictionary>(d => Do(() => d.Keys.CopyTo(new Version[3], 0)));
        Same<IDictionary>(d => Do(() => d.Values.CopyTo(new string[3], 0)));
        Same<IDictionary>(d => Do(() => d.Values.CopyTo(new long[3], 0)));
        Same<IDictionary>(d => d.Keys.Count);
    }

    [Fact]
    public void It_says_whether_it_is_synchronized_and_what_to_lock()
    {
        var map = (ICollection)Make(s_entries);
        var keys = (ICollection)((IDictionary)map).Keys;
        Assert.Equal((IsSynchronized, IsSynchronized), (map.IsSynchronized, keys.IsSynchronized));
        if (HasLock)
        {
            Assert.NotNull(map.SyncRoot);
            Assert.Same(map.SyncRoot, map.SyncRoot);
        }
        else
        {
            Assert.Contains("No lock", Assert.Throws<NotSupportedException>(() => map.SyncRoot).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_views_show_what_is_there_now()
    {
        var map = Make(s_entries);
        var (keys, values) = (map.Keys, map.Values);
        map["d"] = 4;
        map.Remove("a");
        Assert.Equal(3, keys.Count);
        Assert.Equal(["b", "c", "d"], keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal([2, 3, 4], values.Order());
        Assert.Same(keys, map.Keys);
    }

    [Fact]
    public void Entries_are_taken_and_doubles_and_nulls_are_refused()
    {
        Assert.Equal(3, Make(s_entries.Where(_ => true)).Count);
        Assert.Empty(Make([]));
        Assert.Throws<ArgumentException>(() => MakeIgnoringCase([new("a", 1), new("A", 2)]));
        Assert.Throws<ArgumentNullException>(() => Make(null!));
        Assert.Throws<ArgumentNullException>(() => Make([new("a", 1), new(null!, 1)]));
        Assert.Equal(1, MakeIgnoringCase(s_entries)["A"]);
    }

    [Fact]
    public void Enumerators_begin_again_and_say_where_they_stand()
    {
        var entries = ((IDictionary)Make(s_entries)).GetEnumerator();
        Assert.Throws<InvalidOperationException>(() => entries.Entry);
        for (int pass = 0; pass < 2; pass++)
        {
            var seen = new List<object>();
            while (entries.MoveNext()) seen.Add(entries.Key);
            Assert.False(entries.MoveNext());
            Assert.Equal(["a", "b", "c"], seen.Cast<string>().Order(StringComparer.Ordinal), StringComparer.Ordinal);
            if (pass == 0) entries.Reset();
        }
    }

    /// <summary>Whether there is an object to lock by hand.</summary>
    protected virtual bool HasLock => !IsSynchronized;

    private static object? Do(Action action)
    {
        action();
        return null;
    }

    private static string Copied<T>(T[] array, Action<T[]> copy)
    {
        copy(array);
        return string.Join(";", array.Select(item => item switch
        {
            DictionaryEntry entry => $"{entry.Key}={entry.Value}",
            KeyValuePair<string, int> pair => $"{pair.Key}={pair.Value}",
            _ => item?.ToString(),
        }).Order(StringComparer.Ordinal));
    }
}

public sealed class GuardedMapConformance : DictionaryConformance
{
    protected override bool IsSynchronized => false;

    protected override IDictionary<string, int> Make(IEnumerable<KeyValuePair<string, int>> entries) => new GuardedMap<string, int>(entries, StringComparer.Ordinal);

    protected override IDictionary<string, int> MakeIgnoringCase(IEnumerable<KeyValuePair<string, int>> entries) => new GuardedMap<string, int>(entries, StringComparer.OrdinalIgnoreCase);
}

public sealed class SynchronizedMapConformance : DictionaryConformance
{
    protected override bool IsSynchronized => true;

    protected override bool HasLock => true;

    protected override IDictionary<string, int> Make(IEnumerable<KeyValuePair<string, int>> entries) => Fill(StringComparer.Ordinal, entries);

    protected override IDictionary<string, int> MakeIgnoringCase(IEnumerable<KeyValuePair<string, int>> entries) => Fill(StringComparer.OrdinalIgnoreCase, entries);

    private static GuardedMap<string, int> Fill(StringComparer comparer, IEnumerable<KeyValuePair<string, int>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var map = new GuardedMap<string, int>(new MapOptions<string> { Comparer = comparer, Protection = MapProtection.Synchronized });
        foreach (var (key, value) in entries) map.Add(key, value);
        return map;
    }
}

public sealed class SnapshotMapConformance : DictionaryConformance
{
    protected override bool IsSynchronized => true;

    protected override IDictionary<string, int> Make(IEnumerable<KeyValuePair<string, int>> entries) => new SnapshotMap<string, int>(entries);

    protected override IDictionary<string, int> MakeIgnoringCase(IEnumerable<KeyValuePair<string, int>> entries) => new SnapshotMap<string, int>(entries, StringComparer.OrdinalIgnoreCase);
}

public sealed class SyncMapConformance : DictionaryConformance
{
    protected override bool IsSynchronized => true;

    protected override IDictionary<string, int> Make(IEnumerable<KeyValuePair<string, int>> entries) => new SyncMap<string, int>(entries);

    protected override IDictionary<string, int> MakeIgnoringCase(IEnumerable<KeyValuePair<string, int>> entries) => new SyncMap<string, int>(entries, StringComparer.OrdinalIgnoreCase);
}

public sealed class OrderedMapConformance : DictionaryConformance
{
    protected override bool IsSynchronized => true;

    protected override IDictionary<string, int> Make(IEnumerable<KeyValuePair<string, int>> entries) => new OrderedMap<string, int>(entries, StringComparer.Ordinal);

    protected override IDictionary<string, int> MakeIgnoringCase(IEnumerable<KeyValuePair<string, int>> entries) => new OrderedMap<string, int>(entries, StringComparer.OrdinalIgnoreCase);
}
