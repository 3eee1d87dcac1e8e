using System.Xml.Linq;
using GuardedMaps.Lab.Rendering;
using GuardedMaps.Lab.Tests.Explore;
using GuardedMaps.Lab.Tests.Own;

namespace GuardedMaps.Lab.Tests.Rendering;

/// <summary>A schedule as lanes: text, SVG and Mermaid.</summary>
public sealed class RacePictureTests
{
    public static TheoryData<string> Models => [.. RaceModels.Find("*", "*").Select(m => m.ToString())];

    [Fact]
    public void The_lanes_of_a_lost_update()
    {
        var picture = new RacePicture(Telling("LostUpdate:Hashtable"));

        string[] expected =
        [
            "LostUpdate on Hashtable. StaleValue: 2 increments were acknowledged and the",
            "value is 1",
            "4 steps, 1 preemption. Again with the token",
            "GMR1:LostUpdate:Hashtable:s0:A1B2A1:70f2",
            "",
            "   #  A: Get n, Set n                  B: Get n, Set n                  meets",
            "   1  read key 7 = 0",
            "   2  ┊ interrupted                    read key 7 = 0",
            "   3  ┊                                write key 7: 0 → 1                 1",
            "   4  write key 7 = 1                                                     3",
            "",
            "┊ in the middle of its work, waiting; meets n: touches what step n touched, and",
            "one of the two writes.",
        ];
        Assert.Equal(expected, picture.ToString().Split(Environment.NewLine));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Lanes_fit_their_columns_show_every_interruption_and_need_neither_colour_nor_more_than_ASCII(string model)
    {
        var timeline = Telling(model);
        foreach (bool full in (bool[])[false, true])
        {
            var picture = new RacePicture(timeline, full);
            string text = picture.ToText(new PictureFormat { Width = picture.Columns, Ascii = true });
            string[] lines = text.Split(Environment.NewLine);
            Assert.All(lines.Where(l => !l.StartsWith("GMR1:", StringComparison.Ordinal)), line => Assert.True(line.Length <= picture.Columns, line));
            Assert.All(lines, line => Assert.False(line.EndsWith('^'), line));
            Assert.DoesNotContain('\u001b', text);
            Assert.True(timeline.Actors.Count > 2 || picture.Columns == 80);
            Assert.True(text.Split("interrupted").Length - 1 >= timeline.Preemptions, text);
            if (full) Assert.All(timeline.Steps, step => Assert.Contains(lines, l => l.StartsWith($"{step.Number,4} ", StringComparison.Ordinal)));
        }

        Assert.All(new RacePicture(timeline).ToText(new PictureFormat { Ascii = true, Width = 200 }).Where(c => !timeline.ToString().Contains(c, StringComparison.Ordinal)), c => Assert.True(c < 128, $"U+{(int)c:X4}"));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_drawing_is_well_formed_and_made_of_attributes_alone_with_a_title_for_each_step(string model)
    {
        var timeline = Telling(model);
        var svg = XDocument.Parse(new RacePicture(timeline, full: true).ToSvg());

        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName is "style" or "script" or "foreignObject");
        Assert.DoesNotContain(svg.Descendants().Attributes(), a => a.Name.LocalName == "style");
        var titles = svg.Descendants().Where(e => e.Name.LocalName == "title").Select(e => e.Value).ToList();
        Assert.All(timeline.Steps, step => Assert.Contains(titles, t => t.StartsWith($"step {step.Number}, {Schedule.Letter(step.Actor)} ", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_Mermaid_diagram_has_at_most_25_messages_and_tells_the_end(string model)
    {
        var timeline = Telling(model);
        foreach (bool full in (bool[])[false, true])
        {
            string[] lines = new RacePicture(timeline, full).ToMermaid().Split('\n');
            Assert.Equal("sequenceDiagram", lines[0]);
            Assert.InRange(lines.Count(l => l.Contains("->>", StringComparison.Ordinal) || l.Contains("--x", StringComparison.Ordinal)), 1, 25);
            Assert.StartsWith("    Note over A", lines[^2], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Keys_are_the_users_and_become_no_markup_and_no_syntax()
    {
        const string Key = "<b>&\"';#\u0001\uD800";
        var race = OwnContainerTests.WalkAndWrite("GuardedMap", Key);
        var token = OwnExplorer.Run(race).Outcomes.First(o => o.Outcome.Kind == ScheduleOutcomeKind.Violation).SimplestToken;
        var picture = new RacePicture(OwnContainerTests.Replay(race, token));

        var svg = XDocument.Parse(picture.ToSvg());
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName == "b");
        Assert.Contains(svg.Descendants(), e => e.Value.Contains("<b>&\"';#", StringComparison.Ordinal));
        Assert.DoesNotContain("<b>", picture.ToMermaid(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u0001', picture.ToMermaid());
    }

    [Fact]
    public void A_violation_is_marked_at_its_step_and_told_below_with_both_sides()
    {
        var race = OwnContainerTests.WalkAndWrite("GuardedMap", "a");
        var token = OwnExplorer.Run(race).Outcomes.First(o => o.Outcome.Kind == ScheduleOutcomeKind.Violation).SimplestToken;
        string text = new RacePicture(OwnContainerTests.Replay(race, token)).ToString();

        Assert.Contains("✗ next", text, StringComparison.Ordinal);
        Assert.Contains("✗ ConcurrentIterationAndWrite: concurrent map iteration and map write", text, StringComparison.Ordinal);
        Assert.Contains("Refused: A (iterator)", text, StringComparison.Ordinal);
        Assert.Contains("While: B (writer), set new = 1", text, StringComparison.Ordinal);
    }

    private static RaceTimeline Telling(string model)
    {
        string[] names = model.Split(':');
        return Searches.Telling(RaceModels.Get(names[0], names[1]));
    }
}
