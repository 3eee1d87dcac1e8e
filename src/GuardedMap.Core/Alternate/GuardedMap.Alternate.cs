#if NET9_0_OR_GREATER
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// Lookups by a span of chars. The way of GuardedMapBase.TryGetValue, with another search: two looks at the version word, and in between nothing that could not be thrown away.
// Whatever makes that way not the plain one (a racing writer, tracing, DetectLostUpdates, a shell's map) ends it: the caller then makes a string and takes the map's own road.
public abstract partial class GuardedMapBase<TKey, TValue> : IAlternateSource<TKey, TValue>
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

    bool IAlternateSource<TKey, TValue>.HasTexts => KeyOpsKinds.IsText(_ops);

    void IAlternateSource<TKey, TValue>.Set(TKey key, TValue value) => this[key] = value;

    unsafe TextSearch IAlternateSource<TKey, TValue>.FindText(ReadOnlySpan<char> text, out TKey? stored, [MaybeNull] out TValue value)
    {
        long version = Volatile.Read(ref _version);
        if ((version & VersionWord.Carefully) == 0)
        {
            fixed (char* first = text)
            {
                var ops = new PinnedTextOps(first, text.Length, _ops == KeyOpsKind.OrdinalIgnoreCase, _table.Seed);
                ulong hash = ops.Hash(ref Unsafe.NullRef<byte>());
                ref Slot<TKey, TValue> slot = ref (version & VersionWord.Growing) == 0
                    ? ref _table.Find(default!, hash, ops, default(NoProbe))
                    : ref _table.FindGrowing(default!, hash, ops, default(NoProbe));
                bool found = !Unsafe.IsNullRef(ref slot);
                (stored, value) = found ? (slot.Key, slot.Value) : (default, default!);
                Fence.Loads();
                if (((Volatile.Read(ref _version) ^ version) & VersionWord.ReadStamp) == 0) return found ? TextSearch.Found : TextSearch.Missing;
            }
        }

        (stored, value) = (default, default!);
        return TextSearch.Unsure;
    }
}
#endif
