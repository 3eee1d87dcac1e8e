using System.Collections;

namespace GuardedMaps;

/// <summary>The entries of a frozen tree, and nothing of the map it is of.</summary>
internal sealed class TreeMoment<TKey, TValue>(FrozenTree tree) : IReadOnlyCollection<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    public int Count => tree.Count;

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => new SnapshotEnumerator<TKey, TValue>(tree);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
