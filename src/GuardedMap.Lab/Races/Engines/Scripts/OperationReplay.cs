using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>Runs one schedule of programs again, and records everything there is to know about each operation.</summary>
internal static class OperationReplay
{
    /// <summary>Replays a token.</summary>
    /// <exception cref="ScheduleTokenException">The token does not fit the programs, or the programs no longer do what they did.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RaceTimeline Of(OperationRace race, ScheduleToken token, CancellationToken cancellationToken = default)
    {
        OperationRace.Validate(race);
        ArgumentNullException.ThrowIfNull(token);
        race.RequireFit(token);
        var follow = new Follow(token);
        var run = NestedRun.Of(race, follow, detailed: true, cancellationToken);
        if (run.Cancelled) cancellationToken.ThrowIfCancellationRequested();
        if (run.Endless is null && !run.Schedule.Equals(token.Schedule))
            throw Follow.Diverged(token, string.Create(CultureInfo.InvariantCulture, $"what was run is {run.Schedule}"));
        return new RaceTimeline
        {
            Token = token,
            Actors = [.. race.Actors.Select(a => a.Name)],
            Steps = Steps(run),
            Initial = run.InitialBuckets,
            History = [],
            Violation = Violation(run),
            Outcome = new OperationJudge(race, cancellationToken).Judge(run),
            Preemptions = run.Preemptions,
        };
    }

    private static List<RaceTimelineStep> Steps(NestedRun run)
    {
        var steps = new List<RaceTimelineStep>();
        string before = run.InitialContent;
        foreach (var step in run.Steps)
        {
            string after = step.Content ?? before;
            steps.Add(new RaceTimelineStep
            {
                Number = step.Number,
                Actor = step.Actor,
                Operation = step.Position ?? run.Race.Actors[step.Actor].Name,
                Point = new YieldPoint(step.Verb, RaceTimelineStep.WholeStep, step.Kind),
                Location = step.Key ?? "",
                Before = step.Answer,
                After = step.Answer,
                Preempted = step.Preempts,
                Ends = step.Ends,
                Note = step.Fault is { } fault ? $"{fault.Name}: {fault.Message}" : after == before ? null : $"the map holds {after}",
                ConflictsWith = steps.FindLast(s => s.Actor != step.Actor && (s.Access == AccessKind.Write || step.Kind == AccessKind.Write) && Overlap(run.Steps[s.Number - 1], step))?.Number,
                Stack = step.Position is null ? [] : [step.Position],
                Buckets = step.Buckets,
            });
            before = after;
        }

        return steps;
    }

    // Two operations can meet when they are about the same key, or one is about the map as a whole.
    private static bool Overlap(OperationStep one, OperationStep other) =>
        one.Key is null || other.Key is null || string.Equals(one.Key, other.Key, StringComparison.OrdinalIgnoreCase);

    private static RaceViolation? Violation(NestedRun run)
    {
        if (run.Steps.FirstOrDefault(s => s.Fault is not null) is not { } refused) return null;
        var previous = run.Steps.LastOrDefault(s => s.Number < refused.Number && s.Actor != refused.Actor && (s.Kind == AccessKind.Write || refused.Kind == AccessKind.Write));
        return new RaceViolation
        {
            Kind = refused.Fault!.Name,
            Message = refused.Fault.Message,
            Current = Side(refused),
            Previous = previous is null ? null : Side(previous),
        };

        RaceSide Side(OperationStep step) => new(step.Actor, step.Text, step.Number, []) { ScriptStack = step.Position is null ? null : $"at {step.Position}" };
    }

    // Follows the runs of a schedule. Who is interrupted comes back by itself when what was called inside it has ended.
    private sealed class Follow(ScheduleToken token) : IOperationChoice
    {
        private readonly IReadOnlyList<(int Actor, int Steps)> _runs = token.Schedule.Runs;
        private int _run;
        private int _left;
        private bool _begun;

        public static ScheduleTokenException Diverged(ScheduleToken token, string what) =>
            new($"The schedule of '{token}' does not fit these scripts: {what}. They do not do what they did when the token was made; take out what makes them differ (random numbers, the time, variables that keep values), and explore them again.");

        public int? Choose(int? current, uint waiting)
        {
            int wanted = Wanted();
            if (current is null)
            {
                // Whoever has no operation at all is in no schedule; they may come whenever.
                int first = wanted >= 0 && (waiting & (1u << wanted)) != 0 ? wanted : System.Numerics.BitOperations.TrailingZeroCount(waiting);
                Spend(first);
                return first;
            }

            if (wanted < 0 || wanted == current)
            {
                Spend(current.Value);
                return null;
            }

            if ((waiting & (1u << wanted)) == 0) throw Diverged(token, $"{Schedule.Letter(wanted)} shall go on while {Schedule.Letter(current.Value)} is in the middle of its program");
            Spend(wanted);
            return wanted;
        }

        private int Wanted()
        {
            if (!_begun) (_left, _begun) = (_runs[0].Steps, true);
            while (_run < _runs.Count && _left == 0)
            {
                _run++;
                if (_run < _runs.Count) _left = _runs[_run].Steps;
            }

            return _run < _runs.Count ? _runs[_run].Actor : -1;
        }

        private void Spend(int actor)
        {
            if (_run < _runs.Count && _runs[_run].Actor == actor && _left > 0) _left--;
        }
    }
}
