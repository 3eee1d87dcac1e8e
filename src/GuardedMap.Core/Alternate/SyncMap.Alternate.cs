#if NET9_0_OR_GREATER
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

// Lookups by a span of chars: in the read part as they are. What the read part does not have, or has without a value, is a question for the lock, which a string asks.
public abstract partial class SyncMapBase<TKey, TValue> : IAlternateSource<TKey, TValue>
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

    bool IAlternateSource<TKey, TValue>.HasTexts => _keys.HasTexts;

    void IAlternateSource<TKey, TValue>.Set(TKey key, TValue value) => this[key] = value;

    unsafe TextSearch IAlternateSource<TKey, TValue>.FindText(ReadOnlySpan<char> text, out TKey? stored, [MaybeNull] out TValue value)
    {
        (stored, value) = (default, default!);
        if (IsSampled) return TextSearch.Unsure;
        var read = Read;
        SyncEntry<TKey, TValue>? entry;
        fixed (char* first = text) entry = _keys.FindText(read.Slots, first, text.Length);
        if (entry is null) return read.IsAmended ? TextSearch.Unsure : TextSearch.Missing;
        if (!entry.TryGet(out TValue? found)) return TextSearch.Unsure;
        (stored, value) = (entry.Key, found);
        return TextSearch.Found;
    }
}

internal readonly partial struct SyncKeys<TKey>
{
    /// <summary>True if the keys are texts that are hashed here, so that <see cref="FindText"/> finds them.</summary>
    public bool HasTexts => KeyOpsKinds.IsText(_kind);

    /// <summary>The entry of a text that stays where it is; null if there is none.</summary>
    public unsafe SyncEntry<TKey, TValue>? FindText<TValue>(in SyncSlots<TKey, TValue> slots, char* first, int length) =>
        Find(slots, default!, new PinnedTextOps(first, length, _kind == KeyOpsKind.OrdinalIgnoreCase, _seed));
}
#endif
