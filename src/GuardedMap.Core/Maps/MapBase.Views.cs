using System.Collections;
using System.Diagnostics;

namespace GuardedMaps;

// The collections of keys and of values: each looks at the map, and copies nothing.
public abstract partial class MapBase<TKey, TValue>
{
    [DebuggerDisplay("Count = {Count}")]
    private abstract class View<T>(MapBase<TKey, TValue> map) : ICollection<T>, ICollection
    {
        protected MapBase<TKey, TValue> Map => map;

        public int Count => map.Count;

        public bool IsReadOnly => true;

        bool ICollection.IsSynchronized => true;

        object ICollection.SyncRoot => ((ICollection)map).SyncRoot;

        public abstract bool Contains(T item);

        public void CopyTo(T[] array, int arrayIndex) => Copy(Items(), array, arrayIndex, map.Name);

        public IEnumerator<T> GetEnumerator() => Items().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        void ICollection.CopyTo(Array array, int index)
        {
            ArgumentNullException.ThrowIfNull(array);
            if (array is T[] typed) CopyTo(typed, index);
            else if (array is object?[] objects && objects.GetType() == typeof(object[])) Copy(Items().Cast<object?>(), objects, index, map.Name);
            else throw new ArgumentException(SafeText.Message($"Items of type {typeof(T)} cannot be copied to a {array.GetType()}."), nameof(array));
        }

        void ICollection<T>.Add(T item) => throw ReadOnly();

        bool ICollection<T>.Remove(T item) => throw ReadOnly();

        void ICollection<T>.Clear() => throw ReadOnly();

        protected abstract IEnumerable<T> Items();

        private NotSupportedException ReadOnly() => new(SafeText.Message($"This is a read-only view of the map '{map.Name}'. Change the map itself."));
    }

    private sealed class KeyView(MapBase<TKey, TValue> map) : View<TKey>(map)
    {
        public override bool Contains(TKey item) => Map.ContainsKey(item);

        protected override IEnumerable<TKey> Items() => Map.Entries().Select(e => e.Key);
    }

    private sealed class ValueView(MapBase<TKey, TValue> map) : View<TValue>(map)
    {
        public override bool Contains(TValue item) => Map.ContainsValue(item);

        protected override IEnumerable<TValue> Items() => Map.Entries().Select(e => e.Value);
    }
}
