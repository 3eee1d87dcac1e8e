using System.Globalization;

namespace GuardedMaps.Lab.Lessons;

// Lesson 8: a real incident. Read its token and its history, make it small, make one.

/// <summary>8.1: read a token.</summary>
internal sealed class PreemptionsOfAToken : NumberExercise
{
    private readonly Lazy<ExploredOutcome> _drawn = new(Draw);

    public override string Number => "8.1";

    public override ExerciseStage Stage => ExerciseStage.Predict;

    public override string Question => $"A report names this token and nothing else: {_drawn.Value.FirstToken}. How many preemptions has its schedule? The token alone tells.";

    public override IReadOnlyList<string> Hints =>
    [
        "The part before the checksum is the schedule. Each letter with its number is one block: an actor runs that many steps.",
        "An actor that has finished is not preempted. So which blocks end with a preemption, and which do not?",
        "Count the blocks. From each actor take away one: the block in which it finished.",
    ];

    protected override long Truth() => _drawn.Value.FewestPreemptions;

    // Some that go wrong have a block or two, others dozens: this one can be counted with a finger.
    private static ExploredOutcome Draw()
    {
        var model = RaceModels.Get("TwoWritersSameKey", "GuardedMapNone");
        for (ulong seed = 1; ; seed++)
        {
            var drawn = Explorer.Run(model, new ExploreOptions { Mode = ExploreMode.Walk, Seed = seed, MaxSchedules = 1 }).Outcomes[0];
            if (drawn.FewestPreemptions is >= 8 and <= 14 && drawn.Outcome.Kind is not (ScheduleOutcomeKind.Clean or ScheduleOutcomeKind.Violation)) return drawn;
        }
    }
}

/// <summary>8.2: linearize a history.</summary>
internal sealed class OrderThatExplains : MapExercise
{
    // Moments overlap on purpose: 1 and 2 are both under way at once, and so are 3, 4 and 5.
    private static readonly HistoryOperation[] s_history =
    [
        new(Actor: 0, Verb.Set, Key: 1, Value: 10, Result: null, Invoked: 1, Returned: 6),
        new(Actor: 1, Verb.Get, Key: 1, Value: 0, Result: null, Invoked: 2, Returned: 4),
        new(Actor: 1, Verb.Set, Key: 1, Value: 20, Result: null, Invoked: 7, Returned: 12),
        new(Actor: 0, Verb.Get, Key: 1, Value: 0, Result: 10, Invoked: 8, Returned: 11),
        new(Actor: 2, Verb.Remove, Key: 1, Value: 0, Result: 1, Invoked: 9, Returned: 14),
        new(Actor: 0, Verb.Count, Key: 0, Value: 0, Result: 1, Invoked: 15, Returned: 16),
    ];

    public override string Number => "8.2";

    public override ExerciseStage Stage => ExerciseStage.Investigate;

    public override string Question => $"A map was empty. Three actors did this, each operation from the first moment to the second: {string.Join("; ", s_history.Select(Line))}. In which order, one after the other, would a map used by one thread have given the same answers?";

    public override string Expects => "the numbers 1 to 6 in that order";

    public override IReadOnlyList<string> Hints =>
    [
        "What had returned before something else was called stays before it. What overlaps may come in either order.",
        "Begin with the lookup that found nothing, and with the one that found a value: what must have happened in between?",
        "The count at the very end says whether the removal or the second Set came last.",
    ];

    private protected override ExerciseResult Judge(object answer, ExerciseLab lab, CancellationToken cancellation)
    {
        int[] order = [.. AnswerReader.List(answer, s_history.Length, "1, 2, 3, 4, 5, 6").Select(a => (int)Math.Clamp(AnswerReader.Whole(a), 0, int.MaxValue))];
        if (!order.Order().SequenceEqual(Enumerable.Range(1, s_history.Length))) throw new AnswerTypeException($"{string.Join(", ", order)} came. Each of the numbers 1 to {s_history.Length} must occur once.");
        var map = ExerciseMaps.OfAny(seed: 8);
        for (int i = 0; i < order.Length; i++)
        {
            var operation = s_history[order[i] - 1];
            if (order.Skip(i + 1).FirstOrDefault(later => s_history[later - 1].Returned < operation.Invoked) is var before and not 0)
                return Wrong(string.Create(CultureInfo.InvariantCulture, $"Number {order[i]} was called when number {before} had already returned, so {before} comes before it."), differsAt: i + 1);
            long? given = Perform(map, operation);
            if (operation.Verb is Verb.Set || given == operation.Result) continue;
            return Wrong(string.Create(CultureInfo.InvariantCulture, $"At place {i + 1}, number {order[i]} ({operation}) would answer {Text(given)}."), differsAt: i + 1);
        }

        return Right("In this order a map used by one thread gives the same answers: the history is linearizable.");
    }

