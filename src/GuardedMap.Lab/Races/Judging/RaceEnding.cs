namespace GuardedMaps.Lab;

/// <summary>How one actor of a race ended: what it was answered, and what ended it early.</summary>
internal interface IActorEnding
{
    /// <summary>Which one it is.</summary>
    int Index { get; }

    /// <summary>Its operations in their order, with their answers and the steps between which they took place.</summary>
    IReadOnlyList<RaceRecord> Records { get; }

    /// <summary>What it was refused with; null when it was not refused.</summary>
    string? Refusal { get; }

    /// <summary>An error that is no refusal; null when there was none.</summary>
    Exception? Crash { get; }

    /// <summary>What contradicts itself in an answer: an iteration of one moment that shows a key twice. Null if nothing does.</summary>
    ScheduleOutcome? Contradiction => null;

    /// <summary>What a map that reports violations has told of its operations, by kind; empty for what was refused instead, or for nothing.</summary>
    IReadOnlyList<MapViolationKind> Told => [];

    /// <summary>How it ended, as a number: the same number, the same ending.</summary>
    long Folded { get; }
}

/// <summary>How a race ended, whichever engine has run it: what the actors got and what is left. Judges and checks look at nothing else.</summary>
internal abstract class RaceEnding(IReadOnlyList<IActorEnding> actors, IReadOnlyDictionary<int, long> initial)
{
    /// <summary>The actors.</summary>
    public IReadOnlyList<IActorEnding> Actors => actors;

    /// <summary>What the map held before the race.</summary>
    public IReadOnlyDictionary<int, long> Initial => initial;

    /// <summary>The entries that are left, in the map's order, and whether a lookup finds each where it lies.</summary>
    public abstract IReadOnlyList<(int Key, long Value, bool IsFindable)> Entries { get; }

    /// <summary>What the map says of their number.</summary>
    public abstract int Count { get; }

    /// <summary>Why nobody can go on, in words: actors wait for each other, or a lock is still held. Then the map is not looked at. Null when that is not so.</summary>
    public virtual string? Stuck => null;

    /// <summary>True when nobody holds the map any more.</summary>
    public virtual bool IsAtRest => true;

    /// <summary>What the map's own check finds broken, in words; null when it finds nothing, or where there is none.</summary>
    public virtual string? Broken => null;

    /// <summary>Keys that a lookup may find though <see cref="Entries"/> does not show them.</summary>
    public virtual IReadOnlyList<int> LookedUp => [];

    /// <summary>What a lookup of a key finds now.</summary>
    public abstract long? Find(int key);
}
