using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab;

/// <summary>One cell of the matrix: what became of the schedules of one scenario on one target.</summary>
public sealed record DetectionCell
{
    /// <summary>What the scenario was run on.</summary>
    public required string Target { get; init; }

    /// <summary>The share of schedules that ended with a violation: somebody was refused, and nothing is damaged.</summary>
    public required ExactFraction Detected { get; init; }

    /// <summary>The share of schedules after which something is wrong and nobody was told.</summary>
    public required ExactFraction SilentlyWrong { get; init; }

    /// <summary>The share of schedules in which nothing happened that should not.</summary>
    public required ExactFraction Clean { get; init; }

    /// <summary>The search behind the figures: mode, certificate, outcomes, tokens, rate.</summary>
    public required ExploreResult Result { get; init; }

    /// <summary>The cell as the table shows it: <c>88.9 / 0 / 11.1</c>; in brackets where the shares are of the schedules that were run and not of all, after ~ where they are an estimate.</summary>
    public override string ToString() => SearchCoverage.Mark($"{Percent(Detected)} / {Percent(SilentlyWrong)} / {Percent(Clean)}", Result.Shares);

    /// <summary>The cell as a table shows it whose head says "up to so many preemptions": one that covers every schedule says <c>all</c>, one that went less far how far: <c>0 / 13.3 / 86.7 ≤2</c>.</summary>
    /// <param name="furthest">The most preemptions that any cell of the table covers; null if none is bounded.</param>
    public string ToString(int? furthest) => ToString() + Reach(furthest);

    /// <summary>One figure in percent, marked as those of <see cref="ToString()"/> are.</summary>
    /// <param name="part"><c>Detected</c>, <c>SilentlyWrong</c> or <c>Clean</c>.</param>
    /// <exception cref="ArgumentException">There is no such part.</exception>
    public string Figure(string part) => SearchCoverage.Mark(
        Percent(part switch
        {
            nameof(Detected) => Detected,
            nameof(SilentlyWrong) => SilentlyWrong,
            nameof(Clean) => Clean,
            _ => throw new ArgumentException($"There is no part '{part}'. The parts are {nameof(Detected)}, {nameof(SilentlyWrong)} and {nameof(Clean)}.", nameof(part)),
        }),
        Result.Shares);

    /// <summary>What <see cref="ToString(int?)"/> says beyond the figures.</summary>
    internal string Reach(int? furthest) => Result switch
    {
        _ when furthest is null => "",
        { Shares: ShareMeaning.All } => " all",
        { PreemptionsCovered: { } within } when within < furthest => string.Create(CultureInfo.InvariantCulture, $" ≤{within}"),
        _ => "",
    };

    /// <summary>A share in percent, such that what exists never shows as 0 and what lacks something never shows as 100.</summary>
    public static string Percent(ExactFraction share)
    {
        double percent = share.ToDouble() * 100;
        if (percent == 0) return "0";
        if (share == ExactFraction.One) return "100";
        string text = percent < 0.1 || percent > 99.9
            ? percent.ToString(percent < 50 ? "0.##" : "0.00", CultureInfo.InvariantCulture)
            : percent.ToString("0.0", CultureInfo.InvariantCulture);
        return text switch
        {
            "0" => "<0.01",
            "100.00" => ">99.99",
            _ => text,
        };
    }
}

/// <summary>One row of the matrix: a scenario.</summary>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Cells">Its cells, one for each target.</param>
public sealed record DetectionRow(string Scenario, IReadOnlyList<DetectionCell> Cells)
{
    /// <summary>The cell of a target, or null where the scenario was not run on it.</summary>
    public DetectionCell? Cell(string target) => Cells.FirstOrDefault(c => string.Equals(c.Target, target, StringComparison.OrdinalIgnoreCase));
}

/// <summary>
/// The lab's headline: for each scenario and each target the share of schedules in which the race was detected, left
/// damage in silence, or did no harm. The three add up to exactly 1.
/// </summary>
public sealed record DetectionMatrix
{
    /// <summary>The targets that occur, in the order of their first scenario.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>The scenarios.</summary>
    public required IReadOnlyList<DetectionRow> Rows { get; init; }

    /// <summary>Explores each model and tabulates how its schedules end.</summary>
    /// <param name="models">The models, such as <see cref="RaceModels.All"/>.</param>
    /// <param name="options">How to search; null to search each model as it is best searched. Drawn schedules are accepted, and their shares marked as what they are.</param>
    /// <param name="progress">Told of each cell as it is finished.</param>
    /// <param name="cancellationToken">Ends the work early; rows that were begun have the cells that were finished.</param>
    public static DetectionMatrix Compute(IReadOnlyList<RaceModel> models, ExploreOptions? options = null, IProgress<DetectionCell>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(models);
        var results = new List<ExploreResult>();
        foreach (var model in models)
        {
            var result = Explorer.Run(model, options ?? model.Search, progress: null, cancellationToken);
            if (cancellationToken.IsCancellationRequested) break;
            results.Add(result);
            progress?.Report(Cell(result));
        }

        return Of(results);
    }

    /// <summary>Tabulates searches that have been made.</summary>
    public static DetectionMatrix Of(IReadOnlyList<ExploreResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        return new DetectionMatrix
        {
            Rows = [.. results.GroupBy(r => r.Scenario, StringComparer.Ordinal).Select(g => new DetectionRow(g.Key, [.. g.Select(Cell)]))],
            Targets = [.. results.Select(r => r.Target).Distinct(StringComparer.Ordinal)],
        };
    }

    /// <summary>The matrix as a table for a Markdown page: detected / silently wrong / clean, in percent. The head says up to how many preemptions; cells that cover every schedule, or fewer preemptions, say so.</summary>
    public string ToMarkdown()
    {
        int? furthest = Rows.SelectMany(r => r.Cells).Max(c => c.Result.PreemptionsCovered);
        var text = new StringBuilder();
        text.Append("| scenario").Append(furthest is { } bound ? string.Create(CultureInfo.InvariantCulture, $", up to {bound} preemptions") : "").Append(" | ").AppendJoin(" | ", Targets).Append(" |\n|---|").Insert(text.Length, "---|", Targets.Count).Append('\n');
        foreach (var row in Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Scenario} |");
            foreach (string target in Targets)
            {
                text.Append(CultureInfo.InvariantCulture, $" {row.Cell(target)?.ToString(furthest) ?? ""} |");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The figures of one search.</summary>
    public static DetectionCell Cell(ExploreResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new DetectionCell
        {
            Target = result.Target,
            Detected = Share(k => k is ScheduleOutcomeKind.Violation or ScheduleOutcomeKind.Failed),
            SilentlyWrong = Share(k => k is not (ScheduleOutcomeKind.Clean or ScheduleOutcomeKind.Violation or ScheduleOutcomeKind.Failed)),
            Clean = Share(k => k == ScheduleOutcomeKind.Clean),
            Result = result,
        };

        ExactFraction Share(Func<ScheduleOutcomeKind, bool> which) =>
            result.Outcomes.Where(o => which(o.Outcome.Kind)).Aggregate(default(ExactFraction), (sum, o) => sum + o.Share);
    }
}
