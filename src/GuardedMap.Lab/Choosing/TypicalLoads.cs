namespace GuardedMaps.Lab.Choosing;

/// <summary>Loads that many programs have, by name.</summary>
public static class TypicalLoads
{
    /// <summary>All of them, in the order in which they are best read.</summary>
    public static IReadOnlyList<(MapLoad Load, string Description)> All { get; } =
    [
        (new MapLoad { Name = "Configuration", Reads = 99.9, Writes = 0.1, Entries = 1_000, Skew = 0.9 }, "Settings, routes, types: written at the start, then read and read."),
        (new MapLoad { Name = "IterateWhileWriting", Reads = 70, Writes = 29.5, Iterations = 0.5, Entries = 1_000 }, "A table of sessions or jobs that some write while others go through all of it."),
        (new MapLoad { Name = "Cache", Reads = 90, Writes = 0, Renewals = 10, OwnKeys = true, Entries = 20_000, Skew = 0.9 }, "Each thread with keys of its own, new ones all the time and old ones thrown out."),
        (new MapLoad { Name = "TimeSeries", Reads = 60, Writes = 35, Ranges = 5, RangeLength = 100, Entries = 20_000, NumericKeys = true }, "Entries by time: stored, looked up, and asked for from one time to another, in order."),
        (new MapLoad { Name = "Counters", Reads = 40, Writes = 0, Increments = 60, Entries = 5_000, Skew = 1.1 }, "Numbers that all threads count up, a few of them most of the time."),
    ];

    /// <summary>The load of a name, whatever its case.</summary>
    /// <exception cref="MapLoadException">There is none; the message says which there are.</exception>
    public static MapLoad Find(string name) => All.Select(l => l.Load).FirstOrDefault(l => l.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new UnknownChoiceException(name, isLoad: true, [.. All.Select(l => l.Load.Name)]);
}
