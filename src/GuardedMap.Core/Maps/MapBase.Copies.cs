using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// Copies: each is one enumeration, and what it found is counted when it is over.
//
// A caller who asks for Count through ICollection or ICollection<T> may go on to copy that many entries (Copies/CountRead.cs). These maps refuse nothing, so he is
// given as many: the moment that was counted is taken then, and handed out by his CopyTo. A SnapshotMap has every moment for nothing; a SyncMap and an OrderedMap
// have to copy their entries for it, so this Count costs O(n), which the CopyTo saves again. The map's own Count stays what it was.
public abstract partial class MapBase<TKey, TValue>
{
    // Set when the first moment is taken, and never again: most maps are never asked.
    private bool _isCounted;

    int ICollection.Count => CountToCopy();

    /// <summary>The entries in an array of their own, all of one enumeration. O(n).</summary>
    public KeyValuePair<TKey, TValue>[] ToArray() => Collect(static entry => entry);

    /// <summary>The entries in a list of their own, all of one enumeration. O(n).</summary>
    [SuppressMessage("Design", "CA1002:Do not expose generic lists", Justification = "It is the caller's own, as LINQ's ToList gives one, which would be called in its place.")]
    public List<KeyValuePair<TKey, TValue>> ToList() => [.. ToArray()];

    /// <summary>Copies the entries to an array, all of one enumeration. O(n).</summary>
    /// <remarks>
    /// An array may be longer than the map: what lies behind the last entry is left alone. To have just the entries use <see cref="ToArray"/>: an array
    /// made with the length of <see cref="Count"/> fits only while nobody writes.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="array"/> is null.</exception>
    /// <exception cref="ArgumentException">The array is too short.</exception>
    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex) => CopyEntries(array, arrayIndex, static entry => entry, isCounted: false);

    void ICollection.CopyTo(Array array, int index) => CopyToArray(array, index, isCounted: true);

    /// <summary>The number of entries, to a caller who may go on to copy that many: remembered for this thread's next CopyTo.</summary>
    private protected int CountToCopy()
    {
        _isCounted = true;
        IReadOnlyCollection<KeyValuePair<TKey, TValue>> moment = TakeMoment();
        CountRead.Remember(this, moment.Count, version: 0, moment);
        return moment.Count;
    }

    /// <summary>The entries as they are now, for good.</summary>
    private protected virtual IReadOnlyCollection<KeyValuePair<TKey, TValue>> TakeMoment() => ToArray();

    /// <summary>Copies the entries to an array of whatever type fits them.</summary>
    private protected void CopyToArray(Array array, int index, bool isCounted = false)
    {
        ArgumentNullException.ThrowIfNull(array);
        if (array is KeyValuePair<TKey, TValue>[] pairs) CopyEntries(pairs, index, static entry => entry, isCounted);
        else if (array is DictionaryEntry[] entries) CopyEntries(entries, index, static entry => new DictionaryEntry(entry.Key, entry.Value), isCounted);
        else if (array is object[] objects && objects.GetType() == typeof(object[])) CopyEntries(objects, index, AsEntry, isCounted);
        else throw new ArgumentException(SafeText.Message($"Entries of the map '{Name}' cannot be copied to a {array.GetType()}."), nameof(array));
    }

    /// <summary>Copies what is made of each entry.</summary>
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
            T[] all = read is not null ? CollectCounted(read, room, select) : Collect(select);
            if (room < all.Length)
                throw new ArgumentException(SafeText.Message($"The array has room for {Math.Max(0, room)} entries, the map '{Name}' holds {all.Length}."), nameof(array));
            all.CopyTo(array, index);
        }
        finally
        {
            read?.Done();
        }
    }

    /// <summary>What is made of each entry, in an array of its own: all of one enumeration.</summary>
    private protected T[] Collect<T>(Func<KeyValuePair<TKey, TValue>, T> select)
    {
        var items = new List<T>(Count);
        foreach (var entry in Entries()) items.Add(select(entry));
        return [.. items];
    }

    /// <summary>Notes, for this thread's next CopyTo, that it has written: what it asks for then is the map with that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected void NoteOwnWrite()
    {
        if (_isCounted) CountRead.NoteWrite(this);
    }

    // The copy of a caller who was told a number of entries: as many.
    private T[] CollectCounted<T>(CountRead read, int room, Func<KeyValuePair<TKey, TValue>, T> select)
    {
        bool isExact = room == read.Count;
        if (!isExact && (read.IsRepeated || read.WroteSince)) return Collect(select);
        if (read.Moment is IReadOnlyCollection<KeyValuePair<TKey, TValue>> moment) return [.. moment.Select(select)];
        T[] items = Collect(select);
        return !isExact || items.Length == room ? items : throw read.TooLate(Name, items.Length);
    }

    // What a shell's own map, whose keys are of any type, yields, is what a hashtable yields.
    private object AsEntry(KeyValuePair<TKey, TValue> entry) => _forShell && typeof(TKey) == typeof(object) ? new DictionaryEntry(entry.Key, entry.Value) : entry;
}
