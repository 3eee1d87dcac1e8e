using System.Diagnostics;
using System.Globalization;

namespace GuardedMaps.Bench;

/// <summary>
/// Go's maps beside ours: <c>bench/go</c>, built once with each of Go's two implementations, takes its turn in every round and is divided
/// by what Dictionary took in that round.
/// </summary>
internal sealed class GoPeer(int rounds, string filter)
{
    private static readonly (string Name, string? Experiment)[] s_builds = [("Go swiss", null), ("Go buckets", "noswissmap")];

    private readonly List<(string Subject, string Operation, double Ratio)> _cells = [];

    /// <returns>False if there is no Go, or it cannot build the peer.</returns>
    public bool Run()
    {
        if (FindOnPath("go") is not { } go)
        {
            Console.WriteLine("There is no go on the PATH, so there is nothing to compare with. Go 1.24 and 1.25 have both implementations.");
            return false;
        }

        string folder = Path.Combine(Path.GetTempPath(), "guardedmap-go-" + Guid.NewGuid().ToString("n"));
        Directory.CreateDirectory(folder);
        var peers = new List<Peer>();
        try
        {
            foreach ((string name, string? experiment) in s_builds)
            {
                if (Build(go, folder, name, experiment) is { } program) peers.Add(new Peer(name, program, "-serve"));
            }

            if (peers.Count == 0) return false;
            foreach (Peer peer in peers) Console.WriteLine($"# {peer.Name}: {peer.Version}");
            foreach (int size in KeySets.Sizes) Measure("ulong", KeySets.Ulong(size), new UlongDictionary(), new UlongGuarded(MapProtection.Guarded), peers);
            StringComparer comparer = StringComparer.Ordinal;
            foreach (int size in KeySets.Sizes) Measure("string", KeySets.Strings(size), new StringDictionary(comparer), new StringGuarded(comparer, MapProtection.Guarded), peers);
            Summary();
            return true;
        }
        finally
        {
            foreach (Peer peer in peers) peer.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Measure<TKey, TA, TB>(string name, KeySet<TKey> keys, TA dictionary, TB guarded, List<Peer> peers)
        where TA : struct, ISubject<TKey>
        where TB : struct, ISubject<TKey>
    {
        int size = keys.Present.Length;
        foreach (string operation in Ratios.Common)
        {
            if (!$"{name} {size} {operation}".Contains(filter, StringComparison.Ordinal)) continue;
            Func<double>[] subjects =
            [
                () => Ratios.Time(operation, keys, dictionary),
                () => Ratios.Time(operation, keys, guarded),
                .. peers.Select(peer => (Func<double>)(() => peer.Measure(name, size, operation))),
            ];
            double[][] times = Rotation.Measure(rounds, subjects);
            string[] names = [guarded.Name, .. peers.Select(p => p.Name)];
            for (int i = 0; i < names.Length; i++) _cells.Add((names[i], operation, Rotation.Quotient(times[i + 1], times[0])));
            string others = string.Join("   ", _cells.TakeLast(names.Length).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Subject} {c.Ratio,5:F2}")));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-8}{size,9} {operation,-8} {dictionary.Name} {Ratios.Median(times[0]),7:F2}   {others}"));
        }
    }

    private void Summary()
    {
        Console.WriteLine();
        Console.WriteLine("geometric    " + string.Concat(Ratios.Common.Select(o => $"{o,9}")));
        foreach (IGrouping<string, (string Subject, string Operation, double Ratio)> subject in _cells.GroupBy(c => c.Subject, StringComparer.Ordinal))
        {
            Console.WriteLine($"{subject.Key,-13}" + string.Concat(Ratios.Common.Select(o =>
                string.Create(CultureInfo.InvariantCulture, $"{Ratios.GeometricMean(subject.Where(c => c.Operation == o).Select(c => c.Ratio)),9:F2}"))));
        }
    }

    private static string? Build(string go, string folder, string name, string? experiment)
    {
        string program = Path.Combine(folder, (experiment ?? "default") + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var start = new ProcessStartInfo(go, ["build", "-o", program, "."])
        {
            WorkingDirectory = Repository.Folder("bench", "go"),
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        // The Go that is there, not one fetched for the occasion.
        start.Environment["GOTOOLCHAIN"] = "local";
        if (experiment is null) start.Environment.Remove("GOEXPERIMENT");
        else start.Environment["GOEXPERIMENT"] = experiment;
        using Process build = Process.Start(start)!;
        string said = build.StandardError.ReadToEnd();
        build.WaitForExit();
        if (build.ExitCode == 0) return program;
        Console.WriteLine($"# {name} is left out; go build said: {said.Trim()}");
        return null;
    }

    private static string? FindOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program + (OperatingSystem.IsWindows() ? ".exe" : "")))
        .FirstOrDefault(File.Exists);
}
