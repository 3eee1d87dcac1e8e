using System.Collections;

namespace GuardedMaps.Lab;

/// <summary>
/// Names how a run of a user's own programs ended. With a check, the check decides. Without one, a run without errors is right when it ends like one in which nobody was
/// interrupted: then their interleaving did not matter.
/// </summary>
internal sealed class OwnJudge(OwnRace race)
{
    private const int LongestMessage = 120;

    private readonly HashSet<string> _uninterrupted = new(StringComparer.Ordinal);

    /// <summary>Names the outcome of the crew's last run. Runs without preemption must be judged first: they are what others are compared with.</summary>
    /// <exception cref="RaceModelException">The check threw what no check may.</exception>
    public ScheduleOutcome Judge(OwnCrew crew)
    {
        switch (crew.End)
        {
            case OwnEnd.Deadlock:
                return new(ScheduleOutcomeKind.Deadlock, crew.Deadlock!.ToString());
            case OwnEnd.Steps:
                return new(ScheduleOutcomeKind.Livelock, $"{crew.Actors[crew.Endless]} was still running at the limit of steps");
            case OwnEnd.Stalled:
                return new(ScheduleOutcomeKind.Livelock, $"{crew.Actors[crew.Endless]} went on and on and came to no point");
        }

        var faults = crew.Actors.SelectMany(a => (a.Report?.Faults ?? []).Select(f => (a.Letter, Fault: f))).ToList();
        var answer = race.Check?.Invoke(crew.State);
        string? content = answer is { Text: { } text } ? text : ContentOf(race, crew.State) is { } held ? $"the {race.Noun} holds {held}" : null;
        if (faults.Count > 0)
        {
            bool isViolation = faults.Exists(f => Enum.TryParse<MapViolationKind>(f.Fault.Name, out _));
            string errors = string.Join("; ", faults.Select(f => $"{f.Letter} got {TextOf(f.Fault)}").Distinct(StringComparer.Ordinal));
            return new(isViolation ? ScheduleOutcomeKind.Violation : ScheduleOutcomeKind.Failed, Joined(errors, content));
        }

        if (answer is not null) return answer.IsRight ? new(ScheduleOutcomeKind.Clean, content ?? "the check holds") : new(ScheduleOutcomeKind.Unnoticed, $"the check failed{(content is null ? "" : ": " + content)}");
        var answers = crew.Actors.Where(a => a.Report?.Output is not null).Select(a => $"{a.Letter} answered {a.Report!.Output}");
        string state = string.Join("; ", answers.Prepend(content ?? "").Where(t => t.Length > 0));
        if (crew.Preemptions == 0) _uninterrupted.Add(state);
        return _uninterrupted.Contains(state)
            ? new(ScheduleOutcomeKind.Clean, state.Length > 0 ? $"as if one after the other: {state}" : "all came to their end")
            : new(ScheduleOutcomeKind.NotLinearizable, $"no order of the actors explains {state}");
    }

    /// <summary>The state as text; null where there is none. A broken container may throw anything while it is read; then that is what there is to say.</summary>
    public static string? ContentOf(OwnRace race, object state)
    {
        try
        {
            if (race.Content is { } content) return content(state);
            return state switch
            {
                IDictionary map => MapText.Content(map),
                ICollection list => MapText.Of(list),
                _ => null,
            };
        }
        catch (Exception error) when (error is InvalidOperationException or NullReferenceException or IndexOutOfRangeException or ArgumentException)
        {
            return $"unreadable: {error.GetType().Name}";
        }
    }

    private static string Joined(string one, string? other) => other is null ? one : $"{one}; {other}";

    // The message of a violation names threads, which differ from run to run; its kind says all there is.
    private static string TextOf(OperationFault fault)
    {
        if (Enum.TryParse<MapViolationKind>(fault.Name, out _)) return fault.Name;
        string message = SafeText.Line(fault.Message.ReplaceLineEndings(" "), LongestMessage);
        return $"{fault.Name}{(fault.Position is null ? "" : $" at {fault.Position}")}: {message.TrimEnd('.')}";
    }
}
