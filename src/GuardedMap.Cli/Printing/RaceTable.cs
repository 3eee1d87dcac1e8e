using GuardedMaps.Lab;

namespace GuardedMaps.Cli;

/// <summary>Prints the outcomes of one scenario's races: a table of figures, and under it what was wrong, in words.</summary>
internal static class RaceTable
{
    private static readonly string[] Columns = ["Map", "Trials", "Clean", "Error raised", "Silently wrong", "Hung", "Crashed"];
    private static readonly HashSet<int> Numbers = [1, 2, 3, 4, 5, 6];

    public static void Print(Screen screen, IReadOnlyList<MapRaceResult> results)
    {
        screen.Table(Columns, Numbers, results.Select(Row));
        foreach (var result in results)
        {
            if (result.SilentlyWrong > 0)
                screen.Line($"{result.Target}: {DamageInWords(result)}. In trial {result.FirstDamageTrial}, {result.Example}.");
            if (result.FirstHang is not null)
                screen.Line($"{result.Target}: {FateInWords(result)}. In {result.FirstHang}.");
        }
    }

    /// <summary>What a race is doing, for the text beside its bar.</summary>
    public static string State(RaceProgress progress) =>
        $"{Screen.Number(progress.Trials)} trials, {Screen.Number(progress.SilentlyWrong)} silently wrong";

    private static string DamageInWords(MapRaceResult result) =>
        string.Join(", ", result.Damage.Select(damage => $"{damage.Key} in {Trials(damage.Value)}"));

    private static string FateInWords(MapRaceResult result) => (result.Hung, result.Crashed) switch
    {
        (var hung, 0) => $"{Trials(hung)} never ended and had to be killed",
        (0, var crashed) => $"{Trials(crashed)} ended with their process",
        var (hung, crashed) => $"{Trials(hung)} never ended and had to be killed, {Trials(crashed)} ended with their process",
    };

    private static string Trials(int count) => count == 1 ? "1 trial" : $"{Screen.Number(count)} trials";

    private static string[] Row(MapRaceResult result) =>
    [
        result.Target,
        Screen.Number(result.Trials),
        Screen.Number(result.Clean),
        Screen.Number(result.Detected),
        Screen.Number(result.SilentlyWrong),
        Screen.Number(result.Hung),
        Screen.Number(result.Crashed),
    ];
}
