using System.Runtime.CompilerServices;

namespace GuardedMaps;

// What a thread has read of maps that detect lost updates, so that a later write can be asked: do you know what you are overwriting?
//
//     thread A   reads n: 5 ──────────────────────────────▶ sets n to 6: it has read 5, and there is 6 now: refused
//     thread B                reads n: 5 ──▶ sets n to 6
//
// A ring of a few entries for each thread, with the newest last, and no lock. Each lookup adds one; a write of the key that is done takes all that are
// about it away, since the thread has had its say then. What the ring has lost is not detected.

/// <summary>The last lookups of the calling thread.</summary>
internal sealed class LastReads<TKey, TValue>
    where TKey : notnull
{
    /// <summary>How many lookups a thread remembers, over all maps of these types.</summary>
    public const int Remembered = 8;

    [ThreadStatic]
    private static LastReads<TKey, TValue>? t_mine;

    private readonly Entry[] _entries = new Entry[Remembered];
    private int _next;

    /// <summary>Remembers a lookup.</summary>
    /// <param name="map">What stands for the map; it is kept, and the map itself is not.</param>
    /// <param name="key">The key.</param>
    /// <param name="found">Whether it was there.</param>
    /// <param name="value">Its value.</param>
    /// <param name="version">The version it was read at.</param>
    public static void Note(object map, TKey key, bool found, TValue? value, long version)
    {
        LastReads<TKey, TValue> mine = t_mine ??= new LastReads<TKey, TValue>();
        mine._entries[mine._next] = new Entry(map, key, found, value, version);
        mine._next = (mine._next + 1) & (Remembered - 1);
    }

    /// <summary>What was read of a key last. Asks the comparer, so it comes before a write: after it nothing may fail any more.</summary>
    /// <param name="map">What stands for the map.</param>
    /// <param name="key">The key.</param>
    /// <param name="comparer">Compares keys.</param>
    /// <param name="places">Where in the ring something about the key is, a bit for each place.</param>
    /// <returns>Null if nothing is remembered.</returns>
    public static ReadNote<TValue>? Find(object map, TKey key, IEqualityComparer<TKey> comparer, out int places)
    {
        places = 0;
        if (t_mine is not { } mine) return null;
        ReadNote<TValue>? newest = null;
        for (int back = 1; back <= Remembered; back++)
        {
            int place = (mine._next - back) & (Remembered - 1);
            Entry entry = mine._entries[place];
            if (!ReferenceEquals(entry.Map, map) || !comparer.Equals(entry.Key, key)) continue;
            newest ??= new ReadNote<TValue>(entry.Found, entry.Value, entry.Version);
            places |= 1 << place;
        }

        return newest;
    }

    /// <summary>Forgets what lies in some places of the ring.</summary>
    public static void Forget(int places)
    {
        for (; places != 0; places &= places - 1) t_mine!._entries[System.Numerics.BitOperations.TrailingZeroCount(places)] = default;
    }

    /// <summary>Has the calling thread remember as another actor: for a lab that runs several on one thread.</summary>
    /// <param name="memory">What that one remembers; null for one that begins.</param>
    /// <returns>What the thread remembered until now.</returns>
    public static LastReads<TKey, TValue>? Exchange(LastReads<TKey, TValue>? memory)
    {
        LastReads<TKey, TValue>? before = t_mine;
        t_mine = memory;
        return before;
    }

    /// <summary>Forgets all that was read of a map.</summary>
    public static void Forget(object map)
    {
        if (t_mine is not { } mine) return;
        foreach (ref Entry entry in mine._entries.AsSpan())
        {
            if (ReferenceEquals(entry.Map, map)) entry = default;
        }
    }

    private readonly record struct Entry(object? Map, TKey Key, bool Found, TValue? Value, long Version);
}

/// <summary>What a lookup gave.</summary>
internal sealed class ReadNote<TValue>(bool found, TValue? value, long version)
{
    /// <summary>The version word's number at which it was read.</summary>
    public long Version => version;

    /// <summary>True if the key is in the state in which it was read: missing as before, or with the very value, which is the same object or the same bits.</summary>
    public bool IsStillTrue(bool exists, TValue? present) => exists == found && (!exists || IsSame(value, present));

    private static bool IsSame(TValue? a, TValue? b)
    {
        if (typeof(TValue).IsValueType)
        {
            return RuntimeHelpers.IsReferenceOrContainsReferences<TValue>()
                ? EqualityComparer<TValue?>.Default.Equals(a, b)
                : BytesOf(ref a).SequenceEqual(BytesOf(ref b));
        }

        // A number in a box, or a text, is what it says. Of anything else only the object itself is the same.
        return ReferenceEquals(a, b) || (a is string or ValueType && a.Equals(b));

        static ReadOnlySpan<byte> BytesOf(ref TValue? value) =>
            System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<TValue?, byte>(ref value), Unsafe.SizeOf<TValue>());
    }
}
