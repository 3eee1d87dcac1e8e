namespace GuardedMaps.Lab;

// A scenario for real threads. Run once, two or three operations would be over before the second thread has begun; so a trial is many rounds of the program:
//
//     once on each of many sets of keys         LostUpdate and its like: again and again on the same keys
//
//       round 1     keys k0, k1, k2               round 1     keys k0
//       round 2     keys k3, k4, k5               round 2     keys k0
//       ...         in an order drawn by lot      ...
//
// Sets of keys of their own make the map large, and let its table grow under the actors. What is about the whole map (a loop, a copy, a clear) takes
// as long as there are keys; it is done a few times, spread over the rounds. Every value that is stored tells who stored it and when, so that the judge can tell
// a stale one from a torn one.

/// <summary>Makes the plans of trials with real threads from scenarios.</summary>
internal static class FreePlan
{
    private const int MostOfAllKeys = 6;
    private const int MaxPause = 200;
    private const int StepsBetweenPauses = 64;

    private static readonly HashSet<Verb> s_verbs = [Verb.Get, Verb.Set, Verb.SetRead, Verb.Remove, Verb.Increment, Verb.Clear, Verb.Iterate, Verb.Copy];

    /// <summary>Whether real threads can run a scenario in such a way that what is left can be judged without knowing in which order things came.</summary>
    public static bool IsPossible(Scenario scenario)
    {
        if (scenario.HandMade is not null || scenario.SharesIterator || !scenario.Verbs.All(s_verbs.Contains) || scenario.Setup.Any(o => o.Verb != Verb.Set)) return false;
        var all = scenario.Programs.SelectMany(p => p).ToList();
        var counted = all.Where(o => o.IsAddition).Select(o => o.Key).ToHashSet();
        return !all.Exists(o => !o.IsAddition && o.IsWrite && (o.Verb == Verb.Clear ? counted.Count > 0 : counted.Contains(o.Key)))
            && (scenario.IsRepeated || counted.Count == 0);
    }

    /// <summary>Makes the plan of one trial. The same arguments give the same plan, whatever ran before.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="operations">How many operations on keys the busiest actor makes.</param>
    /// <param name="random">The trial's own random sequence.</param>
    public static RacePlan Of(Scenario scenario, int operations, RaceRandom random)
    {
        var keys = scenario.Keys;
        var first = scenario.Setup.Select(o => o.Key).Distinct().ToList();
        var later = keys.Except(first).ToList();
        int busiest = Math.Max(1, scenario.Programs.Max(p => p.Count(o => !o.IsOfAllKeys)));
        int rounds = Math.Max(1, operations / busiest);
        int sets = scenario.IsRepeated ? 1 : rounds;

        // The keys that are there before the race come first, set by set.
        int Number(int key, int set) => first.IndexOf(key) is var at && at >= 0 ? (set * first.Count) + at : (sets * first.Count) + (set * later.Count) + later.IndexOf(key);

        var counted = scenario.Programs.SelectMany(p => p).Where(o => o.IsAddition).Select(o => o.Key).ToHashSet();
        var setup = new List<KeyValuePair<int, long>>(sets * first.Count);
        for (int set = 0; set < sets; set++)
        {
            foreach (int key in first) setup.Add(new(Number(key, set), counted.Contains(key) ? 0 : Number(key, set)));
        }

        int[] order = [.. Enumerable.Range(0, rounds)];
        random.Shuffle<int>(order);
        var actors = scenario.Programs.Select((program, index) => new RaceActor(
            Schedule.Letter(index).ToString(),
            WithPauses(Steps(scenario, program, index, order, Number), random)));
        return new RacePlan(Keys(sets * keys.Count), setup, [.. actors]);
    }

    private static IEnumerable<Operation> Steps(Scenario scenario, IReadOnlyList<Operation> program, int actor, int[] order, Func<int, int, int> number)
    {
        // Whoever does nothing but go over the whole map does so a few times and is through; who does something between, does it in his rounds.
        int each = scenario.IsRepeated ? 1 : Math.Max(1, (order.Length + MostOfAllKeys - 1) / MostOfAllKeys);
        bool isOfAllKeys = program.All(o => o.IsOfAllKeys);
        int rounds = isOfAllKeys && !scenario.IsRepeated ? MostOfAllKeys : order.Length;
        int made = 0;
        for (int round = 0; round < rounds; round++)
        {
            foreach (var operation in program)
            {
                if (operation.IsOfAllKeys)
                {
                    if (isOfAllKeys || round % each == 0) yield return operation;
                    continue;
                }

                int key = number(operation.Key, scenario.IsRepeated ? 0 : order[round]);
                yield return operation.Verb == Verb.Set ? operation with { Key = key, Value = Stamp(actor, made++) } : operation with { Key = key };
            }
        }
    }

    // A value that says who stored it: no two are the same.
    private static long Stamp(int actor, int step) => ((long)(actor + 1) << 32) | (uint)step;

    // A pause before the first step and now and then between steps. Threads that start together and do the same keep step with each other; without pauses
    // they would meet in the same few places in every trial.
    private static List<Operation> WithPauses(IEnumerable<Operation> steps, RaceRandom random)
    {
        var paused = new List<Operation> { new(Verb.Pause, 0, random.Next(MaxPause)) };
        foreach (var step in steps)
        {
            paused.Add(step);
            if (random.Next(StepsBetweenPauses) == 0) paused.Add(new(Verb.Pause, 0, random.Next(MaxPause)));
        }

        return paused;
    }

    // Kept from one trial to the next: it costs more than the race itself.
    private static KeyTable Keys(int count)
    {
        var table = s_keys;
        if (table is null || table.Keys.Count != count) s_keys = table = KeyTable.Numbered(count);
        return table;
    }

    private static volatile KeyTable? s_keys;
}
