namespace GuardedMaps;

// When is a chain of overflow buckets too long to be chance?
//
// With a good hash the number of entries that lead to one bucket is Poisson distributed, and its mean is at most the load factor of 5, before the table
// doubles. The chance that at least 24 of them meet in a certain bucket is 8e-10, that at least 32 do 7e-16, that at least 40 do 9e-23. So a fourth overflow bucket, which is
// added when 32 places are full, is no chance among a million buckets, and a fifth is none among any number of them: it is a hash that does not spread its keys, or
// somebody who has chosen them. The first chain that is so long is told, at once, and each time that one has doubled since.

/// <summary>Notices chains that are longer than chance allows.</summary>
internal static class ChainWatch
{
    /// <summary>So unlikely is a chain, anywhere in the table, that is reported.</summary>
    private const double Chance = 1e-9;
    private const double MeanLoad = 5;

    [ThreadStatic]
    private static int t_entries;

    /// <summary>Called by the table when it has added an overflow bucket because so many of a bucket's chain were full.</summary>
    /// <remarks>The table knows no name and must not call foreign code; the map asks for it when its write is over.</remarks>
    public static void Note(int fullBuckets, int buckets)
    {
        int entries = fullBuckets * Tophash.SlotsPerBucket;
        if (!IsNoChance(entries, buckets)) return;
        // Told when it is one bucket too long, again when it has doubled, and not with each bucket.
        if (int.IsPow2(fullBuckets) || !IsNoChance(entries - Tophash.SlotsPerBucket, buckets)) t_entries = entries;
    }

    /// <summary>Whether so many entries in any one of so many buckets are more than chance allows.</summary>
    public static bool IsNoChance(int entries, int buckets) => ChanceOfMoreThan(entries - 1) * buckets < Chance;

    /// <summary>Called where keys whose hashes are all the same share a chain, which is never chance. Told each time it has doubled.</summary>
    public static void NoteCollisions(int entries)
    {
        if (int.IsPow2(entries)) t_entries = entries;
    }

    /// <summary>How many entries the chain had that the calling thread's last write made too long; 0 if it made none. Asks once.</summary>
    public static int TakeNoted()
    {
        int entries = t_entries;
        if (entries != 0) t_entries = 0;
        return entries;
    }

    /// <summary>The chance that more than so many entries lead to one bucket.</summary>
    private static double ChanceOfMoreThan(int entries)
    {
        // Term by term, from the first that counts: e^-m m^k / k!.
        double term = Math.Exp(-MeanLoad);
        for (int k = 1; k <= entries; k++) term *= MeanLoad / k;
        double sum = 0;
        for (int k = entries + 1; k < entries + 60; k++)
        {
            term *= MeanLoad / k;
            sum += term;
        }

        return sum;
    }
}
