using System.Globalization;
using GuardedMaps;
using GuardedMaps.Bench;

// ratios [rounds] [filter]     the table of bench/README.md
// latency                      the worst single insert on the way to a million entries
// threads | go | probe | bdn   see Commands.cs
if (args is ["latency", ..])
{
    Machine.Print();
    InsertLatency.Run();
    return;
}

if (Commands.TryRun(args)) return;
Machine.Print();
int rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 9;
var ratios = new Ratios(rounds, args.Length > 2 ? args[2] : "");
var random = new Random(20261121);
foreach (int size in (int[])[16, 1_000, 65_536, 1_000_000])
{
    int bigRounds = rounds;
    ulong[] keys = [.. Enumerable.Range(0, size * 2).Select(_ => (ulong)random.NextInt64())];
    ulong[] present = keys[..size];
    ulong[] probes = Shuffled(present);
    ratios.Measure("ulong", size, present, probes, Shuffled(keys[size..]), new UlongDictionary(), new UlongGuarded(MapProtection.Guarded), new UlongGuarded(MapProtection.None), new UlongConcurrent());
}

foreach (StringComparer comparer in (StringComparer[])[StringComparer.Ordinal, StringComparer.OrdinalIgnoreCase])
{
    bool ordinal = ReferenceEquals(comparer, StringComparer.Ordinal);
    foreach (int size in (int[])[16, 1_000, 65_536, 1_000_000])
    {
        string[] keys = [.. Enumerable.Range(0, size * 2).Select(i => $"item-{random.Next():x8}-{i}")];
        string[] present = keys[..size];
        // Equal, but other instances, as the keys of a real lookup are.
        string[] probes = [.. Shuffled(present).Select(key => new string(key.AsSpan()))];
        ratios.Measure(ordinal ? "string" : "ignore", size, present, probes, Shuffled(keys[size..]), new StringDictionary(comparer), new StringGuarded(comparer, MapProtection.Guarded), new StringGuarded(comparer, MapProtection.None), new StringConcurrent(comparer));
    }
}

Console.WriteLine();
Console.WriteLine("guarded      " + string.Join("", Ratios.Operations.Select(o => $"{o,9}")));
foreach ((string label, Func<IEnumerable<double>, double> of) in new (string, Func<IEnumerable<double>, double>)[] { ("geometric", Ratios.GeometricMean), ("worst", all => all.DefaultIfEmpty(double.NaN).Max()) })
{
    Console.WriteLine($"{label,-12} " + string.Join("", Ratios.Operations.Select(o =>
        string.Create(CultureInfo.InvariantCulture, $"{of(ratios.Cells.Where(c => c.Operation == o && c.Subject == "Guarded").Select(c => c.Ratio)),9:F2}"))));
}

T[] Shuffled<T>(T[] source)
{
    var copy = (T[])source.Clone();
    random.Shuffle(copy);
    return copy;
}
