using System.CommandLine;
using GuardedMaps.Lab;

namespace GuardedMaps.Cli;

/// <summary><c>guardedmap race</c>: races scenarios on maps with real threads and prints the outcomes.</summary>
internal static class RaceCommand
{
    public static Command Create()
    {
        var scenario = new Option<string>("--scenario") { Description = "What the threads do: a name, or a pattern with * and ?. See --list.", DefaultValueFactory = _ => "*", HelpName = "NAME" };
        var target = new Option<string>("--target") { Description = "The map they do it to: a name, or a pattern. See --list.", DefaultValueFactory = _ => "*", HelpName = "NAME" };
        var count = new Option<int?>("--count") { CustomParser = Arguments.Number<int>, Description = "How many trials to run of each scenario on each map.", HelpName = "N" };
        var duration = new Option<double?>("--duration") { CustomParser = Arguments.Number<double>, Description = "For how many seconds to run each. With --count too, whichever ends first; with neither, 1 second.", HelpName = "SECONDS" };
        var seed = new Option<ulong?>("--seed") { CustomParser = Arguments.Number<ulong>, Description = "Fixes what each thread does and in which order. It cannot fix how the system interleaves the threads.", HelpName = "N" };
        var operations = new Option<int?>("--operations") { CustomParser = Arguments.Number<int>, Description = "How much each thread does in one trial. More finds more.", HelpName = "N" };
        var stall = new Option<double?>("--stall") { CustomParser = Arguments.Number<double>, Description = "A trial in which nothing moves for this many seconds counts as hung. The default is 2.", HelpName = "SECONDS" };
        var list = new Option<bool>("--list") { Description = "List the scenarios and maps, and what goes wrong." };

        var command = new Command("race", "Race scenarios on maps with real threads. Unguarded maps run in a process of their own, since they may loop for ever.")
        {
            scenario, target, count, duration, seed, operations, stall, list,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(Guarded(() =>
        {
            var screen = new Screen();
            if (parsed.GetValue(list)) return List(screen);

            var trials = parsed.GetValue(count);
            double? seconds = parsed.GetValue(duration) ?? (trials is null ? 1 : null);
            var options = new MapRaceOptions
            {
                Count = trials,
                Duration = Arguments.Seconds(seconds),
                Seed = parsed.GetValue(seed),
                Operations = parsed.GetValue(operations),
            };
            if (parsed.GetValue(stall) is { } limit) options = options with { StallLimit = Arguments.Seconds(limit)!.Value };
            MapRaceOptions.Validate(options);
            return Race(screen, parsed.GetValue(scenario)!, parsed.GetValue(target)!, options, cancellation);
        })));
        return command;
    }

    private static int Guarded(Func<int> action)
    {
        try
        {
            return action();
        }
        catch (RaceChildException error)
        {
            return Program.Fail(error.Message);
        }
        catch (ArgumentException error)
        {
            return Program.Fail(Arguments.Complaint(error), Program.BadUsage);
        }
    }

    private static int Race(Screen screen, string scenarioPattern, string targetPattern, MapRaceOptions options, CancellationToken cancellation)
    {
        var targets = RaceCatalogue.FindTargets(targetPattern);
        var pairs = (from scenario in RaceCatalogue.FindScenarios(scenarioPattern)
                     from target in targets
                     where scenario.RunsOn(target)
                     select (scenario, target)).ToList();
        if (pairs.Count == 0)
        {
            // One pair that does not fit: the lab says why and which targets would.
            MapRace.Run(RaceCatalogue.FindScenarios(scenarioPattern)[0].Name, targets[0].Name, options, null, cancellation);
        }

        var results = new List<MapRaceResult>();
        screen.WithBars(
            [.. pairs.Select(pair => $"{pair.scenario.Name} on {pair.target.Name}")],
            (i, show) =>
            {
                if (cancellation.IsCancellationRequested) return;
                results.Add(MapRace.Run(pairs[i].scenario.Name, pairs[i].target.Name, options, new RaceReporter(show), cancellation));
            });

        RaceTable.Print(screen, results);
        screen.Heading("Errors raised, in how many operations, and the first of them");
        foreach (var result in results.Where(r => r.FirstError is not null))
            screen.Line($"{result.Scenario} on {result.Target}: {result.ErrorText}. {result.FirstError}");
        screen.Line();
        if (results.Count > 0)
            screen.Line($"{results[0].Runtime}, {Environment.ProcessorCount} processors; seeds: {string.Join(", ", results.Select(r => r.Seed).Distinct())}. A seed repeats the work, not the interleaving.");
        return cancellation.IsCancellationRequested ? Program.Stopped : 0;
    }

    private static int List(Screen screen)
    {
        screen.Heading("Scenarios");
        foreach (var scenario in RaceCatalogue.Scenarios)
        {
            screen.Line($"{scenario.Name}: {scenario.Description}");
            foreach (string actor in scenario.Actors) screen.Line($"    {actor}.");
            screen.Line();
        }

        screen.Heading("Maps");
        foreach (var target in RaceCatalogue.Targets) screen.Line($"{target.Name}: {target.Description}");
        return 0;
    }
}
