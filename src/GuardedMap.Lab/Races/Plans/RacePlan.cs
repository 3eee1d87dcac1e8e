namespace GuardedMaps.Lab;

// A race is described as data before it is run: which keys there are, what the map holds at the start, and for each
// actor the list of its steps. Nothing in a plan knows how it will be run. That is what lets one scenario serve
// several engines: the free runner walks each list on a thread of its own, and an engine that chooses the interleaving
// can walk the same lists step by step. It is also what makes judging possible without trusting the map under test:
// the judge compares the plan and the actors' logs with what is left in the map.

/// <summary>What one step of an actor does.</summary>
public enum RaceVerb
{
    /// <summary>Stores a value under a key: <c>map[key] = value</c>.</summary>
    Set,

    /// <summary>Removes a key.</summary>
    Remove,

    /// <summary>Adds to a key's value the way most code does it: reads, adds, writes back. Two operations, so another actor may come between.</summary>
    AddByHand,

    /// <summary>Adds to a key's value with the target's own atomic operation.</summary>
    AddAtomically,

    /// <summary>Iterates over the whole map once and notes every entry shown.</summary>
    Iterate,

    /// <summary>Copies the whole map in the way a caller does who knows only that it is a collection, and notes every entry of the copy.</summary>
    Copy,

    /// <summary>Spins for <see cref="RaceStep.Value"/> turns, to shift the actors against each other.</summary>
    Pause,
}

/// <summary>One step of an actor.</summary>
/// <param name="Verb">What to do.</param>
/// <param name="Key">The index of the key in <see cref="RacePlan.Keys"/>; unused by <see cref="RaceVerb.Iterate"/>, <see cref="RaceVerb.Copy"/> and <see cref="RaceVerb.Pause"/>.</param>
/// <param name="Value">The value to store or to add, or how long to pause.</param>
public readonly record struct RaceStep(RaceVerb Verb, int Key, long Value)
{
    /// <summary>True for the verbs that change the map.</summary>
    public bool IsWrite => Verb is RaceVerb.Set or RaceVerb.Remove or RaceVerb.AddByHand or RaceVerb.AddAtomically;

    /// <summary>True for the verbs that count up instead of replacing.</summary>
    public bool IsAddition => Verb is RaceVerb.AddByHand or RaceVerb.AddAtomically;
}

/// <summary>One actor: its name and its steps, in order.</summary>
public sealed record RaceActor(string Name, IReadOnlyList<RaceStep> Steps);

/// <summary>Everything one trial does.</summary>
public sealed class RacePlan
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
                if (!step.IsWrite) continue;
                if ((uint)step.Key >= (uint)keys.Count)
                    throw new ArgumentException($"Actor '{actor.Name}' has a {step.Verb} step for key number {step.Key}, but the plan has {keys.Count} keys.", nameof(actors));

                (step.IsAddition ? counted : replaced)[step.Key] = true;
                if (counted[step.Key] && replaced[step.Key])
                    throw new ArgumentException($"Key '{keys[step.Key]}' is both replaced and counted up; such a race cannot be judged. Use two keys.", nameof(actors));
            }
        }
    }
}
