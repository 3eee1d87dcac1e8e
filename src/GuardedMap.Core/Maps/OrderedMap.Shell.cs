using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace GuardedMaps;

/// <summary>
/// The map a shell's user gets where they had <c>@{}</c> and ask for the kind <see cref="MapKind.Ordered"/>: the entries are in the order of their keys, and any number of threads may write. Keys and values of any type, string keys
/// without regard to case, a missing key reads as null, entries enumerate as <see cref="DictionaryEntry"/>.
/// </summary>
/// <remarks>How it works, what it costs and what it promises: <see cref="OrderedMapBase{TKey, TValue}"/>.</remarks>
[JsonConverter(typeof(ShellMapConverter<OrderedMap>))]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field and the shell's users call it.")]
public sealed class OrderedMap : OrderedMapBase<object, object?>, IDictionary, ICloneable
{
    /// <summary>Makes an empty map.</summary>
    public OrderedMap()
        : this(new OrderedMapOptions<object>())
    {
    }

    /// <summary>Makes a map that holds the entries of <paramref name="entries"/>, such as a hashtable's.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="entries"/> is null.</exception>
    /// <exception cref="ArgumentException">Two keys differ in case only.</exception>
    public OrderedMap(IDictionary entries)
        : this(new OrderedMapOptions<object>())
    {
        ArgumentNullException.ThrowIfNull(entries);
        foreach (DictionaryEntry entry in entries) Add(entry.Key, entry.Value);
    }

    /// <summary>Makes an empty map as <paramref name="options"/> say; without a comparer keys are ordered as <see cref="ShellKeyOrder"/> says, strings without regard to case.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The trace capacity is not positive.</exception>
    public OrderedMap(OrderedMapOptions<object> options)
        : base((options ?? throw new ArgumentNullException(nameof(options))) with { ForShell = true, Comparer = options.Comparer ?? ShellKeyOrder.CaseInsensitive }) =>
        Options = options;

    private OrderedMapOptions<object> Options { get; }

    // Before the indexer: PowerShell shows no more than the type's name of an object whose first property is one.

    /// <inheritdoc/>
    public override int Count => base.Count;

    /// <summary>Gets or sets the value of a key; a missing key reads as null.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="KeyOrderException">On set: keys of this type have no order.</exception>
    public new object? this[object key]
    {
        get => base[key];
        set => base[key] = value;
    }

    /// <summary>True if the key is there: what a hashtable calls it, too.</summary>
    /// <inheritdoc cref="MapBase{TKey, TValue}.ContainsKey"/>
    public bool Contains(object key) => ContainsKey(key);

    /// <summary>A map with the same entries and options. The values are not copied. O(n).</summary>
    public OrderedMap Clone()
    {
        var clone = new OrderedMap(Options);
        foreach (var (key, value) in (IEnumerable<KeyValuePair<object, object?>>)this) clone.Add(key, value);
        return clone;
    }

    /// <summary>Removes a key, if it is there. Says nothing, as a hashtable says nothing: what a shell's method returns is output.</summary>
    /// <remarks>To learn whether it was there: <see cref="MapBase{TKey, TValue}.Remove(TKey, out TValue)"/>.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public new void Remove(object key) => Remove(key, out _);

    int ICollection.Count => CountToCopy();

    /// <inheritdoc cref="MapBase{TKey, TValue}.ToArray"/>
    public new DictionaryEntry[] ToArray() => Collect(static entry => new DictionaryEntry(entry.Key, entry.Value));

    /// <inheritdoc cref="MapBase{TKey, TValue}.ToList"/>
    [SuppressMessage("Design", "CA1002:Do not expose generic lists", Justification = "It is the caller's own, as LINQ's ToList gives one, which would be called in its place.")]
    public new List<DictionaryEntry> ToList() => [.. ToArray()];

    void ICollection.CopyTo(Array array, int index) => CopyToArray(array, index, isCounted: true);

    /// <summary>Copies the entries to an array, as <see cref="DictionaryEntry"/> unless its type says otherwise. O(n).</summary>
    /// <exception cref="ArgumentNullException"><paramref name="array"/> is null.</exception>
    /// <exception cref="ArgumentException">The array is too short, or of a type that entries do not fit.</exception>
    public void CopyTo(Array array, int index) => CopyToArray(array, index);

    /// <summary>Enumerates the entries as <see cref="DictionaryEntry"/>. Whatever is written meanwhile, it goes on.</summary>
    public new IDictionaryEnumerator GetEnumerator() => EnumerateEntries();

    /// <inheritdoc/>
    public override string ToString() => GetType().ToString();

    IEnumerator IEnumerable.GetEnumerator() => ShownEntries.Of(GetEnumerator());

    IDictionaryEnumerator IDictionary.GetEnumerator() => GetEnumerator();

    object ICloneable.Clone() => Clone();

    /// <summary>Looks a key up. A key of a type that has no order cannot be there.</summary>
    /// <inheritdoc/>
    public override bool TryGetValue(object key, out object? value)
    {
        ThrowIfNull(key);
        value = null;
        return CanBeThere(key) && base.TryGetValue(key, out value);
    }

    /// <summary>The first entry, or null.</summary>
    public DictionaryEntry? GetFirst() => TryGetFirst(out var entry) ? AsEntry(entry) : null;

    /// <summary>The last entry, or null.</summary>
    public DictionaryEntry? GetLast() => TryGetLast(out var entry) ? AsEntry(entry) : null;

    /// <summary>The entry with the greatest key that is not greater than <paramref name="key"/>, or null.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="KeyOrderException">Keys of this type have no order.</exception>
    public DictionaryEntry? GetFloor(object key) => TryGetFloor(Ordered(key), out var entry) ? AsEntry(entry) : null;

    /// <summary>The entry with the smallest key that is not smaller than <paramref name="key"/>, or null.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="KeyOrderException">Keys of this type have no order.</exception>
    public DictionaryEntry? GetCeiling(object key) => TryGetCeiling(Ordered(key), out var entry) ? AsEntry(entry) : null;

    /// <summary>The entries from one key to another, both included, in their order.</summary>
    /// <exception cref="ArgumentNullException">A key is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="to"/> is smaller than <paramref name="from"/>.</exception>
    /// <exception cref="KeyOrderException">Keys of this type have no order.</exception>
    public IEnumerable<DictionaryEntry> GetRange(object from, object to) => Range(Ordered(from), Ordered(to)).Select(AsEntry);

    // The first key of all is compared with no other, so each is looked at before it is stored: what goes in must have an order.
    private protected override (object? Value, bool Stored) Change<TChange>(object key, ref TChange change) => base.Change(Ordered(key), ref change);

    private protected override bool Remove(object key, bool hasComparison, object? comparison, out object? value)
    {
        ThrowIfNull(key);
        value = null;
        return CanBeThere(key) && base.Remove(key, hasComparison, comparison, out value);
    }

    private bool CanBeThere(object key) => key is string || Comparer is not ShellKeyOrder || ShellKeyOrder.HasOrder(key.GetType());

    private object Ordered(object key)
    {
        ThrowIfNull(key);
        return CanBeThere(key) ? key : throw new KeyOrderException(key.GetType());
    }

    private static DictionaryEntry AsEntry(KeyValuePair<object, object?> entry) => new(entry.Key, entry.Value);
}
