using System.Globalization;

namespace GuardedMaps;

/// <summary>A key that is asked for often, and how sure that is.</summary>
/// <param name="Key">The key.</param>
/// <param name="Count">How often it came in the sample, at most.</param>
/// <param name="Error">How much <paramref name="Count"/> may be too high.</param>
/// <param name="Report">The report it belongs to.</param>
public sealed record HotKey(object Key, long Count, long Error, HotKeyReport Report)
{
    /// <summary>Its share of all sampled operations, from 0 to 1.</summary>
    public double Share => Report.Samples == 0 ? 0 : (double)Count / Report.Samples;

    /// <summary>
    /// How far the share among all operations may be from <see cref="Share"/>, with 95 % confidence: what the counter may be wrong, and 1.96 standard
    /// deviations of a share that was seen in so many bursts. Operations of one burst follow each other and may be alike, so a burst counts as one.
    /// </summary>
    public double Margin => Report.Samples == 0 ? 1 : ((double)Error / Report.Samples) + (1.96 * Math.Sqrt(Share * (1 - Share) / Math.Max(1, Report.Bursts)));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{SafeText.Of(Key)}: {Share:P1} ± {Margin:P1}");
}

/// <summary>The keys of a map that are asked for most, estimated from a sample of its operations.</summary>
public sealed record HotKeyReport
{
    /// <summary>The map's name.</summary>
    public required string MapName { get; init; }

    /// <summary>When the sampling began.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>True while the sampling goes on.</summary>
    public required bool IsSampling { get; init; }

    /// <summary>How many operations were sampled.</summary>
    public required long Samples { get; init; }

    /// <summary>In how many bursts of operations that followed each other.</summary>
    public required long Bursts { get; init; }

    /// <summary>How many counters there are: the memory it takes.</summary>
    public required int Counters { get; init; }

    /// <summary>How much any count may be too high, at most. A key that came more often is among those counted.</summary>
    public long MaxError => Samples / Counters;

    /// <summary>The keys, the hottest first.</summary>
    public IReadOnlyList<HotKey> Keys { get; internal set; } = [];

    /// <summary>What the figures rest on, in words.</summary>
    public string Basis => string.Create(
        CultureInfo.InvariantCulture,
        $"{SafeText.Line(MapName)}, {Samples} samples in {Bursts} bursts, counts at most {MaxError} too high");

    /// <inheritdoc/>
    public override string ToString() => Basis;
}
