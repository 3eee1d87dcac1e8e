using System.Globalization;

namespace GuardedMaps.Bench.Variants;

/// <summary>
/// What the guard of a read costs: lookups with the core as it is, beside the same lookups with a core that does not take the second look at
/// the version word and so never learns that a write came in between.
/// </summary>
internal static class ReadGuardCost
{
    public const string Command = "read-driver";

    private const int Rounds = 7;
    private const string SecondLook = "            if (((Volatile.Read(ref _version) ^ version) & VersionWord.ReadStamp) == 0) return found;";

    public static void Run()
    {
        string folder = Path.Combine(Path.GetTempPath(), "guardedmap-read-" + Guid.NewGuid().ToString("n"));
        try
        {
            string[] stages =
            [
                CoreVariant.Build(Path.Combine(folder, "as-it-is"), (_, text) => text),
                CoreVariant.Build(Path.Combine(folder, "without"), WithoutSecondLook),
            ];
            var times = new Dictionary<string, List<double>[]>(StringComparer.Ordinal);
            for (int round = 0; round < Rounds; round++)
            {
                for (int turn = 0; turn < 2; turn++)
                {
                    int who = (turn + round) % 2;
                    foreach (string line in CoreVariant.Start(stages[who], [Command], new(StringComparer.Ordinal)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    {
                        string[] words = line.Split(' ');
                        if (!times.TryGetValue(words[0], out List<double>[]? both)) times[words[0]] = both = [[], []];
                        both[who].Add(double.Parse(words[1], CultureInfo.InvariantCulture));
                    }
                }
            }

            var costs = new List<double>();
            foreach ((string name, List<double>[] both) in times)
            {
                // The least of the rounds is the one the rest of the machine disturbed least.
                double cost = both[0].Min() - both[1].Min();
                costs.Add(cost);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-12} hit {both[0].Min(),6:F2} ns, without the second look {both[1].Min(),6:F2} ns, guard of a read {cost,5:F2} ns"));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median       {Ratios.Median(costs):F2} ns"));
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One run beside one variant: the least time of a hit, for each case.</summary>
    public static void Drive()
    {
        foreach (int size in (int[])[16, 1_000])
        {
            Print("ulong-" + size.ToString(CultureInfo.InvariantCulture), KeySets.Ulong(size), new UlongGuarded(MapProtection.Guarded));
            Print("string-" + size.ToString(CultureInfo.InvariantCulture), KeySets.Strings(size), new StringGuarded(StringComparer.Ordinal, MapProtection.Guarded));
        }
    }

    private static void Print<TKey, TSubject>(string name, KeySet<TKey> keys, TSubject subject)
        where TSubject : struct, ISubject<TKey>
    {
        double[] times = Rotation.Measure(200, () => Ratios.Time("hit", keys, subject))[0];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {times.Min()}"));
    }

    private static string WithoutSecondLook(string file, string text)
    {
        if (file != "GuardedMap.cs") return text;
        return text.Contains(SecondLook, StringComparison.Ordinal)
            ? text.Replace(SecondLook, "            if (version != long.MinValue) return found;", StringComparison.Ordinal)
            : throw new InvalidOperationException($"The second look is not where it was in {file}: {SecondLook.Trim()}");
    }
}
