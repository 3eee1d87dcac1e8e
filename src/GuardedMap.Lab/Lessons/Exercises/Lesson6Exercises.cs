using System.Globalization;

namespace GuardedMaps.Lab.Lessons;

// Lesson 6: interleavings.

/// <summary>The lost update at operation grain: get, get, set, set.</summary>
internal static class LostUpdateSearch
{
    public static RaceModel Model => RaceModels.Get("LostUpdate", "Hashtable");

    public static ExploreResult Run() => Explorer.Run(Model);

    public static ExploredOutcome Lost(ExploreResult result) => result.Outcomes.Single(o => o.Outcome.Kind == ScheduleOutcomeKind.StaleValue);
}

/// <summary>6.1: how many schedules.</summary>
internal sealed class SchedulesOfEight : NumberExercise
{
    public override string Number => "6.1";

    public override ExerciseStage Stage => ExerciseStage.Predict;

    public override string Question => "One actor makes 5 steps, another 3. In how many orders can the 8 steps come?";

    public override IReadOnlyList<string> Hints =>
    [
        "The steps of one actor keep their order. So all there is to choose is whose turn it is.",
        "Of 8 turns, 3 are the second actor's. In how many ways can they be chosen?",
        "In Pascal's triangle every number is the sum of the two above it: row 8, place 3, both counted from 0.",
    ];

    protected override long Truth() => (long)ScheduleCounting.All([5, 3]);
}

/// <summary>6.2: how many orders of two gets and two sets lose an update.</summary>
internal sealed class LostOfSix : NumberExercise
{
    public override string Number => "6.2";

    public override ExerciseStage Stage => ExerciseStage.Run;

    public override string Question => "Two actors run $m['n']++, a get and a set each, from 0. In how many of all the schedules is the value 1 at the end?";

    public override IReadOnlyList<string> Hints =>
    [
        "Write down all orders of A's get and set and B's get and set. There are as many as ways to choose two of four turns.",
        "(Start-MapRace LostUpdate Hashtable).Outcomes counts them.",
        "Only an order in which one actor is finished before the other begins keeps both.",
    ];

    protected override long Truth() => LostUpdateSearch.Lost(LostUpdateSearch.Run()).Count;
}

/// <summary>6.3: the fewest preemptions that lose an update.</summary>
internal sealed class FewestPreemptions : NumberExercise
{
    public override string Number => "6.3";

    public override ExerciseStage Stage => ExerciseStage.Investigate;

    public override string Question => "How many times must an actor be interrupted, at the fewest, so that two increments of 0 make 1?";

    public override IReadOnlyList<string> Hints =>
    [
        "An actor that has finished is not interrupted by the next one.",
        "Each outcome of (Start-MapRace LostUpdate Hashtable).Outcomes has FewestPreemptions.",
        "Try to lose the update without any interruption at all. Then allow the least more.",
    ];

    protected override long Truth() => LostUpdateSearch.Lost(LostUpdateSearch.Run()).FewestPreemptions;
}

/// <summary>6.4: write a schedule that loses an update.</summary>
internal sealed class ScheduleThatLoses : ScheduleExercise
{
    public override string Number => "6.4";

    public override ExerciseStage Stage => ExerciseStage.Make;

    public override string Question => "Write a schedule of LostUpdate on Hashtable at whose end the value is 1: letters for the actors, numbers for their steps (each has two).";

    public override IReadOnlyList<string> Hints =>
    [
        "A's steps are get and set, in this order; so are B's.",
        "Both must have read before either writes.",
        "Write down whose turn it is, four letters; then put the same letters in a row together with their number.",
    ];

    protected override RaceModel Model => LostUpdateSearch.Model;

    protected override ExerciseResult Judge(ScheduleReplay replay, ScheduleToken token) => replay.Outcome!.Kind == ScheduleOutcomeKind.StaleValue
        ? Right(string.Create(CultureInfo.InvariantCulture, $"With {token.Schedule} {replay.Outcome.Text}."), token)
        : Wrong(string.Create(CultureInfo.InvariantCulture, $"With {token.Schedule} {replay.Outcome.Text}."), token: token);
}
