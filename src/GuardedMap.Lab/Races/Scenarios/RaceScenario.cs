namespace GuardedMaps.Lab;

/// <summary>
/// A race worth running: what the actors do, what may go wrong, and where it was met in the wild. A scenario is one
/// class in one file; it makes plans and nothing else, so it can be read without knowing how a race is run or judged.
/// </summary>
public abstract class RaceScenario
{
    /// <summary>The name by which the scenario is chosen.</summary>
    public abstract string Name { get; }

    /// <summary>What goes wrong, and where it was seen, in one paragraph.</summary>
    public abstract string Description { get; }

    /// <summary>The actors, one sentence each.</summary>
    public abstract IReadOnlyList<string> Actors { get; }

    /// <summary>The damage this scenario is made to provoke. The judge looks for every kind in every scenario.</summary>
    public abstract IReadOnlyList<RaceDamageKind> LooksFor { get; }

    /// <summary>What has to be known to read the outcome rightly, if it is not what one would expect; null for most scenarios.</summary>
    public virtual string? Remark => null;

    /// <summary>How many trials are run when nobody says.</summary>
    public abstract int DefaultCount { get; }

    /// <summary>How much an actor does in one trial when nobody says.</summary>
    public abstract int DefaultOperations { get; }

    /// <summary>True when the target has the operations the scenario needs.</summary>
    public virtual bool RunsOn(RaceTargetInfo target) => true;

    /// <summary>Makes the plan of one trial. The same arguments give the same plan, whatever ran before.</summary>
    /// <param name="operations">How much an actor does.</param>
    /// <param name="random">The trial's own random sequence.</param>
    public abstract RacePlan Plan(int operations, RaceRandom random);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>
    /// A pause before the first step and now and then between steps. Threads that start together and do the same keep
    /// step with each other; without pauses they would meet in the same few places in every trial.
    /// </summary>
    private protected static List<RaceStep> WithPauses(IEnumerable<RaceStep> steps, RaceRandom random)
    {
        var paused = new List<RaceStep> { new(RaceVerb.Pause, 0, random.Next(MaxPause)) };
        foreach (var step in steps)
        {
            paused.Add(step);
            if (random.Next(StepsBetweenPauses) == 0) paused.Add(new(RaceVerb.Pause, 0, random.Next(MaxPause)));
        }

        return paused;
    }

    /// <summary>Key numbers <paramref name="first"/> and following, shuffled.</summary>
    private protected static int[] ShuffledKeys(int first, int count, RaceRandom random)
    {
        var keys = new int[count];
        for (int i = 0; i < count; i++) keys[i] = first + i;
        random.Shuffle<int>(keys);
        return keys;
    }

    /// <summary>A value that says who stored it: no two actors store the same one, so the judge can tell a stale value from a torn one.</summary>
    private protected static long Stamp(int actor, int step) => ((long)(actor + 1) << 32) | (uint)step;

    /// <summary>The table of keys <c>k0</c> to <c>k(count-1)</c>, kept from one trial to the next.</summary>
    private protected KeyTable Keys(int count)
    {
        var table = _keys;
        if (table is null || table.Keys.Count != count) _keys = table = KeyTable.Numbered(count);
        return table;
    }

    private const int MaxPause = 200;
    private const int StepsBetweenPauses = 64;
    private KeyTable? _keys;
}
