using System.Text;
using System.Xml.Linq;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Lab.Tests.Rendering;

/// <summary>What holds for every face of every picture.</summary>
public sealed class PictureFacesTests
{
    private const int MostBytes = 200_000;

    public static TheoryData<string> Names => Gallery.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void The_drawing_is_xml_that_needs_nothing_and_runs_nothing(string name)
    {
        string svg = Gallery.Draw(name).Svg;

        XElement root = XElement.Parse(svg);
        Assert.Equal("svg", root.Name.LocalName);
        string[] allowed = ["svg", "title", "rect", "text", "tspan", "line", "path", "circle", "g"];
        Assert.All(root.DescendantsAndSelf(), element => Assert.Contains(element.Name.LocalName, allowed, StringComparer.Ordinal));
        Assert.All(root.DescendantsAndSelf().Attributes(), attribute =>
        {
            Assert.DoesNotContain("href", attribute.Name.LocalName, StringComparison.OrdinalIgnoreCase);
            Assert.False(attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase), attribute.ToString());
            if (!attribute.IsNamespaceDeclaration) Assert.DoesNotContain("url(", attribute.Value, StringComparison.OrdinalIgnoreCase);
        });
        Assert.False(string.IsNullOrWhiteSpace(root.Elements().First(e => e.Name.LocalName == "title").Value));
        Assert.InRange(Encoding.UTF8.GetByteCount(svg), 100, MostBytes);
    }

    // Whatever stands to the right of the edge nobody sees.
    [Theory]
    [MemberData(nameof(Names))]
    public void All_words_of_the_drawing_are_inside_of_it(string name)
    {
        XElement root = XElement.Parse(Gallery.Draw(name).Svg);
        double width = (double)root.Attribute("width")!;
        double height = (double)root.Attribute("height")!;

        foreach (XElement text in root.Descendants().Where(static e => e.Name.LocalName == "text"))
        {
            double x = (double)text.Attribute("x")!;
            double length = text.Value.Length * ((double?)text.Attribute("font-size") ?? 12) * 0.602;
            double left = (string?)text.Attribute("text-anchor") switch { "middle" => x - (length / 2), "end" => x - length, _ => x };
            Assert.InRange(left, 0, width);
            Assert.True(left + length <= width, $"'{text.Value}' ends at {left + length}, and the drawing at {width}");
            Assert.InRange((double)text.Attribute("y")!, 0, height);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_line_of_text_is_wider_than_its_place(string name)
    {
        MapPicture picture = Gallery.Draw(name).Picture;
        foreach (int width in (int[])[40, 80, 120])
        {
            IReadOnlyList<PictureLine> lines = picture.Draw(new PictureFormat { Width = width });
            Assert.NotEmpty(lines);
            Assert.All(lines, line => Assert.True(line.Width <= width, $"{line.Width} > {width}: {line}"));
        }

        Assert.All(picture.ToText(new PictureFormat { Ascii = true }), c => Assert.True(char.IsAscii(c) || Gallery.WildKey.Contains(c, StringComparison.Ordinal), $"{(int)c:x4}"));
        Assert.All(Gallery.Draw(name).Text, c => Assert.True(c is '\r' or '\n' || !char.IsControl(c)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_map_gives_the_same_bytes(string name)
    {
        // The other tests look at one picture; this is another one, of another map that was filled in the same way.
        MapPicture again = Gallery.Make(name);
        Assert.Equal(Gallery.Draw(name).Svg, again.ToSvg());
        Assert.Equal(Gallery.Draw(name).Text, again.ToString());
        Assert.Equal(Gallery.Draw(name).Mermaid, again.ToMermaid());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_key_is_harmless_in_every_face(string name)
    {
        Assert.DoesNotContain("<script", Gallery.Draw(name).Svg, StringComparison.OrdinalIgnoreCase);
        if (Gallery.Draw(name).Mermaid is not { } mermaid) return;
        Assert.DoesNotContain("<script", mermaid, StringComparison.OrdinalIgnoreCase);
        Assert.All(mermaid.Split('\n'), line => Assert.True(line.Count(static c => c == '"') is 0 or 2 or 4, line));
    }
}
