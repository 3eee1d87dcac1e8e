namespace GuardedMaps.Bench.Variants;

/// <summary>
/// The program whose machine code is compared: it makes find, set and remove hot enough to be compiled for good. Runs in a child process,
/// once beside each variant of the core.
/// </summary>
internal static class ProbeDriver
{
    public const string Command = "probe-driver";

    private const int Keys = 4_096;
    private const int Milliseconds = 8_000;

    /// <summary>How long the runtime waits before it counts calls; see <see cref="ProbeComparison"/>.</summary>
    public const int CountingDelayMilliseconds = 1_000;

    public static void Run()
    {
        ulong[] numbers = [.. Enumerable.Range(0, Keys).Select(i => (ulong)i * 0x9E37_79B9_7F4A_7C15)];
        string[] strings = [.. numbers.Select(n => $"item-{n:x16}")];
        long sum = 0;
        long end = Environment.TickCount64 + Milliseconds;
        for (int pass = 0; Environment.TickCount64 < end; pass++)
        {
            sum += Use(numbers);
            sum += Use(strings);
            // The first pass compiles everything once; only then may the background compiler begin, or the two would write their listings
            // into one another. Later passes give it something to count and a moment to work.
            Thread.Sleep(pass == 0 ? 2 * CountingDelayMilliseconds : 25);
        }

        Console.WriteLine(sum);
    }

    private static long Use<TKey>(TKey[] keys)
        where TKey : notnull
    {
        var map = new GuardedMap<TKey, long>();
        long sum = 0;
        for (int i = 0; i < keys.Length; i++) map[keys[i]] = i;
        for (int i = 0; i < keys.Length; i++) map[keys[i]] = i + 1;
        foreach (TKey key in keys)
        {
            if (map.TryGetValue(key, out long value)) sum += value;
        }

        // Every other key goes and is then missed; the rest are removed with their values.
        for (int i = 0; i < keys.Length; i += 2) map.Remove(keys[i]);
        foreach (TKey key in keys)
        {
            if (!map.TryGetValue(key, out _)) sum++;
        }

        foreach (TKey key in keys)
        {
            if (map.Remove(key, out long value)) sum += value;
        }

        return sum;
    }
}
