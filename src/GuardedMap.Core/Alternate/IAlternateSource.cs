#if NET9_0_OR_GREATER
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

/// <summary>What <see cref="AlternateLookup{TKey, TValue, TAlternateKey}"/> asks of a map.</summary>
internal interface IAlternateSource<TKey, TValue>
    where TKey : notnull
{
    IEqualityComparer<TKey> Comparer { get; }

    /// <summary>True if the keys are texts that the map itself hashes, so that <see cref="FindText"/> finds them.</summary>
    bool HasTexts { get; }

    bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value);

    void Set(TKey key, TValue value);

    bool TryAdd(TKey key, TValue value);

    bool TryRemove(TKey key, [MaybeNullWhen(false)] out TValue value);

    /// <summary>Looks a text up without making a string of it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="stored">The key that is stored, where the map can tell; else null.</param>
    /// <param name="value">The value, if it was found.</param>
    TextSearch FindText(ReadOnlySpan<char> text, out TKey? stored, [MaybeNull] out TValue value);
}

/// <summary>What came of a search for a text.</summary>
internal enum TextSearch
{
    Missing,

    Found,

    /// <summary>The map has a say in this lookup (a race, a watcher, a careful mode): it has to be asked with a key of its own type.</summary>
    Unsure,
}
#endif
