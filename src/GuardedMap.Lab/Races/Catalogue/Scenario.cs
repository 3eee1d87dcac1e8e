using System.Globalization;

namespace GuardedMaps.Lab;

// A scenario is a race worth running, as data: what is in the map, what each actor does, and what must hold. It knows nothing of how it is run. So one
// program serves every engine and every map that has its operations:
//
//                         access by access           operation by operation        real threads
//     guarded map         Engines/Stepped            Engines/Operations            Engines/Free: many such programs beside each other,
//     Snapshot-, Sync-,   Engines/Raced              Engines/Operations                          on keys of their own
//       OrderedMap
//     .NET's containers   -                          Engines/Operations            Engines/Child
//
// Which engine is taken is the user's choice (mode and grain), which map is the target's. To add a scenario is to add an entry to Scenarios.cs: every
// engine, the matrix, completion and the documentation have it then.

/// <summary>How small a step of a schedule is.</summary>
public enum RaceGrain
{
    /// <summary>A whole operation of the map: what is explored is the order of operations, on any container.</summary>
    Operation,

    /// <summary>One access to memory that others share: what is explored is also what happens inside of operations. Only of this project's maps.</summary>
    Access,
}

/// <summary>A race worth running: what is in the map, what each actor does, and what must hold.</summary>
/// <param name="Name">The name by which it is chosen; part of tokens.</param>
/// <param name="Description">What goes wrong, and where it was seen, in one paragraph.</param>
public sealed record Scenario(string Name, string Description)
{
    private readonly IReadOnlyList<string>? _actors;

    /// <summary>Raised when the program changes in a way that makes older tokens stale.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What fills the map before the race.</summary>
    public IReadOnlyList<Operation> Setup { get; init; } = [];

    /// <summary>What each actor does.</summary>
    public required IReadOnlyList<IReadOnlyList<Operation>> Programs { get; init; }

    /// <summary>What each actor does, in a few words.</summary>
    public IReadOnlyList<string> Actors
    {
        get => _actors ?? [.. Programs.Select(p => string.Join(", ", p))];
        init => _actors = value;
    }

    /// <summary>The grain at which it is best seen. Where a target cannot be explored at it, the other is taken.</summary>
    public RaceGrain Grain { get; init; } = RaceGrain.Access;

    /// <summary>True for a race that is best seen with real threads, whatever can be explored of it.</summary>
    public bool IsBestRaced { get; init; }

    /// <summary>How schedules may end, by target. The catalogue's tests hold them to it: nothing else, and each at least once.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ScheduleOutcomeKind>> Expected { get; init; } = new Dictionary<string, IReadOnlyList<ScheduleOutcomeKind>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The damage that real threads may provoke where nothing guards against it.</summary>
    public IReadOnlyList<ScheduleOutcomeKind> LooksFor { get; init; } = [];

    /// <summary>What has to be known to read the outcome rightly, if it is not what one would expect; null for most scenarios.</summary>
    public string? Remark { get; init; }

    /// <summary>With real threads: how many trials are run when nobody says.</summary>
    public int DefaultCount { get; init; } = 50;

    /// <summary>With real threads: how many operations on keys an actor makes in one trial when nobody says.</summary>
    public int DefaultOperations { get; init; } = 2_000;

    /// <summary>With real threads: true for a program that is run again and again on the same keys; else it is run once on each of many sets of keys.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Whether it can be explored, raced with real threads, or both.</summary>
    public IReadOnlyList<MapRaceMode> Modes => [.. ExploredOn.Count > 0 ? (MapRaceMode[])[MapRaceMode.Explore] : [], .. RacedOn.Count > 0 ? (MapRaceMode[])[MapRaceMode.Free] : []];

    /// <summary>The targets on which it can be explored, in steps of either size.</summary>
    public IReadOnlyList<string> ExploredOn => [.. RaceCatalogue.Targets.Where(t => GrainOn(t) is not null).Select(t => t.Name)];

    /// <summary>The targets on which it can be raced with real threads.</summary>
    public IReadOnlyList<string> RacedOn => [.. RaceCatalogue.Targets.Where(RacesOn).Select(t => t.Name)];

    /// <summary>The targets it is about; null for all that have its operations.</summary>
    public IReadOnlyList<string>? Targets { get; init; }

    /// <summary>Of the maps that cannot race: within how many preemptions it is searched where nobody says otherwise; null for all schedules there are.</summary>
    internal int? Within { get; init; }

    /// <summary>The actor the map belongs to when the race begins; -1 for a map that several threads have written.</summary>
    internal int Owner { get; init; } = -1;

