namespace GuardedMaps;

// How much room a SyncMap keeps. The read part is as long as it was when it was the dirty one, and it keeps the keys of entries that were removed until the next dirty part is made; so room
// is something that the next dirty part is made with, and giving back is making the read part anew.
public abstract partial class SyncMapBase<TKey, TValue>
{
    /// <summary>How many keys fit before a part grows. Removed keys count until a new part is made.</summary>
    public override int Capacity
    {
        get
        {
            using var held = Hold();
            return Math.Max(_room.Entries, SyncTable<TKey, TValue>.Room((_dirty?.Slots ?? Read.Slots).Entries.Length));
        }
    }

    /// <summary>Makes room for <paramref name="capacity"/> entries: parts are made so long from now on. O(n) if one is there that is shorter.</summary>
    /// <returns>How many entries fit.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is negative.</exception>
    public int EnsureCapacity(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        using (Hold())
        {
            _room.Entries = Math.Max(_room.Entries, capacity);
            if (_dirty is not null && SyncTable<TKey, TValue>.Room(_dirty.Slots.Entries.Length) < capacity) Renew(capacity);
        }

        return Capacity;
    }

    private protected override void Trim(int capacity)
    {
        using var held = Hold();
        _room.Entries = capacity;
        Renew(capacity);
    }

    // Makes one part of both, of the entries that live. Whoever still holds one of the others finds it expunged, and comes to the lock.
    private void Renew(int capacity)
    {
        var entries = _dirty?.Slots.Entries ?? Read.Slots.Entries;
        var live = new List<SyncEntry<TKey, TValue>>(entries.Length);
        foreach (var entry in entries)
        {
            if (entry is not null && !entry.ExpungeIfRemoved()) live.Add(entry);
        }

        var table = new SyncTable<TKey, TValue>(Math.Max(capacity, live.Count));
        foreach (var entry in live) table.Add(entry);
        Read = new ReadPart(table.Slots, table.Count, isAmended: false);
        (_dirty, _misses) = (null, 0);
    }
}

/// <summary>How many entries the next part is to have room for.</summary>
internal sealed class SyncRoom
{
    public int Entries { get; set; }
}
