using System.CommandLine;
using GuardedMaps.Lab.Choosing;

namespace GuardedMaps.Cli;

/// <summary><c>guardedmap bench choose</c>: plays a load on every kind of map, and recommends one.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measure maps.") { Choose() };

    private static Command Choose()
    {
        var typical = new Option<string?>("--load") { Description = $"A load that many programs have: {string.Join(", ", TypicalLoads.All.Select(l => l.Load.Name))}.", HelpName = "NAME" };
        var recorded = new Option<string?>("--recorded") { Description = "A file with recorded operations, one on each line: read, write, remove or increment, a comma and a key; or iterate.", HelpName = "FILE" };
        var reads = Weight("--reads", "look a key up", 90);
        var writes = Weight("--writes", "store a value", 10);
        var removes = Weight("--removes", "remove a key", 0);
        var increments = Weight("--increments", "add one to a number", 0);
        var renewals = Weight("--renewals", "add a new key and remove an old one", 0);
        var iterations = Weight("--iterations", "go through all entries", 0);
        var ranges = Weight("--ranges", "go through a range of keys, in order", 0);
        var rangeLength = Whole("--range-length", "How many keys a range has. The default is 100.");
        var threads = Whole("--threads", "How many threads do it at once. The default is 2.");
        var entries = Whole("--entries", "How many entries there are at the beginning. The default is 10000.");
        var skew = new Option<double?>("--skew") { CustomParser = Arguments.Number<double>, Description = "How unevenly keys are asked for: the exponent of Zipf's law. The default is 0, evenly.", HelpName = "S" };
        var own = new Option<bool>("--own-keys") { Description = "Each thread has keys of its own." };
        var numeric = new Option<bool>("--numeric-keys") { Description = "The keys are numbers; without it, strings." };
        var map = new Option<string>("--map") { Description = "Which maps to choose from: a name, or a pattern with * and ?.", DefaultValueFactory = _ => "*", HelpName = "NAME" };
        var seconds = new Option<double?>("--seconds") { CustomParser = Arguments.Number<double>, Description = "For how long each map is under the load. The default is 1.", HelpName = "SECONDS" };
        var rounds = Whole("--rounds", "Into how many rounds that is divided. The default is 10.");
        var seed = new Option<ulong?>("--seed") { CustomParser = Arguments.Number<ulong>, Description = "Fixes which operations come, and for which keys.", HelpName = "N" };
        var refusals = new Option<bool>("--allow-refusals") { Description = "A map that refuses operations which overlap may be recommended as well." };
        Option[] shares = [reads, writes, removes, increments, renewals, iterations, ranges, rangeLength, entries, skew, own, numeric];

        var command = new Command("choose", "Play a load on every kind of map, on ConcurrentDictionary and on a synchronized Hashtable, in turns; recommend one, with the figures.")
        {
            typical, recorded, reads, writes, removes, increments, renewals, iterations, ranges, rangeLength, threads, entries, skew, own, numeric, map, seconds, rounds, seed, refusals,
        };
        command.Runs((parsed, cancellation) =>
        {
            try
            {
                bool isDescribed = parsed.GetValue(typical) is null && parsed.GetValue(recorded) is null;
                if (parsed.GetValue(typical) is not null && parsed.GetValue(recorded) is not null) return Program.Fail("--load and --recorded are two loads. Give one.", Program.BadUsage);
                if (!isDescribed && shares.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } foreign)
                    return Program.Fail(SafeText.Message($"{foreign.Name} describes a load, and there is one already. Leave it out, or --load and --recorded."), Program.BadUsage);
                var load = parsed.GetValue(typical) is { } name ? TypicalLoads.Find(name)
                    : parsed.GetValue(recorded) is { } file ? new MapLoad { Name = Path.GetFileName(file), Recorded = RecordedLoad.Read(File.ReadLines(file), file) }
                    : new MapLoad
                    {
                        Reads = parsed.GetValue(reads) ?? 90,
                        Writes = parsed.GetValue(writes) ?? 10,
                        Removes = parsed.GetValue(removes) ?? 0,
                        Increments = parsed.GetValue(increments) ?? 0,
                        Renewals = parsed.GetValue(renewals) ?? 0,
                        Iterations = parsed.GetValue(iterations) ?? 0,
                        Ranges = parsed.GetValue(ranges) ?? 0,
                        RangeLength = parsed.GetValue(rangeLength) ?? 100,
                        Entries = parsed.GetValue(entries) ?? 10_000,
                        Skew = parsed.GetValue(skew) ?? 0,
                        OwnKeys = parsed.GetValue(own),
                        NumericKeys = parsed.GetValue(numeric),
                    };
                load = load with { Threads = parsed.GetValue(threads) ?? load.Threads, Seed = parsed.GetValue(seed) ?? load.Seed };
                var options = new ChoiceOptions
                {
                    Maps = [parsed.GetValue(map)!],
                    Duration = Arguments.Seconds(parsed.GetValue(seconds) ?? 1)!.Value,
                    Rounds = parsed.GetValue(rounds) ?? 10,
                    WantsRefusals = parsed.GetValue(refusals),
                };
                Print(load, options, cancellation);
                return 0;
            }
            catch (MapLoadException error)
            {
                return Program.Fail(error.Message, Program.BadUsage);
            }
            catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
            {
                return Program.Fail(error.Message);
            }
            catch (OperationCanceledException)
            {
                return Program.Fail("stopped; what was measured until then is too little to choose by.", Program.Stopped);
            }
        });
        return command;
    }

    private static void Print(MapLoad load, ChoiceOptions options, CancellationToken cancellation)
    {
        var screen = new Screen();
        MapChoice? choice = null;
        screen.WithBars(["Measuring"], (_, show) => choice = ChoiceMeasurement.Run(load, options, show, cancellation));
        screen.Line();
        foreach (string line in choice!.Text.TrimEnd('\n').Split('\n')) screen.Line(line);
        if (choice.Warning is not null) screen.Line($"Warning: {choice.Warning}");
    }

    private static Option<double?> Weight(string name, string what, double otherwise) => new(name)
    {
        CustomParser = Arguments.Number<double>,
        Description = FormattableString.Invariant($"How many operations {what}, in proportion to the others. The default is {otherwise}."),
        HelpName = "N",
    };

    private static Option<int?> Whole(string name, string description) => new(name) { CustomParser = Arguments.Number<int>, Description = description, HelpName = "N" };
}
