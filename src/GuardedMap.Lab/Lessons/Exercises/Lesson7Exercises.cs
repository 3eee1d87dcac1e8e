using System.Globalization;

namespace GuardedMaps.Lab.Lessons;

// Lesson 7: races on the map.

/// <summary>7.1: who is refused.</summary>
internal sealed class WhichSideFaults : WordsExercise
{
    private static RaceModel Model => RaceModels.Get("TwoWritersSameBucket", nameof(RaceProtection.Guard));

    public override string Number => "7.1";

    public override ExerciseStage Stage => ExerciseStage.Predict;

    public override string Question => $"TwoWritersSameBucket under the guard, by the schedule of {Token}: A has taken the map for its write when B comes. Who is refused, 'A', 'B' or 'both'?";

    public override string Expects => "one of the words A, B, both";

    public override IReadOnlyList<string> Hints =>
    [
        "The guard decides before anybody has touched the table.",
        "Draw the schedule: Show-MapRace -Token with the token of the question.",
        "Whoever takes the map by compare-and-swap finds it free or not. Follow the one word that both must swap.",
    ];

    protected override IReadOnlyList<string> Choices => ["A", "B", "both"];

    // The simplest schedule in which somebody is refused; the same in every run, since the search is.
    protected override ScheduleToken Token => Explorer.Run(Model, new ExploreOptions { Mode = ExploreMode.Bounded, MaxPreemptions = 1, StopAt = o => o.Kind == ScheduleOutcomeKind.Violation })
        .Outcomes.Single(o => o.Outcome.Kind == ScheduleOutcomeKind.Violation).SimplestToken;

    protected override IReadOnlyList<string> Truth()
    {
        var timeline = RaceTimeline.Of(Token);
        int[] refused = [.. timeline.Steps.Where(s => s.Note?.Contains(timeline.Violation!.Kind, StringComparison.Ordinal) == true).Select(s => s.Actor).Append(timeline.Violation!.Current.Actor).Distinct()];
        return [refused.Length > 1 ? "both" : Schedule.Letter(refused[0]).ToString()];
    }
}

/// <summary>7.2: which flag misses nothing.</summary>
internal sealed class FlagThatMissesNothing : WordsExercise
{
    public override string Number => "7.2";

    public override ExerciseStage Stage => ExerciseStage.Investigate;

    public override string Question => $"A writer can announce itself in three ways: {string.Join(", ", Choices)}. With which of them is no overlap of two writers missed, in any schedule?";

    public override string Expects => $"one of the words {string.Join(", ", Choices)}";

    public override IReadOnlyList<string> Hints =>
    [
        "Between looking at the flag and setting it somebody may come. Unless there is nothing in between.",
        "Start-MapRace WriterFlag -Search Exhaustive counts every schedule of all three.",
        "Look at the column Silent%.",
    ];

    protected override IReadOnlyList<string> Choices => Enum.GetNames<WriterFlagWay>();

    protected override IReadOnlyList<string> Truth() => [RaceModels.Of("WriterFlag").Single(m => Explorer.Run(m).Outcomes.All(o => o.Outcome.Kind != ScheduleOutcomeKind.Unnoticed)).Variant];
}

/// <summary>7.3: shrink a schedule.</summary>
internal sealed class ShrinkASchedule : ScheduleExercise
{
    private const int Many = 12;
    private readonly Lazy<(ScheduleToken Token, ScheduleOutcome Outcome, int Preemptions)> _long = new(FindLong);

    private static RaceModel TheModel => RaceModels.Get("TwoWritersSameBucket", nameof(RaceProtection.None));

    public override string Number => "7.3";

    public override ExerciseStage Stage => ExerciseStage.Modify;

    public override string Question => string.Create(
        CultureInfo.InvariantCulture,
        $"This schedule of TwoWritersSameBucket without a guard was drawn by chance and has {_long.Value.Preemptions} preemptions: {_long.Value.Token}. It ends with '{_long.Value.Outcome}'. Give the schedule, or its token, with as few preemptions as there can be that ends with the same.");

    public override IReadOnlyList<string> Hints =>
    [
        "Most of the interruptions in a schedule drawn by chance change nothing. Which pair of steps must come in the wrong order?",
        "Exploring looks at schedules with few preemptions first: Start-MapRace TwoWritersSameBucket -Protection None, and read its Outcomes.",
        "Each outcome has a SimplestToken. Choose the outcome with the same words.",
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

/// <summary>7.4: beat the flag.</summary>
internal sealed class BeatTheFlag : ScheduleExercise
{
    private const string Scenario = "DeleteDuringIteration";

    public override string Number => "7.4";

    public override ExerciseStage Stage => ExerciseStage.Make;

    public override string Question => "Attack Go's guard: give a schedule of DeleteDuringIteration under the flag (-Protection Flag) that is silently wrong. The same order of steps under the whole guard shall not be.";

    public override IReadOnlyList<string> Hints =>
    [
        "The flag is looked at when an operation begins, and set only while a write is under way. When does nobody look?",
        "Explore: Start-MapRace DeleteDuringIteration -Protection Flag, and look for outcomes that are neither Clean nor Violation.",
        "A write that begins and ends between two looks of the iteration leaves the flag as it was. The version it leaves behind is another.",
    ];

    protected override RaceModel Model => RaceModels.Get(Scenario, nameof(RaceProtection.Flag));

    protected override ExerciseResult Judge(ScheduleReplay replay, ScheduleToken token)
    {
        if (!IsSilent(replay.Outcome!)) return Wrong($"Under the flag it ends with '{replay.Outcome}'.", token: token);
        var guarded = Replay(RaceModels.Get(Scenario, nameof(RaceProtection.Guard)), token.Schedule, strict: false);
        return IsSilent(guarded.Outcome!)
            ? Wrong($"Under the flag it ends with '{replay.Outcome}', but so it does under the whole guard.", token: token)
            : Right($"Under the flag it ends with '{replay.Outcome}', and nobody knows. Under the whole guard it ends with '{guarded.Outcome}'.", token);
    }
}
