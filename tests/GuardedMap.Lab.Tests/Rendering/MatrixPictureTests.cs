using System.Globalization;
using System.Xml.Linq;
using GuardedMaps.Lab.Rendering;
using GuardedMaps.Lab.Tests.Engines;
using GuardedMaps.Lab.Tests.Explore;

namespace GuardedMaps.Lab.Tests.Rendering;

/// <summary>The detection matrix as a picture, and the one in the repository.</summary>
public sealed class MatrixPictureTests
{
    private static readonly string File = Path.Combine(Repository.Root, "docs", "pictures", "detection-matrix.svg");

    [Fact]
    public void It_names_each_scenario_and_each_way_of_guarding_with_exact_shares()
    {
        var picture = new MatrixPicture([.. RaceModels.Of("WriterFlag").Select(model => Explorer.Run(model))]);

        string[] lines = picture.ToString().Split(Environment.NewLine);
        Assert.Equal("scenario   SetAndClear          Xor                  CompareAndSwap", lines[2]);
        Assert.Equal("WriterFlag 46.2 / 53.8 / 0.03   98.6 / 1.3 / 0.1     85.7 / 0 / 14.3", lines[3]);
        var svg = XDocument.Parse(picture.ToSvg());
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName is "style" or "script" or "foreignObject");
        Assert.Contains(svg.Descendants(), e => e.Value.Contains("WriterFlag, CompareAndSwap: 85.7 / 0 / 14.3; all 14 schedules, each run once", StringComparison.Ordinal));
    }

    // A phone shows it some 400 pixels wide, whatever its own width is: the smallest letters must still be 8 pixels high there.
    [Fact]
    public void The_picture_in_the_repository_can_be_read_at_the_width_of_a_phone()
    {
        var svg = XDocument.Load(File).Root!;
        double width = double.Parse(svg.Attribute("width")!.Value, CultureInfo.InvariantCulture);
        double smallest = svg.DescendantsAndSelf().Attributes("font-size").Min(a => double.Parse(a.Value, CultureInfo.InvariantCulture));
        Assert.InRange(smallest * 400 / width, 8, 20);
        Assert.All(svg.Elements().Where(e => e.Name.LocalName == "text"), e => Assert.InRange(double.Parse(e.Attribute("x")!.Value, CultureInfo.InvariantCulture) + (e.Value.Length * 6), 0, width));
    }

    // Exploring all of it takes a minute and more, so the figures of the smaller cells are computed anew, and the rest is checked for being there.
    // To renew the picture, and the table of the README with it:
    //   GUARDEDMAP_ACCEPT_MATRIX=1 dotnet test tests/GuardedMap.Lab.Tests --filter Matrix
    [Fact]
    public void The_picture_in_the_repository_is_what_exploring_gives_today()
    {
        if (Environment.GetEnvironmentVariable("GUARDEDMAP_ACCEPT_MATRIX") == "1")
            System.IO.File.WriteAllText(File, new MatrixPicture([.. RaceModels.Protected.Select(Searches.Of)]).ToSvg());

        const int FewSchedules = 12_000;
        var cells = XDocument.Load(File).Descendants().Where(e => e.Name.LocalName == "title").Skip(1).Select(e => e.Value).ToList();
        var models = RaceModels.Protected;
        Assert.Equal(models.Select(m => $"{m.Scenario}, {m.Target}"), cells.Select(c => c[..c.IndexOf(':', StringComparison.Ordinal)]), StringComparer.Ordinal);

        int compared = 0;
        foreach (var (model, cell) in models.Zip(cells))
        {
            int schedules = int.Parse(cell.Split("; all ")[1].Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
            if (schedules > FewSchedules) continue;
            string today = new MatrixPicture([Searches.Of(model)]).ToSvg();
            Assert.Contains(XDocument.Parse(today).Descendants(), e => e.Name.LocalName == "title" && e.Value == cell);
            compared++;
        }

        Assert.True(compared >= 5, $"only {compared} cells are small enough to be compared");
    }

    [Fact]
    public void The_whole_guard_is_never_silently_wrong_but_where_no_guard_can_help()
    {
        var cells = XDocument.Load(File).Descendants().Where(e => e.Name.LocalName == "title" && e.Value.Contains(", GuardedMap: ", StringComparison.Ordinal)).Select(e => e.Value).ToList();

        Assert.True(cells.Count > 15);
        Assert.All(cells.Where(c => !c.StartsWith("LostUpdate,", StringComparison.Ordinal) && !c.StartsWith("CheckThenAct,", StringComparison.Ordinal)), c => Assert.Contains(" / 0 / ", c, StringComparison.Ordinal));
    }
}
