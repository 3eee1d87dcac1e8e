using System.Globalization;

namespace GuardedMaps.Bench;

/// <summary>
/// The keys of one measurement.
/// </summary>
/// <remarks>
/// A small map must not be asked the same again and again: after a few passes over a thousand keys the branch predictor knows by heart
/// where each search ends, and the figures are those of a map without surprises, which no program has. (Dictionary gains most, since its
/// layout is the same in each pass, while GuardedMap draws a new seed for each map.) So lookups are drawn at random, tens of thousands of
/// them, and every map filled or emptied has other keys than the one before.
/// </remarks>
/// <param name="Fills">Sets of keys to fill maps with, in turns; each has the measurement's size.</param>
/// <param name="Emptyings">The same sets, each in another order.</param>
/// <param name="Probes">Keys of the first set as they are looked up: for a small map many times each, in random order.</param>
/// <param name="Absent">As many keys that are in no map.</param>
internal sealed record KeySet<TKey>(TKey[][] Fills, TKey[][] Emptyings, TKey[] Probes, TKey[] Absent)
{
    /// <summary>The keys of the map that is looked at.</summary>
    public TKey[] Present => Fills[0];
}

/// <summary>Makes key sets, the same ones in every run.</summary>
internal static class KeySets
{
    private const int Seed = 20261121;

    /// <summary>How many keys a pass over small maps has in all.</summary>
    private const int KeysPerPass = 65_536;

    public static readonly int[] Sizes = [16, 1_000, 65_536, 1_000_000];

    public static KeySet<ulong> Ulong(int size) => Make(size, (random, _) => (ulong)random.NextInt64(), key => key);

    /// <summary>Strings; those looked up are equal to those in the map but other instances, as the keys of a real lookup are.</summary>
    public static KeySet<string> Strings(int size) =>
        Make(size, (random, i) => string.Create(CultureInfo.InvariantCulture, $"item-{random.Next():x8}-{i}"), key => new string(key.AsSpan()));

    /// <summary>The same keys in a new order.</summary>
    public static TKey[] Shuffled<TKey>(TKey[] source, Random random)
    {
        var copy = (TKey[])source.Clone();
        random.Shuffle(copy);
        return copy;
    }

    private static KeySet<TKey> Make<TKey>(int size, Func<Random, int, TKey> key, Func<TKey, TKey> another)
    {
        var random = new Random(Seed);
        TKey[] Keys() => [.. Enumerable.Range(0, size).Select(i => key(random, i))];
        TKey[][] fills = [.. Enumerable.Range(0, Math.Max(1, KeysPerPass / size)).Select(_ => Keys())];
        TKey[][] emptyings = [.. fills.Select(fill => (TKey[])[.. Shuffled(fill, random).Select(another)])];
        return new KeySet<TKey>(fills, emptyings, Lookups(emptyings[0], random), Lookups(Keys(), random));
    }

    /// <summary>A long random sequence of few keys, or many keys once each in random order.</summary>
    private static TKey[] Lookups<TKey>(TKey[] keys, Random random) =>
        keys.Length >= KeysPerPass ? Shuffled(keys, random) : random.GetItems(keys, KeysPerPass);
}
