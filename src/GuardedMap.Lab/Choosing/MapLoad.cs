namespace GuardedMaps.Lab.Choosing;

/// <summary>What is done to a map.</summary>
public enum LoadOperationKind
{
    /// <summary>A key is looked up.</summary>
    Read,

    /// <summary>A key's value is stored, whether it is there or not.</summary>
    Write,

    /// <summary>A key is removed.</summary>
    Remove,

    /// <summary>One is added to a key's value, as one operation.</summary>
    Increment,

    /// <summary>A key that is not there is added, and the oldest that was added so is removed: what a cache does.</summary>
    Renew,

    /// <summary>All entries are gone through.</summary>
    Iterate,

    /// <summary>The entries from one key to another are gone through in the order of the keys.</summary>
    Range,
}

/// <summary>One operation of a recorded load.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Key">The key; empty where there is none.</param>
public readonly record struct LoadOperation(LoadOperationKind Kind, string Key = "");

/// <summary>A load: what threads do to a map, as shares of operations, or as operations that were recorded.</summary>
/// <remarks>Shares are weights: 9 reads and 1 write are the same as 90 and 10.</remarks>
public sealed record MapLoad
{
    /// <summary>The most entries a load may have: what the lab keeps of each key must fit into memory beside the maps.</summary>
    public const int MaxEntries = 10_000_000;

    /// <summary>What it is called in what is said of it.</summary>
    public string Name { get; init; } = "described";

    /// <summary>The weight of lookups.</summary>
    public double Reads { get; init; } = 90;

    /// <summary>The weight of stores.</summary>
    public double Writes { get; init; } = 10;

    /// <summary>The weight of removals.</summary>
    public double Removes { get; init; }

    /// <summary>The weight of atomic increments.</summary>
    public double Increments { get; init; }

    /// <summary>The weight of additions of a new key, each with the removal of an old one.</summary>
    public double Renewals { get; init; }

    /// <summary>The weight of iterations over all entries.</summary>
    public double Iterations { get; init; }

    /// <summary>The weight of iterations over a range of keys, in order.</summary>
    public double Ranges { get; init; }

    /// <summary>How many keys a range has.</summary>
    public int RangeLength { get; init; } = 100;

    /// <summary>How many threads do it at once.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>How unevenly keys are asked for: the exponent of Zipf's law. 0 is evenly; at 1 the most wanted key is asked for twice as often as the second.</summary>
    public double Skew { get; init; }

    /// <summary>How many entries the map has at the beginning.</summary>
    public int Entries { get; init; } = 10_000;

    /// <summary>True if each thread has keys of its own, and leaves those of the others alone.</summary>
    public bool OwnKeys { get; init; }

    /// <summary>True for keys that are numbers; else they are strings.</summary>
    public bool NumericKeys { get; init; }

    /// <summary>Fixes which operations come and which keys they ask for.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The operations that were recorded, in their order; null if the load is described by its shares. The map holds all their keys at the beginning.</summary>
    public IReadOnlyList<LoadOperation>? Recorded { get; init; }

    /// <summary>The weight of each kind of operation.</summary>
    public IReadOnlyList<(LoadOperationKind Kind, double Weight)> Weights => Recorded is null
        ?
        [
            (LoadOperationKind.Read, Reads), (LoadOperationKind.Write, Writes), (LoadOperationKind.Remove, Removes), (LoadOperationKind.Increment, Increments),
            (LoadOperationKind.Renew, Renewals), (LoadOperationKind.Iterate, Iterations), (LoadOperationKind.Range, Ranges),
        ]
        : [.. Enum.GetValues<LoadOperationKind>().Select(kind => (kind, (double)Recorded.Count(o => o.Kind == kind)))];

    /// <summary>True if anything in it changes the map.</summary>
    public bool Changes => Weights.Any(w => w.Weight > 0 && w.Kind is not (LoadOperationKind.Read or LoadOperationKind.Iterate or LoadOperationKind.Range));

    /// <summary>The share of a kind of operation, from 0 to 1.</summary>
    public double ShareOf(LoadOperationKind kind) => Weights.First(w => w.Kind == kind).Weight / Weights.Sum(w => w.Weight);

    /// <summary>Checks that it is a load that can be played.</summary>
    /// <exception cref="MapLoadException">It is not; the message says why and what to do.</exception>
    public void Validate()
    {
        if (Weights.Any(w => w.Weight < 0 || !double.IsFinite(w.Weight))) throw new MapLoadException("A share of operations cannot be negative. Leave out what does not happen, or say 0.");
        if (Weights.All(w => w.Weight == 0)) throw new MapLoadException("The load has no operations at all. Say how many of 100 operations read, write, or do something else.");
        if (Threads is < 1 or > 64) throw new MapLoadException($"A load has 1 to 64 threads, not {Threads}.");
        if (Skew is < 0 or > 4 || double.IsNaN(Skew)) throw new MapLoadException("The skew is an exponent from 0 (every key as often as every other) to 4. Usual is 0.8 to 1.2.");
        if (Recorded is not null) return;
        if (Entries is < 1 or > MaxEntries) throw new MapLoadException($"A load has 1 to {MaxEntries} entries, not {Entries}.");
        if (OwnKeys && Entries < Threads) throw new MapLoadException($"{Threads} threads with keys of their own need at least {Threads} entries, and there are {Entries}.");
        if (RangeLength < 1) throw new MapLoadException($"A range has at least one key, not {RangeLength}.");
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        double all = Weights.Sum(w => w.Weight);
        string shares = string.Join(", ", Weights.Where(w => w.Weight > 0).Select(w => FormattableString.Invariant($"{w.Weight / all * 100:0.###} % {NameOf(w.Kind)}")));
        string keys = Recorded is not null ? $"{Recorded.Count} recorded operations" : FormattableString.Invariant($"{Entries:N0} entries, {(Skew > 0 ? FormattableString.Invariant($"skew {Skew:0.##}") : "every key as often as every other")}{(OwnKeys ? ", each thread with its own keys" : "")}");
        return $"{shares}; {Threads} thread{(Threads == 1 ? "" : "s")}; {keys}";
    }

    private static string NameOf(LoadOperationKind kind) => kind switch
    {
        LoadOperationKind.Read => "reads",
        LoadOperationKind.Write => "writes",
        LoadOperationKind.Remove => "removes",
        LoadOperationKind.Increment => "increments",
        LoadOperationKind.Renew => "renewals",
        LoadOperationKind.Iterate => "iterations",
        _ => "ranges",
    };
}
