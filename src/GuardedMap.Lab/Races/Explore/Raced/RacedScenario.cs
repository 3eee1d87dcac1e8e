namespace GuardedMaps.Lab;

/// <summary>A race over one of the maps that cannot race: what is in it, and what each actor does.</summary>
/// <param name="Name">The name, as tokens and tables use it.</param>
/// <param name="Story">What is tried.</param>
internal sealed record RacedScenario(string Name, string Story)
{
    /// <summary>Raised when the scenario changes in a way that makes older tokens stale.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What fills the map before the race, in the same way as the actors' operations.</summary>
    public IReadOnlyList<RacedStep> Setup { get; init; } = [];

    /// <summary>What each actor does.</summary>
    public required IReadOnlyList<IReadOnlyList<RacedStep>> Programs { get; init; }

    /// <summary>The maps it is about; all of them where it does not say.</summary>
    public IReadOnlyList<string> Maps { get; init; } = RacedMap.Names;

    /// <summary>Within how many preemptions it is searched where nobody says otherwise; null for all schedules there are.</summary>
    public int? Within { get; init; }

    /// <summary>Every key there is in it.</summary>
    public IReadOnlyList<int> Keys => [.. Setup.Concat(Programs.SelectMany(p => p)).SelectMany(s => s.Entries?.Keys ?? (s.IsOfAllKeys ? [] : [s.Key])).Distinct().Order()];
}

/// <summary>One operation of a scenario.</summary>
/// <param name="Verb">What it does. <see cref="HistoryVerb.ReadAll"/> is an iteration, on a SnapshotMap of a snapshot.</param>
/// <param name="Key">On which key.</param>
/// <param name="Value">What it stores, or adds.</param>
/// <param name="Compared">What it compares with.</param>
internal readonly record struct RacedStep(HistoryVerb Verb, int Key = 0, long Value = 0, long Compared = 0)
{
    /// <summary>What a <see cref="HistoryVerb.SetAll"/> stores.</summary>
    public IReadOnlyDictionary<int, long>? Entries { get; init; }

    public bool IsOfAllKeys => Verb is HistoryVerb.Clear or HistoryVerb.ReadAll or HistoryVerb.Count;

    public override string ToString() => Verb switch
    {
        HistoryVerb.Clear or HistoryVerb.Count => Verb.ToString(),
        HistoryVerb.ReadAll => "iterate",
        HistoryVerb.SetAll => $"Write({string.Join(", ", Entries!.OrderBy(e => e.Key).Select(e => FormattableString.Invariant($"{e.Key}: {e.Value}")))})",
        HistoryVerb.Set or HistoryVerb.TryAdd or HistoryVerb.GetOrAdd => FormattableString.Invariant($"{Verb}({Key}, {Value})"),
        HistoryVerb.TryUpdate => FormattableString.Invariant($"TryUpdate({Key}, {Value}, if {Compared})"),
        HistoryVerb.Add => FormattableString.Invariant($"Increment({Key})"),
        HistoryVerb.Take => FormattableString.Invariant($"Remove({Key})"),
        _ => FormattableString.Invariant($"{Verb}({Key})"),
    };
}
