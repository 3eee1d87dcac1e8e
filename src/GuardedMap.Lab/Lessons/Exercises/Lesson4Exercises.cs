using System.Globalization;

namespace GuardedMaps.Lab.Lessons;

// Lesson 4: the states of an iterator.

/// <summary>4.1: the order of an iteration.</summary>
internal sealed class OrderOfAnIteration : NumbersExercise
{
    public override string Number => "4.1";

    public override ExerciseStage Stage => ExerciseStage.Predict;

    public override string Question => "$m = New-GuardedMap -KeyType int -HashSeed 3; the keys 1 to 6 are put in, in this order. New-MapIterator $m -Seed 4 begins with the entry in place 4 of stretch 0 (its Offset). In which order does it visit the keys?";

    public override string Expects => "six whole numbers, the keys in their order";

    public override IReadOnlyList<string> Hints =>
    [
        "Entries stand in the order in which they came, the first in place 0.",
        "After the last entry comes the first.",
        "New-MapIterator $m -Seed 4 | Step-MapIterator -ToEnd shows each step with its Slot.",
    ];

    protected override string Example => "1, 2, 3, 4, 5, 6";

    protected override string Place(int at) => string.Create(CultureInfo.InvariantCulture, $"the key visited as number {at + 1}");

    protected override IReadOnlyList<long> Truth()
    {
        var map = ExerciseMaps.OfInts(seed: 3, count: 6);
        using IMapIterator it = map.CreateIterator(seed: 4);
        var order = new List<long>();
        while (it.MoveNext()) order.Add((int)it.Entry.Key!);
        return order;
    }
}

/// <summary>4.2: the state after growth.</summary>
internal sealed class StateAfterGrowth : WordsExercise
{
    public override string Number => "4.2";

    public override ExerciseStage Stage => ExerciseStage.Run;

    public override string Question => "$m = New-GuardedMap -KeyType int -HashSeed 3 with the keys 1 to 6. An iterator under Tolerate (New-MapIterator $m -Contract Tolerate) is stepped until it stands on its last entry (six times -ToEntry). Then the keys 7 to 30 are inserted, and the table grows. In which state is the iterator after its next step?";

    public override string Expects => $"one of the words {string.Join(", ", Choices)}";

    public override IReadOnlyList<string> Hints =>
    [
        "Growth moves cards, and the iterator goes over entries. Which entries does it visit?",
        "Do it: Step-MapIterator emits the state after each step.",
        "Draw the states with their arrows, put a finger on where it stands, and ask which arrows lead away from there.",
    ];

    protected override IReadOnlyList<string> Choices => Enum.GetNames<IteratorState>();

    protected override IReadOnlyList<string> Truth()
    {
        var map = ExerciseMaps.OfInts(seed: 3, count: 6);
        using IMapIterator it = map.CreateIterator(IterationContract.Tolerate);
        for (int i = 0; i < 6; i++) it.MoveNext();
        for (int key = 7; key <= 30; key++) map[key] = key;
        return [it.Step().ToString()];
    }
}

/// <summary>4.3: nothing leaves Done.</summary>
internal sealed class NothingLeavesDone : TruthsExercise
{
    private static readonly string[] s_moments = ["the first call after the last entry", "the call after that", "the call after a key was added"];

    public override string Number => "4.3";

    public override ExerciseStage Stage => ExerciseStage.Investigate;

    public override string Question => "An iterator under Tolerate ($it = $m.CreateIterator('Tolerate')) stands on the last entry. What does $it.MoveNext() answer: now, once more, and once more after a new key was added?";

    public override string Expects => "three times $true or $false";

    public override IReadOnlyList<string> Hints =>
    [
        "MoveNext answers whether the iterator stands on an entry now.",
        "Look for an arrow in the diagram of the states that leads away from the last one.",
        "Try it with a map of one key.",
    ];

    protected override string Place(int at) => s_moments[at];

    protected override IReadOnlyList<bool> Truth()
    {
        var map = ExerciseMaps.OfInts(seed: 3, count: 3);
        using IMapIterator it = map.CreateIterator(IterationContract.Tolerate);
        for (int i = 0; i < 3; i++) it.MoveNext();
        bool first = it.MoveNext();
        bool second = it.MoveNext();
        map[4] = 4;
        return [first, second, it.MoveNext()];
    }
}

/// <summary>4.4: a seed that begins an iteration where one wants.</summary>
internal sealed class SeedThatBeginsWith : MapExercise
{
    public override string Number => "4.4";

    public override ExerciseStage Stage => ExerciseStage.Make;

    public override string Question => "$m = New-GuardedMap -KeyType int -HashSeed 3 with the keys 1 to 40. Find a -Seed for New-MapIterator with which the iteration begins with key 17.";

    public override string Expects => "a whole number from 0, the seed";

    public override IReadOnlyList<string> Hints =>
    [
        "The seed chooses the entry the iteration begins with; without one that is the first.",
        "There are forty entries to begin with, so about one seed in forty does it. Let a loop try.",
        "foreach ($seed in 0..500) { (New-MapIterator $m -Seed $seed | Step-MapIterator -ToEntry)[-1].Entry.Key ... }",
    ];

    private protected override ExerciseResult Judge(object answer, ExerciseLab lab, CancellationToken cancellation)
    {
        long seed = AnswerReader.Whole(answer);
        if (seed < 0) throw new AnswerTypeException(string.Create(CultureInfo.InvariantCulture, $"{seed} came, which is less than 0."));
        var map = ExerciseMaps.OfInts(seed: 3, count: 40);
        using IMapIterator it = map.CreateIterator(seed: (ulong)seed);
        it.MoveNext();
        string text = string.Create(CultureInfo.InvariantCulture, $"With seed {seed} the iteration begins in stretch {it.StartBucket} at place {it.Offset}, with key {it.Entry.Key}.");
        return (int)it.Entry.Key! == 17 ? Right(text) : Wrong(text);
    }
}
