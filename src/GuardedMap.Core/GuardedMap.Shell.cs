using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace GuardedMaps;

/// <summary>
/// The guarded map a shell's user gets where they had <c>@{}</c>: keys and values of any type, string keys without regard to case, a
/// missing key reads as null, entries enumerate as <see cref="DictionaryEntry"/>.
/// </summary>
/// <remarks>
/// It is a <see cref="GuardedMapBase{TKey, TValue}"/> made for a shell (<see cref="MapOptions{TKey}.ForShell"/>): PowerShell swallows what a
/// getter throws and never disposes an enumerator, so lookups latch their violations and enumerators hold no lease.
/// </remarks>
[JsonConverter(typeof(ShellMapConverter<GuardedMap>))]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field and the shell's users call it.")]
public sealed class GuardedMap : GuardedMapBase<object, object?>, IDictionary, ICloneable
{
    /// <summary>Makes an empty map.</summary>
    public GuardedMap()
        : this(new MapOptions<object>())
    {
    }

    /// <summary>Makes a map that holds the entries of <paramref name="entries"/>, such as a hashtable's.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="entries"/> is null.</exception>
    /// <exception cref="ArgumentException">Two keys differ in case only.</exception>
    public GuardedMap(IDictionary entries)
        : this(new MapOptions<object> { Capacity = entries?.Count ?? throw new ArgumentNullException(nameof(entries)) })
    {
        foreach (DictionaryEntry entry in entries) Add(entry.Key, entry.Value);
    }

    /// <summary>Makes an empty map as <paramref name="options"/> say; without a comparer string keys ignore case.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public GuardedMap(MapOptions<object> options)
        : base((options ?? throw new ArgumentNullException(nameof(options))) with { ForShell = true, Comparer = options.Comparer ?? ShellKeyComparer.CaseInsensitive })
    {
        Options = options;
    }

    private MapOptions<object> Options { get; }

    // Before the indexer: PowerShell shows no more than the type's name of an object whose first property is one.

    /// <inheritdoc cref="GuardedMapBase{TKey, TValue}.Count"/>
    public new int Count => base.Count;

    /// <summary>Gets or sets the value of a key; a missing key reads as null. O(1) expected.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids. (A lookup that did is thrown by the next write.)</exception>
    public new object? this[object key]
    {
        // A shell's every $map['key'] comes by here: strings take the shortest way, without a stop in the base class.
        get => TryReadText(key, out _, out object? value) ? value : base[key];
        set
        {
            if (!TryStoreText(key, value, overwrite: true, out _)) base[key] = value;
        }
    }

    /// <inheritdoc cref="GuardedMapBase{TKey, TValue}.ContainsKey"/>
    public new bool ContainsKey(object key) => TryReadText(key, out bool found, out _) ? found : base.ContainsKey(key);

    /// <summary>True if the key is there: what a hashtable calls it, too.</summary>
    /// <inheritdoc cref="GuardedMapBase{TKey, TValue}.ContainsKey"/>
    public bool Contains(object key) => ContainsKey(key);

    /// <summary>A map with the same entries and options. The values are not copied. O(n).</summary>
    /// <exception cref="MapViolationException">A write overlapped the copying.</exception>
    public GuardedMap Clone()
    {
        var clone = new GuardedMap(Options with { Capacity = Count });
        foreach (KeyValuePair<object, object?> entry in (IEnumerable<KeyValuePair<object, object?>>)this) clone.Add(entry.Key, entry.Value);
        return clone;
    }

    /// <summary>Removes a key, if it is there. Says nothing, as a hashtable says nothing: what a shell's method returns is output.</summary>
    /// <remarks>To learn whether it was there: <see cref="GuardedMapBase{TKey, TValue}.Remove(TKey, out TValue)"/>.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public new void Remove(object key) => Remove(key, out _);

    int ICollection.Count => CountToCopy();

    /// <inheritdoc cref="GuardedMapBase{TKey, TValue}.ToArray"/>
    public new DictionaryEntry[] ToArray() => Collect(static entry => new DictionaryEntry(entry.Key, entry.Value), out _);

    /// <inheritdoc cref="GuardedMapBase{TKey, TValue}.ToList"/>
    [SuppressMessage("Design", "CA1002:Do not expose generic lists", Justification = "It is the caller's own, as LINQ's ToList gives one, which would be called in its place.")]
    public new List<DictionaryEntry> ToList() => [.. ToArray()];

    void ICollection.CopyTo(Array array, int index) => CopyToArray(array, index, isCounted: true);

    /// <summary>Copies the entries to an array, as <see cref="DictionaryEntry"/> unless its type says otherwise. O(n).</summary>
    /// <exception cref="ArgumentNullException"><paramref name="array"/> is null.</exception>
    /// <exception cref="ArgumentException">The array is too short, or of a type that entries do not fit.</exception>
    /// <exception cref="MapViolationException">A write overlapped the copying.</exception>
    public void CopyTo(Array array, int index) => CopyToArray(array, index);

    /// <summary>Enumerates the entries as <see cref="DictionaryEntry"/>, without a lease: a shell would not end it.</summary>
    public new IDictionaryEnumerator GetEnumerator() => new EntryEnumerator(Unleased());

    IEnumerator IEnumerable.GetEnumerator() => ShownEntries.Of(GetEnumerator());

    IDictionaryEnumerator IDictionary.GetEnumerator() => GetEnumerator();

    object ICloneable.Clone() => Clone();

    /// <summary>
    /// An iterator whose <see cref="IEnumerator.Current"/> is a <see cref="DictionaryEntry"/> to everybody. A shell that looks members up by name finds
    /// the iterator's own, typed one otherwise.
    /// </summary>
    private sealed class EntryEnumerator(MapIterator<object, object?> iterator) : IDictionaryEnumerator
    {
        public object Current => Entry;

        public DictionaryEntry Entry
        {
            get
            {
                KeyValuePair<object, object?> entry = iterator.Current;
                return new DictionaryEntry(entry.Key, entry.Value);
            }
        }

        public object Key => iterator.Current.Key;

        public object? Value => iterator.Current.Value;

        public bool MoveNext() => iterator.MoveNext();

        public void Reset() => ((IEnumerator)iterator).Reset();
    }
}
