using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>Tells a schedule in sentences, one for each step and one for the end.</summary>
internal static class RaceNarration
{
    /// <summary>The sentences.</summary>
    public static IEnumerable<string> Of(RaceTimeline timeline)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        for (int i = 0; i < timeline.Steps.Count; i++)
        {
            var step = timeline.Steps[i];
            if (step.Preempted) yield return $"{Name(timeline, timeline.Steps[i - 1].Actor)} is interrupted here.";
            yield return Sentence(timeline, step);
        }

        if (timeline.Violation is { } violation)
        {
            yield return $"{Name(timeline, violation.Current.Actor)} is refused: {violation.Message}";
            if (violation.Previous is { } previous) yield return string.Create(CultureInfo.InvariantCulture, $"In its way is {Name(timeline, previous.Actor)}, in {previous.Operation} at step {previous.Step}.");
        }

        yield return $"The end: {timeline.Outcome}.";
    }

    /// <summary>Tells a replay on threads: which thread was which actor, what the table did, and the end.</summary>
    public static IEnumerable<string> Of(ThreadReplay replay)
    {
        ArgumentNullException.ThrowIfNull(replay);
        for (int i = 0; i < replay.ThreadIds.Count; i++) yield return string.Create(CultureInfo.InvariantCulture, $"{Schedule.Letter(i)} is thread {replay.ThreadIds[i]}.");
        foreach (var happened in replay.Events) yield return $"The table: {happened.Text}.";
        if (replay.Violation is { } violation)
        {
            yield return violation.Message;
            foreach (string line in violation.Current.Stack) yield return $"  {Schedule.Letter(violation.Current.Actor)} {line}";
            foreach (string line in violation.Previous?.Stack ?? []) yield return $"  {Schedule.Letter(violation.Previous!.Actor)} {line}";
        }

        yield return string.Create(CultureInfo.InvariantCulture, $"The end, after {replay.Steps} steps: {replay.Outcome}.");
    }

    private static string Sentence(RaceTimeline timeline, RaceTimelineStep step)
    {
        string conflict = step.ConflictsWith is { } other ? string.Create(CultureInfo.InvariantCulture, $", which step {other} had touched") : "";
        string note = step.Note is { } text ? $"; {text.TrimEnd('.')}" : "";
        string events = step.Events.Count == 0 ? "" : $"; the table: {string.Join(", ", step.Events.Select(e => e.Text))}";
        string end = step.Ends ? $". That was the last step of {Schedule.Letter(step.Actor)}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"Step {step.Number}: {Name(timeline, step.Actor)}, in {step.Operation}: {step.Describe()}{conflict}{events}{note}{end}.");
    }

    private static string Name(RaceTimeline timeline, int actor) => $"{Schedule.Letter(actor)} ({timeline.Actors[actor]})";
}
