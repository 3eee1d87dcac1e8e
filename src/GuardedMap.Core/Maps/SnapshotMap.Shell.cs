using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace GuardedMaps;

/// <summary>
/// The map a shell's user gets where they had <c>@{}</c> and ask for the kind <see cref="MapKind.Snapshot"/>: readers and iterations see a published version and never wait. Keys and values of any type, string keys
/// without regard to case, a missing key reads as null, entries enumerate as <see cref="DictionaryEntry"/>.
/// </summary>
/// <remarks>How it works, what it costs and what it promises: <see cref="SnapshotMapBase{TKey, TValue}"/>.</remarks>
[JsonConverter(typeof(ShellMapConverter<SnapshotMap>))]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field and the shell's users call it.")]
public sealed class SnapshotMap : SnapshotMapBase<object, object?>, IDictionary, ICloneable
{
    /// <summary>Makes an empty map.</summary>
    public SnapshotMap()
        : this(new SnapshotMapOptions<object>())
    {
    }

    /// <summary>Makes a map that holds the entries of <paramref name="entries"/>, such as a hashtable's.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="entries"/> is null.</exception>
    /// <exception cref="ArgumentException">Two keys differ in case only.</exception>
    public SnapshotMap(IDictionary entries)
        : this(new SnapshotMapOptions<object>(), Pairs(entries ?? throw new ArgumentNullException(nameof(entries))))
    {
    }

    /// <summary>Makes an empty map as <paramref name="options"/> say; without a comparer string keys ignore case.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The trace capacity is not positive.</exception>
    public SnapshotMap(SnapshotMapOptions<object> options)
        : this(options, null)
    {
    }

    private SnapshotMap(SnapshotMapOptions<object> options, IEnumerable<KeyValuePair<object, object?>>? entries)
        : base((options ?? throw new ArgumentNullException(nameof(options))) with { ForShell = true, Comparer = options.Comparer ?? ShellKeyComparer.CaseInsensitive }, entries) =>
        Options = options;

    private SnapshotMapOptions<object> Options { get; }

    // Before the indexer: PowerShell shows no more than the type's name of an object whose first property is one.

    /// <inheritdoc/>
    public override int Count => base.Count;

    /// <summary>Gets or sets the value of a key; a missing key reads as null.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public new object? this[object key]
    {
        get => base[key];
        set => base[key] = value;
    }

    /// <summary>True if the key is there: what a hashtable calls it, too.</summary>
    /// <inheritdoc cref="MapBase{TKey, TValue}.ContainsKey"/>
    public bool Contains(object key) => ContainsKey(key);

    /// <summary>A map with the same entries and options. The values are not copied. O(n).</summary>
    public SnapshotMap Clone() => new(Options, base.GetSnapshot());

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

    /// <inheritdoc cref="IMap.GetSnapshot"/>
    public new IMapSnapshot GetSnapshot() => TakeSnapshot();

    /// <inheritdoc/>
    public override string ToString() => GetType().ToString();

    IEnumerator IEnumerable.GetEnumerator() => ShownEntries.Of(GetEnumerator());

    IDictionaryEnumerator IDictionary.GetEnumerator() => GetEnumerator();

    object ICloneable.Clone() => Clone();

    private static IEnumerable<KeyValuePair<object, object?>> Pairs(IDictionary entries)
    {
        foreach (DictionaryEntry entry in entries) yield return KeyValuePair.Create(entry.Key, entry.Value);
    }
}
