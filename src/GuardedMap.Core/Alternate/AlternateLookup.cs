#if NET9_0_OR_GREATER
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>
/// A map, asked by keys of another type: a <see cref="ReadOnlySpan{T}"/> of chars finds a string without becoming one. As .NET's
/// <see cref="Dictionary{TKey, TValue}.AlternateLookup{TAlternateKey}"/>, for maps that are hashed.
/// </summary>
/// <typeparam name="TKey">The type of the map's keys.</typeparam>
/// <typeparam name="TValue">The type of its values.</typeparam>
/// <typeparam name="TAlternateKey">The type of the keys it is asked by.</typeparam>
/// <remarks>
/// <para>
/// Every member is the map's operation of that name, with its guard, its violations and its costs; thread-safety is the map's. Where the map hashes texts itself (no comparer,
/// <see cref="StringComparer.Ordinal"/>, <see cref="StringComparer.OrdinalIgnoreCase"/>) a lookup by a span of chars allocates nothing, and a guarded map or a SyncMap takes a
/// write to a key that is there without a new string. Under any other comparer, on a map that is traced or sampled, with DetectLostUpdates, and where a
/// lookup meets a writer, the comparer makes a key, and the map is asked by that.
/// </para>
/// <code>
/// var lookup = map.GetAlternateLookup&lt;ReadOnlySpan&lt;char&gt;&gt;();
/// foreach (Range word in text.Split(' '))                    // text: ReadOnlySpan&lt;char&gt;
///     lookup[text[word]] = lookup.TryGetValue(text[word], out int n) ? n + 1 : 1;
/// </code>
/// </remarks>
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "A view, as Dictionary's; nobody compares them.")]
public readonly struct AlternateLookup<TKey, TValue, TAlternateKey>
    where TKey : notnull
    where TAlternateKey : notnull, allows ref struct
{
    private readonly IAlternateSource<TKey, TValue> _map;
    private readonly IAlternateEqualityComparer<TAlternateKey, TKey> _comparer;

    private AlternateLookup(IAlternateSource<TKey, TValue> map, IAlternateEqualityComparer<TAlternateKey, TKey> comparer) => (_map, _comparer) = (map, comparer);

    /// <summary>Gets or sets the value of a key. O(1) expected.</summary>
    /// <exception cref="KeyNotFoundException">On get: the key is not there.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids.</exception>
    public TValue this[TAlternateKey key]
    {
        get => TryGetValue(key, out TValue? value) ? value : throw new KeyNotFoundException(SafeText.Message($"The key '{_comparer.Create(key)}' is not in the map '{((IMap)_map).Name}'."));
        set => _map.Set(StoredOrMade(key), value);
    }

    /// <summary>True if the key is there. O(1) expected.</summary>
    /// <exception cref="MapViolationException">The lookup overlapped a write.</exception>
    public bool ContainsKey(TAlternateKey key) => TryGetValue(key, out _);

    /// <summary>Gets the value of a key, if it is there. O(1) expected.</summary>
    /// <exception cref="MapViolationException">The lookup overlapped a write.</exception>
    public bool TryGetValue(TAlternateKey key, [MaybeNullWhen(false)] out TValue value)
    {
        TextSearch found = Find(key, out _, out value);
        return found == TextSearch.Unsure ? _map.TryGetValue(_comparer.Create(key), out value) : found == TextSearch.Found;
    }

    /// <summary>Adds an entry if the key is not there. O(1) expected.</summary>
    /// <returns>True if it was added.</returns>
    /// <exception cref="MapViolationException">The write overlapped another operation in a way its contract forbids.</exception>
    public bool TryAdd(TAlternateKey key, TValue value) => _map.TryAdd(StoredOrMade(key), value);

    /// <summary>Removes a key. O(1) expected.</summary>
    /// <returns>True if it was there.</returns>
    /// <exception cref="MapViolationException">The write overlapped another operation in a way its contract forbids.</exception>
    public bool Remove(TAlternateKey key) => Remove(key, out _);

    /// <summary>Removes a key and gives the value it had. O(1) expected.</summary>
    /// <returns>True if it was there.</returns>
    /// <exception cref="MapViolationException">The write overlapped another operation in a way its contract forbids.</exception>
    public bool Remove(TAlternateKey key, [MaybeNullWhen(false)] out TValue value) => _map.TryRemove(StoredOrMade(key), out value);

    internal static AlternateLookup<TKey, TValue, TAlternateKey> Of(IAlternateSource<TKey, TValue> map) => TryOf(map, out var lookup)
        ? lookup
        : throw new InvalidOperationException(
            $"The comparer of the map '{((IMap)map).Name}', {map.Comparer.GetType()}, does not compare {typeof(TKey)} with {typeof(TAlternateKey)}. Make the map with one that is an IAlternateEqualityComparer<{typeof(TAlternateKey).Name}, {typeof(TKey).Name}>, or ask it by keys of its own type.");

    internal static bool TryOf(IAlternateSource<TKey, TValue> map, out AlternateLookup<TKey, TValue, TAlternateKey> lookup)
    {
        var comparer = map.Comparer as IAlternateEqualityComparer<TAlternateKey, TKey>;
        lookup = comparer is null ? default : new(map, comparer);
        return comparer is not null;
    }

    // A write goes by a key of the map's own type, whatever is there: whether it is let in is the map's decision, not this search's.
    private TKey StoredOrMade(TAlternateKey key) => Find(key, out TKey? stored, out _) == TextSearch.Found && stored is not null ? stored : _comparer.Create(key);

    private TextSearch Find(TAlternateKey key, out TKey? stored, [MaybeNull] out TValue value)
    {
        if (typeof(TAlternateKey) == typeof(ReadOnlySpan<char>) && _map.HasTexts) return _map.FindText(Unsafe.As<TAlternateKey, ReadOnlySpan<char>>(ref key), out stored, out value);
        (stored, value) = (default, default);
        return TextSearch.Unsure;
    }
}
#endif
