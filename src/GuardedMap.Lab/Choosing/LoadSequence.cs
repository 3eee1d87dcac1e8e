using GuardedMaps.Lab;

namespace GuardedMaps.Lab.Choosing;

/// <summary>A step of a sequence: what to do, and the number of the key.</summary>
internal readonly record struct LoadStep(LoadOperationKind Kind, int Key);

/// <summary>What the threads do, step by step: drawn before anything is measured, the same for every map and in every run with the same seed.</summary>
internal sealed class LoadSequence
{
    // Long enough for the processor not to learn it by heart, short enough for its cache.
    private const int Steps = 1 << 16;

    private LoadSequence(string[] texts, LoadStep[][] threads) => (Texts, Threads) = (texts, threads);

    /// <summary>The keys that are there at the beginning, in their order.</summary>
    public string[] Texts { get; }

    /// <summary>For each thread its steps, to be repeated from the beginning when they end.</summary>
    public LoadStep[][] Threads { get; }

    public static LoadSequence Of(MapLoad load)
    {
        if (load.Recorded is { } recorded) return OfRecorded(recorded, load.Threads);
        string[] texts = [.. Enumerable.Range(0, load.Entries).Select(Text)];
        return new LoadSequence(texts, [.. Enumerable.Range(0, load.Threads).Select(t => Draw(load, t))]);
    }

    /// <summary>The key of a number as a string: in the order of the numbers.</summary>
    public static string Text(int number) => FormattableString.Invariant($"key-{number:d8}");

    private static LoadSequence OfRecorded(IReadOnlyList<LoadOperation> recorded, int threads)
    {
        string[] texts = [.. recorded.Where(o => o.Key.Length > 0).Select(o => o.Key).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var numbers = texts.Select((text, number) => (text, number)).ToDictionary(p => p.text, p => p.number, StringComparer.Ordinal);
        // Dealt out one after the other; each thread keeps the order in which its own were recorded.
        var steps = Enumerable.Range(0, threads).Select(t => recorded
            .Where((_, i) => i % threads == t || recorded.Count < threads)
            .Select(o => new LoadStep(o.Kind, o.Key.Length > 0 ? numbers[o.Key] : 0)).ToArray());
        return new LoadSequence(texts, [.. steps]);
    }

    private static LoadStep[] Draw(MapLoad load, int thread)
    {
        var random = new Random(unchecked((int)(load.Seed * 1_000_003) + (thread * 7_919)));
        var (first, count) = load.OwnKeys ? (load.Entries / load.Threads * thread, load.Entries / load.Threads) : (0, load.Entries);
        var keys = new ZipfKeys(count, load.Skew, load.Seed);
        var weights = load.Weights;
        double all = weights.Sum(w => w.Weight);
        var steps = new LoadStep[Steps];
        for (int i = 0; i < steps.Length; i++)
        {
            double at = random.NextDouble() * all;
            int kind = 0;
            while (kind < weights.Count - 1 && (at -= weights[kind].Weight) >= 0) kind++;
            // Rounding must not end at one that has no weight.
            while (weights[kind].Weight == 0) kind--;
            steps[i] = new LoadStep(weights[kind].Kind, first + keys.Draw(random));
        }

        return steps;
    }
}

/// <summary>Numbers from 0 by Zipf's law: the one of rank r is drawn in proportion to 1 / r^skew. Which number has which rank is shuffled.</summary>
internal sealed class ZipfKeys
{
    private readonly int _count;
    private readonly double[]? _upTo;
    private readonly int[]? _ranked;

    public ZipfKeys(int count, double skew, ulong seed)
    {
        _count = count;
        if (skew == 0) return;
        _upTo = new double[count];
        double sum = 0;
        for (int rank = 0; rank < count; rank++) _upTo[rank] = sum += Math.Pow(rank + 1, -skew);
        for (int rank = 0; rank < count; rank++) _upTo[rank] /= sum;
        _ranked = [.. Enumerable.Range(0, count)];
        new Random(unchecked((int)seed)).Shuffle(_ranked);
    }

    public int Draw(Random random)
    {
        if (_upTo is null) return random.Next(_count);
        int rank = Array.BinarySearch(_upTo, random.NextDouble());
        return _ranked![Math.Min(_count - 1, rank < 0 ? ~rank : rank)];
    }
}
