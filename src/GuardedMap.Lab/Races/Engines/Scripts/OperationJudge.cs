using System.Collections;

namespace GuardedMaps.Lab;

/// <summary>
/// Names how a run of programs ended. With a check, the check decides. Without one, a run without errors is right when
/// it looks as if the actors had run one after the other, in some order: then their interleaving did not matter.
/// </summary>
internal sealed class OperationJudge(OperationRace race, CancellationToken cancellation)
{
    private HashSet<string>? _serial;

    public ScheduleOutcome Judge(NestedRun run)
    {
        if (run.Endless is { } endless)
            return new(ScheduleOutcomeKind.Livelock, $"actor {Schedule.Letter(endless.Actor)} ({race.Actors[endless.Actor].Name}) was still running {endless.Why}");

        string errors = string.Join("; ", run.Reports.SelectMany((report, actor) => (report?.Faults ?? []).Select(f => $"{Schedule.Letter(actor)} got {f.Name}")).Distinct(StringComparer.Ordinal));
        string content = run.Content();
        if (run.Check() is { } answer)
        {
            string text = answer.Text ?? $"the map holds {content}";
            if (errors.Length > 0) return new(ScheduleOutcomeKind.Violation, $"{errors}; {text}");
            return answer.IsRight ? new(ScheduleOutcomeKind.Clean, text) : new(ScheduleOutcomeKind.Unnoticed, $"the check failed: {text}");
        }

        if (errors.Length > 0) return new(ScheduleOutcomeKind.Violation, $"{errors}; the map holds {content}");
        string state = State(run.Reports, content);
        _serial ??= SerialStates();
        return _serial.Contains(state)
            ? new(ScheduleOutcomeKind.Clean, $"as if one after the other: {state}")
            : new(ScheduleOutcomeKind.NotLinearizable, $"no order of the actors explains {state}");
    }

    private HashSet<string> SerialStates()
    {
        var states = new HashSet<string>(StringComparer.Ordinal);
        foreach (var order in Orders([.. Enumerable.Range(0, race.Actors.Count)]))
        {
            var run = NestedRun.Of(race, new InOrder(order), detailed: false, cancellation);
            if (run.Endless is null && !run.Cancelled) states.Add(State(run.Reports, run.Content()));
        }

        return states;
    }

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

    private sealed class InOrder(List<int> order) : IOperationChoice
    {
        private int _next;

        public int? Choose(int? current, uint waiting) => current is null ? order[_next++] : null;
    }
}
