using System.Diagnostics;
using System.Globalization;

namespace GuardedMaps.Bench;

/// <summary>What the hash of texts costs, as a ratio to .NET's own in the same round, and what keys cost that were made against a hash.</summary>
internal sealed class HashCost(int rounds)
{
    private const int Words = 256;
    private const int Passes = 10;
    private const int HostileKeys = 16_000;
    private static readonly int[] s_lengths = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 128, 256];

    private ulong _sink;

    public void Run()
    {
        ulong drawn = HashMix.NewSeed();
        ulong named = HashMix.NamedSeed(7);
        Console.WriteLine("chars     drawn   / Marvin     named   / Marvin    ignoring case   / Marvin");
        foreach (int length in s_lengths)
        {
            var random = new Random(length);
            string[] words = [.. Enumerable.Range(0, Words).Select(_ => string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next('a', 'z' + 1))))];
            (double ns, double ratio)[] cells =
            [
                Compare(words, word => HashMix.Ordinal(word, drawn), static word => (ulong)word.GetHashCode(StringComparison.Ordinal)),
                Compare(words, word => HashMix.Ordinal(word, named), static word => (ulong)word.GetHashCode(StringComparison.Ordinal)),
                Compare(words, word => HashMix.OrdinalIgnoreCase(word, drawn), static word => (ulong)word.GetHashCode(StringComparison.OrdinalIgnoreCase)),
            ];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{length,5}  {cells[0].ns,8:F1}  {cells[0].ratio,9:F2}  {cells[1].ns,8:F1}  {cells[1].ratio,9:F2}  {cells[2].ns,15:F1}  {cells[2].ratio,9:F2}"));
        }

        Console.WriteLine();
        Console.WriteLine($"{HostileKeys:N0} inserts                                 hostile / random");
        string[] hostile = [.. Enumerable.Range(0, HostileKeys).Select(static i => "\uFD93\u6659\uFEB8\uD6E8" + (char)('a' + (i & 63)) + (char)('a' + (i >> 6 & 63)) + (char)('a' + (i >> 12)) + "x")];
        var draw = new Random(1);
        string[] usual = [.. hostile.Select(_ => string.Concat(Enumerable.Range(0, 8).Select(_ => (char)draw.Next('a', 'z' + 1))))];
        Report("a map as it is made without a word", static () => new GuardedMap<string, int>(StringComparer.Ordinal));
        Report("one whose seed was named", static () => new GuardedMap<string, int>(new MapOptions<string> { HashSeed = 7 }));
        GC.KeepAlive(_sink);

        void Report(string name, Func<GuardedMap<string, int>> make) =>
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-46} {Ratios.Median([.. Enumerable.Range(0, Math.Min(rounds, 5)).Select(_ => Fill(make(), hostile) / Fill(make(), usual))]),9:F2}"));
    }

    private static double Fill(GuardedMap<string, int> map, string[] keys)
    {
        long begun = Stopwatch.GetTimestamp();
        foreach (string key in keys) map[key] = 1;
        return Stopwatch.GetElapsedTime(begun).TotalNanoseconds;
    }

    private (double Nanoseconds, double Ratio) Compare(string[] words, Func<string, ulong> ours, Func<string, ulong> theirs)
    {
        for (int i = 0; i < 40; i++) _ = Time(words, ours) + Time(words, theirs);
        double[] nanoseconds = new double[rounds], ratios = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            nanoseconds[round] = Time(words, ours);
            ratios[round] = nanoseconds[round] / Time(words, theirs);
        }

        return (Ratios.Median(nanoseconds), Ratios.Median(ratios));
    }

    private double Time(string[] words, Func<string, ulong> hash)
    {
        long begun = Stopwatch.GetTimestamp();
        for (int pass = 0; pass < Passes; pass++)
        {
            foreach (string word in words) _sink ^= hash(word);
        }

        return Stopwatch.GetElapsedTime(begun).TotalNanoseconds / (Passes * words.Length);
    }
}
