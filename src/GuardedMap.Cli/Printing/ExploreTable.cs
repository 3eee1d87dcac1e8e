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
        screen.Line($"Covered: {result.Coverage}. {Proof(result)}{Screen.Number((long)result.Rate)} schedules a second.");
    }

    private static string Proof(ExploreResult result) => result switch
    {
        { Account: { Holds: true, Predicted: { } predicted } } => string.Create(CultureInfo.InvariantCulture, $"Counted from both ends, and the formula says {predicted:N0}. "),
        { Account.Holds: true } => "Counted from both ends, with the same number. ",
        { EveryOutcomeFound: true, Predicted: { } predicted } => string.Create(CultureInfo.InvariantCulture, $"Their weights sum to exactly 1, and the formula says {predicted:N0} in all. "),
        { EveryOutcomeFound: true } => "Their weights sum to exactly 1. ",
        _ => "",
    };

    private static string[] Row(ExploredOutcome outcome) =>
    [
        outcome.Outcome.Kind.ToString(),
        outcome.Outcome.Text,
        outcome.OfAll is { } all ? all.ToString("N0", CultureInfo.InvariantCulture) : Screen.Number(outcome.Count),
        outcome.MarkedPercent,
        Screen.Number(outcome.FewestPreemptions),
        outcome.SimplestToken.ToString(),
    ];
}
