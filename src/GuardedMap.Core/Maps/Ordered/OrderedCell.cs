using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

/// <summary>The place of a value in an <see cref="OrderedMap{TKey, TValue}"/>. Once its value is removed it is gone: a key that comes again gets a new one.</summary>
internal sealed class OrderedCell<TValue>(TValue value) : ValueCell<TValue>(value)
{
    /// <summary>Removes the entry, if asked only while it has a certain value. Of several that try one succeeds: that is the moment it is gone.</summary>
    public bool Remove(bool hasComparison, TValue? comparison, [MaybeNullWhen(false)] out TValue value) => Remove(CellMark.Gone, hasComparison, comparison, out value);
}
