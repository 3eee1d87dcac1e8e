using System.CommandLine;
using GuardedMaps.Lab;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Cli;

/// <summary><c>guardedmap race</c>: races scenarios on maps, with real threads or step by step, and prints the outcomes.</summary>
internal static class RaceCommand
{
    private const string Free = "free";
    private const string Explore = "explore";
    private const string Replay = "replay";
    private const string Operation = "operation";
    private const string Access = "access";

    public static Command Create()
    {
        var scenario = new Option<string>("--scenario") { Description = "What the threads do: a name, or a pattern with * and ?. See --list.", DefaultValueFactory = _ => "*", HelpName = "NAME" };
        var target = new Option<string?>("--target") { Description = "The map they do it to, with its protection: a name, or a pattern. Without it, all that can be raced, or those on which an explored scenario is best seen. See --list.", HelpName = "NAME" };
        var count = new Option<int?>("--count") { CustomParser = Arguments.Number<int>, Description = "How many trials to run of each scenario on each map.", HelpName = "N" };
        var duration = new Option<double?>("--duration") { CustomParser = Arguments.Number<double>, Description = "For how many seconds to run each. With --count too, whichever ends first; with neither, 1 second.", HelpName = "SECONDS" };
        var seed = new Option<ulong?>("--seed") { CustomParser = Arguments.Number<ulong>, Description = "Fixes what each thread does and in which order. It cannot fix how the system interleaves the threads.", HelpName = "N" };
        var operations = new Option<int?>("--operations") { CustomParser = Arguments.Number<int>, Description = "How much each thread does in one trial. More finds more.", HelpName = "N" };
        var stall = new Option<double?>("--stall") { CustomParser = Arguments.Number<double>, Description = "A trial in which nothing moves for this many seconds counts as hung. The default is 2.", HelpName = "SECONDS" };
        var mode = new Option<string>("--mode") { Description = "free: real threads. explore: every order of steps, one by one, on one thread; --count and --duration are limits.", DefaultValueFactory = _ => Free, HelpName = $"{Free}|{Explore}|{Replay}" };
        mode.AcceptOnlyFromAmong(Free, Explore, Replay);
        var token = new Option<string?>("--token") { Description = "Run one schedule again and draw it; --mode replay is implied. Tokens are printed by --mode explore.", HelpName = "TOKEN" };
        var threads = new Option<bool>("--threads") { Description = "With --token: run the schedule with a real thread for each actor." };
        var shrink = new Option<bool>("--shrink") { Description = "With --token: make the race smaller, to the fewest preemptions, operations and keys that end the same way." };
        var grain = new Option<string?>("--grain") { Description = "Explored: how small a step is, a whole operation or one access to memory. Without it, as small as shows the scenario best, and as the map allows.", HelpName = $"{Operation}|{Access}" };
        grain.AcceptOnlyFromAmong(Operation, Access);
        var preemptions = new Option<int?>("--preemptions") { CustomParser = Arguments.Number<int>, Description = "Explored: every schedule with at most so many preemptions, those with fewer first.", HelpName = "N" };
        var generate = new Option<bool>("--generate") { Description = "Make programs that nobody has written, smallest first or, with --seed, drawn, and explore each access by access. --count and --duration are limits; --operations is how many all threads make together." };
        var show = new Option<bool>("--show") { Description = "Explored: draw the schedule most worth looking at." };
        var format = new Option<string>("--format") { Description = "How schedules are drawn.", DefaultValueFactory = _ => RaceDrawing.Text, HelpName = string.Join('|', RaceDrawing.Formats) };
        format.AcceptOnlyFromAmong(RaceDrawing.Formats);
        var full = new Option<bool>("--full") { Description = "Draw every step, also those on which nothing depends." };
        var report = new Option<string?>("--report") { Description = "Write the results to this file as one HTML page, with schedules to step through.", HelpName = "FILE" };
        var matrix = new Option<string?>("--matrix") { Description = "Explored: write the detection matrix, scenario by target, to this file as SVG.", HelpName = "FILE" };
        var list = new Option<bool>("--list") { Description = "List the scenarios and maps, and what goes wrong." };

        var command = new Command("race", "Race scenarios on maps with real threads. Unguarded maps run in a process of their own, since they may loop for ever.")
        {
            scenario, target, mode, grain, token, threads, shrink, generate, count, duration, preemptions, seed, operations, stall, show, format, full, report, matrix, list,
        };
        command.Runs((parsed, cancellation) => Guarded(() =>
        {
            var screen = new Screen();
            if (parsed.GetValue(list)) return List(screen);

            var drawing = new RaceDrawing(screen, parsed.GetValue(format)!, parsed.GetValue(full));
            if (parsed.GetValue(token) is { } schedule && (parsed.GetValue(threads) || parsed.GetValue(shrink)))
                return OneRace.Run(screen, ScheduleToken.Parse(schedule), parsed.GetValue(threads), parsed.GetValue(shrink), cancellation);
            if (parsed.GetValue(threads) || parsed.GetValue(shrink)) return Program.Fail("--threads and --shrink work on one schedule, and no --token says which. Explore a scenario to get one.", Program.BadUsage);
            if (parsed.GetValue(token) is { } text) return drawing.Draw(RaceTimeline.Of(ScheduleToken.Parse(text)), parsed.GetValue(report));
            if (parsed.GetValue(mode) == Replay) return Program.Fail(SafeText.Message($"--mode {Replay} runs one schedule again, and no --token says which. Explore a scenario to get one."), Program.BadUsage);

            var trials = parsed.GetValue(count);
            if (parsed.GetValue(generate))
            {
                var usual = new ProgramSearchOptions();
                return GeneratedRace.Run(
                    screen,
                    usual with
                    {
                        Target = parsed.GetValue(target) ?? usual.Target,
                        Programs = trials ?? usual.Programs,
                        MostOperations = parsed.GetValue(operations) ?? usual.MostOperations,
                        MaxPreemptions = parsed.GetValue(preemptions) ?? usual.MaxPreemptions,
                        Seed = parsed.GetValue(seed),
                        MaxDuration = Arguments.Seconds(parsed.GetValue(duration)),
                    },
                    cancellation);
            }

            if (parsed.GetValue(mode) == Explore)
            {
                Option[] meaningless = [seed, operations, stall];
                if (meaningless.FirstOrDefault(option => parsed.GetResult(option) is not null) is { } foreign)
                    return Program.Fail(SafeText.Message($"{foreign.Name} is for --mode {Free}: what is explored has no random part and no threads to wait for. Leave it out."), Program.BadUsage);
                return new ExploreRace(screen)
                {
                    MaxSchedules = trials,
                    MaxDuration = Arguments.Seconds(parsed.GetValue(duration)),
                    MaxPreemptions = parsed.GetValue(preemptions),
                    Grain = parsed.GetValue(grain) switch { Operation => RaceGrain.Operation, Access => RaceGrain.Access, _ => null },
                    Drawing = parsed.GetValue(show) ? drawing : null,
                    Report = parsed.GetValue(report),
                    Matrix = parsed.GetValue(matrix),
                }.Run(parsed.GetValue(scenario)!, parsed.GetValue(target), cancellation);
            }

            Option[] explored = [grain, preemptions, show, matrix];
            if (explored.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } stepwise)
                return Program.Fail(SafeText.Message($"{stepwise.Name} is for --mode {Explore}: real threads are interleaved by nobody, and leave no schedule. Leave it out."), Program.BadUsage);

            double? seconds = parsed.GetValue(duration) ?? (trials is null ? 1 : null);
            var options = new MapRaceOptions
            {
                Count = trials,
                Duration = Arguments.Seconds(seconds),
                Seed = parsed.GetValue(seed) ?? (ulong)Random.Shared.Next(1, int.MaxValue), // One for all, so that one number repeats the run.
                Operations = parsed.GetValue(operations),
            };
            if (parsed.GetValue(stall) is { } limit) options = options with { StallLimit = Arguments.Seconds(limit)!.Value };
            MapRaceOptions.Validate(options);
            return Race(screen, parsed.GetValue(scenario)!, parsed.GetValue(target) ?? "*", options, parsed.GetValue(report), cancellation);
        }));
        return command;
    }

    private static int Guarded(Func<int> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is RaceChildException or IOException or UnauthorizedAccessException)
        {
            return Program.Fail(error.Message);
        }
        catch (ScheduleTokenException error)
        {
            return Program.Fail(error.Message, Program.BadUsage);
        }
        catch (ArgumentException error)
        {
            return Program.Fail(Arguments.Complaint(error), Program.BadUsage);
        }
    }

    private static int Race(Screen screen, string scenarioPattern, string targetPattern, MapRaceOptions options, string? report, CancellationToken cancellation)
    {
        var scenarios = RaceCatalogue.FindScenarios(scenarioPattern);
        var targets = RaceCatalogue.FindTargets(targetPattern);
        if (!scenarios.Any(scenario => targets.Any(scenario.RacesOn)))
        {
            // Nothing fits. The lab says why, and which targets would do.
            MapRace.Run(scenarios[0].Name, targets[0].Name, options, null, cancellation);
        }

        var results = new List<MapRaceResult>();
        foreach (var scenario in scenarios)
        {
            var able = targets.Where(scenario.RacesOn).ToList();
            if (able.Count == 0 || cancellation.IsCancellationRequested) continue;
            results.AddRange(RaceOne(screen, scenario, able, options, cancellation));
        }

        Conclude(screen, results);
        if (report is not null) RaceDrawing.Write(screen, report, new RaceReport { Raced = results }.ToHtml());
        return cancellation.IsCancellationRequested ? Program.Stopped : 0;
    }

    private static List<MapRaceResult> RaceOne(Screen screen, Scenario scenario, List<RaceTarget> targets, MapRaceOptions options, CancellationToken cancellation)
    {
        screen.Heading($"{scenario.Name}, {Screen.Number(options.Operations ?? scenario.DefaultOperations)} operations by each thread");
        var results = new List<MapRaceResult>();
        screen.WithBars([.. targets.Select(target => target.Name)], (i, show) =>
        {
            if (!cancellation.IsCancellationRequested)
                results.Add(MapRace.Run(scenario.Name, targets[i].Name, options, new RaceReporter(show), cancellation));
        });
        RaceTable.Print(screen, results);
        if (scenario.Remark is { } remark) screen.Line(remark);
        return results;
    }

    private static void Conclude(Screen screen, List<MapRaceResult> results)
    {
        var loud = results.FindAll(result => result.FirstError is not null);
        if (loud.Count > 0) screen.Heading("The errors, how many operations raised them, and the first");
        foreach (var result in loud) screen.Line($"{result.Scenario} on {result.Target}: {result.ErrorText}. {result.FirstError}");

        if (results.Count == 0) return;
        screen.Line();
        screen.Line($"{results[0].Runtime}, {Environment.ProcessorCount} processors; seed {string.Join(", ", results.Select(result => result.Seed).Distinct())}. A seed repeats the work, not the interleaving.");
    }

    private static int List(Screen screen)
    {
        screen.Heading("Scenarios");
        foreach (var scenario in RaceCatalogue.Scenarios)
        {
            screen.Line($"{scenario.Name}: {scenario.Description}");
            foreach (string actor in scenario.Actors) screen.Line($"    {actor}.");
            if (scenario.ExploredOn.Count > 0) screen.Line($"    Explored on {string.Join(", ", scenario.ExploredOn)}.");
            if (scenario.RacedOn.Count > 0) screen.Line($"    Raced on {string.Join(", ", scenario.RacedOn)}.");
            screen.Line();
        }

        screen.Heading("Targets");
        foreach (var target in RaceCatalogue.Targets) screen.Line($"{target.Name}: {target.Description}");
        return 0;
    }
}
