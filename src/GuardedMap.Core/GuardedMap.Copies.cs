using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

// Copies: each is one operation, whoever asks for it.
//
//     ToArray  ToList                   counted and copied at once: this is the way
//     CopyTo of the map's own class     copied at once; the room is the caller's business, as with any collection
//     Count, then CopyTo, through an interface
//                                       two operations of a caller who takes them for one: Copies/CountRead.cs makes them one
//
// Guarded, a copy reads the whole table between two looks at the version, as a lookup reads one key: if a write came in between it is
// ConcurrentReadAndWrite. Synchronized, writers wait for it. All of them walk from the first bucket, and so do the enumerators of Keys and Values: while
// nobody writes, what comes of them lines up.
public abstract partial class GuardedMapBase<TKey, TValue>
{
    private const string CopyRemedy =
        "Copy with the ToArray() or ToList() of the map, of its Keys or of its Values, which count and copy in one operation; or let readers and writers take turns (protection Synchronized).";

    /// <summary>Where the walks begin whose order has to be the same each time.</summary>
    private const ulong FixedStart = 0;

    int ICollection.Count => CountToCopy();

    /// <summary>The entries in an array of their own. One operation; O(n).</summary>
    /// <exception cref="MapViolationException">A write overlapped the copying (<see cref="MapViolationKind.ConcurrentReadAndWrite"/>).</exception>
    public KeyValuePair<TKey, TValue>[] ToArray() => Collect(static entry => entry, out _);

    /// <summary>The entries in a list of their own. One operation; O(n).</summary>
    /// <exception cref="MapViolationException">A write overlapped the copying (<see cref="MapViolationKind.ConcurrentReadAndWrite"/>).</exception>
    [SuppressMessage("Design", "CA1002:Do not expose generic lists", Justification = "It is the caller's own, as LINQ's ToList gives one, which would be called in its place.")]
    public List<KeyValuePair<TKey, TValue>> ToList() => [.. ToArray()];

