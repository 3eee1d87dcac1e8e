namespace GuardedMaps.Lab.Choosing;

/// <summary>What a map did under a load.</summary>
public sealed record ChoiceFigures
{
    /// <summary>The map.</summary>
    public required string Map { get; init; }

    /// <summary>Operations per second of all threads together, in each round.</summary>
    public required IReadOnlyList<double> Rounds { get; init; }

    /// <summary>Operations per second of all threads together: the median of the rounds.</summary>
    public double Throughput => Median(Rounds);

    /// <summary>The time below which half of the operations were, in nanoseconds. It includes that of asking for the time, as the next two do.</summary>
    public double? P50 { get; init; }

    /// <summary>The time below which 99 % of the operations were, in nanoseconds.</summary>
    public double? P99 { get; init; }

    /// <summary>The time below which 99.9 % of the operations were, in nanoseconds.</summary>
    public double? P999 { get; init; }

    /// <summary>For how much of the time the garbage collector held the threads, from 0 to 1.</summary>
    public double PausedShare { get; init; }

    /// <summary>Bytes for each entry, without the key.</summary>
    public double BytesPerEntry { get; init; }

    /// <summary>How many operations were done, refused ones among them.</summary>
    public long Operations { get; init; }

    /// <summary>How many operations the map refused, because they overlapped with others.</summary>
    public long Refused { get; init; }

    internal static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) return 0;
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>How sure a recommendation is.</summary>
public enum ChoiceSureness
{
    /// <summary>There was nothing to compare with.</summary>
    Only,

    /// <summary>Another one did as well, as far as could be measured: either will do.</summary>
    Open,

    /// <summary>It was ahead, by more than the rounds differ among themselves.</summary>
    Clear,
}

/// <summary>Which map to take for a load, why, and what that rests on.</summary>
public sealed record MapChoice
{
    /// <summary>The load.</summary>
    public required MapLoad Load { get; init; }

    /// <summary>The map to take; null if every one refused operations.</summary>
    public required string? Recommended { get; init; }

    /// <summary>How sure that is.</summary>
    public required ChoiceSureness Sureness { get; init; }

    /// <summary>Why, in sentences.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>What each map did, the fastest first.</summary>
    public required IReadOnlyList<ChoiceFigures> Figures { get; init; }

    /// <summary>What the figures rest on: the machine, how long, how often.</summary>
    public string Basis { get; init; } = "";

    /// <summary>Why the figures are not to be believed; null if nothing speaks against them.</summary>
    public string? Warning { get; init; }

    /// <summary>The load, the figures as a table, and the recommendation with its reasons.</summary>
    public string Text => ChoiceText.Of(this);

    /// <inheritdoc/>
    public override string ToString() => $"{Recommended ?? "none"} for {Load.Name}";
}
