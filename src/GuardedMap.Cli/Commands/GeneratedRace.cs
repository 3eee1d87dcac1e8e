using GuardedMaps.Lab;

namespace GuardedMaps.Cli;

/// <summary><c>guardedmap race --generate</c>: explores programs that nobody has written, and prints those of which some schedule goes wrong in silence.</summary>
internal static class GeneratedRace
{
    private static readonly string[] s_columns = ["Program", "Outcome", "What happened", "Fewest preemptions", "Token"];
    private static readonly HashSet<int> s_numbers = [3];

    /// <returns>0 if nothing goes wrong; 1 if something does.</returns>
    public static int Run(Screen screen, ProgramSearchOptions options, CancellationToken cancellation)
    {
        ProgramSearchResult? found = null;
        screen.WithBars([$"programs on {options.Target}"], (_, show) => found = ProgramSearch.Run(options, new ExploreReporter(show), cancellation));
        if (found!.Failures.Count > 0)
        {
            screen.Table(s_columns, s_numbers, found.Failures.Select(f => (string[])
                [f.Scenario, f.MostTelling!.Outcome.Kind.ToString(), f.MostTelling.Outcome.Text, Screen.Number(f.MostTelling.FewestPreemptions), f.MostTelling.SimplestToken.ToString()]));
        }

        screen.Line($"Covered: {found.Coverage}. {(found.Failures.Count == 0 ? "Nothing goes wrong" : $"{Screen.Number(found.Failures.Count)} go wrong")}.");
        return cancellation.IsCancellationRequested ? Program.Stopped : found.Failures.Count == 0 ? 0 : 1;
    }
}
