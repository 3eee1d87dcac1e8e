using System.ComponentModel;

namespace GuardedMaps;

/// <summary>Makes maps of collection expressions: <c>GuardedMap&lt;string, int&gt; map = [.. entries];</c> The compiler calls it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class MapBuilder
{
    /// <summary>Makes a map that holds <paramref name="entries"/>.</summary>
    /// <exception cref="ArgumentNullException">A key is null.</exception>
    /// <exception cref="ArgumentException">A key is there twice.</exception>
    public static GuardedMap<TKey, TValue> Guarded<TKey, TValue>(ReadOnlySpan<KeyValuePair<TKey, TValue>> entries)
        where TKey : notnull
    {
        var map = new GuardedMap<TKey, TValue>(entries.Length);
        foreach (var (key, value) in entries) map.Add(key, value);
        return map;
    }

    /// <inheritdoc cref="Guarded"/>
    public static SnapshotMap<TKey, TValue> Snapshot<TKey, TValue>(ReadOnlySpan<KeyValuePair<TKey, TValue>> entries)
        where TKey : notnull => new(entries.ToArray());

    /// <inheritdoc cref="Guarded"/>
    public static SyncMap<TKey, TValue> Sync<TKey, TValue>(ReadOnlySpan<KeyValuePair<TKey, TValue>> entries)
        where TKey : notnull => new(entries.ToArray());

    /// <inheritdoc cref="Guarded"/>
    public static OrderedMap<TKey, TValue> Ordered<TKey, TValue>(ReadOnlySpan<KeyValuePair<TKey, TValue>> entries)
        where TKey : notnull => new(entries.ToArray());
}
