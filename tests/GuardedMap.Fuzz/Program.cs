using System.Diagnostics;
using System.Globalization;
using GuardedMaps;
using GuardedMaps.Lab.Tests.Fuzz;

// The long run of the fuzzer: nearly right tokens, notebooks and input files, until one of them gets more than the ordinary error.
//
//   dotnet run -c Release --project tests/GuardedMap.Fuzz -- --count 1000000 --seed 1
//
//   --count N      how many texts each target is given (default 100,000)
//   --seed N       which texts to make (default 1); the same seed makes the same texts
//   --target NAME  only this target (default: all)
//
// The last line of the output is the result. The exit code is 0 without a fault, 1 with one, 2 for a wrong call.
long count = 100_000;
ulong seed = 1;
IReadOnlyList<FuzzTarget> targets = FuzzTarget.All;
for (int i = 0; i < args.Length; i += 2)
{
    string value = i + 1 < args.Length ? args[i + 1] : "";
    bool understood = args[i] switch
    {
        "--count" => long.TryParse(value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out count) && count > 0,
        "--seed" => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed),
        "--target" => (targets = [.. FuzzTarget.All.Where(t => string.Equals(t.Name, value, StringComparison.OrdinalIgnoreCase))]).Count > 0,
        _ => false,
    };
    if (understood) continue;
    Console.Error.WriteLine($"Not understood: {SafeText.Line(string.Join(' ', args.Skip(i).Take(2)))}. The options are --count N, --seed N, --target {string.Join('|', FuzzTarget.All.Select(t => t.Name))}.");
    return 2;
}

var clock = Stopwatch.StartNew();
int faults = 0;
foreach (FuzzTarget target in targets)
{
    TimeSpan next = clock.Elapsed + TimeSpan.FromSeconds(10);
    FuzzFault? fault = FuzzRun.Find(target, seed, count, done =>
    {
        if (clock.Elapsed < next) return;
        next = clock.Elapsed + TimeSpan.FromSeconds(10);
        Say($"{clock.Elapsed:hh\\:mm\\:ss}  {target.Name}: {done:N0} of {count:N0} texts");
    });
    if (fault is null) continue;
    faults++;
    Console.WriteLine(fault);
}

Say($"{count:N0} texts for each of {string.Join(", ", targets.Select(t => t.Name))}, seed {seed}, {clock.Elapsed:hh\\:mm\\:ss}, {(faults == 0 ? "no fault" : $"{faults} faults")}");
return faults == 0 ? 0 : 1;

static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
