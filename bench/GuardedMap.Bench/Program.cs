using System.Globalization;
using GuardedMaps;
using GuardedMaps.Bench;

// ratios [rounds] [filter]     the table of bench/README.md
// latency                      the worst single insert on the way to a million entries
// threads | maps | hotkeys | hashing | go | builds | probe | bdn   see Commands.cs
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
foreach (int size in KeySets.Sizes)
{
    ratios.Measure(
        "ulong",
        KeySets.Ulong(size),
        Ratios.Of<ulong, UlongDictionary>(new()),
        Ratios.Of<ulong, UlongGuarded>(new(MapProtection.Guarded)),
        Ratios.Of<ulong, UlongGuarded>(new(MapProtection.None)),
        Ratios.Of<ulong, UlongConcurrent>(new()),
        Ratios.Of<ulong, UlongNonBlocking>(new()),
        Ratios.Of<ulong, UlongFrozen>(new()));
}

foreach (StringComparer comparer in (StringComparer[])[StringComparer.Ordinal, StringComparer.OrdinalIgnoreCase])
{
    string name = ReferenceEquals(comparer, StringComparer.Ordinal) ? "string" : "ignore";
    foreach (int size in KeySets.Sizes)
    {
        ratios.Measure(
            name,
            KeySets.Strings(size),
            Ratios.Of<string, StringDictionary>(new(comparer)),
            Ratios.Of<string, StringGuarded>(new(comparer, MapProtection.Guarded)),
            Ratios.Of<string, StringGuarded>(new(comparer, MapProtection.None)),
            Ratios.Of<string, StringConcurrent>(new(comparer)),
            Ratios.Of<string, StringNonBlocking>(new(comparer)),
            Ratios.Of<string, StringFrozen>(new(comparer)));
    }
}

Console.WriteLine();
foreach (string operation in (string[])["hit", "update"])
{
    // What the guard costs does not depend on the size of the map, and shows where little else takes time.
    double[] costs = [.. ratios.Cells.Where(c => c.Operation == operation && c.Size <= 1_000 && c.Subject == "Guarded")
        .Select(c => c.Nanoseconds - ratios.Cells.Single(n => n.Keys == c.Keys && n.Size == c.Size && n.Operation == operation && n.Subject == "None").Nanoseconds)];
    if (costs.Length > 0)
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"guard: {operation,-7} Guarded less None, median of {costs.Length} cases at 16 and 1,000: {Ratios.Median(costs):F2} ns"));
}

Console.WriteLine();
string[] names = ["Guarded", "ConcurrentDictionary", "NonBlocking", "Frozen"];
Console.WriteLine($"{"",-32}" + string.Join("", Ratios.Operations.Select(o => $"{o,9}")));
foreach (string subject in names)
{
    foreach ((string label, Func<IEnumerable<double>, double> of) in new (string, Func<IEnumerable<double>, double>)[] { ("geometric", Ratios.GeometricMean), ("worst", all => all.DefaultIfEmpty(double.NaN).Max()) })
    {
        Console.WriteLine($"{subject,-21} {label,-10}" + string.Join("", Ratios.Operations.Select(o =>
            string.Create(CultureInfo.InvariantCulture, $"{of(ratios.Cells.Where(c => c.Operation == o && c.Subject == subject).Select(c => c.Ratio)),9:F2}"))));
    }
}
