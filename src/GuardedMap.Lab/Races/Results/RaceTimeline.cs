using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>
/// One schedule from beginning to end, as pictures, reports and narration need it: every step with what it touched, the table after
/// each, the operations' answers and, if somebody was refused, where both sides stood. Made by running the schedule
/// again.
/// </summary>
/// <remarks>
/// <code>
///   token ──▶ replay ──▶ steps  1  A  Set(10, 100)  W bucket 0 slot 0 key   0 → 10      buckets after it
///                               2  B  Set(11, 110)  R control 0             00…  ◀─ conflicts with 1, interrupts A
///                        history, violation, outcome
/// </code>
/// </remarks>
public sealed record RaceTimeline
{
    /// <summary>The schedule as a token; what it was made from.</summary>
    public required ScheduleToken Token { get; init; }

    /// <summary>The model's scenario.</summary>
    public string Scenario => Token.Scenario;

    /// <summary>What the scenario is run on, and what is left out of it, if anything is.</summary>
    public string Target => Token.Target;

    /// <summary>The actors' names, by number.</summary>
    public required IReadOnlyList<string> Actors { get; init; }

    /// <summary>The steps in their order.</summary>
    public required IReadOnlyList<RaceTimelineStep> Steps { get; init; }

    /// <summary>The buckets before the first step; empty where the model has no table.</summary>
    public required IReadOnlyList<BucketLayout> Initial { get; init; }

    /// <summary>The operations and their answers, by when they were called; empty where the model keeps none.</summary>
    public required IReadOnlyList<HistoryOperation> History { get; init; }

    /// <summary>The first violation raised; null when nobody was refused.</summary>
    public RaceViolation? Violation { get; init; }

    /// <summary>Who waits for what, where nobody could go on; empty for every other end.</summary>
    public IReadOnlyList<RaceWait> Deadlock { get; init; } = [];

    /// <summary>How it ended.</summary>
    public required ScheduleOutcome Outcome { get; init; }

    /// <summary>How often an actor was interrupted.</summary>
    public required int Preemptions { get; init; }

    /// <summary>Runs a token's schedule again and records it.</summary>
    /// <param name="token">The token.</param>
    /// <param name="maxSteps">Where the search that made the token ended a schedule.</param>
    /// <exception cref="ScheduleTokenException">The token is stale or fits no model. The message says why.</exception>
    public static RaceTimeline Of(ScheduleToken token, int maxSteps = ExploreOptions.DefaultMaxSteps) => Of(RaceModels.For(token), token, maxSteps);

    /// <summary>Runs a token's schedule again on its model and records it.</summary>
    /// <param name="model">The model the token was made from.</param>
    /// <param name="token">The token.</param>
    /// <param name="maxSteps">Where the search that made the token ended a schedule.</param>
    /// <exception cref="ScheduleTokenException">The token does not fit the model.</exception>
    public static RaceTimeline Of(RaceModel model, ScheduleToken token, int maxSteps = ExploreOptions.DefaultMaxSteps)
    {
        var replay = ScheduleReplay.Of(model, token, maxSteps);
        var run = replay.Machine;
        run.Watch();
        var initial = run.Buckets();
        var steps = new List<RaceTimelineStep>();
        var touched = new List<Footprint>();
        var before = new (Footprint Next, string Operation, string Location, string? Value, IReadOnlyList<string> Stack)[model.Actors.Count];
        while (replay.Outcome is null)
        {
            for (int actor = 0; actor < before.Length; actor++)
            {
                if ((run.Enabled & (1u << actor)) == 0) continue;
                var next = run.Next(actor);
                before[actor] = (next, run.OperationOf(actor), run.NameOf(next), run.ValueAt(next), run.StackOf(actor));
            }

            if (replay.Next() is not { } step) break;
            var made = before[step.Actor];
            steps.Add(new RaceTimelineStep
            {
                Number = step.Number,
                Actor = step.Actor,
                Operation = made.Operation,
                Point = step.Point,
                Location = made.Location,
                Before = made.Value,
                After = run.ValueAt(made.Next),
                Preempted = step.Preempts,
                Ends = step.Ends,
                Note = run.TakeNote(step.Actor),
                ConflictsWith = Conflicting(steps, touched, step.Actor, made.Next),
                Stack = made.Stack,
                Buckets = run.Buckets(),
                Events = run.EventsOfStep,
            });
            touched.Add(made.Next);
        }

        return new RaceTimeline
        {
            Token = token,
            Actors = model.Actors,
            Steps = steps,
            Initial = initial,
            History = run.History(),
            Violation = run.Violation(),
            Outcome = replay.Outcome!,
            Preemptions = replay.Preemptions,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Token}: {Steps.Count} steps, {Preemptions} preemptions, {Outcome}");

    // The latest step of another actor whose order with this one can matter.
    private static int? Conflicting(List<RaceTimelineStep> steps, List<Footprint> touched, int actor, Footprint next)
    {
        for (int i = steps.Count - 1; i >= 0; i--)
        {
            if (steps[i].Actor != actor && touched[i].ConflictsWith(next)) return steps[i].Number;
        }

        return null;
    }
}
