using System.Collections;
using System.Globalization;

namespace GuardedMaps.Lab.Choosing;

/// <summary>The maps to choose from. Each is used in the way it is meant to be used by several threads.</summary>
internal static class ChoiceMaps
{
    private const string Hashtable = "SynchronizedHashtable";

    public static IReadOnlyList<string> Names { get; } = ["GuardedMap", "GuardedMapSynchronized", "SnapshotMap", "SyncMap", "OrderedMap", "ConcurrentDictionary", Hashtable];

    /// <summary>The order in which keys are asked for: strings are compared ordinally, by all maps.</summary>
    public static IComparer<TKey> Order<TKey>() => typeof(TKey) == typeof(string) ? (IComparer<TKey>)StringComparer.Ordinal : Comparer<TKey>.Default;

    public static MapFace<TKey> Make<TKey>(string name)
        where TKey : notnull
    {
        if (!Names.Contains(name, StringComparer.Ordinal)) throw new UnknownChoiceException(name, isLoad: false, Names);
        return name == Hashtable ? new LockedHashtable<TKey>(System.Collections.Hashtable.Synchronized([])) : MapFaces.Create(name, order: Order<TKey>());
    }

    // As its documentation has it: iterations, and what is read to be written, hold its lock.
    private sealed class LockedHashtable<TKey>(Hashtable map) : HashtableFace<TKey>(map)
        where TKey : notnull
    {
        private readonly object _lock = map.SyncRoot;
        private readonly Hashtable _map = map;

        public override long Increment(TKey key, long by)
        {
            lock (_lock)
            {
                long sum = Convert.ToInt64(_map[key], CultureInfo.InvariantCulture) + by;
                _map[key] = sum;
                return sum;
            }
        }

        public override long Sum()
        {
            lock (_lock) return base.Sum();
        }

        public override long Sum(TKey from, TKey to, IComparer<TKey> order)
        {
            lock (_lock) return base.Sum(from, to, order);
        }
    }
}
