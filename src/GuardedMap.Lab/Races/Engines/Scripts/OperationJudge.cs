using System.Collections;

namespace GuardedMaps.Lab;

/// <summary>What programs over a map came to, in words that can be compared: with real threads there is nothing else to judge by.</summary>
internal static class OperationJudge
{
    /// <summary>What a run came to, as text: the map's content, and what the actors answered.</summary>
    public static string State(IReadOnlyList<OperationReport?> reports, string content)
    {
        var answers = reports.Select((report, actor) => (report?.Output, actor)).Where(a => a.Output is not null).Select(a => $"{Schedule.Letter(a.actor)} answered {a.Output}");
        return string.Join("; ", answers.Prepend($"the map holds {content}"));
    }

    /// <summary>A map's content as text. A broken container may throw anything while it is read; then that is what there is to say.</summary>
    public static string Content(IDictionary map)
    {
        try
        {
            return MapText.Content(map);
        }
        catch (Exception error) when (error is InvalidOperationException or NullReferenceException or IndexOutOfRangeException)
        {
            return $"unreadable: {error.GetType().Name}";
        }
    }

    /// <summary>Every order of the actors.</summary>
    public static IEnumerable<List<int>> Orders(List<int> actors)
    {
        if (actors.Count <= 1) return [actors];
        return actors.SelectMany(first => Orders([.. actors.Where(a => a != first)]).Select(rest => (List<int>)[first, .. rest]));
    }
}