    private static long? Perform(GuardedMap map, HistoryOperation operation)
    {
        switch (operation.Verb)
        {
            case Verb.Set:
                map[operation.Key] = operation.Value;
                return null;
            case Verb.Remove:
                return map.Remove(operation.Key, out _) ? 1 : 0;
            case Verb.Count:
                return map.Count;
            default:
                return (long?)map[operation.Key];
        }
    }

    private static string Text(long? answer) => answer is null ? "that the key is missing" : string.Create(CultureInfo.InvariantCulture, $"{answer}");

    private static string Line(HistoryOperation operation, int at) => string.Create(CultureInfo.InvariantCulture, $"({at + 1}) {operation}, moments {operation.Invoked} to {operation.Returned}");
}

/// <summary>8.3: shrink a schedule.</summary>
internal sealed class ShrinkASchedule : ScheduleExercise
{
    private const int Many = 12;
    private readonly Lazy<(ScheduleToken Token, ScheduleOutcome Outcome, int Preemptions)> _long = new(FindLong);

    private static RaceModel TheModel => RaceModels.Get("TwoWritersSameBucket", "GuardedMapNone");

    public override string Number => "8.3";

    public override ExerciseStage Stage => ExerciseStage.Modify;

    public override string Question => string.Create(
        CultureInfo.InvariantCulture,
        $"This schedule of TwoWritersSameBucket without a guard was drawn by chance and has {_long.Value.Preemptions} preemptions: {_long.Value.Token}. It ends with '{_long.Value.Outcome}'. Give the schedule, or its token, with as few preemptions as there can be that ends with the same.");

    public override IReadOnlyList<string> Hints =>
    [
        "Most of the interruptions in a schedule drawn by chance change nothing. Which pair of steps must come in the wrong order?",
        "Exploring looks at schedules with few preemptions first: Start-MapRace TwoWritersSameBucket -Target GuardedMapNone, and read its Outcomes. Or shrink the token.",
        "Either way there is a token to hand in: the SimplestToken of the outcome with the same words, or $small.Schedule.Token after $small = Start-MapRace -Token ... -Shrink.",
    ];

    protected override RaceModel Model => TheModel;

    protected override ExerciseResult Judge(ScheduleReplay replay, ScheduleToken token)
    {
        var (from, outcome, _) = _long.Value;
        if (!replay.Outcome!.Equals(outcome)) return Wrong($"It ends otherwise: {replay.Outcome}.", token: token);
        var shortest = ScheduleShrinker.Shrink(Model, from);
        int off = replay.Preemptions - shortest.Preemptions;
        return off == 0
            ? Right(string.Create(CultureInfo.InvariantCulture, $"It ends the same, and a search has shown that none does with fewer than {replay.Preemptions}."), token)
            : Wrong(string.Create(CultureInfo.InvariantCulture, $"It ends the same with {replay.Preemptions} preemptions, and there is one with fewer."), offBy: off, token: token);
    }

    private static (ScheduleToken, ScheduleOutcome, int) FindLong()
    {
        for (ulong seed = 1; ; seed++)
        {
            var drawn = Explorer.Run(TheModel, new ExploreOptions { Mode = ExploreMode.Walk, Seed = seed, MaxSchedules = 1 }).Outcomes[0];
            if (drawn.FewestPreemptions >= Many && IsSilent(drawn.Outcome)) return (drawn.FirstToken, drawn.Outcome, drawn.FewestPreemptions);
        }
    }
}

/// <summary>8.4: beat the flag.</summary>
internal sealed class BeatTheFlag : ScheduleExercise
{
    private const string Scenario = "DeleteDuringIteration";

    public override string Number => "8.4";

    public override ExerciseStage Stage => ExerciseStage.Make;

    public override string Question => "Attack Go's guard: give a schedule of DeleteDuringIteration under the flag (-Target GuardedMapFlag) that is silently wrong. The same order of steps under the whole guard shall not be.";

    public override IReadOnlyList<string> Hints =>
    [
        "The flag is looked at when an operation begins, and set only while a write is under way. When does nobody look?",
        "Explore: Start-MapRace DeleteDuringIteration -Target GuardedMapFlag, and look for outcomes that are neither Clean nor Violation.",
        "A write that begins and ends between two looks of the iteration leaves the flag as it was. The version it leaves behind is another.",
    ];

    protected override RaceModel Model => RaceModels.Get(Scenario, "GuardedMapFlag");

    protected override ExerciseResult Judge(ScheduleReplay replay, ScheduleToken token)
    {
        if (!IsSilent(replay.Outcome!)) return Wrong($"Under the flag it ends with '{replay.Outcome}'.", token: token);
        var guarded = Replay(RaceModels.Get(Scenario, "GuardedMap"), token.Schedule, strict: false);
        return IsSilent(guarded.Outcome!)
            ? Wrong($"Under the flag it ends with '{replay.Outcome}', but so it does under the whole guard.", token: token)
            : Right($"Under the flag it ends with '{replay.Outcome}', and nobody knows. Under the whole guard it ends with '{guarded.Outcome}'.", token);
    }
}
