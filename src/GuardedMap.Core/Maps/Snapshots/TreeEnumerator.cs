using System.Collections;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>Enumerates one version of a <see cref="SnapshotMap{TKey, TValue}"/>: the entries it had, whatever happens to the map meanwhile.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>A struct, so that <c>foreach</c> allocates nothing. It is of one thread; each thread takes its own.</remarks>
public struct SnapshotEnumerator<TKey, TValue> : IEnumerator<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    private readonly TreeNode _root;
    private Group<TKey, TValue>? _group;
    private int _index;
    private int _depth;
    private Places _places;

    internal SnapshotEnumerator(TreeNode root)
    {
        _root = root;
        _depth = -1;
        _index = -1;
        Enter(root);
    }

    /// <summary>The entry it stands on.</summary>
    /// <exception cref="InvalidOperationException">It stands on none: before the first or after the last.</exception>
    public readonly KeyValuePair<TKey, TValue> Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var group = _group;
            if (group is null || (uint)_index >= (uint)group.Size) throw NoEntry();
            ref var entry = ref group[_index];
            return new KeyValuePair<TKey, TValue>(entry.Key, entry.Value);
        }
    }

    readonly object IEnumerator.Current => Current;

    /// <summary>Goes to the next entry.</summary>
    /// <returns>False at the end, and from then on.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        if (_group is { } group && ++_index < group.Size) return true;
        return NextGroup();
    }

    /// <summary>Goes back before the first entry of the same version.</summary>
    public void Reset() => this = new SnapshotEnumerator<TKey, TValue>(_root);

    /// <summary>Does nothing: there is nothing to give back.</summary>
    public readonly void Dispose()
    {
    }

    private static InvalidOperationException NoEntry() => new("The enumerator stands on no entry: call MoveNext, and go on only while it answers true.");

    private bool NextGroup()
    {
        if (_group is null) return false;
        do
        {
            _group = _group.Next ?? NextInTree();
            if (_group is null) return false;
        }
        while (_group.Size == 0);
        _index = 0;
        return true;
    }

    private Group<TKey, TValue>? NextInTree()
    {
        while (_depth >= 0)
        {
            var (branch, slot) = _places[_depth];
            // A group covers all slots of its range; they lie side by side. Of a chain only the head is in the branch.
            int next = slot + 1;
            var here = branch[slot];
            while (next < Branch.Fan && ReferenceEquals(branch[next], here)) next++;
            if (next == Branch.Fan)
            {
                _depth--;
                continue;
            }

            _places[_depth] = (branch, next);
            Enter(branch[next]);
            return _group;
        }

        return null;
    }

    private void Enter(TreeNode node)
    {
        while (node is Branch branch)
        {
            _places[++_depth] = (branch, 0);
            node = branch[0];
        }

        _group = Unsafe.As<Group<TKey, TValue>>(node);
    }

    [InlineArray(16)]
    private struct Places
    {
        private (Branch Branch, int Slot) _first;
    }
}
