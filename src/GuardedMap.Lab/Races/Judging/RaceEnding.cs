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

    /// <summary>True when actors are waiting for each other.</summary>
    public abstract bool IsStuck { get; }

    /// <summary>True when nobody holds the map any more.</summary>
    public abstract bool IsAtRest { get; }

    /// <summary>What a lookup of a key finds now.</summary>
    public abstract long? Find(int key);
}
