using System.Globalization;
using GuardedMaps.Lab;

namespace GuardedMaps.Cli;

/// <summary>Prints what a search found: each outcome with its share and a token.</summary>
internal static class ExploreTable
{
    private static readonly string[] Columns = ["Outcome", "What happened", "Schedules", "Share", "Fewest preemptions", "Token"];
    private static readonly HashSet<int> Numbers = [2, 3, 4];

    public static void Print(Screen screen, ExploreResult result)
    {
        screen.Heading($"{result.Scenario}, {result.Target}");
        screen.Table(Columns, Numbers, result.Outcomes.Select(Row));
        screen.Line($"{Screen.Number(result.Schedules)} schedules, {Coverage(result)}; {Screen.Number((long)result.Rate)} schedules a second.");
    }

    private static string Coverage(ExploreResult result) => result switch
    {
        { Exhaustive: true, Predicted: { } predicted } => string.Create(CultureInfo.InvariantCulture, $"all there are: their weights sum to exactly 1, and the formula says {predicted:N0}"),
        { Exhaustive: true } => "all there are: their weights sum to exactly 1",
        { End: ExploreEnd.Finished, PreemptionsCovered: >= 0 and var bound } => string.Create(CultureInfo.InvariantCulture, $"all with at most {bound} preemptions"),
        { End: ExploreEnd.Finished } => $"and the search was not complete: {result.Certificate?.Objection}",
        { Certificate: { } certificate } => string.Create(CultureInfo.InvariantCulture, $"{certificate.Total.ToDouble():P2} of the tree by weight, when the search was ended ({result.End})"),
        _ => $"ended by {result.End}",
    };

    private static string[] Row(ExploredOutcome outcome) =>
    [
        outcome.Outcome.Kind.ToString(),
        outcome.Outcome.Text,
        Screen.Number(outcome.Count),
        outcome.Share.ToDouble().ToString("P2", CultureInfo.InvariantCulture),
        Screen.Number(outcome.FewestPreemptions),
        outcome.SimplestToken.ToString(),
    ];
}
