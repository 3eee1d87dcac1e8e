using System.Collections;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

// The collections of keys and of values: each looks at the map, and copies nothing.
public abstract partial class MapBase<TKey, TValue>
{
    /// <summary>What the views of keys and of values have in common.</summary>
    /// <typeparam name="T">What is viewed.</typeparam>
    [DebuggerDisplay("Count = {Count}")]
    public abstract class View<T> : ICollection<T>, IReadOnlyCollection<T>, ICollection
    {
        private protected View(MapBase<TKey, TValue> map) => Map = map;

        /// <summary>The number of entries. O(1).</summary>
        public int Count => Map.Count;

        int ICollection<T>.Count => Map.CountToCopy();

        int ICollection.Count => Map.CountToCopy();

        /// <summary>Always true: change the map, not the view.</summary>
        public bool IsReadOnly => true;

        bool ICollection.IsSynchronized => true;

        object ICollection.SyncRoot => ((ICollection)Map).SyncRoot;

        private protected MapBase<TKey, TValue> Map { get; }

        /// <summary>True if <paramref name="item"/> is in the view: a lookup for a key, O(n) for a value.</summary>
        public abstract bool Contains(T item);

        /// <summary>The items in an array of their own, all of one enumeration. O(n).</summary>
        public T[] ToArray() => Map.Collect(Select);

        /// <summary>The items in a list of their own, all of one enumeration. O(n).</summary>
        [SuppressMessage("Design", "CA1002:Do not expose generic lists", Justification = "It is the caller's own, as LINQ's ToList gives one, which would be called in its place.")]
        public List<T> ToList() => [.. ToArray()];

        /// <summary>Copies the view to an array, all of one enumeration. O(n).</summary>
        /// <remarks><inheritdoc cref="MapBase{TKey, TValue}.CopyTo"/></remarks>
        /// <exception cref="ArgumentNullException"><paramref name="array"/> is null.</exception>
        /// <exception cref="ArgumentException">The array is too short.</exception>
        public void CopyTo(T[] array, int arrayIndex) => Map.CopyEntries(array, arrayIndex, Select, isCounted: false);

        void ICollection<T>.CopyTo(T[] array, int arrayIndex) => Map.CopyEntries(array, arrayIndex, Select, isCounted: true);

        /// <summary>Enumerates the view: one enumeration of the map.</summary>
        public IEnumerator<T> GetEnumerator() => Map.Entries().Select(Select).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        void ICollection.CopyTo(Array array, int index)
        {
            ArgumentNullException.ThrowIfNull(array);
            if (array is T[] typed && typed.GetType() == typeof(T[])) Map.CopyEntries(typed, index, Select, isCounted: true);
            else if (array is object?[] objects && objects.GetType() == typeof(object[])) Map.CopyEntries(objects, index, entry => (object?)Select(entry), isCounted: true);
            else throw new ArgumentException(SafeText.Message($"Items of type {typeof(T)} cannot be copied to a {array.GetType()}."), nameof(array));
        }

        void ICollection<T>.Add(T item) => throw ReadOnly();

        bool ICollection<T>.Remove(T item) => throw ReadOnly();

        void ICollection<T>.Clear() => throw ReadOnly();

        private protected abstract T Select(KeyValuePair<TKey, TValue> entry);

        private NotSupportedException ReadOnly() => new($"This is a read-only view of the map '{Map.Name}'. Change the map itself.");
    }

    /// <summary>The keys of a map: a live, read-only view.</summary>
    public sealed class KeyCollection : View<TKey>
    {
        internal KeyCollection(MapBase<TKey, TValue> map)
            : base(map)
        {
        }

        /// <inheritdoc/>
        public override bool Contains(TKey item) => Map.ContainsKey(item);

        private protected override TKey Select(KeyValuePair<TKey, TValue> entry) => entry.Key;
    }

    /// <summary>The values of a map: a live, read-only view.</summary>
    public sealed class ValueCollection : View<TValue>
    {
        internal ValueCollection(MapBase<TKey, TValue> map)
            : base(map)
        {
        }

        /// <inheritdoc/>
        public override bool Contains(TValue item) => Map.ContainsValue(item);

        private protected override TValue Select(KeyValuePair<TKey, TValue> entry) => entry.Value;
    }
}
