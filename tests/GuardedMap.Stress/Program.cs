using System.Globalization;
using GuardedMaps.Tests.Stress;

// The long run of everything at once, on every kind of map: random operations by four threads, iterations of every contract, iterators that are dropped,
// comparers and factories that throw, threads that are interrupted, and collections in between.
//
//   dotnet run -c Release --project tests/GuardedMap.Stress -- --seconds 60 --seed 1
//
//   --seconds N      how long each variant runs (default 60)
//   --threads N      how many threads work on each map (default 4)
//   --seed N         what the threads do (default 1); when they meet is up to the machine
//   --variant NAME   only this variant (default: all)
//
// The exit code is 0 when nothing was lost, torn or stuck, 1 when something was, 2 for a wrong call.
double seconds = 60;
int threads = 4;
ulong seed = 1;
IReadOnlyList<StressVariant> variants = StressVariants.All;
for (int i = 0; i < args.Length; i += 2)
{
    string value = i + 1 < args.Length ? args[i + 1] : "";
    bool understood = args[i] switch
    {
        "--seconds" => double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds) && seconds > 0,
        "--threads" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out threads) && threads is > 0 and <= 64,
        "--seed" => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed),
        "--variant" => (variants = [.. StressVariants.All.Where(v => string.Equals(v.Name, value, StringComparison.OrdinalIgnoreCase))]).Count == 1,
        _ => false,
    };
    if (understood) continue;
    Console.Error.WriteLine($"Not understood: {args[i]} {value}. The options are --seconds N, --threads N, --seed N, --variant {string.Join('|', StressVariants.All.Select(v => v.Name))}.");
    return 2;
}

bool isRight = true;
foreach (var variant in variants)
{
    var result = StressRun.Run(variant, TimeSpan.FromSeconds(seconds), threads, seed);
    Console.WriteLine(result);
    isRight &= result.Faults.IsEmpty;
}

return isRight ? 0 : 1;
