using System.Globalization;
using System.Xml.Linq;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Lab.Tests.Rendering;

/// <summary>The bit ruler, the marked slot and the histogram show what the map's own lookup did.</summary>
public sealed class LookupPictureTests
{
    [Fact]
    public void A_lookup_is_that_of_the_map_in_every_table()
    {
        foreach (int count in (int[])[1, 8, 21, 81, 1_000])
        {
            GuardedMap<int, int> map = Gallery.Numbers(count);
            for (int key = 0; key < count; key += Math.Max(1, count / 40))
            {
                var lookup = MapLookup.Of(map, key);
                Assert.True(lookup.Found);
                SlotLayout slot = lookup.Searched[lookup.Bucket].Chain[lookup.Link][lookup.Slot];
                Assert.Equal(key, slot.Key);
                Assert.Equal(lookup.Tophash, slot.Tophash);
                Assert.Equal((ulong)lookup.Bucket, lookup.Hash & (ulong)(lookup.Searched.Count - 1));
            }

            var missing = MapLookup.Of(map, -1);
            Assert.False(missing.Found);
            Assert.Equal(missing.TophashHits, missing.Compares);
        }
    }

    [Fact]
    public void A_lookup_neither_changes_the_map_nor_is_recorded()
    {
        var map = new GuardedMap<int, int>(new MapOptions<int> { Trace = true }) { [1] = 1 };
        int events = map.GetEvents().Count;
        long version = map.Version;
        MapLookup.Of(map, 1);
        Assert.Equal(events, map.GetEvents().Count);
        Assert.Equal(version, map.Version);
    }

    [Fact]
    public void A_key_of_another_type_is_named_with_the_type_it_should_have()
    {
        var error = Assert.Throws<ArgumentException>(() => MapLookup.Of(Gallery.Numbers(1), "one"));
        Assert.Contains("System.Int32", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_ruler_marks_the_bits_that_decide()
    {
        var lookup = MapLookup.Of(Gallery.Numbers(21), 5);
        var picture = new HashPicture { Lookup = lookup };
        string[] lines = picture.ToString().Split(Environment.NewLine);
        string bits = string.Concat(Enumerable.Range(0, 64).Select(i => (lookup.Hash >> (63 - i) & 1) == 0 ? '0' : '1'));
        Assert.Equal(bits, lines[3].Replace(" ", "", StringComparison.Ordinal));
        // Above the 28 bits that the table uses stands nothing; a space parts each eight bits from the next.
        Assert.Equal(28, lines[4].Count(static c => c != ' '));
        Assert.Equal("tttt tttt", lines[4].Trim()[..9]);
        Assert.Equal(lookup.InOldBuckets ? 2 : 3, picture.BucketBits);
        Assert.Equal(20 - picture.BucketBits - 1, lines[4].Count(static c => c == 'c'));
        Assert.EndsWith(string.Concat("g", new string('b', picture.BucketBits)), lines[4], StringComparison.Ordinal);
        Assert.Contains(lines, line => line == string.Create(CultureInfo.InvariantCulture, $"t tophash: bits 20 to 27, {lookup.Hash >> 20 & 0xFF:x2}"));
        Assert.Contains(lines, line => line.StartsWith(string.Create(CultureInfo.InvariantCulture, $"Found in {(lookup.InOldBuckets ? "old " : "")}bucket {lookup.Bucket}, slot {lookup.Slot}:"), StringComparison.Ordinal));
    }

    [Fact]
    public void A_tophash_below_five_is_said_to_be_moved_up()
    {
        GuardedMap<int, int> map = Gallery.Numbers(3_000);
        int key = Enumerable.Range(0, 3_000).First(k => (MapLookup.Of(map, k).Hash >> 20 & 0xFF) < 5);
        Assert.Contains("moved up to", new HashPicture { Lookup = MapLookup.Of(map, key) }.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void False_hits_and_chains_are_shown_as_the_lookup_met_them()
    {
        GuardedMap<string, int> map = Gallery.Chain(20);
        var lookup = MapLookup.Of(map, "k19");
        Assert.Equal(20, lookup.Compares);
        Assert.Equal(3, lookup.BucketsLookedAt);
        string text = new HashPicture { Lookup = lookup }.ToString();
        Assert.Equal(19, text.Split("≠≠").Length - 1);
        Assert.Contains("→ link 2", text, StringComparison.Ordinal);
        Assert.Contains("3 buckets looked at, 20 keys compared", text.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(1, XElement.Parse(new HashPicture { Lookup = lookup }.ToSvg()).Descendants().Count(static e => e.Value == "= found"));
    }

    [Fact]
    public void The_mark_stands_at_the_keys_slot()
    {
        GuardedMap<int, int> map = Gallery.Numbers(20);
        var picture = new LayoutPicture { Layout = map.GetLayout(), Mark = MapLookup.Of(map, 7), Detailed = true };
        string text = picture.ToString();
        string line = text.Split(Environment.NewLine).Single(static l => l.Contains('◂', StringComparison.Ordinal));
        Assert.Contains(picture.Mark.Tophash.ToString("x2", CultureInfo.InvariantCulture) + "◂", line, StringComparison.Ordinal);
        Assert.Contains("key '7': tophash", text, StringComparison.Ordinal);
        Assert.Equal(1, (picture with { Detailed = false }).ToText(new PictureFormat { Ascii = true }).Split('\n').Count(static l => l.Contains("#@", StringComparison.Ordinal) || l.Contains("@#", StringComparison.Ordinal)));
        Assert.Equal(1, XElement.Parse(picture.ToSvg()).Descendants().Count(static e => (string?)e.Attribute("stroke-width") == "3"));
    }

    [Fact]
    public void The_histogram_counts_every_lookup_once()
    {
        GuardedMap<int, int> map = Gallery.Numbers(5_000);
        var all = HistogramPicture.Of(map);
        Assert.Equal(5_000, all.Lookups);
        Assert.Equal(5_000, all.Compares.Sum());
        Assert.Equal(0, all.Compares[0]);
        Assert.Equal(5_000, all.BucketsLookedAt.Sum());
        MapLayout layout = map.GetLayout();
        Assert.Equal(layout.Buckets.Count + layout.OldBuckets.Count(static b => !b.IsEvacuated), all.ChainLengths.Sum());

        var some = HistogramPicture.Of(Gallery.Chain(20), ["k0", "k19", "zz"]);
        Assert.Equal(3, some.Lookups);
        Assert.Equal((1 + 20 + 20) / 3.0, some.MeanCompares, 6);
        Assert.Contains("2 hits, 1 misses", some.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void The_drawing_of_a_growing_table_has_an_arrow_for_every_half_that_moved()
    {
        MapLayout layout = Gallery.Numbers(21).GetLayout();
        Assert.True(layout.IsGrowing);
        int evacuated = layout.OldBuckets.Count(static bucket => bucket.IsEvacuated);
        XElement svg = XElement.Parse(new LayoutPicture { Layout = layout }.ToSvg());
        Assert.Equal(evacuated, svg.Descendants().Count(static e => e.Name.LocalName == "text" && e.Value == "X"));
        Assert.Equal(evacuated, svg.Descendants().Count(static e => e.Name.LocalName == "text" && e.Value == "Y"));
        string mermaid = new LayoutPicture { Layout = layout }.ToMermaid();
        Assert.Equal(evacuated, mermaid.Split("-->|Y|").Length - 1);
    }
}
