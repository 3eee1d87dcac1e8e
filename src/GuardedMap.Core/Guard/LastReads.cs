using System.Runtime.CompilerServices;

namespace GuardedMaps;

// What a thread has read of maps that detect lost updates, so that a later write can be asked: do you know what you are overwriting?
//
//     thread A   reads n: 5 ──────────────────────────────▶ sets n to 6: it has read 5, and there is 6 now: refused
//     thread B                reads n: 5 ──▶ sets n to 6
//
// A ring of a few entries for each thread, with the newest last, and no lock. Each lookup adds one; a write of the key that is done takes all that are
// about it away, since the thread has had its say then. What the ring has lost is not detected.
//
// A lookup takes a few nanoseconds, and its note must not take as many. Finding the ring is most of it: in code that the runtime shares between types a thread's own field of a
// generic class is behind a call. So the ring that the thread used last lies in a field of a class that is not generic (ThreadMemory), and the map brings along what to know it by.
//
// A thread that serves one job after another must not be held to what an earlier job has read. Where the host says which job it is at (MapHost.ActorJob), another
// job begins with an empty ring. The ring keeps the job, and looks whether that has ended: to ask the host each time would cost as much as the lookup.

/// <summary>Stands for a map among what threads remember. They keep it, and so it does not know the map.</summary>
/// <param name="types">What the memories for maps of these types are known by.</param>
internal class ReadMark(object types)
{
    public object Types => types;
}

/// <summary>What a thread remembers of maps of some types.</summary>
internal abstract class ThreadMemory(object types)
{
    [ThreadStatic]
    private protected static ThreadMemory? t_recent;

    // What the thread was doing when it remembered this, where the host can tell.
    private ActorJob? _job;

    /// <summary>What it is known by.</summary>
    public object Types => types;

