using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>Runs one schedule of a user's own programs again, and records everything there is to know about each step.</summary>
internal static class OwnReplay
{
    /// <summary>Replays a token.</summary>
    /// <param name="crew">The threads of its race.</param>
    /// <param name="token">The token.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ScheduleTokenException">The token is of another race, or the actors no longer do what they did, in any step or any value that they read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RaceTimeline Of(OwnCrew crew, ScheduleToken token, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(crew);
        ArgumentNullException.ThrowIfNull(token);
        crew.Race.RequireFit(token);
        crew.Resume();
        using var stop = cancellationToken.Register(crew.Stop);
        var judge = OwnExplorer.JudgeFor(crew, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var outcome = Run(crew, token, judge, recorded: true);
        if (outcome is null) throw new OperationCanceledException("The replay was stopped.", cancellationToken);
        var record = crew.Record!;
        var steps = Steps(crew, record);
        return new RaceTimeline
        {
            Token = token,
            Actors = [.. crew.Actors.Select(a => a.Code.Name)],
            Steps = steps,
            Initial = crew.InitialBuckets,
            History = [],
            Violation = Violation(crew, record, steps),
            Deadlock = crew.Deadlock?.Waits ?? [],
            Outcome = outcome,
            Preemptions = crew.Preemptions,
        };
    }

    /// <summary>Follows a token's schedule and compares all that is seen; null when it was stopped.</summary>
    internal static ScheduleOutcome? Run(OwnCrew crew, ScheduleToken token, OwnJudge judge, bool recorded)
    {
        var follow = new OwnFollow(token.Schedule, isLenient: false);
        crew.Run(follow, recorded);
        if (crew.End == OwnEnd.Stopped) return null;
        string? objection = crew.End == OwnEnd.Diverged ? follow.Objection
            : !follow.IsDone ? $"all came to their end, or nobody could go on, after {Schedule.FromSteps(Array.ConvertAll(crew.Picks.ToArray(), p => (int)p))}"
            : null;
        if (objection is not null) throw Diverged(token, $"the schedule cannot be followed: {objection}");
        if ((uint)(crew.Seen ^ (crew.Seen >> 32)) != token.Seen)
            throw Diverged(token, $"the schedule was followed and ended in {judge.Judge(crew)}, but on the way an actor stood elsewhere or read another value than when the token was made");
        return judge.Judge(crew);
    }

    private static ScheduleTokenException Diverged(ScheduleToken token, string what) => new(
        $"The token '{SafeText.Of(token)}' does not fit what the actors do now: {what}. Either they were changed, or they do not repeat themselves: random numbers, the time of day, new GUIDs, the order in which a table of .NET shows its keys, variables that keep values. Explore them again to get a new token.");

    private static List<RaceTimelineStep> Steps(OwnCrew crew, List<OwnStep> record)
    {
        var steps = new List<RaceTimelineStep>();
        string? before = null;
        int[] last = new int[crew.Actors.Count];
        Array.Fill(last, -1);
        for (int i = 0; i < record.Count; i++) last[record[i].Actor] = i;
        bool hasFiles = record.Select(s => s.Site.File).Distinct(StringComparer.Ordinal).Skip(1).Any();
        for (int i = 0; i < record.Count; i++)
        {
            var step = record[i];
            var actor = crew.Actors[step.Actor];
            bool isLast = last[step.Actor] == i;
            string? value = step.Values.Count == 0 ? null : string.Join(", ", step.Values);
            steps.Add(new RaceTimelineStep
            {
                Number = i + 1,
                Actor = step.Actor,
                Operation = OperationOf(step, hasFiles) ?? actor.Code.Name,
                Point = new YieldPoint(step.Site.Text, RaceTimelineStep.WholeStep, step.Kind),
                Location = step.Site.Line > 0 ? "" : step.Key ?? "", // What has a text of its own names the key in it.
                Before = value,
                After = value,
                Preempted = step.Preempts,
                Ends = isLast && crew.End == OwnEnd.Finished,
                Held = step.Held,
                Buckets = step.Buckets,
                Note = Note(crew, record, i, isLast, before),
                ConflictsWith = record.FindLastIndex(i, i + 1, s => s.Actor != step.Actor && Conflicts(s, step)) is >= 0 and var earlier ? earlier + 1 : null,
                Stack = step.Site.Position.Length > 0 ? [step.Site.Position] : step.Where is { } where ? [where] : [],
            });
            before = step.Content ?? before;
        }

        return steps;
    }

    // What a block of steps stands under: the statement, or where it is.
    private static string? OperationOf(OwnStep step, bool hasFiles) => step.Site switch
    {
        { Statement: { } statement, Line: > 0 } site => string.Create(CultureInfo.InvariantCulture, $"{(hasFiles && site.File is not null ? site.File + ", " : "")}line {site.Line}: {statement}"),
        { Position.Length: > 0 } site => site.Position,
        _ => step.Where,
    };

    private static string? Note(OwnCrew crew, List<OwnStep> record, int i, bool isLast, string? before)
    {
        var step = record[i];
        var notes = new List<string>();
        if (step.TimedOut) notes.Add("its time ran out, since nobody else could go on");
        int previous = i == 0 ? -1 : record.FindLastIndex(i - 1, i, s => s.Actor == step.Actor);
        var had = previous < 0 ? [] : record[previous].Held;
        if (step.Held.Except(had, StringComparer.Ordinal).ToList() is { Count: > 0 } taken) notes.Add($"has {string.Join(" and ", taken)}");
        if (had.Except(step.Held, StringComparer.Ordinal).ToList() is { Count: > 0 } left) notes.Add($"gave back {string.Join(" and ", left)}");
        if (isLast && crew.Actors[step.Actor].Report?.Faults is { Count: > 0 } faults) notes.Add($"{faults[0].Name}: {faults[0].Message}");
        if (step.Kind != AccessKind.Read && step.Content is { } after && after != before && (before is not null || i > 0)) notes.Add($"the {crew.Race.Noun} holds {after}");
        return notes.Count == 0 ? null : string.Join("; ", notes);
    }

    // Two steps can meet when they touch the same thing, about the same key, and one of them writes.
    private static bool Conflicts(OwnStep one, OwnStep other) =>
        one.Target is not null && ReferenceEquals(one.Target, other.Target)
        && (one.Kind == AccessKind.Write || other.Kind == AccessKind.Write)
        && (one.Key is null || other.Key is null || string.Equals(one.Key, other.Key, StringComparison.OrdinalIgnoreCase));

    private static RaceViolation? Violation(OwnCrew crew, List<OwnStep> record, List<RaceTimelineStep> steps)
    {
        if (crew.Actors.FirstOrDefault(a => a.Report?.Faults is { Count: > 0 }) is not { } refused) return null;
        var fault = refused.Report!.Faults[0];
        int at = record.FindLastIndex(s => s.Actor == refused.Number);
        if (at < 0) return null;
        int previous = steps[at].ConflictsWith is { } meets ? meets - 1 : record.FindLastIndex(at, at + 1, s => s.Actor != refused.Number && s.Kind == AccessKind.Write);
        return new RaceViolation
        {
            Kind = fault.Name,
            Message = fault.Message,
            Current = fault.Position is { } position ? Side(at) with { Stack = [], ScriptStack = $"at {position}" } : Side(at),
            Previous = previous < 0 ? null : Side(previous),
        };

        RaceSide Side(int step) => new(record[step].Actor, steps[step].Describe(), step + 1, steps[step].Stack);
    }
}
