namespace GuardedMaps;

// A number whose entry was removed is given to another one. A walk that began before must not take that for an entry that it has yet to visit: its key may be one that was
// visited elsewhere, removed, and stored again. So while somebody walks over the live table, the numbers that are given out a second time are noted: a bit for each.
//
//     table ───────────────────────────▶ newest
//     walk 1 ──▶ [ numbers since it began ] ──▶ [ numbers since walk 2 began ] ──▶ ...
//     walk 2 ───────────────────────────────────▲
//
// A walk that begins takes the newest notes if they are still empty, and else begins new ones, which hang on the old: what was given out since a walk began stands in its own notes and in all later
// ones. Nobody says when a walk is over. Its notes are collected when it is, since the table knows the newest only.

/// <summary>Which numbers of entries were given out a second time.</summary>
internal sealed class Reborn
{
    private ulong[]? _bits;
    private Reborn? _later;

    /// <summary>True if nothing was noted here.</summary>
    public bool IsClean => Volatile.Read(ref _bits) is null && Volatile.Read(ref _later) is null;

    /// <summary>Notes for a walk that begins now. Thread-safe.</summary>
    public static Reborn ForWalk(ref Reborn? newest)
    {
        while (true)
        {
            Reborn? notes = Volatile.Read(ref newest);
            if (notes is not null && Volatile.Read(ref notes._bits) is null) return notes;
            var fresh = new Reborn();
            if (notes is not null) fresh = Interlocked.CompareExchange(ref notes._later, fresh, null) ?? fresh;
            // Who loses the race finds the other's, which is as good.
            Interlocked.CompareExchange(ref newest, fresh, notes);
        }
    }

    /// <summary>Notes that a number is given out again. May allocate, so it comes before anything is changed. Writers only.</summary>
    public void Note(int number)
    {
        ulong[] bits = _bits ?? [];
        if (number >> 6 >= bits.Length)
        {
            ulong[] longer = new ulong[Math.Max((number >> 6) + 1, bits.Length * 2)];
            bits.AsSpan().CopyTo(longer);
            bits = longer;
        }

        bits[number >> 6] |= 1UL << number;
        Volatile.Write(ref _bits, bits);
    }

    /// <summary>True if the number was given out again since the walk that has these notes began.</summary>
    public bool Has(int number)
    {
        for (Reborn? notes = this; notes is not null; notes = Volatile.Read(ref notes._later))
        {
            if (Volatile.Read(ref notes._bits) is { } bits && number >> 6 < bits.Length && (bits[number >> 6] >> number & 1) != 0) return true;
        }

        return false;
    }
}
