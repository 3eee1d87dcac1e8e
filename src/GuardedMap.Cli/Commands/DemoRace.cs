using System.Diagnostics;
using GuardedMaps.Lab;

namespace GuardedMaps.Cli;

// The demonstration's race. It shall show, on any machine, what two writers do to an unguarded map. Luck plays a part in
// that: so when no unguarded map has come to harm, the work is doubled and raced again, until one has or the time is up.

/// <summary>Races maps of .NET beside a guarded one.</summary>
internal static class DemoRace
{
    private const string Scenario = "TwoWriters";
    private const string Guarded = "GuardedMap";
    private const int MaxOperations = 400_000;
    private static readonly string[] Targets = ["Hashtable", "Dictionary", Guarded];
    private static readonly TimeSpan TimeForEach = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan TimeForAll = TimeSpan.FromSeconds(14);

    // A hung trial costs this much of the demonstration; a healthy one takes some 50 milliseconds.
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(0.75);

    public static void Run(Screen screen, ulong? seed, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        int operations = RaceCatalogue.GetScenario(Scenario).DefaultOperations;
        while (true)
        {
            screen.Heading($"A race: two threads, each storing {Screen.Number(operations)} keys of its own, on three maps");
            var results = Race(screen, operations, seed, cancellation);
            RaceTable.Print(screen, results);
            Conclude(screen, results);

            bool isShown = results.Any(result => result.Target != Guarded && result.SilentlyWrong > 0);
            if (isShown || cancellation.IsCancellationRequested || clock.Elapsed > TimeForAll || operations >= MaxOperations) return;
            operations *= 2;
            screen.Line("No unguarded map has come to harm in silence this time. Again, with twice the work.");
        }
    }

    private static List<MapRaceResult> Race(Screen screen, int operations, ulong? seed, CancellationToken cancellation)
    {
        var options = new MapRaceOptions { Duration = TimeForEach, Operations = operations, Seed = seed };
        var results = new List<MapRaceResult>();
        screen.WithBars(Targets, (i, show) =>
        {
            if (!cancellation.IsCancellationRequested)
                results.Add(MapRace.Run(Scenario, Targets[i], OptionsFor(Targets[i]), new RaceReporter(show), cancellation));
        });
        return results;

        MapRaceOptions OptionsFor(string target) => target == Guarded ? options : options with { StallLimit = StallLimit };
    }

    private static void Conclude(Screen screen, List<MapRaceResult> results)
    {
        var guarded = results.Find(result => result.Target == Guarded);
        if (guarded?.FirstError is null) return;
        screen.Line();
        screen.Line($"The guarded map raised an error for every write that met another one, {guarded.ErrorText} in all. The first:");
        screen.Error(guarded.FirstError);
        screen.Line($"Every key is either stored or its writer got an error: {Screen.Number(guarded.SilentlyWrong)} of {Screen.Number(guarded.Trials)} trials ended silently wrong.");
    }
}
