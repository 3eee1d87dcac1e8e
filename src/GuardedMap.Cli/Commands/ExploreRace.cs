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

    /// <summary>The size of a step; null for the one at which each scenario is best seen.</summary>
    public RaceGrain? Grain { get; init; }

    /// <summary>Draws what was found, if wanted.</summary>
    public RaceDrawing? Drawing { get; init; }

    /// <summary>The file for a report, if wanted.</summary>
    public string? Report { get; init; }

    /// <summary>The file for the detection matrix, if wanted.</summary>
    public string? Matrix { get; init; }

    public int Run(string scenarioPattern, string? targetPattern, CancellationToken cancellation)
    {
        ExploreOptions.Validate(OptionsFor(null));
        IReadOnlyList<RaceModel> models = targetPattern is null ? Usual(scenarioPattern) : RaceModels.Find(scenarioPattern, targetPattern, Grain);
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
            // A naive guard is there to be looked at, and nothing to compare maps with.
            var picture = new MatrixPicture([.. results.Where(result => result.Target != "GuardedMapNaive")]);
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

    private List<RaceModel> Usual(string scenarioPattern) =>
    [
        .. from scenario in RaceCatalogue.FindScenarios(scenarioPattern)
           from target in scenario.UsualTargets(Grain, isRaced: false)
           where Grain is { } size ? scenario.ExploresOn(target, size) : scenario.GrainOn(target) is not null
           select RaceModels.Get(scenario.Name, target.Name, Grain),
    ];

    private ExploreOptions OptionsFor(RaceModel? model)
    {
        var own = MaxPreemptions is { } bound ? new ExploreOptions { Mode = ExploreMode.Bounded, MaxPreemptions = bound }
            : model is null ? new ExploreOptions()
            : RaceModels.SearchFor(model);
        return own with { MaxSchedules = MaxSchedules, MaxDuration = MaxDuration };
    }
}
