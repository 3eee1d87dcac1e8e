using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab.Rendering;

/// <summary>
/// A layout as a Mermaid flowchart: buckets with their keys, chains as arrows, and while the table grows, from each evacuated bucket to X and Y. Of a
/// large table the first buckets: more are drawn too small to be read.
/// </summary>
internal sealed class LayoutMermaid(MapLayout layout)
{
    private const int MostBuckets = 16;
    private const int LongestKey = 12;
    private readonly StringBuilder _text = new();

    public override string ToString()
    {
        _text.Clear();
        Line("flowchart LR");
        if (layout.Buckets.Count == 0) Line("    none[\"no buckets yet\"]");
        if (layout.IsGrowing) Array(layout.OldBuckets, "o", "old buckets");
        if (layout.Buckets.Count > 0) Array(layout.Buckets, "n", layout.IsGrowing ? "new buckets" : "buckets");
        foreach (BucketLayout old in layout.OldBuckets.Take(MostBuckets).Where(static bucket => bucket.IsEvacuated))
        {
            Line(Format($"    o{old.Number} -->|X| n{old.Number}"));
            int y = old.Number + layout.OldBuckets.Count;
            if (y < Math.Min(layout.Buckets.Count, MostBuckets)) Line(Format($"    o{old.Number} -->|Y| n{y}"));
        }

        return _text.ToString();
    }

    private void Array(IReadOnlyList<BucketLayout> buckets, string prefix, string title)
    {
        Line($"    subgraph {prefix}[\"{title}\"]");
        foreach (BucketLayout bucket in buckets.Take(MostBuckets))
        {
            Line(Format($"        {prefix}{bucket.Number}[\"{Content(bucket, 0)}\"]"));
            for (int link = 1; link < bucket.Chain.Count; link++)
            {
                string from = link == 1 ? Format($"{prefix}{bucket.Number}") : Format($"{prefix}{bucket.Number}_{link - 1}");
                Line(Format($"        {from} -.->|overflow| {prefix}{bucket.Number}_{link}[\"{Content(bucket, link)}\"]"));
            }
        }

        if (buckets.Count > MostBuckets) Line(Format($"        {prefix}more[\"and {buckets.Count - MostBuckets} more\"]"));
        Line("    end");
    }

    private static string Content(BucketLayout bucket, int link)
    {
        string keys = bucket.IsEvacuated
            ? "evacuated"
            : string.Join(", ", bucket.Chain[link].Where(static slot => slot.IsLive).Select(static slot => PictureText.Mermaid(PictureText.Cut(PictureText.Key(slot.Key), LongestKey))));
        return Format($"{(link == 0 ? Format($"{bucket.Number}: ") : "")}{(keys.Length == 0 ? "empty" : keys)}");
    }

    private void Line(string line) => _text.Append(line).Append('\n');

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
