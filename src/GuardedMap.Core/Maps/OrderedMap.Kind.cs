using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

// What an OrderedMap says of itself to those who know only an IMap.
public abstract partial class OrderedMapBase<TKey, TValue>
{
    /// <inheritdoc/>
    public override MapKind Kind => MapKind.Ordered;

    /// <summary>The equality that goes with the order, where it has one of its own; else the keys'.</summary>
    private protected override IEqualityComparer<TKey> KeyEquality => Comparer switch
    {
        IEqualityComparer<TKey> both => both,
        ShellKeyOrder order => (IEqualityComparer<TKey>)(object)order.Equality,
        _ => EqualityComparer<TKey>.Default,
    };

    /// <summary>Always <see cref="IterationContract.WeaklyConsistent"/>.</summary>
    public override IterationContract Contract => IterationContract.WeaklyConsistent;

    /// <summary>A copy of the entries, as an iteration sees them: not of one moment where others write meanwhile. O(n).</summary>
    public KindSnapshot<TKey, TValue> GetSnapshot() =>
        new KindSnapshot<TKey, TValue>(Name, new OrderedCopy([.. Entries()], Comparer), version: 0, isOneMoment: false);

    private protected override IMapSnapshot TakeSnapshot() => GetSnapshot();

    /// <summary>Entries that came in the order of their keys, each key once.</summary>
    private sealed class OrderedCopy(KeyValuePair<TKey, TValue>[] entries, IComparer<TKey> comparer) : IReadOnlyDictionary<TKey, TValue>, IComparer<KeyValuePair<TKey, TValue>>
    {
        public int Count => entries.Length;

        public IEnumerable<TKey> Keys => entries.Select(e => e.Key);

        public IEnumerable<TValue> Values => entries.Select(e => e.Value);

        public TValue this[TKey key] => TryGetValue(key, out TValue? value) ? value : throw new KeyNotFoundException(SafeText.Message($"The key '{key}' is not there."));

        public bool ContainsKey(TKey key) => TryGetValue(key, out _);

        public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
        {
            ThrowIfNull(key);
            int index = Array.BinarySearch(entries, new KeyValuePair<TKey, TValue>(key, default!), this);
            value = index < 0 ? default : entries[index].Value;
            return index >= 0;
        }

        public int Compare(KeyValuePair<TKey, TValue> x, KeyValuePair<TKey, TValue> y) => comparer.Compare(x.Key, y.Key);

        public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => ((IEnumerable<KeyValuePair<TKey, TValue>>)entries).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
