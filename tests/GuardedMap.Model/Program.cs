using System.Diagnostics;
using System.Globalization;
using GuardedMaps.Tests.Model;

// The long run of the model-based test: random programs against the oracle until so many operations have been run.
//
//   dotnet run -c Release --project tests/GuardedMap.Model -- --operations 10000000 --seed 1
//
//   --operations N   how many operations to run (default 1,000,000)
//   --seed N         which programs to draw (default 1); the same seed draws the same programs
//   --keys KIND      only programs over this kind of keys (default: all kinds)
//   --batch N        only this batch of 200 programs, as named when a divergence was found
//
// The last line of the output is the result. The exit code is 0 without a divergence, 1 with one, 2 for a wrong call.
long operations = 1_000_000;
ulong seed = 1;
KeyKind? kind = null;
ulong? batch = null;
for (int i = 0; i < args.Length; i += 2)
{
    bool understood = i + 1 < args.Length;
    if (understood)
    {
        string value = args[i + 1];
        switch (args[i])
        {
            case "--operations":
                understood = long.TryParse(value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out operations) && operations > 0;
                break;
            case "--seed":
                understood = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed);
                break;
            case "--keys":
                understood = Enum.TryParse(value, ignoreCase: true, out KeyKind parsed) && Enum.IsDefined(parsed);
                kind = parsed;
                break;
            case "--batch":
                understood = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number);
                batch = number;
                break;
            default:
                understood = false;
                break;
        }
    }

    if (understood) continue;
    Console.Error.WriteLine($"Not understood: {string.Join(' ', args.Skip(i).Take(2))}. The options are --operations N, --seed N, --keys {string.Join('|', Enum.GetNames<KeyKind>())}, --batch N.");
    return 2;
}

var clock = Stopwatch.StartNew();
TimeSpan nextReport = TimeSpan.FromSeconds(5);
ulong batches = 0;
var search = new ModelSearch(kind, seed)
{
    OnBatch = statistics =>
    {
        batches++;
        if (clock.Elapsed < nextReport) return;
        nextReport = clock.Elapsed + TimeSpan.FromSeconds(10);
        double rate = statistics.Operations / clock.Elapsed.TotalSeconds;
        Say($"{clock.Elapsed:hh\\:mm\\:ss}  {statistics.Operations,13:N0} of {operations:N0} operations  {rate,9:N0}/s  {TimeSpan.FromSeconds((operations - statistics.Operations) / rate):hh\\:mm\\:ss} left");
    },
    OnDivergence = divergence => Say($"A divergence in batch {batch ?? batches}; making the program smaller. It began as: {divergence.Detail}"),
};
string? found = batch is { } one ? search.RunBatch(one) : search.Run(operations);
clock.Stop();
Console.WriteLine();
if (found is not null) Console.WriteLine(found);
Console.WriteLine(search.Statistics);
Console.WriteLine();
Say($"{search.Statistics.Operations:N0} operations, seed {seed}, {clock.Elapsed:hh\\:mm\\:ss}, {(found is null ? "no divergence" : "1 divergence")}");
return found is null ? 0 : 1;

static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
