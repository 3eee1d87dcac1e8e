using System.Globalization;

namespace GuardedMaps.Bench;

/// <summary>The keys of one measurement: those in the map, the same in another order, and as many that are absent.</summary>
internal sealed record KeySet<TKey>(TKey[] Present, TKey[] Probes, TKey[] Absent);

/// <summary>Makes key sets, the same ones in every run.</summary>
internal static class KeySets
{
    private const int Seed = 20261121;

    public static readonly int[] Sizes = [16, 1_000, 65_536, 1_000_000];

    public static KeySet<ulong> Ulong(int size)
    {
        var random = new Random(Seed);
        ulong[] keys = [.. Enumerable.Range(0, size * 2).Select(_ => (ulong)random.NextInt64())];
        return Split(keys, random, key => key);
    }

    /// <summary>Strings; those looked up are equal to those in the map but other instances, as the keys of a real lookup are.</summary>
    public static KeySet<string> Strings(int size)
    {
        var random = new Random(Seed);
        string[] keys = [.. Enumerable.Range(0, size * 2).Select(i => string.Create(CultureInfo.InvariantCulture, $"item-{random.Next():x8}-{i}"))];
        return Split(keys, random, key => new string(key.AsSpan()));
    }

    /// <summary>The same keys in a new order.</summary>
    public static TKey[] Shuffled<TKey>(TKey[] source, Random random)
    {
        var copy = (TKey[])source.Clone();
        random.Shuffle(copy);
        return copy;
    }

    private static KeySet<TKey> Split<TKey>(TKey[] keys, Random random, Func<TKey, TKey> another)
    {
        TKey[] present = keys[..(keys.Length / 2)];
        return new KeySet<TKey>(present, [.. Shuffled(present, random).Select(another)], Shuffled(keys[present.Length..], random));
    }
}
