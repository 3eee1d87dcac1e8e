using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

/// <summary>A key of a <see cref="SyncMap{TKey, TValue}"/> and the place of its value: what both its parts share.</summary>
/// <remarks>
/// A removed entry may be stored again. One that is <em>expunged</em>, which is what a cell that is gone is called here, must come into the dirty part first.
/// The hash lies here as well: the comparer, which may be somebody else's code, is asked for it only once per operation, and a part grows and
/// is copied without it.
/// </remarks>
internal sealed class SyncEntry<TKey, TValue>(TKey key, uint hash, TValue value) : ValueCell<TValue>(value)
{
    public readonly TKey Key = key;
    public readonly uint Hash = hash;

    public bool IsExpunged => IsGone;

    /// <summary>Takes the value away, if asked only while it is a certain one.</summary>
    public bool Remove(bool hasComparison, TValue? comparison, [MaybeNullWhen(false)] out TValue value) => Remove(CellMark.Removed, hasComparison, comparison, out value);

    /// <summary>Under the lock, as a dirty part is made: an entry that was removed is left out for good. True if it is.</summary>
    public bool ExpungeIfRemoved() => Replace(CellMark.Removed, CellMark.Gone) || IsExpunged;

    /// <summary>Under the lock, as the map is cleared. True if it had a value.</summary>
    public bool Expunge() => End();

    /// <summary>Under the lock, once it is in the dirty part: it is removed as any other, and can be stored again.</summary>
    public void Revive() => Replace(CellMark.Gone, CellMark.Removed);
}
