namespace GuardedMaps;

// A part of a SyncMap: which entry a key has. Laid out for being read.
//
//               home                                    (16 tags, one vector: which are mine, is one free?)
//     tags      │ 4f  00  a3  17  a3  00 ...            seven bits of each entry's hash; 0 is a free slot
//     entries   │ ▼   ·   ▼   ▼   ▼   ·                 { key, hash, value }
//
// Open addressing with linear probing: an entry lies at its home, which the low bits of its hash say, or in the next free slot behind. A lookup compares
// sixteen tags at once, so it takes no branch that depends on where in the row an entry lies, follows one reference (of 128 others one has the
// same tag) and finds key and value in the same place. The tags of a map with 100,000 entries fit into a core's own cache. So a lookup mostly
// waits for one line of memory, the entry's; and as no guess of the processor's goes wrong, several lookups wait side by side.
//
// The first window's tags are repeated behind the last, for a vector that begins near the end.
//
// A dirty part is changed under the map's lock and seen by nobody else. When it becomes the read part it is never changed again, and readers
// need no fence beyond the one that handed it to them.

/// <summary>What tags are made of.</summary>
internal static class SyncSlots
{
    /// <summary>How many tags are compared at once; at least as many slots has a part.</summary>
    public const int Window = 16;

    /// <summary>Seven bits of a hash, and one that tells them from a free slot's. The home comes from the hash's other end.</summary>
    public static byte Tag(uint hash) => (byte)((hash >> 24) | 0x80);
}

/// <summary>The two arrays of a part.</summary>
internal readonly struct SyncSlots<TKey, TValue>(int count)
{
    public readonly byte[] Tags = new byte[count + SyncSlots.Window];
    public readonly SyncEntry<TKey, TValue>?[] Entries = new SyncEntry<TKey, TValue>?[count];

    public uint Mask => (uint)Entries.Length - 1;

    public void Set(uint at, byte tag, SyncEntry<TKey, TValue>? entry)
    {
        Tags[at] = tag;
        if (at < SyncSlots.Window) Tags[Entries.Length + at] = tag;
        Entries[at] = entry;
    }

    public void Place(SyncEntry<TKey, TValue> entry)
    {
        uint at = entry.Hash & Mask;
        while (Entries[at] is not null) at = (at + 1) & Mask;
        Set(at, SyncSlots.Tag(entry.Hash), entry);
    }
}

/// <summary>A part that is still written, under the map's lock.</summary>
internal sealed class SyncTable<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private SyncSlots<TKey, TValue> _slots = New(capacity);

    public ref readonly SyncSlots<TKey, TValue> Slots => ref _slots;

    public int Count { get; private set; }

    public static SyncSlots<TKey, TValue> Empty() => New(0);

    /// <summary>Whether so many keys are few enough for so many slots: four in five, so a row is short and some slot is free.</summary>
    public static bool Fits(int keys, int slots) => (long)keys * 5 <= (long)slots * 4;

    /// <summary>How many keys fit into so many slots.</summary>
    public static int Room(int slots) => (int)((long)slots * 4 / 5);

    /// <summary>Adds a key that is not there.</summary>
    public void Add(SyncEntry<TKey, TValue> entry)
    {
        if (!Fits(Count + 1, _slots.Entries.Length)) Grow();
        _slots.Place(entry);
        Count++;
    }

    /// <summary>Takes an entry out.</summary>
    public void Remove(SyncEntry<TKey, TValue> entry)
    {
        uint mask = _slots.Mask;
        uint free = entry.Hash & mask;
        while (!ReferenceEquals(_slots.Entries[free], entry)) free = (free + 1) & mask;
        // What lies behind and would now not be found moves up, until a free slot ends the row.
        for (uint at = (free + 1) & mask; _slots.Entries[at] is { } next; at = (at + 1) & mask)
        {
            uint home = next.Hash & mask;
            if (((at - home) & mask) < ((at - free) & mask)) continue;
            _slots.Set(free, SyncSlots.Tag(next.Hash), next);
            free = at;
        }

        _slots.Set(free, 0, null);
        Count--;
    }

    private static SyncSlots<TKey, TValue> New(int capacity)
    {
        int slots = SyncSlots.Window;
        while (!Fits(capacity, slots)) slots *= 2;
        return new SyncSlots<TKey, TValue>(slots);
    }

    private void Grow()
    {
        var slots = new SyncSlots<TKey, TValue>(_slots.Entries.Length * 2);
        foreach (var entry in _slots.Entries)
        {
            if (entry is not null) slots.Place(entry);
        }

        _slots = slots;
    }
}
