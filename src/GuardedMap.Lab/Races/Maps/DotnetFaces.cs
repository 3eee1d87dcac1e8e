using System.Collections;
using System.Collections.Concurrent;

namespace GuardedMaps.Lab;

/// <summary>.NET's generic Dictionary.</summary>
internal sealed class DictionaryFace<TKey>(Dictionary<TKey, long> map) : MapFace<TKey>
    where TKey : notnull
{
    public override int Count => map.Count;

    public override long? Get(TKey key) => map.TryGetValue(key, out long value) ? value : null;

    public override void Set(TKey key, long value) => map[key] = value;

    public override bool Remove(TKey key) => map.Remove(key);

    public override long? Take(TKey key) => map.Remove(key, out long value) ? value : null;

    public override bool TryAdd(TKey key, long value) => map.TryAdd(key, value);

    public override void Clear() => map.Clear();

    public override IEnumerable<KeyValuePair<TKey?, long>> Entries()
    {
        foreach (var entry in map) yield return new(entry.Key, entry.Value);
    }

    public override IReadOnlyList<KeyValuePair<TKey?, long>> Copy() => Listed(map);
}

/// <summary>.NET's ConcurrentDictionary. Its increment is <c>AddOrUpdate</c>, which runs the callback again when another thread was faster.</summary>
internal sealed class ConcurrentFace<TKey>(ConcurrentDictionary<TKey, long> map) : MapFace<TKey>
    where TKey : notnull
{
    public override int Count => map.Count;

    public override bool HasTryUpdate => true;

    public override long? Get(TKey key) => map.TryGetValue(key, out long value) ? value : null;

    public override void Set(TKey key, long value) => map[key] = value;

    public override bool Remove(TKey key) => map.TryRemove(key, out _);

    public override long? Take(TKey key) => map.TryRemove(key, out long value) ? value : null;

    public override bool TryAdd(TKey key, long value) => map.TryAdd(key, value);

    public override bool TryUpdate(TKey key, long value, long compared) => map.TryUpdate(key, value, compared);

    public override long GetOrAdd(TKey key, long value) => map.GetOrAdd(key, value);

    public override long Increment(TKey key, long by) => map.AddOrUpdate(key, static (_, add) => add, static (_, old, add) => old + add, by);

    public override void Clear() => map.Clear();

    public override IEnumerable<KeyValuePair<TKey?, long>> Entries() => (IEnumerable<KeyValuePair<TKey?, long>>)(object)map;

    public override IReadOnlyList<KeyValuePair<TKey?, long>> Copy() => Listed(map);
}

/// <summary>.NET's Hashtable, which PowerShell's <c>@{}</c> is, plain or in its synchronized wrapper.</summary>
internal class HashtableFace<TKey>(Hashtable map) : MapFace<TKey>
    where TKey : notnull
{
    public override int Count => map.Count;

    public override bool RemoveAnswers => false;

    public override long? Get(TKey key) => map[key] is long number ? number : null;

    public override void Set(TKey key, long value) => map[key] = value;

    public override bool Remove(TKey key)
    {
        // Hashtable.Remove does not say whether the key was there, and asking first would be a second operation.
        map.Remove(key);
        return true;
    }

    public override void Clear() => map.Clear();

    public override IEnumerable<KeyValuePair<TKey?, long>> Entries()
    {
        foreach (DictionaryEntry entry in map) yield return Entry(entry);
    }

    public override IReadOnlyList<KeyValuePair<TKey?, long>> Copy() => [.. new ArrayList(map).Cast<object?>().Select(Item)];

    private static KeyValuePair<TKey?, long> Item(object? item) => item is DictionaryEntry entry ? Entry(entry) : default;

    // A race may leave an entry without key or value; that is for the judge to see.
    private static KeyValuePair<TKey?, long> Entry(DictionaryEntry entry) => new(entry.Key is TKey key ? key : default, entry.Value is long number ? number : long.MinValue);
}
