#if NET9_0_OR_GREATER
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// Lookups by a span of chars, in the version that is published. The stored key is not told: of an entry that is removed meanwhile it may be gone.
public abstract partial class SnapshotMapBase<TKey, TValue> : IAlternateSource<TKey, TValue>
{
    /// <summary>The map, asked by keys of another type: <c>GetAlternateLookup&lt;ReadOnlySpan&lt;char&gt;&gt;()</c> finds strings without making any. O(1).</summary>
    /// <typeparam name="TAlternateKey">The type of the keys it is asked by.</typeparam>
    /// <exception cref="InvalidOperationException">The map's comparer is no <see cref="IAlternateEqualityComparer{TAlternate, T}"/> for that type.</exception>
    public AlternateLookup<TKey, TValue, TAlternateKey> GetAlternateLookup<TAlternateKey>()
        where TAlternateKey : notnull, allows ref struct => AlternateLookup<TKey, TValue, TAlternateKey>.Of(this);

    /// <summary>As <see cref="GetAlternateLookup"/>; false where that throws.</summary>
    /// <typeparam name="TAlternateKey">The type of the keys it is asked by.</typeparam>
    public bool TryGetAlternateLookup<TAlternateKey>(out AlternateLookup<TKey, TValue, TAlternateKey> lookup)
        where TAlternateKey : notnull, allows ref struct => AlternateLookup<TKey, TValue, TAlternateKey>.TryOf(this, out lookup);

    bool IAlternateSource<TKey, TValue>.HasTexts => KeyOpsKinds.IsText(_kind);

    void IAlternateSource<TKey, TValue>.Set(TKey key, TValue value) => this[key] = value;

    unsafe TextSearch IAlternateSource<TKey, TValue>.FindText(ReadOnlySpan<char> text, out TKey? stored, [MaybeNull] out TValue value)
    {
        (stored, value) = (default, default!);
        if (IsSampled || DetectsLostUpdates) return TextSearch.Unsure;
        fixed (char* first = text)
        {
            var ops = new PinnedTextOps(first, text.Length, _kind == KeyOpsKind.OrdinalIgnoreCase, _seed);
            TKey any = default!;
            return TreeSearch<TKey, TValue>.TryGet(_tree.Root, ref any, ops.Hash(ref Unsafe.NullRef<byte>()), ops, out value!) ? TextSearch.Found : TextSearch.Missing;
        }
    }
}
#endif
