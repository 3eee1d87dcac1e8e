using System.Collections;
using System.Globalization;

namespace GuardedMaps.Lab.Lessons;

// Lesson 5: changing a map while iterating over it, on one thread.

/// <summary>5.1: five cells of the matrix.</summary>
internal sealed class FiveContracts : NumbersExercise
{
    private static readonly IterationContract[] s_contracts = [.. ContractRule.Guarded];

    public override string Number => "5.1";

    public override ExerciseStage Stage => ExerciseStage.Predict;

    public override string Question => $"A map has the keys 'a' to 'd'. When an iteration stands on its second entry, the loop removes (with $m.Remove) the key that would come last. How many entries does the iteration visit in all, until it ends or fails, under {string.Join(", ", s_contracts)}?";

    public override string Expects => "five whole numbers, in the order of the contracts";

    public override IReadOnlyList<string> Hints =>
    [
        "Ask of each contract two questions: is the key removed at once, and does the iteration go on?",
        "Under one of them the loop gets the error, under another the iteration does; the error of the loop is caught and the loop goes on.",
        "Try one: $it = $m.Iterate('Snapshot'); count how often $it.MoveNext() is true, and remove the key in between.",
    ];

    protected override string Example => "0, 0, 0, 0, 0";

    protected override string Place(int at) => s_contracts[at].ToString();

    protected override IReadOnlyList<long> Truth() => [.. s_contracts.Select(Visited)];

    private static long Visited(IterationContract contract)
    {
        var map = ExerciseMaps.OfAny(seed: 5);
        foreach (string key in (string[])["a", "b", "c", "d"]) map[key] = 1;
        object last = Last(map);
        using IMapIterator it = map.Iterate(contract, seed: 1);
        int visited = 0;
        try
        {
            while (it.MoveNext())
            {
                if (++visited == 2) Try(() => map.Remove(last));
            }
        }
        catch (MapViolationException)
        {
            // The iteration was the one to get the error: it ends here.
        }

        return visited;
    }

    private static object Last(GuardedMap map)
    {
        using IMapIterator it = map.Iterate(IterationContract.Reject, seed: 1);
        object last = "";
        while (it.MoveNext()) last = it.Entry.Key!;
        return last;
    }

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (MapViolationException)
        {
            // The writer was: nothing is removed, and the loop goes on.
        }
    }
}

/// <summary>5.2: why the writer is not blocked after break.</summary>
internal sealed class WhoIsStillRefused : TruthsExercise
{
    private static readonly string[] s_cases = ["after 'break' in foreach ($e in $m.GetEnumerator())", "while $it = $m.Iterate() is left half-way", "after $it.Dispose()"];

    public override string Number => "5.2";

    public override ExerciseStage Stage => ExerciseStage.Investigate;

    public override string Question => $"Contract Reject. Is $m['new'] = 1 refused: {string.Join("; ", s_cases)}?";

    public override string Expects => "three times $true (refused) or $false";

    public override IReadOnlyList<string> Hints =>
    [
        "A write is refused as long as somebody holds a lease. Who knows when an iteration has ended?",
        "PowerShell never disposes the enumerator of a foreach. A map that waited for that would wait for ever.",
        "Only an iteration whose end is known takes a lease. Try each of the three with a map of two keys.",
    ];

    protected override string Place(int at) => s_cases[at];

    protected override IReadOnlyList<bool> Truth()
    {
        var map = ExerciseMaps.OfAny(seed: 5);
        map["a"] = 1;
        map["b"] = 2;
        var abandoned = ((IDictionary)map).GetEnumerator();
        abandoned.MoveNext();
        bool afterBreak = IsRefused(map);
        using IMapIterator it = map.Iterate();
        it.MoveNext();
        bool halfWay = IsRefused(map);
        it.Dispose();
        return [afterBreak, halfWay, IsRefused(map)];
    }

    private static bool IsRefused(GuardedMap map)
    {
        try
        {
            map["new"] = 1;
            return false;
        }
        catch (MapViolationException)
        {
            return true;
        }
    }
}

/// <summary>5.3: repair a loop that removes while it iterates.</summary>
internal sealed class RemoveWhileIterating : ProgramExercise
{
    public override string Number => "5.3";

    public override ExerciseStage Stage => ExerciseStage.Modify;

    public override string Question => "Repair this loop, which shall remove every entry whose value is above 10: { foreach ($k in $_.Keys) { if ($_[$k] -gt 10) { $_.Remove($k) } } }";

    public override string Expects => "a script block that works on the map $_";

    public override IReadOnlyList<string> Hints =>
    [
        "What the loop walks along must not be what it changes.",
        "Either the keys are copied first, or the iteration itself does the removing.",
        "@(...) makes an array of whatever is in it, there and then.",
    ];

    protected override IEnumerable<ProgramTrial> Trials() =>
        from values in (int[][])[[5, 50, 7, 70], [11, 12, 13], [1, 2], [.. Enumerable.Range(0, 40)]]
        select new ProgramTrial(
            () => ExerciseMaps.OfAny(seed: 5),
            map => Fill(map, values),
            map => Judge(map, values));

    private static void Fill(IDictionary map, int[] values)
    {
        for (int i = 0; i < values.Length; i++) map[string.Create(CultureInfo.InvariantCulture, $"k{i}")] = values[i];
    }

    private static string? Judge(IDictionary map, int[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (Entry(map, string.Create(CultureInfo.InvariantCulture, $"k{i}"), values[i] > 10 ? null : values[i]) is { } wrong) return wrong;
        }

        int kept = values.Count(v => v <= 10);
        return map.Count == kept ? null : string.Create(CultureInfo.InvariantCulture, $"the map has {map.Count} entries and should have {kept}");
    }
}

/// <summary>5.4: change every value in one iteration.</summary>
internal sealed class DoubleThroughTheCursor : ProgramExercise
{
    public override string Number => "5.4";

    public override ExerciseStage Stage => ExerciseStage.Make;

    public override string Question => "Write a script block that, in one iteration over the map $_, doubles every value below 100 and removes the other entries. Nothing may be refused.";

    public override string Expects => "a script block that works on the map $_";

    public override IReadOnlyList<string> Hints =>
    [
        "There is one legal way to write from inside, under every contract.",
        "Inside Invoke-MapIteration, $_ is the entry, and writing to it is the iteration's own write.",
        "An entry's Value can be set, and an entry can remove itself.",
    ];

    protected override IEnumerable<ProgramTrial> Trials() =>
        from values in (int[][])[[1, 200, 3], [100, 99], [.. Enumerable.Range(80, 40)]]
        select new ProgramTrial(
            () => ExerciseMaps.OfAny(seed: 5),
            map => Fill(map, values),
            map => Judge(map, values));

    private static void Fill(IDictionary map, int[] values)
    {
        foreach (int value in values) map[string.Create(CultureInfo.InvariantCulture, $"k{value}")] = value;
    }

    private static string? Judge(IDictionary map, int[] values)
    {
        foreach (int value in values)
        {
            if (Entry(map, string.Create(CultureInfo.InvariantCulture, $"k{value}"), value < 100 ? value * 2 : null) is { } wrong) return wrong;
        }

        return map.Count == values.Count(v => v < 100) ? null : "the map has entries that nobody put there";
    }
}
