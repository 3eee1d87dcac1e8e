using System.Globalization;
using GuardedMaps.Tests.Histories;

// The long run of real threads on the maps that cannot race: histories that are recorded and judged, and millions of mixed operations of which
// none may be lost.
//
//   dotnet run -c Release --project tests/GuardedMap.Histories -- --operations 10000000 --histories 20000 --seed 1
//
//   --operations N   mixed operations on each map, on 4 threads (default 10,000,000)
//   --histories N    histories to record and judge on each map (default 20,000)
//   --threads N      threads of the mixed operations (default 4)
//   --seed N         what the threads do (default 1); when they meet is up to the machine
//   --map NAME       only this map (default: all)
//
// The exit code is 0 when nothing was wrong, 1 when something was, 2 for a wrong call.
long operations = 10_000_000;
int histories = 20_000;
int threads = 4;
ulong seed = 1;
IReadOnlyList<string> maps = RecordedMaps.Names;
for (int i = 0; i < args.Length; i += 2)
{
    string value = i + 1 < args.Length ? args[i + 1] : "";
    bool understood = args[i] switch
    {
        "--operations" => long.TryParse(value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out operations) && operations > 0,
        "--histories" => int.TryParse(value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out histories) && histories > 0,
        "--threads" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out threads) && threads is > 0 and <= 64,
        "--seed" => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed),
        "--map" => (maps = [.. RecordedMaps.Names.Where(n => string.Equals(n, value, StringComparison.OrdinalIgnoreCase))]).Count == 1,
        _ => false,
    };
    if (understood) continue;
    Console.Error.WriteLine($"Not understood: {args[i]} {value}. The options are --operations N, --histories N, --threads N, --seed N, --map {string.Join('|', RecordedMaps.Names)}.");
    return 2;
}

bool isRight = true;
foreach (string map in maps)
{
    var recorded = RecordedRace.Run(hesitant => RecordedMaps.Create(map, hesitant), histories, seed);
    Console.WriteLine($"{map}: {recorded}");
    var mixed = MixedRun.Run(RecordedMaps.Create(map, hesitant: false), threads, operations, seed);
    Console.WriteLine($"{map}: {mixed}");
    isRight &= recorded.Fault is null && mixed.Fault is null;
}

return isRight ? 0 : 1;
