using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace GuardedMaps.Bench.Variants;

/// <summary>
/// Two builds of the core beside each other: the sources as they are, and as they were at another commit. Each runs in a process of its own that takes its
/// turn in every round, so that a cell is the median of quotients of two figures taken moments apart.
/// </summary>
internal sealed class TwoBuilds(string commit, int rounds, string filter)
{
    public const string ServeCommand = "serve-build";

    /// <summary>A cell that is slower than this, as surely as the rounds can tell, is named.</summary>
    private const double Bound = 1.10;

    /// <returns>False if a cell is slower than the bound allows, by the lower end of its interval.</returns>
    public bool Run()
    {
        string folder = Path.Combine(Path.GetTempPath(), "guardedmap-builds-" + Guid.NewGuid().ToString("n"));
        try
        {
            string before = Checkout(Path.Combine(folder, "sources"));
            using Peer old = Start(commit, CoreVariant.Build(Path.Combine(folder, "old"), before, (_, text) => text));
            using Peer now = Start("now", CoreVariant.Build(Path.Combine(folder, "new"), Repository.Folder("src", "GuardedMap.Core"), (_, text) => text));
            Console.WriteLine($"# {commit} against the sources as they are, {rounds} rounds: quotient of the medians' rounds, and the 95 % interval of the median");
            var slower = new List<string>();
            foreach (string keys in (string[])["ulong", "string", "ignore"])
            {
                foreach (int size in KeySets.Sizes)
                {
                    foreach (string operation in Ratios.Common)
                    {
                        string cell = $"{keys} {size} {operation}";
                        if (!cell.Contains(filter, StringComparison.Ordinal)) continue;
                        double[][] figures = Rotation.Measure(rounds, () => old.Measure(keys, size, operation), () => now.Measure(keys, size, operation));
                        (double low, double median, double high) = Interval([.. figures[1].Zip(figures[0], (a, b) => a / b)]);
                        string line = string.Create(CultureInfo.InvariantCulture, $"{keys,-8}{size,9} {operation,-8} {Ratios.Median(figures[0]),8:F2} -> {Ratios.Median(figures[1]),8:F2}   {median:F3} [{low:F3} .. {high:F3}]");
                        if (low > Bound) slower.Add(line);
                        Console.WriteLine(line + (low > Bound ? "  slower" : ""));
                    }
                }
            }

            Console.WriteLine();
            Console.WriteLine(slower.Count == 0 ? string.Create(CultureInfo.InvariantCulture, $"no cell is surely slower than {Bound:F2}") : $"surely slower, {slower.Count} cells:\n" + string.Join('\n', slower));
            return slower.Count == 0;
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The process of one build: reads which cell is asked for, measures it once, and prints the figure.</summary>
    public static void Serve()
    {
        Console.WriteLine(RuntimeInformation.FrameworkDescription);
        var numbers = new Dictionary<int, KeySet<ulong>>();
        var texts = new Dictionary<int, KeySet<string>>();
        while (Console.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            int size = int.Parse(words[1], CultureInfo.InvariantCulture);
            double figure = words[0] switch
            {
                "ulong" => Ratios.Time(words[2], Kept(numbers, size, KeySets.Ulong), new UlongGuarded(MapProtection.Guarded)),
                "string" => Ratios.Time(words[2], Kept(texts, size, KeySets.Strings), new StringGuarded(StringComparer.Ordinal, MapProtection.Guarded)),
                _ => Ratios.Time(words[2], Kept(texts, size, KeySets.Strings), new StringGuarded(StringComparer.OrdinalIgnoreCase, MapProtection.Guarded)),
            };
            Console.WriteLine(figure.ToString("R", CultureInfo.InvariantCulture));
        }

        // The last size only: a million strings kept alive weigh on every full collection.
        static KeySet<TKey> Kept<TKey>(Dictionary<int, KeySet<TKey>> sets, int size, Func<int, KeySet<TKey>> make)
        {
            if (!sets.TryGetValue(size, out KeySet<TKey>? set))
            {
                sets.Clear();
                sets[size] = set = make(size);
            }

            return set;
        }
    }

    /// <summary>The median of some quotients, and the order statistics between which the true median lies with at least 95 %.</summary>
    /// <remarks>How many of n values lie below the median is a binomial variable, whatever their distribution.</remarks>
    private static (double Low, double Median, double High) Interval(double[] quotients)
    {
        Array.Sort(quotients);
        int n = quotients.Length;
        double tail = 0;
        double ways = Math.Pow(0.5, n);
        int below = 0;
        for (; below < n / 2; below++)
        {
            tail += ways;
            if (tail > 0.025) break;
            ways = ways * (n - below) / (below + 1);
        }

        int place = Math.Max(0, below - 1);
        return (quotients[place], Ratios.Median(quotients), quotients[n - 1 - place]);
    }

    private static Peer Start(string name, string stage) => new(name, "dotnet", CoreVariant.Program(stage), ServeCommand);

    /// <summary>The core's sources at the commit.</summary>
    private string Checkout(string folder)
    {
        Directory.CreateDirectory(folder);
        string archive = Path.Combine(folder, "core.tar");
        Git("archive", "--format=tar", "-o", archive, commit, "--", "src/GuardedMap.Core");
        System.Formats.Tar.TarFile.ExtractToDirectory(archive, folder, overwriteFiles: false);
        return Path.Combine(folder, "src", "GuardedMap.Core");
    }

    private static void Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = Repository.Folder(), UseShellExecute = false, RedirectStandardError = true };
        using Process git = Process.Start(start)!;
        string said = git.StandardError.ReadToEnd();
        git.WaitForExit();
        if (git.ExitCode != 0) throw new InvalidOperationException($"git {string.Join(' ', arguments)} ended with {git.ExitCode}: {said.Trim()}");
    }
}
