using GuardedMaps.Lab;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Cli;

/// <summary><c>guardedmap race --mode explore</c>: runs the schedules of scenarios one by one and prints the share of each outcome.</summary>
internal sealed class ExploreRace(Screen screen)
{
    public long? MaxSchedules { get; init; }

    public TimeSpan? MaxDuration { get; init; }

    /// <summary>The bound of preemptions; null leaves it to the scenario.</summary>
    public int? MaxPreemptions { get; init; }

    /// <summary>Whether to leave out what is not varied by protection.</summary>
    public bool ProtectionsOnly { get; init; }

    /// <summary>Draws what was found, if wanted.</summary>
    public RaceDrawing? Drawing { get; init; }

    /// <summary>The file for a report, if wanted.</summary>
    public string? Report { get; init; }

    /// <summary>The file for the detection matrix, if wanted.</summary>
    public string? Matrix { get; init; }

    public int Run(string scenarioPattern, string variantPattern, CancellationToken cancellation)
    {
        ExploreOptions.Validate(OptionsFor(null));
        var models = RaceModels.Find(scenarioPattern, variantPattern).Where(model => !ProtectionsOnly || IsProtection(model, variantPattern)).ToList();
        var results = new List<ExploreResult>();
        screen.WithBars([.. models.Select(model => model.ToString())], (i, show) =>
        {
            if (!cancellation.IsCancellationRequested)
                results.Add(Explorer.Run(models[i], OptionsFor(models[i]), new ExploreReporter(show), cancellation));
        });
        foreach (var result in results)
        {
            ExploreTable.Print(screen, result);
            if (result.MostTelling is { } telling) Drawing?.Draw(RaceTimeline.Of(telling.SimplestToken), report: null);
        }

        if (results.Count > 1)
        {
            var picture = new MatrixPicture(results);
            screen.Line();
            Console.Out.WriteLine(picture.ToText(PictureFormat.OfTerminal()));
            if (Matrix is not null) RaceDrawing.Write(screen, Matrix, picture.ToSvg());
        }

        if (Report is not null)
        {
            var schedules = results.SelectMany(RaceReport.WorthShowing).Select(outcome => RaceTimeline.Of(outcome.SimplestToken));
            RaceDrawing.Write(screen, Report, new RaceReport { Explored = results, Schedules = [.. schedules] }.ToHtml());
        }

        return cancellation.IsCancellationRequested ? Program.Stopped : 0;
    }

    // A pattern means the protections that every scenario has: those the matrix compares. A naive one is there for who names it.
    private static bool IsProtection(RaceModel model, string pattern) =>
        RaceModels.Protected.Contains(model) || (Enum.TryParse<RaceProtection>(model.Variant, out _) && string.Equals(model.Variant, pattern, StringComparison.OrdinalIgnoreCase));

    private ExploreOptions OptionsFor(RaceModel? model)
    {
        var own = MaxPreemptions is { } bound ? new ExploreOptions { Mode = ExploreMode.Bounded, MaxPreemptions = bound }
            : model is null ? new ExploreOptions()
            : RaceModels.SearchFor(model);
        return own with { MaxSchedules = MaxSchedules, MaxDuration = MaxDuration };
    }
}
