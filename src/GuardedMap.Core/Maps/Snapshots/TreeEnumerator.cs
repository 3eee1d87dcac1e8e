using System.Collections;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>Enumerates one version of a <see cref="SnapshotMap{TKey, TValue}"/>: the entries it had, whatever happens to the map meanwhile.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>A struct of four fields, which the runtime keeps in registers during a <c>foreach</c>. It is of one thread; each thread takes its own.</remarks>
public struct SnapshotEnumerator<TKey, TValue> : IEnumerator<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    private readonly TreeWalk<TKey, TValue> _walk;
    private Group<TKey, TValue>? _group; // Its entries are the first places.
    private int _size;
    private int _index = -1;

    internal SnapshotEnumerator(FrozenTree tree) => _walk = new TreeWalk<TKey, TValue>(tree);

    /// <summary>The entry it stands on.</summary>
    /// <exception cref="InvalidOperationException">It stands on none: before the first or after the last.</exception>
    public readonly KeyValuePair<TKey, TValue> Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            int index = _index;
            if ((uint)index >= (uint)_size) throw NoEntry();
            ref var entry = ref _group![index];
            return new KeyValuePair<TKey, TValue>(entry.Key, entry.Value);
        }
    }

    readonly object IEnumerator.Current => Current;

    /// <summary>Goes to the next entry.</summary>
    /// <returns>False at the end, and from then on.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        int index = _index + 1;
        while ((uint)index >= (uint)_size)
        {
            var group = _walk.Next();
            _group = group;
            if (group is null)
            {
                (_index, _size) = (-1, 0);
                return false;
            }

            _size = group.Size;
            index = 0;
        }

        _index = index;
        return true;
    }

    /// <summary>Goes back before the first entry of the same version.</summary>
    public void Reset() => this = new SnapshotEnumerator<TKey, TValue>(_walk.Tree);

    /// <summary>Does nothing: there is nothing to give back.</summary>
    public readonly void Dispose()
    {
    }

    private static InvalidOperationException NoEntry() => new("The enumerator stands on no entry: call MoveNext, and go on only while it answers true.");
}
