namespace GuardedMaps.Lab;

// A trial with real threads is described as data before it is run: which keys there are, what the map holds at the start, and for each
// actor the list of its steps. That makes judging possible without trusting the map under test: the judge compares the plan and the actors'
// logs with what is left in the map.

/// <summary>One actor: its name and its steps, in order.</summary>
internal sealed record RaceActor(string Name, IReadOnlyList<Operation> Steps);

/// <summary>Everything one trial does.</summary>
internal sealed class RacePlan
{
    private readonly Dictionary<string, int> _indexOf;

    /// <summary>Makes a plan and checks that it can be judged.</summary>
    /// <param name="keys">All keys that occur, each once.</param>
    /// <param name="setup">What the map holds before the race: key index and value.</param>
    /// <param name="actors">The actors.</param>
    /// <exception cref="ArgumentException">A key occurs twice, an index is out of range, or one key is both replaced and counted up.</exception>
    public RacePlan(KeyTable keys, IReadOnlyList<KeyValuePair<int, long>> setup, IReadOnlyList<RaceActor> actors)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(actors);

        Keys = keys.Keys;
        _indexOf = keys.IndexOf;
        Setup = setup;
        Actors = actors;
        CheckSteps(Keys, actors);
    }

    /// <summary>All keys that occur.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>What the map holds before the race: key index and value.</summary>
    public IReadOnlyList<KeyValuePair<int, long>> Setup { get; }

    /// <summary>The actors.</summary>
    public IReadOnlyList<RaceActor> Actors { get; }

    /// <summary>The index of a key, or -1 when it is none of the plan's: a map damaged by a race may show anything.</summary>
    public int IndexOf(string? key) => key is not null && _indexOf.TryGetValue(key, out int index) ? index : -1;

    // The judge folds the writes to a key either as replacements (the last one counts) or as additions (all count).
    // A key with both would need the order between actors, which a free race does not know.
    private static void CheckSteps(IReadOnlyList<string> keys, IReadOnlyList<RaceActor> actors)
    {
        var counted = new bool[keys.Count];
        var replaced = new bool[keys.Count];
        foreach (var actor in actors)
        {
            foreach (var step in actor.Steps)
            {
                if (!step.IsWrite || step.Verb == Verb.Clear) continue;
                if ((uint)step.Key >= (uint)keys.Count)
                    throw new ArgumentException($"Actor '{actor.Name}' has a {step.Verb} step for key number {step.Key}, but the plan has {keys.Count} keys.", nameof(actors));

                (step.IsAddition ? counted : replaced)[step.Key] = true;
                if (counted[step.Key] && replaced[step.Key])
                    throw new ArgumentException($"Key '{keys[step.Key]}' is both replaced and counted up; such a race cannot be judged. Use two keys.", nameof(actors));
            }
        }
    }
}
