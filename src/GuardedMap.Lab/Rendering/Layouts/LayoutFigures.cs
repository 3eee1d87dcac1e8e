using System.Globalization;

namespace GuardedMaps.Lab.Rendering;

/// <summary>A table's layout in figures: how full, how even, how far from its next growth.</summary>
public sealed record LayoutFigures
{
    private LayoutFigures(MapLayout layout)
    {
        List<BucketLayout> searched = [.. layout.Buckets, .. layout.OldBuckets.Where(static bucket => !bucket.IsEvacuated)];
        int[] live = [.. searched.Select(static bucket => bucket.Live)];
        Name = layout.Name;
        Count = layout.Count;
        Version = layout.Version;
        Buckets = layout.Buckets.Count;
        OldBuckets = layout.OldBuckets.Count;
        EvacuatedBuckets = layout.OldBuckets.Count(static bucket => bucket.IsEvacuated);
        GrowReason = layout.GrowReason;
        LoadFactor = layout.LoadFactor;
        Capacity = layout.Capacity;
        OverflowBuckets = layout.OverflowBuckets;
        EmptyBuckets = live.Count(static entries => entries == 0);
        FullestBucket = live.DefaultIfEmpty().Max();
        LongestChain = searched.Select(static bucket => bucket.Chain.Count).DefaultIfEmpty().Max();
        BucketsPerHit = layout.Count == 0 ? 0 : searched.Sum(Links) / (double)layout.Count;
        Histogram = [.. Enumerable.Range(0, FullestBucket + 1).Select(entries => live.Count(l => l == entries))];
    }

    /// <summary>The map's name.</summary>
    public string Name { get; }

    /// <summary>The number of entries.</summary>
    public int Count { get; }

    /// <summary>The number of writes completed so far.</summary>
    public long Version { get; }

    /// <summary>The number of buckets.</summary>
    public int Buckets { get; }

    /// <summary>The number of old buckets, evacuated or not; 0 unless the table is growing.</summary>
    public int OldBuckets { get; }

    /// <summary>How many of the old buckets have been evacuated.</summary>
    public int EvacuatedBuckets { get; }

    /// <summary>Why the table is growing.</summary>
    public GrowReason GrowReason { get; }

    /// <summary>Entries per bucket.</summary>
    public double LoadFactor { get; }

    /// <summary>How many entries fit before the table doubles.</summary>
    public int Capacity { get; }

    /// <summary>The number of overflow buckets.</summary>
    public int OverflowBuckets { get; }

    /// <summary>Buckets without an entry.</summary>
    public int EmptyBuckets { get; }

    /// <summary>The most entries that one bucket has, its chain included.</summary>
    public int FullestBucket { get; }

    /// <summary>The most buckets that one chain has; 1 is a bucket without overflow.</summary>
    public int LongestChain { get; }

    /// <summary>How many buckets a lookup that hits looks at, on average over the entries. 1 is the best there is.</summary>
    public double BucketsPerHit { get; }

    /// <summary>At index n, how many buckets have n entries.</summary>
    public IReadOnlyList<int> Histogram { get; }

    /// <summary>What is wrong with the table, in a sentence; null if nothing is: a chain that is longer than chance allows.</summary>
    public string? Warning => FullestBucket > 0 && ChainWatch.IsNoChance(FullestBucket, Buckets)
        ? string.Create(CultureInfo.InvariantCulture, $"{FullestBucket} keys of the map '{SafeText.Line(Name)}' lead to one of its {Buckets} buckets, and chance does not do that. Their hash does not spread them, or somebody chose them: look at the keys' GetHashCode, or at the map's comparer.")
        : null;

    /// <summary>The figures of a layout. O(slots).</summary>
    public static LayoutFigures Of(MapLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new LayoutFigures(layout);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{SafeText.Line(Name)}: {Count} entries in {Buckets} buckets, load factor {LoadFactor:0.00}");

    /// <summary>How many buckets are looked at for all entries of a chain together.</summary>
    private static int Links(BucketLayout bucket) => bucket.Chain.Select(static (part, link) => (link + 1) * part.Count(static slot => slot.IsLive)).Sum();
}