    /// <summary>Has all that is remembered forgotten if the thread is at another job by now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void MindTheJob()
    {
        if (_job is not { HasEnded: false } && MapHost.ActorJob is { } ask) Begin(ask());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Begin(ActorJob? job)
    {
        if (ReferenceEquals(job, _job)) return;
        _job = job;
        ForgetAll();
    }

    protected abstract void ForgetAll();
}

/// <summary>The last lookups of the calling thread.</summary>
internal sealed class LastReads<TKey, TValue> : ThreadMemory
    where TKey : notnull
{
    /// <summary>How many lookups a thread remembers, over all maps of these types.</summary>
    public const int Remembered = 8;

    private static readonly object s_types = new();

    [ThreadStatic]
    private static LastReads<TKey, TValue>? t_mine;

    private Ring _entries;
    private int _next;

    private LastReads()
        : base(s_types)
    {
    }

    /// <summary>What threads know their memory for maps of these types by.</summary>
    public static object Kind => s_types;

    /// <summary>Remembers a lookup.</summary>
    /// <param name="map">What stands for the map.</param>
    /// <param name="key">The key.</param>
    /// <param name="found">Whether it was there.</param>
    /// <param name="value">Its value.</param>
    /// <param name="version">The version it was read at.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Note(ReadMark map, TKey key, bool found, TValue? value, long version)
    {
        LastReads<TKey, TValue> mine = Mine(map);
        int next = mine._next;
        mine._next = (next + 1) & (Remembered - 1);
        ref Entry entry = ref Unsafe.Add(ref mine._entries[0], next);
        // Mostly it is one map. To look is cheaper than to tell the collector of a reference.
        if (!ReferenceEquals(entry.Map, map)) entry.Map = map;
        entry.Key = key;
        entry.Value = value;
        entry.Seen = found ? version : ~version;
    }

    /// <summary>What was read of a key last. Asks the comparer, so it comes before a write: after it nothing may fail any more.</summary>
    /// <param name="map">What stands for the map.</param>
    /// <param name="key">The key.</param>
    /// <param name="comparer">Compares keys.</param>
    /// <param name="places">Where in the ring something about the key is, a bit for each place.</param>
    /// <returns>Null if nothing is remembered.</returns>
    public static ReadNote<TValue>? Find(ReadMark map, TKey key, IEqualityComparer<TKey> comparer, out int places)
    {
        places = 0;
        LastReads<TKey, TValue> mine = Mine(map);
        ReadNote<TValue>? newest = null;
        for (int back = 1; back <= Remembered; back++)
        {
            int place = (mine._next - back) & (Remembered - 1);
            Entry entry = mine._entries[place];
            if (!ReferenceEquals(entry.Map, map) || !comparer.Equals(entry.Key, key)) continue;
            newest ??= new ReadNote<TValue>(entry.Seen >= 0, entry.Value, entry.Version);
            places |= 1 << place;
        }

        return newest;
    }

    /// <summary>Whether a text may be set without any question: nothing that is remembered of it is older than a version.</summary>
    /// <param name="map">What stands for the map, whose keys are compared by <see cref="ShellKeyComparer.CaseInsensitive"/>.</param>
    /// <param name="text">The key.</param>
    /// <param name="version">The version at which it is going to be set.</param>
    /// <param name="places">Where in the ring something about the key is, a bit for each place.</param>
    public static bool IsCurrent(ReadMark map, string text, long version, out int places)
    {
        LastReads<TKey, TValue> mine = Mine(map);
        places = 0;
        bool isCurrent = true;
        for (int back = Remembered; back > 0; back--)
        {
            int place = (mine._next - back) & (Remembered - 1);
            ref Entry entry = ref mine._entries[place];
            if (!ReferenceEquals(entry.Map, map) || entry.Key is not string other || !TextEquality.IgnoringCase(other, text)) continue;
            // The newest decides.
            isCurrent = entry.Version == version;
            places |= 1 << place;
        }

        return isCurrent;
    }

    /// <summary>Forgets what lies in some places of the ring.</summary>
    public static void Forget(ReadMark map, int places)
    {
        if (places == 0) return;
        LastReads<TKey, TValue> mine = Recent(map) ?? t_mine!;
        for (; places != 0; places &= places - 1) mine._entries[System.Numerics.BitOperations.TrailingZeroCount(places)] = default;
    }

    /// <summary>Forgets all that was read of a map.</summary>
    public static void Forget(ReadMark map)
    {
        if (t_mine is not { } mine) return;
        foreach (ref Entry entry in (Span<Entry>)mine._entries)
        {
            if (ReferenceEquals(entry.Map, map)) entry = default;
        }
    }

    /// <summary>Has the calling thread remember as another actor: for a lab that runs several on one thread.</summary>
    /// <param name="memory">What that one remembers; null for one that begins.</param>
    /// <returns>What the thread remembered until now.</returns>
    public static LastReads<TKey, TValue>? Exchange(LastReads<TKey, TValue>? memory)
    {
        LastReads<TKey, TValue>? before = t_mine;
        t_mine = memory;
        t_recent = null;
        return before;
    }

    protected override void ForgetAll() => ((Span<Entry>)_entries).Clear();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static LastReads<TKey, TValue>? Recent(ReadMark map) =>
        t_recent is { } recent && ReferenceEquals(recent.Types, map.Types) ? Unsafe.As<LastReads<TKey, TValue>>(recent) : null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static LastReads<TKey, TValue> Mine(ReadMark map)
    {
        LastReads<TKey, TValue> mine = Recent(map) ?? Find();
        mine.MindTheJob();
        return mine;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static LastReads<TKey, TValue> Find()
    {
        LastReads<TKey, TValue> mine = t_mine ??= new LastReads<TKey, TValue>();
        t_recent = mine;
        return mine;
    }

    private struct Entry
    {
        public ReadMark? Map;
        public TKey Key;
        public TValue? Value;

        /// <summary>The version it was read at; its complement for a key that was missing.</summary>
        public long Seen;

        /// <summary>The version it was read at, whatever was found.</summary>
        public readonly long Version => Seen >= 0 ? Seen : ~Seen;
    }

    [InlineArray(Remembered)]
    private struct Ring
    {
        private Entry _first;
    }
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
