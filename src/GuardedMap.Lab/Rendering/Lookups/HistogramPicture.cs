using System.Globalization;

namespace GuardedMaps.Lab.Rendering;

/// <summary>
/// What lookups cost: how many keys were compared, how many buckets looked at, and how long the table's chains are. Each lookup was run.
/// </summary>
public sealed record HistogramPicture : MapPicture
{
    private const int MostBars = 12;
    private const int Margin = 18;
    private const int BarsLeft = 60;
    private const int BarWidth = 520;
    private const int RowHeight = 20;

    private readonly List<(string Title, string Unit, int[] Counts)> _charts = [];
    private readonly string _mapName;
    private readonly int _found;
    private readonly int _missing;

    private HistogramPicture(IGuardedMap map, IEnumerable<object>? keys)
    {
        MapLayout layout = map.GetLayout();
        IEnumerable<BucketLayout> searched = [.. layout.Buckets, .. layout.OldBuckets.Where(static bucket => !bucket.IsEvacuated)];
        keys ??= searched.SelectMany(static bucket => bucket.Chain).SelectMany(static part => part).Where(static slot => slot.IsLive).Select(static slot => slot.Key!);
        var compares = new SortedDictionary<int, int>();
        var looked = new SortedDictionary<int, int>();
        long allCompares = 0;
        foreach (object key in keys)
        {
            MapLookup lookup = MapLookup.Of(map, key, layout);
            if (lookup.Found) _found++;
            else _missing++;
            allCompares += lookup.Compares;
            compares[lookup.Compares] = compares.GetValueOrDefault(lookup.Compares) + 1;
            looked[lookup.BucketsLookedAt] = looked.GetValueOrDefault(lookup.BucketsLookedAt) + 1;
        }

        _mapName = layout.Name;
        Compares = Counts(compares);
        BucketsLookedAt = Counts(looked);
        ChainLengths = Counts(new SortedDictionary<int, int>(searched.GroupBy(static bucket => bucket.Chain.Count).ToDictionary(static g => g.Key, static g => g.Count())));
        MeanCompares = Lookups == 0 ? 0 : allCompares / (double)Lookups;
        _charts.Add(("keys compared per lookup", "lookup", [.. Compares]));
        _charts.Add(("buckets looked at per lookup", "lookup", [.. BucketsLookedAt]));
        _charts.Add(("buckets in a chain", "chain", [.. ChainLengths]));
    }

    /// <inheritdoc/>
    public override string Title => string.Create(CultureInfo.InvariantCulture, $"What a lookup costs in map '{PictureText.Key(_mapName)}': {_found:N0} hits, {_missing:N0} misses");

    /// <summary>How many lookups were run.</summary>
    public int Lookups => _found + _missing;

    /// <summary>At index n, in how many lookups n keys were compared.</summary>
    public IReadOnlyList<int> Compares { get; }

    /// <summary>At index n, in how many lookups n buckets were looked at.</summary>
    public IReadOnlyList<int> BucketsLookedAt { get; }

    /// <summary>At index n, how many chains have n buckets.</summary>
    public IReadOnlyList<int> ChainLengths { get; }

    /// <summary>How many keys are compared in a lookup, on average.</summary>
    public double MeanCompares { get; }

    /// <summary>Looks every key of the map up, or those given.</summary>
    /// <exception cref="ArgumentException">A key is not of the map's key type.</exception>
    /// <exception cref="MapViolationException">The map was being written meanwhile.</exception>
    public static HistogramPicture Of(IGuardedMap map, IEnumerable<object>? keys = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        return new HistogramPicture(map, keys);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<PictureLine> Draw(PictureFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        int width = Math.Max(PictureFormat.LeastWidth, format.Width);
        var lines = new List<PictureLine>();
        foreach (string line in RacePicture.Wrap(Title, width)) lines.Add(new PictureLine().Add(line, Ink.Strong));
        foreach (string line in RacePicture.Wrap(Mean, width)) lines.Add(new PictureLine().Add(line, Ink.Faint));
        foreach ((string title, string unit, int[] counts) in _charts)
        {
            lines.Add(new PictureLine());
            lines.Add(new PictureLine().Add(title, Ink.Strong));
            int most = counts.DefaultIfEmpty().Max();
            foreach ((string label, int count) in Bars(counts))
            {
                string words = PictureText.Counted(count, unit, unit + "s");
                int room = Math.Max(8, width - 6 - words.Length - 1);
                int length = most == 0 ? 0 : (int)Math.Ceiling(count * (double)room / most);
                lines.Add(new PictureLine().Add(label.PadLeft(4), Ink.Faint).Add("  ").Add(new string(format.Ascii ? '#' : '█', length), Ink.First).Add(length > 0 ? " " : "").Add(words));
            }
        }

        return PictureLine.For(format, lines);
    }

    /// <inheritdoc/>
    public override string ToSvg(int columns = 100)
    {
        var canvas = new SvgCanvas();
        canvas.Words(Margin, 30, PictureText.Cut(Title, 84), size: 14, bold: true);
        canvas.Words(Margin, 50, Mean, SvgCanvas.Faint);
        int y = 82;
        foreach ((string title, string unit, int[] counts) in _charts)
        {
            canvas.Words(Margin, y, title, bold: true);
            y += 10;
            int most = counts.DefaultIfEmpty().Max();
            foreach ((string label, int count) in Bars(counts))
            {
                canvas.Words(BarsLeft - 8, y + 14, label, SvgCanvas.Faint, anchor: "end");
                double length = most == 0 ? 0 : Math.Max(1, count * (double)BarWidth / most);
                canvas.Box(BarsLeft, y + 3, length, RowHeight - 6, SvgCanvas.ColourOf(Ink.First), 0.75, radius: 2);
                canvas.Words(BarsLeft + length + 8, y + 14, PictureText.Counted(count, unit, unit + "s"));
                y += RowHeight;
            }

            y += 28;
        }

        return canvas.Finish(Title, BarsLeft + BarWidth + 160, y - 10);
    }

    private string Mean => string.Create(CultureInfo.InvariantCulture, $"{MeanCompares:0.00} keys compared per lookup on average");

    /// <summary>The bars from the first that is not empty; what would be too many is put together in the last.</summary>
    private static IEnumerable<(string Label, int Count)> Bars(int[] counts)
    {
        int first = Array.FindIndex(counts, static count => count > 0);
        for (int n = Math.Max(0, first); n < counts.Length; n++)
        {
            if (n - first == MostBars - 1 && counts.Length > n + 1)
            {
                yield return (string.Create(CultureInfo.InvariantCulture, $"{n}+"), counts[n..].Sum());
                yield break;
            }

            yield return (n.ToString(CultureInfo.InvariantCulture), counts[n]);
        }
    }

    private static int[] Counts(SortedDictionary<int, int> counts)
    {
        var all = new int[counts.Count == 0 ? 0 : counts.Keys.Last() + 1];
        foreach ((int n, int count) in counts) all[n] = count;
        return all;
    }
}
