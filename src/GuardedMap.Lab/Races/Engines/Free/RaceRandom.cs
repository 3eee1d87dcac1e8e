namespace GuardedMaps.Lab;

/// <summary>
/// The random source of plans: SplitMix64 (Steele, Lea, Flood 2014). Its own code and not <see cref="Random"/>, because a
/// seed printed in a report must mean the same work in every version of .NET.
/// </summary>
internal sealed class RaceRandom
{
    private ulong _state;

    /// <summary>Starts the sequence that belongs to <paramref name="seed"/>.</summary>
    public RaceRandom(ulong seed) => _state = seed;

    /// <summary>The sequence of one trial: trials of one race differ, and each can be made again without the ones before it.</summary>
    public static RaceRandom ForTrial(ulong seed, int trial)
    {
        var mixed = new RaceRandom(seed);
        return new RaceRandom(mixed.NextUInt64() + (((ulong)(uint)trial) * 0xD1342543DE82EF95UL));
    }

    /// <summary>The next 64 bits.</summary>
    public ulong NextUInt64()
    {
        ulong z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 up to, not including, <paramref name="bound"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is not positive.</exception>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }

    /// <summary>Puts <paramref name="items"/> into random order.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
