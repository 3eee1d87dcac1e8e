using GuardedMaps.Lab;

namespace GuardedMaps.Cli;

/// <summary>Prints the outcomes of races: a table for each scenario, and under it the first damage and the first hang in words.</summary>
internal static class RaceTable
{
    private static readonly string[] Columns = ["Map", "Trials", "Clean", "Error raised", "Silently wrong", "Hung", "What was wrong, in how many trials"];
    private static readonly HashSet<int> Numbers = [1, 2, 3, 4, 5];

    public static void Print(Screen screen, IReadOnlyList<MapRaceResult> results)
    {
        foreach (var scenario in results.GroupBy(result => result.Scenario, StringComparer.Ordinal))
        {
            screen.Heading($"{scenario.Key}, {Screen.Number(scenario.First().Operations)} operations by each thread");
            screen.Table(Columns, Numbers, scenario.Select(Row));
            foreach (var result in scenario)
            {
                if (result.Example is not null) screen.Line($"{result.Target}, trial {result.FirstDamageTrial}: {result.Example}");
                if (result.FirstHang is not null) screen.Line($"{result.Target}, {result.FirstHang}");
            }
        }
    }

    /// <summary>What a race is doing, for the text beside its bar.</summary>
    public static string State(RaceProgress progress) =>
        $"{Screen.Number(progress.Trials)} trials, {progress.Detected} raised an error, {progress.SilentlyWrong} silently wrong{(progress.Hung > 0 ? $", {progress.Hung} hung" : "")}";

    private static string[] Row(MapRaceResult result) =>
    [
        result.Target,
        Screen.Number(result.Trials),
        Screen.Number(result.Clean),
        Screen.Number(result.Detected),
        Screen.Number(result.SilentlyWrong),
        Screen.Number(result.Hung) + (result.Crashed > 0 ? $" (and {result.Crashed} crashed)" : ""),
        result.DamageText,
    ];
}