    /// <summary>Copies the entries to an array. One operation; O(n).</summary>
    /// <remarks>
    /// An array may be longer than the map: what lies behind the last entry is left alone. To have just the entries use <see cref="ToArray"/>: an array
    /// made with the length of <see cref="Count"/> fits only while nobody writes.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="array"/> is null.</exception>
    /// <exception cref="ArgumentException">The array is too short.</exception>
    /// <exception cref="MapViolationException">A write overlapped the copying (<see cref="MapViolationKind.ConcurrentReadAndWrite"/>).</exception>
    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex) => CopyEntries(array, arrayIndex, static entry => entry, isCounted: false);

    void ICollection.CopyTo(Array array, int index) => CopyToArray(array, index, isCounted: true);

    /// <summary>The number of entries, to a caller who may go on to copy that many: remembered for this thread's next CopyTo.</summary>
    private protected int CountToCopy()
    {
        long version = Volatile.Read(ref _version);
        bool isOwnWrite = (version & VersionWord.Writing) != 0 && IsOwnWrite(version);
        KeyValuePair<TKey, TValue>[]? moment = (version & (VersionWord.Synchronized | VersionWord.Unguarded)) == 0 || isOwnWrite ? null : ToArray();
        int count = moment?.Length ?? Count;
        if (moment is not null || !isOwnWrite) CountRead.Remember(this, count, version, moment);
        return count;
    }

    /// <summary>Copies the entries to an array of whatever type fits them.</summary>
    private protected void CopyToArray(Array array, int index, bool isCounted = false)
    {
        ArgumentNullException.ThrowIfNull(array);
        switch (array)
        {
            case KeyValuePair<TKey, TValue>[] pairs:
                CopyEntries(pairs, index, static entry => entry, isCounted);
                break;
            case DictionaryEntry[] entries:
                CopyEntries(entries, index, static entry => new DictionaryEntry(entry.Key, entry.Value), isCounted);
                break;
            case object[] objects when _options.ForShell && typeof(TKey) == typeof(object):
                CopyEntries(objects, index, static entry => (object)new DictionaryEntry(entry.Key, entry.Value), isCounted);
                break;
            case object[] objects:
                CopyEntries(objects, index, static entry => (object)entry, isCounted);
                break;
            default:
                throw new ArgumentException(SafeText.Message($"Entries of the map '{Name}' cannot be copied to a {array.GetType()}."), nameof(array));
        }
    }

    /// <summary>Copies what is made of each entry. Fails as a whole if a write overlapped it, and then has touched nothing.</summary>
    /// <param name="array">Where to.</param>
    /// <param name="index">From which element on.</param>
    /// <param name="select">Makes an item of an entry.</param>
    /// <param name="isCounted">True for a caller who came through an interface, and may have asked for Count there first.</param>
    private protected void CopyEntries<T>(T[] array, int index, Func<KeyValuePair<TKey, TValue>, T> select, bool isCounted)
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        int room = array.Length - index;
        CountRead? read = isCounted ? CountRead.Take(this, room, index) : null;
        try
        {
            T[] items = read is not null ? CollectCounted(read, room, select) : Collect(select, out _);
            if (room < items.Length)
                throw new ArgumentException(SafeText.Message($"The array has room for {Math.Max(0, room)} entries, the map '{Name}' holds {items.Length}."), nameof(array));
            // An array of a narrower type passes for an object[] until something is put into it.
            bool isNarrower = !typeof(T).IsValueType && array.GetType() != typeof(T[]);
            foreach (T item in items)
            {
                if (isNarrower && item is not null && !array.GetType().GetElementType()!.IsInstanceOfType(item))
                    throw new ArgumentException(SafeText.Message($"A {item.GetType()} cannot be copied to a {array.GetType()}."), nameof(array));
                array[index++] = item;
            }
        }
        finally
        {
            read?.Done();
        }
    }

    /// <summary>What is made of each entry, in an array of its own: all of one moment.</summary>
    private protected T[] Collect<T>(Func<KeyValuePair<TKey, TValue>, T> select, out long version)
    {
        ThrowIfLatched();
        (T[] Items, long Version) copied = ReadWhole(MapOperation.Copy, map =>
        {
            var copy = new CopyAction<T> { Select = select };
            long at = Volatile.Read(ref map._version);
            // Without a guard a writer may evacuate meanwhile; then what the walk still has to see must stay where it lies.
            if ((at & VersionWord.Unguarded) != 0) map._table.MarkWalked();
            map.Run(ref copy);
            return (copy.Items, at);
        });
        version = copied.Version;
        return copied.Items;
    }

    /// <summary>The copy of a caller who was told a number of entries: as many, or the violation.</summary>
    private T[] CollectCounted<T>(CountRead read, int room, Func<KeyValuePair<TKey, TValue>, T> select)
    {
        bool isExact = room == read.Count;
        if (!isExact && read.IsRepeated) return Collect(select, out _);
        bool refuses = !HasProtection(VersionWord.Synchronized | VersionWord.Unguarded);
        if (!refuses && read.Moment is KeyValuePair<TKey, TValue>[] moment)
        {
            // Without a guard nobody knows who wrote, if anybody did.
            bool isOthers = HasProtection(VersionWord.Synchronized) && !(IsMoved(Volatile.Read(ref _version)) && IsMine());
            if (isOthers && Reports && isExact && IsMoved(Volatile.Read(ref _version))) Describe(StaleCount(read, Volatile.Read(ref _version)));
            if (isExact || isOthers) return Array.ConvertAll(moment, entry => select(entry));
        }

        T[] items = Collect(select, out long version);
        bool fits = !isExact || items.Length == room;
        if (!refuses) return fits ? items : throw read.TooLate(Name, items.Length);
        if (IsMoved(version) && !(fits && IsMine())) ThrowStaleCount(read, version);
        return items;

        bool IsMoved(long now) => ((now ^ read.Version) & VersionWord.ReadStamp) != 0;
    }

    /// <summary>True if the last write was the calling thread's, or nobody else has ever written.</summary>
    private bool IsMine()
    {
        return ((Volatile.Read(ref _access) & AccessWord.Shared) == 0 && IsOwner) || IsOwnStamp(LastStamp(Volatile.Read(ref _version)));
    }

    [DoesNotReturn]
    private void ThrowStaleCount(CountRead read, long version) => throw Violation(StaleCount(read, version));

    private ViolationFacts StaleCount(CountRead read, long version) => new(MapViolationKind.StaleCount, MapOperation.Copy, null)
    {
        Holder = Writer(version),
        Version = version,
        VersionExpected = VersionWord.Number(read.Version),
        Remedy = CopyRemedy,
    };

    /// <summary>Walks the whole table once. What it finds means nothing if a write overlapped it.</summary>
    private struct CopyAction<T> : ITableAction
    {
        public Func<KeyValuePair<TKey, TValue>, T> Select;
        public T[] Items;

        public void Run<TOps, TProbe>(ref BucketTable<TKey, TValue> table, TOps ops, TProbe probe)
            where TOps : struct, IKeyOps
            where TProbe : struct, IProbe
        {
            var walk = default(BucketWalk<TKey, TValue>);
            walk.Start(table, FixedStart);
            T[] items = new T[table.Count];
            int count = 0;
            for (WalkStep step = walk.Step(ref table, ops, probe); step != WalkStep.Done; step = walk.Step(ref table, ops, probe))
            {
                if (step != WalkStep.Entry) continue;
                if (count == items.Length) Array.Resize(ref items, Math.Max(4, count * 2));
                items[count++] = Select(new KeyValuePair<TKey, TValue>(walk.Key, walk.Value));
            }

            if (count != items.Length) Array.Resize(ref items, count);
            Items = items;
        }
    }
}
