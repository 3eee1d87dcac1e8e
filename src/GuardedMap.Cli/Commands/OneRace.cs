using System.Globalization;
using GuardedMaps.Lab;

namespace GuardedMaps.Cli;

/// <summary><c>guardedmap race --token</c> with <c>--threads</c> or <c>--shrink</c>: what can be done with one schedule beyond drawing it.</summary>
internal static class OneRace
{
    private static readonly TimeSpan s_longestProof = TimeSpan.FromSeconds(30);

    public static int Run(Screen screen, ScheduleToken token, bool onThreads, bool shrink, CancellationToken cancellation)
    {
        if (onThreads)
        {
            foreach (string sentence in RaceNarration.Of(ThreadReplay.Run(token))) screen.Line(sentence);
        }

        if (shrink) Print(screen, ShrunkRace.Of(token, new ExploreOptions { MaxDuration = s_longestProof }, cancellation));
        return cancellation.IsCancellationRequested ? Program.Stopped : 0;
    }

    private static void Print(Screen screen, ShrunkRace race)
    {
        var schedule = race.Schedule;
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"{schedule.Outcome}"));
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"preemptions  {schedule.Preemptions} of {schedule.PreemptionsBefore}{(schedule.MinimalProven ? ", with fewer it cannot happen" : ", perhaps not the fewest")}"));
        screen.Line($"schedule     {schedule.Token}");
        if (race.Scenario is not { } scenario) return;
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"operations   {scenario.Operations.Count} of {scenario.OperationsBefore}: {string.Join(", ", scenario.Operations)}"));
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"keys         {scenario.Keys.Count} of {scenario.KeysBefore}{(scenario.MinimalProven ? ", none of these can go" : ", perhaps not the fewest")}"));
        screen.Line($"smallest     {scenario.Token}");
    }
}
