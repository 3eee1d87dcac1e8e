using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

/// <summary>
/// The latest results of this process. For whom Ctrl+C has taken a result from, for completing tokens, and for the scripts behind a
/// token: a token names them by a checksum alone, and to run them again they must still be there.
/// </summary>
internal static class RecentRaces
{
    private const int Most = 50;
    private static readonly LinkedList<(object Result, ScriptRace? Scripts)> s_results = [];
    private static readonly object s_lock = new();

    /// <summary>The results, the newest first.</summary>
    public static IReadOnlyList<object> Results
    {
        get
        {
            lock (s_lock) return [.. s_results.Select(r => r.Result)];
        }
    }

    /// <summary>The tokens of the results with what they lead to, the newest first.</summary>
    public static IReadOnlyList<(string Token, string Description)> Tokens
    {
        get
        {
            var tokens = new List<(string Token, string Description)>();
            foreach (object result in Results)
            {
                if (result is ExploreResult explored) tokens.AddRange(explored.Outcomes.Select(o => (o.SimplestToken.ToString(), $"{explored.Scenario} on {explored.Target}: {o.Outcome}")));
                else if (result is ShrunkRace shrunk) tokens.Add((shrunk.Token.ToString(), $"shrunk: {shrunk.Schedule.Outcome}"));
                else if (result is RaceTimeline timeline) tokens.Add((timeline.Token.ToString(), timeline.ToString()));
            }

            return [.. tokens.DistinctBy(t => t.Token, StringComparer.Ordinal)];
        }
    }

    /// <summary>Remembers a result, and the scripts it is of.</summary>
    public static void Add(object result, ScriptRace? scripts)
    {
        lock (s_lock)
        {
            s_results.AddFirst((result, scripts));
            while (s_results.Count > Most) s_results.RemoveLast();
        }
    }

    /// <summary>The scripts a token was made from, if they are remembered.</summary>
    public static ScriptRace? ScriptsOf(ScheduleToken token)
    {
        lock (s_lock) return s_results.Select(r => r.Scripts).FirstOrDefault(race => race?.Fits(token) == true);
    }
}