    /// <summary>True when the actors step one iterator, which is there before the race; else each its own.</summary>
    internal bool SharesIterator { get; init; }

    /// <summary>The naive guard whose fault the scenario shows; null for one that is about something else.</summary>
    internal NaiveGuardKind? Naive { get; init; }

    /// <summary>What the general oracle cannot know, each null when there is nothing to object to.</summary>
    internal IReadOnlyList<Func<RaceEnding, ScheduleOutcome?>> MustHold { get; init; } = [];

    /// <summary>Says of a clean schedule which of several legal things happened; null where there is only one.</summary>
    internal Func<RaceEnding, string?>? Describe { get; init; }

    /// <summary>The hand-made model of it, for one that is not over a map.</summary>
    internal Func<string, RaceModel>? HandMade { get; init; }

    /// <summary>True for one that is made by rule (<see cref="MadeScenario"/>) and stands in no catalogue.</summary>
    internal bool IsMade { get; init; }

    /// <summary>Every key there is in it.</summary>
    internal IReadOnlyList<int> Keys => [.. Setup.Concat(Programs.SelectMany(p => p)).SelectMany(o => o.Entries?.Keys ?? (o.IsOfAllKeys ? [] : [o.Key])).Distinct().Order()];

    /// <summary>Every verb there is in it.</summary>
    internal IReadOnlyList<Verb> Verbs => [.. Setup.Concat(Programs.SelectMany(p => p)).Select(o => o.Verb).Distinct().Order()];

    /// <summary>Whether it can be raced on a target with real threads.</summary>
    public bool RacesOn(RaceTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return IsOn(target) && target.IsContainer && FreePlan.IsPossible(this) && Verbs.All(v => target.Verbs.Contains(v));
    }

    /// <summary>Whether it can be explored on a target in steps of this size.</summary>
    public bool ExploresOn(RaceTarget target, RaceGrain grain)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!IsOn(target)) return false;
        // Of scenarios in which no thread sets what it has read, access by access it is the guarded map and nothing more.
        if (grain == RaceGrain.Access && target.Stepped == RaceProtection.Detect && HandMade is null && !Expected.ContainsKey(target.Name) && !IsMade) return false;
        if (HandMade is not null) return grain == RaceGrain.Access && Targets!.Contains(target.Name, StringComparer.Ordinal);
        return target.Explores(this, grain);
    }

    /// <summary>The grain at which it is explored on a target when nobody says; null when it cannot be explored on it.</summary>
    public RaceGrain? GrainOn(RaceTarget target)
    {
        RaceGrain other = Grain == RaceGrain.Access ? RaceGrain.Operation : RaceGrain.Access;
        return ExploresOn(target, Grain) ? Grain : ExploresOn(target, other) ? other : null;
    }

    /// <summary>How schedules on a target end, access by access; empty where nothing is said.</summary>
    internal IReadOnlyList<ScheduleOutcomeKind> ExpectedOn(RaceTarget target) => Expected.TryGetValue(target.Name, out var kinds) ? kinds : target.Promises;

    /// <summary>
    /// The targets for who names none: of a race between whole operations, or with real threads, the table that everybody uses and the map that guards itself; of one access
    /// by access the guarded map, with and without what guards it; of one that is about certain maps those.
    /// </summary>
    /// <param name="grain">The size of a step; null for the one at which it is best seen.</param>
    /// <param name="isRaced">Whether real threads are wanted.</param>
    internal IReadOnlyList<RaceTarget> UsualTargets(RaceGrain? grain, bool isRaced)
    {
        string[] names = Targets is not null ? [.. Targets]
            : isRaced || (grain ?? Grain) == RaceGrain.Operation ? ["Hashtable", "GuardedMap"]
            : ["GuardedMapNone", "GuardedMapFlag", "GuardedMap", .. Naive is null ? Array.Empty<string>() : ["GuardedMapNaive"]];
        List<RaceTarget> usual = [.. names.Select(RaceCatalogue.GetTarget).Where(Runs)];
        return usual.Count > 0 ? usual : [.. RaceCatalogue.Targets.Where(Runs)];

        bool Runs(RaceTarget target) => isRaced ? RacesOn(target) : grain is { } size ? ExploresOn(target, size) : GrainOn(target) is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <inheritdoc/>
    public bool Equals(Scenario? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    private bool IsOn(RaceTarget target) => Targets is null ? !target.IsOfOneScenario || (target.Stepped == RaceProtection.Naive && Naive is not null) : Targets.Contains(target.Name, StringComparer.Ordinal);
}
