using System.Globalization;
using System.Xml.Linq;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Lab.Tests.Rendering;

/// <summary>The picture of a layout shows what is in the table, sign for sign, and fits where it is shown.</summary>
public sealed class LayoutPictureTests
{
    private static readonly PictureFormat s_ascii = new() { Ascii = true };

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(60)]
    [InlineData(81)]
    [InlineData(3_000)]
    [InlineData(20_000)]
    public void Every_slot_that_is_drawn_stands_for_one_of_the_table(int count)
    {
        MapLayout layout = Filled(count).GetLayout();
        var picture = new LayoutPicture { Layout = layout, MaxBuckets = int.MaxValue, Detailed = false };
        string[] lines = Body(picture);
        string body = string.Concat(lines);

        List<SlotLayout> slots = [.. layout.OldBuckets.Concat(layout.Buckets).SelectMany(static bucket => bucket.Chain).SelectMany(static part => part)];
        Assert.Equal(slots.Count(static slot => slot.IsLive), body.Count(static c => c == '#'));
        Assert.Equal(slots.Count(static slot => slot.State == "emptyRest"), body.Count(static c => c == '.'));
        Assert.Equal(slots.Count(static slot => slot.State == "evacuatedX"), body.Count(static c => c == 'x'));
        Assert.Equal(slots.Count(static slot => slot.State == "evacuatedY"), body.Count(static c => c == 'y'));
        Assert.Equal(layout.OldBuckets.Concat(layout.Buckets).Sum(static bucket => bucket.Overflow), body.Count(static c => c == '>'));
    }

    [Fact]
    public void A_growing_table_shows_its_old_buckets_and_how_many_are_evacuated()
    {
        GuardedMap<int, int> map = Filled(81);
        Assert.True(map.IsGrowing);
        MapLayout layout = map.GetLayout();
        string text = new LayoutPicture { Layout = layout }.ToText(s_ascii);
        int evacuated = layout.OldBuckets.Count(static bucket => bucket.IsEvacuated);
        Assert.InRange(evacuated, 1, 15);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"old buckets, {evacuated} of 16 evacuated"), text, StringComparison.Ordinal);
        Assert.Contains("growing: LoadFactor", text, StringComparison.Ordinal);
        Assert.Contains("evacuatedX", text, StringComparison.Ordinal);

        while (map.IsGrowing) map[0] = 0;
        text = new LayoutPicture { Layout = map.GetLayout() }.ToText(s_ascii);
        Assert.Contains("not growing", text, StringComparison.Ordinal);
        Assert.DoesNotContain("evacuated", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_table_shows_tophashes_and_keys_also_of_overflow_buckets()
    {
        var map = new GuardedMap<string, int>(new MapOptions<string> { HashSeed = 1, Name = "small", Comparer = new OneBucket() });
        foreach (string key in (string[])["ada", "bob", "cy", "dan", "eve", "flo", "gus", "hal", "ivy"]) map[key] = 1;
        MapLayout layout = map.GetLayout();
        Assert.Contains(layout.Buckets, static bucket => bucket.Overflow == 1);
        string text = new LayoutPicture { Layout = layout }.ToText(s_ascii);
        foreach (string key in map.Keys) Assert.Contains(key, text, StringComparison.Ordinal);
        foreach (SlotLayout slot in layout.Buckets.SelectMany(static bucket => bucket.Chain).SelectMany(static part => part).Where(static slot => slot.IsLive))
            Assert.Contains(slot.State, text, StringComparison.Ordinal);
        Assert.Contains("> overflow bucket", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    public void No_line_is_wider_than_the_place_it_is_shown_in(int width)
    {
        foreach (int count in (int[])[0, 5, 81, 700, 20_000])
        {
            foreach (bool ascii in (bool[])[true, false])
            {
                var picture = new LayoutPicture { Layout = Filled(count).GetLayout() };
                IReadOnlyList<PictureLine> lines = picture.Draw(new PictureFormat { Width = width, Ascii = ascii });
                Assert.All(lines, line => Assert.InRange(line.Width, 0, width));
                Assert.All(lines, line => Assert.True(!ascii || line.ToString().All(char.IsAscii)));
            }
        }
    }

    [Fact]
    public void Colour_adds_nothing_but_escape_sequences()
    {
        var picture = new LayoutPicture { Layout = Filled(81).GetLayout() };
        string plain = picture.ToText(new PictureFormat());
        string coloured = picture.ToText(new PictureFormat { Colour = true });
        Assert.DoesNotContain('\u001b', plain);
        Assert.Contains("\u001b[38;2;", coloured, StringComparison.Ordinal);
        string stripped = System.Text.RegularExpressions.Regex.Replace(coloured, "\u001b\\[[0-9;]*m", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.Equal(plain, string.Join(Environment.NewLine, stripped.Split(Environment.NewLine).Select(static line => line.TrimEnd())));
    }

    [Fact]
    public void The_drawing_is_well_formed_and_holds_the_same_text()
    {
        var map = new GuardedMap<string, int>(StringComparer.Ordinal) { ["<&>"] = 1, ["b"] = 2 };
        var picture = new LayoutPicture { Layout = map.GetLayout() };
        XElement svg = XElement.Parse(picture.ToSvg());
        string words = string.Concat(svg.Descendants().Where(static e => e.Name.LocalName == "text").Select(static e => e.Value));
        Assert.Contains("<&>", words, StringComparison.Ordinal);
        Assert.Contains("emptyRest", words, StringComparison.Ordinal);
    }

    [Fact]
    public void The_figures_agree_with_the_layout()
    {
        MapLayout layout = Filled(3_000).GetLayout();
        LayoutFigures figures = LayoutFigures.Of(layout);
        Assert.Equal(3_000, figures.Count);
        Assert.Equal(figures.Count, figures.Histogram.Select(static (buckets, entries) => buckets * entries).Sum());
        Assert.Equal(figures.EmptyBuckets, figures.Histogram[0]);
        Assert.Equal(figures.FullestBucket, figures.Histogram.Count - 1);
        Assert.InRange(figures.BucketsPerHit, 1, 1.5);
        Assert.Equal(0, LayoutFigures.Of(Filled(0).GetLayout()).BucketsPerHit);
    }

    /// <summary>The lines with buckets, in the ASCII form: without titles, figures and legend.</summary>
    private static string[] Body(LayoutPicture picture) =>
        [.. picture.Draw(s_ascii with { Width = 200 }).Select(static line => line.ToString()).Where(static line => line.Length > 0 && (char.IsDigit(line.TrimStart()[0]) && line.Contains(' ', StringComparison.Ordinal) && !line.Contains("entries", StringComparison.Ordinal) && !line.Contains("entry", StringComparison.Ordinal)))];

    private static GuardedMap<int, int> Filled(int count)
    {
        var map = new GuardedMap<int, int>(new MapOptions<int> { HashSeed = 7, Name = "filled" });
        for (int i = 0; i < count; i++) map[i] = i;
        // Some holes, so that freed slots are there to be drawn.
        for (int i = 0; i < count / 50; i++)
        {
            map.Remove(i * 3);
            map[count + i] = i;
        }

        return map;
    }

    /// <summary>Puts every key into one bucket.</summary>
    private sealed class OneBucket : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(string obj) => 1;
    }
}
