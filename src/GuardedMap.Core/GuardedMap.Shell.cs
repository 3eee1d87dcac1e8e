using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

/// <summary>
/// The guarded map a shell's user gets where they had <c>@{}</c>: keys and values of any type, string keys without regard to case, a
/// missing key reads as null, entries enumerate as <see cref="DictionaryEntry"/>.
/// </summary>
/// <remarks>
/// It is a <see cref="GuardedMapBase{TKey, TValue}"/> made for a shell (<see cref="MapOptions{TKey}.ForShell"/>): PowerShell swallows what a
/// getter throws and never disposes an enumerator, so lookups latch their violations and enumerators hold no lease.
/// </remarks>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field and the shell's users call it.")]
public sealed class GuardedMap : GuardedMapBase<object, object?>, ICloneable
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

    /// <summary>A map with the same entries and options. The values are not copied. O(n).</summary>
    /// <exception cref="MapViolationException">A write overlapped the copying.</exception>
    public GuardedMap Clone()
    {
        var clone = new GuardedMap(Options with { Capacity = Count });
        foreach (KeyValuePair<object, object?> entry in (IEnumerable<KeyValuePair<object, object?>>)this) clone.Add(entry.Key, entry.Value);
        return clone;
    }

    object ICloneable.Clone() => Clone();
}
