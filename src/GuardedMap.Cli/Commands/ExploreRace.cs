using GuardedMaps.Lab;

namespace GuardedMaps.Cli;

/// <summary><c>guardedmap race --mode explore</c>: runs the schedules of scenarios one by one and prints the share of each outcome.</summary>
internal static class ExploreRace
{
    public static int Run(Screen screen, string scenarioPattern, string variantPattern, ExploreOptions options, CancellationToken cancellation)
    {
        ExploreOptions.Validate(options);
        var models = RaceModels.Find(scenarioPattern, variantPattern);
        var results = new List<ExploreResult>();
        screen.WithBars([.. models.Select(model => model.ToString())], (i, show) =>
        {
            if (!cancellation.IsCancellationRequested)
                results.Add(Explorer.Run(models[i], options, new ExploreReporter(show), cancellation));
        });
        foreach (var result in results) ExploreTable.Print(screen, result);
        return cancellation.IsCancellationRequested ? Program.Stopped : 0;
    }
}
